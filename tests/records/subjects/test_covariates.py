import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.errors import ConfigError, DataError
from codon12.records import Study, analysis_subjects
from codon12.records.subjects.covariate_findings import covariate_findings
from codon12.records.subjects.covariates import cut

FILES = {
    "dm.csv": "USUBJID,ARM,SEX\n1,A,F\n2,A,M\n3,A,F\n",
    "ex.csv": "USUBJID,EXTRT,EXDOSE,EXSTDTC\n1,X,1,2020-02-01\n2,X,1,2020-02-01\n3,X,1,2020-02-01\n",
    "lb.csv": (
        "USUBJID,LBTESTCD,LBORRES,LBDTC\n"
        "1,PDL1,0,2020-01-01\n1,PDL1,60,2020-01-20\n1,PDL1,99,2020-03-01\n"
        "2,PDL1,49.9,2020-02-01\n2,KRAS,G12C,2020-01-01\n3,KRAS,G12C,\n"
    ),
}


def adsl(folder, text):
    return analysis_subjects(Study.open(folder(FILES, text)))


def test_the_last_value_before_the_start_and_its_row(folder):
    text = '[covariates.pdl1]\ntable = "LB"\nwhere = "LBTESTCD = \'PDL1\'"\nvalue = "LBORRES"\n'
    frame = adsl(folder, text)
    assert frame.select("PDL1", "PDL1_SRCDOM", "PDL1_SRCROW").rows() == [
        (60.0, "LB", 2),
        (49.9, "LB", 4),
        (None, None, None),
    ]


@pytest.mark.parametrize(
    ("pick", "value"), [("first", 0.0), ("last", 99.0), ("min", 0.0), ("max", 99.0), ("last-before-start", 60.0)]
)
def test_which_row_of_a_subject(folder, pick, value):
    text = f'[covariates.p]\ntable = "LB"\nwhere = "LBTESTCD = \'PDL1\'"\nvalue = "LBORRES"\npick = "{pick}"\n'
    assert adsl(folder, text)["P"][0] == value


def test_only_one_value_means_only_one(folder):
    text = '[covariates.p]\ntable = "LB"\nvalue = "LBORRES"\npick = "only"\n'
    with pytest.raises(DataError, match=r"covariates.P: 2 subject\(s\) have several"):
        adsl(folder, text)


def test_any_row_is_yes_and_none_is_no(folder):
    text = '[covariates.g12c]\ntable = "LB"\nwhere = "LBORRES = \'G12C\'"\npick = "any"\n'
    assert adsl(folder, text)["G12C"].to_list() == ["N", "Y", "Y"]


def test_cuts_labels_and_expressions_over_earlier_covariates(folder):
    text = """
    [covariates.tps]
    table = "LB"
    where = "LBTESTCD = 'PDL1'"
    value = "LBORRES"
    [covariates.tpsgr]
    expression = "TPS"
    cuts = [1, 50]
    [covariates.named]
    expression = "TPS"
    cuts = [50]
    labels = ["low", "high"]
    [covariates.sexl]
    expression = "SEX"
    labels = ["M", "F"]
    [covariates.both]
    expression = "SEX || '-' || ARM"
    """
    frame = adsl(folder, text)
    assert frame["TPSGR"].cast(pl.String).to_list() == [">=50", "1 to <50", None]
    assert frame["NAMED"].cast(pl.String).to_list() == ["high", "low", None]
    assert frame["SEXL"].sort().unique(maintain_order=True).to_list() == ["M", "F"]
    assert frame["BOTH"].to_list() == ["F-A", "M-A", "F-A"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('table = "QS"\nvalue = "X"', r"no table QS; there are DM, EX, LB"),
        ('table = "LB"\nvalue = "X"', r"has no column X; it has USUBJID"),
        ('table = "LB"\nvalue = "LBORRES"\nwhere = "Z = 1"', r"where: no column Z"),
        ('table = "LB"\nvalue = "LBTESTCD"\ncuts = [1]', r"cuts: no value is a number"),
        ('table = "LB"\nvalue = "LBTESTCD"\npick = "max"', r"needs numbers"),
        ('expression = "SEX"\nlabels = ["M"]', r"labels: the data also hold F"),
        ('expression = "NOPE"', r"expression: no column NOPE"),
    ],
)
def test_messages_name_the_key(folder, text, says):
    with pytest.raises(ConfigError, match=rf"covariates.P.*{says}"):
        adsl(folder, f"[covariates.p]\n{text}\n")


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.floats(-1e3, 1e3)), max_size=20),
    st.lists(st.integers(-50, 50), min_size=1, max_size=4, unique=True).map(sorted),
)
def test_a_cut_keeps_order_and_missing(values, cuts):
    """Law: categories ascend with the values; each value lies at or above its lower bound."""
    categories = cut(pl.Series("X", values, dtype=pl.Float64), [float(c) for c in cuts])
    place = categories.to_physical().to_list()
    assert [p is None for p in place] == [v is None for v in values]
    for value, p in zip(values, place, strict=True):
        if value is not None:
            assert p == sum(value >= c for c in cuts)


