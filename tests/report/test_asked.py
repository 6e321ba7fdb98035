"""Names in codon12.toml that the study has not are findings that name the nearest."""

import pytest

from codon12.analyses.asked import asked_findings
from codon12.analyses.plan import plan_of_analyses
from codon12.derive import derive
from codon12.records import Study

ROWS = "Patient,Sex,Start,Death,Last\n1,M,2021-01-01,2021-05-01,2021-05-01\n2,F,2021-01-01,,2021-09-01\n"
HEAD = """\
format = "tables"
{top}
[tables.ADSL]
file = "a.csv"
columns = {{ USUBJID = "Patient", SEX = "Sex", TRTSDT = "Start", DTHDT = "Death", LSTALVDT = "Last" }}
[tables.ADSL.times.OS]
time = 'COALESCE("Death", "Last") - "Start" + 1'
status = "Death"
dated = "event"
unit = "days"
{more}
"""
CURVE = '[analyses.x]\nkind = "{kind}"\ntitle = "x"\nsection = "survival"\n{key}\n'


@pytest.mark.parametrize(
    ("top", "more", "meant"),
    [
        ('baseline = ["SEX", "AEG"]', "", ["'AEG'"]),
        ("", '[[subgroups]]\nvariable = "SEXX"', ["Did you mean SEX?"]),
        ("", CURVE.format(kind="groups", key='by = ["SXE"]'), ["Did you mean SEX?"]),
        ("", CURVE.format(kind="time-to-event", key='endpoint = "OSS"'), ["Did you mean OS?"]),
        ('baseline = ["SEX"]', CURVE.format(kind="groups", key='by = ["SEX"]'), []),
        ("", CURVE.format(kind="baseline", key='endpoint = "baseline.mine"'), []),
    ],
)
def test_a_name_that_is_not_there_is_a_finding(tmp_path, top, more, meant):
    (tmp_path / "a.csv").write_text(ROWS)
    (tmp_path / "codon12.toml").write_text(HEAD.format(top=top, more=more))
    context = derive(Study.open(tmp_path)).context
    plan = plan_of_analyses(context.config.analyses, context.config.endpoints)
    said = asked_findings(context, plan)["MESSAGE"].to_list()
    assert len(said) == len(meant)
    assert all(m in s for m, s in zip(meant, said, strict=True))
