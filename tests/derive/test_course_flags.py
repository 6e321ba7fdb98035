"""How a response came and whether it lasts, by each evaluator's own assessments."""

from __future__ import annotations

from codon12.analyses import assemble
from codon12.records import Study

DM = "USUBJID,RFSTDTC,ARM\n1,2021-01-04,A\n2,2021-01-04,A\n"
EX = "USUBJID,EXTRT,EXDOSE,EXSTDTC,EXENDTC\n1,A,1,2021-01-04,2021-09-01\n2,A,1,2021-01-04,2021-09-01\n"
ROWS = {
    "INVESTIGATOR": {"1": ("PR", "PR"), "2": ("PR", "PR")},
    "INDEPENDENT ASSESSOR": {"1": ("SD", "PD"), "2": ("SD", "SD")},
}


def test_each_evaluator_has_a_course_of_its_own(tmp_path):
    rs = ["USUBJID,RSTESTCD,RSSTRESC,RSEVAL,RSDTC"]
    for who, subjects in ROWS.items():
        for subject, said in subjects.items():
            dates = ("2021-03-01", "2021-05-01")
            rs += [f"{subject},OVRLRESP,{word},{who},{date}" for word, date in zip(said, dates, strict=True)]
    for name, text in {"dm": DM, "ex": EX, "rs": "\n".join(rs) + "\n"}.items():
        (tmp_path / f"{name}.csv").write_text(text)
    evidence = assemble(Study.open(tmp_path))
    for number, n in (("first_assessment", 2), ("ongoing", 2)):
        got = evidence[f"response.{number}.investigator.all"]
        assert (got.n, got.N) == (n, 2), number