def test_a_covariate_of_adam_uses_adt(folder, tmp_path):
    path = folder(
        {
            "adsl.csv": "USUBJID,TRTSDT\n1,2020-02-01\n",
            "adlb.csv": "USUBJID,PARAMCD,AVAL,ADT\n1,ALB,40,2020-01-01\n1,ALB,30,2020-03-01\n",
        },
        '[covariates.alb]\ntable = "ADLB"\nvalue = "AVAL"\n',
    )
    frame = analysis_subjects(Study.open(path))
    assert frame.select("STARTDT", "ALB").row(0) == (dt.date(2020, 2, 1), 40.0)


def test_values_in_another_unit_or_of_another_specimen_are_told(tmp_path):
    (tmp_path / "dm.csv").write_text("USUBJID,RFSTDTC,ARM\n1,2024-01-10,A\n2,2024-01-10,A\n3,2024-01-10,A\n")
    (tmp_path / "lb.csv").write_text(
        "USUBJID,LBTESTCD,LBSTRESN,LBSTRESU,LBSPEC,LBDTC\n1,LDH,250,U/L,BLOOD,2024-01-02\n"
        "2,LDH,4.2,ukat/L,BLOOD,2024-01-02\n3,LDH,200,u/l,PLEURA,2024-01-02\n"
    )
    (tmp_path / "codon12.toml").write_text(
        "[covariates.LDH]\ntable = 'LB'\nvalue = 'LBSTRESN'\npick = 'last-before-start'\n"
    )
    study = Study.open(tmp_path)
    adsl = analysis_subjects(study)
    assert adsl["LDH"].to_list() == [250.0, 4.2, 200.0]
    found = covariate_findings(study, adsl)
    assert found.select("TABLE", "ROW", "USUBJID", "RULE").rows() == [
        ("LB", 2, "2", "covariate-units-differ"), ("LB", 3, "3", "covariate-specimens-differ"),
    ]  # fmt: skip


def test_a_text_has_one_spelling_a_level(folder):
    text = '[covariates.smoking]\ntable = "SC"\nvalue = "SCORRES"\n'
    files = FILES | {"sc.csv": "USUBJID,SCORRES\n1,Never\n2,NEVER\n3,Never\n"}
    study = Study.open(folder(files, text))
    frame = analysis_subjects(study)
    assert frame["SMOKING"].to_list() == ["Never"] * 3
    found = covariate_findings(study, frame).filter(RULE="level-spelling")
    assert found.select("TABLE", "ROW", "VALUE").rows() == [("SC", 2, "NEVER")]


MI = "USUBJID,MITESTCD,MISEQ,MIORRES,MIDTC\n"
PDL1 = '[covariates.pdl1]\ntable = "MI"\nvalue = "MIORRES"\n'


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("days", [("2020-01-01", "2020-01-01"), ("2020-01-01T08:00", "2020-01-01T15:00")])
def test_rows_of_one_day_go_by_time_and_number_whatever_their_order(folder, order, days):
    rows = [f"1,PDL1,1,0,{days[0]}\n", f"1,PDL1,2,60,{days[1]}\n"]
    study = Study.open(folder(FILES | {"mi.csv": MI + "".join(rows[::order])}, PDL1))
    frame = analysis_subjects(study)
    assert frame["PDL1"][0] == 60.0
    found = covariate_findings(study, frame)["RULE"].to_list()
    assert found == ([] if "T" in days[0] else ["row-picked"])


def test_dates_that_may_lie_after_the_start_and_rows_without_a_date_are_named(folder):
    rows = "1,PDL1,1,0,2019-12-01\n1,PDL1,2,60,2020\n2,PDL1,1,0,2020-01-01\n2,PDL1,2,60,\n"
    study = Study.open(folder(FILES | {"mi.csv": MI + rows}, PDL1))
    found = covariate_findings(study, analysis_subjects(study))
    assert set(found.select("RULE", "USUBJID").rows()) == {("value-may-be-later", "1"), ("row-picked", "2")}


@pytest.mark.parametrize(("pick", "severity"), [("last", "warning"), ("any", "note")])
def test_a_covariate_without_a_row_is_named(folder, pick, severity):
    text = f'[covariates.her2]\ntable = "LB"\nwhere = "LBTESTCD = \'HER2\'"\nvalue = "LBORRES"\npick = "{pick}"\n'
    study = Study.open(folder(FILES, text))
    found = covariate_findings(study, analysis_subjects(study))
    assert found.select("RULE", "SEVERITY").rows() == [("covariate-without-rows", severity)]
