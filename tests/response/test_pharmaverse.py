"""Published records recomputed: RS from TR and TU, ADTR sums, ADRS parameters."""

from __future__ import annotations

import datetime as dt
import importlib.util
from pathlib import Path

import msgspec
import polars as pl
import pytest

from codon12.response import (
    RecistPolicy,
    assess_lesions,
    best_overall_response,
    clinical_benefit,
    collected_timepoints,
    counted_assessments,
    objective_response,
    overall_response,
    progression,
    sum_of_diameters,
)

pytestmark = pytest.mark.requirement("R-RESP-02")

_spec = importlib.util.spec_from_file_location("shared_cases", Path(__file__).with_name("shared_cases.py"))
shared = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shared)
shared.need_file(shared.PHARMAVERSE / "tr_onco_recist.csv")


def table(name: str) -> pl.DataFrame:
    frame = pl.read_csv(shared.PHARMAVERSE / f"{name}.csv", null_values=[""], infer_schema_length=0)
    return frame.with_row_index("SRCROW", offset=1)


def dated(column: str, *, last: bool) -> pl.Expr:
    text = pl.col(column)
    first = pl.when(text.str.len_chars() == 7).then(text + "-01").otherwise(text).str.to_date()
    return pl.when((text.str.len_chars() == 7) & last).then(first.dt.month_end()).otherwise(first)


def lesions() -> pl.DataFrame:
    """TR with the location of TU; one value a lesion: LPERP of a node, LDIAM of any other, TUMSTATE of non-targets."""
    tr, tu = table("tr_onco_recist"), table("tu_onco_recist")
    by = ["USUBJID", "LESIONID", "EVAL", "EVALID"]
    where = tu.select(
        "USUBJID",
        pl.col("TULNKID").alias("LESIONID"),
        pl.col("TUEVAL").alias("EVAL"),
        pl.col("TUEVALID").alias("EVALID"),
        LOC="TULOC",
    ).unique()
    rows = tr.select(
        "USUBJID",
        "SRCROW",
        "VISIT",
        "TRTESTCD",
        pl.col("VISITNUM").cast(pl.Float64),
        EVAL="TREVAL",
        EVALID="TREVALID",
        LESIONID="TRLNKID",
        GROUP="TRGRPID",
        AVAL=pl.col("TRSTRESN").cast(pl.Float64),
        AVALC="TRSTRESC",
        ADT=dated("TRDTC", last=False),
        SRCDOM=pl.lit("TR"),
        SRCSEQ=pl.col("TRSEQ").cast(pl.Int64),
    ).join(where, on=by, how="left", nulls_equal=True)
    rows = rows.with_columns(NODAL=pl.col("LOC") == "LYMPH NODE")
    wanted = pl.when("NODAL").then(pl.lit("LPERP")).otherwise(pl.lit("LDIAM"))
    return rows.filter((pl.col("TRTESTCD") == wanted) | (pl.col("TRTESTCD") == "TUMSTATE"))


def compared(policy: RecistPolicy) -> pl.DataFrame:
    rs = table("rs_onco_recist").select(
        "USUBJID",
        EVAL="RSEVAL",
        EVALID="RSEVALID",
        VISITNUM=pl.col("VISITNUM").cast(pl.Float64),
        RS="RSSTRESC",
    )
    got = assess_lesions(lesions(), policy=policy)
    joined = rs.join(got, on=["USUBJID", "EVAL", "EVALID", "VISITNUM"], how="left", nulls_equal=True)
    assert len(joined) == len(got) == 66
    return joined.filter(pl.col("RS").ne_missing(pl.col("AVALC")))


def test_all_66_overall_responses_follow_from_the_lesions():
    assert compared(RecistPolicy()).is_empty()


@pytest.mark.parametrize(
    "policy", [RecistPolicy.recist_1_1(), RecistPolicy.admiralonco()], ids=["recist", "admiralonco"]
)
def test_a_lesion_of_4_95_mm_after_complete_response_is_the_only_difference_of_policies(policy):
    """0 to 4.95 mm after CR: PR by the sum alone (as published), PD where reappearance counts."""
    odd = compared(policy)
    assert odd.select("USUBJID", "EVALID", "VISITNUM", "RS", "AVALC", "AVAL").rows() == [
        ("01-701-1133", "RADIOLOGIST 2", 4.0, "PR", "PD", 4.95)
    ]


def adsl() -> pl.DataFrame:
    return table("adsl").select("USUBJID", RANDDT=pl.col("RANDDT").str.to_date(), TRTSDT=pl.col("TRTSDT").str.to_date())


def test_all_25_sums_of_adtr():
    numbers = ["AVAL", "BASE", "CHG", "PCHG", "NADIR", "CHGNAD", "PCHGNAD"]
    flags = ["ABLFL", "ANL01FL", "ANL02FL", "PDFL"]
    adtr = (
        table("adtr_onco")
        .filter(pl.col("PARAMCD") == "SDIAM")
        .with_columns(pl.col("ADT").str.to_date(), pl.col(numbers).cast(pl.Float64))
    )
    start = adsl().select("USUBJID", ADT="TRTSDT")
    rows = lesions().filter(pl.col("EVAL") == "INVESTIGATOR")
    got = sum_of_diameters(rows, start)
    key = ["USUBJID", "ADT"]
    assert len(adtr) == 25
    both = adtr.select(*key, *numbers, *flags, "LSEXP", "LSASS").join(
        got, on=key, how="full", coalesce=True, suffix="_got"
    )
    assert len(both) == 25
    for name in numbers:
        difference = (both[name] - both[f"{name}_got"]).abs().max()
        assert difference < 1e-11, name
        assert both[name].is_null().equals(both[f"{name}_got"].is_null()), name
    for name in flags:
        assert both[name].equals(both[f"{name}_got"], check_names=False), name
    for name in ("LSEXP", "LSASS"):
        assert both[name].str.split(", ").list.len().to_list() == both[f"{name}_got"].to_list()


def overall() -> pl.DataFrame:
    return table("rs_onco_recist").select(
        "USUBJID",
        "SRCROW",
        EVAL="RSEVAL",
        EVALID="RSEVALID",
        ACPTFL="RSACPTFL",
        ADT=dated("RSDTC", last=True),
        AVALC="RSSTRESC",
        SRCSEQ=pl.col("RSSEQ").cast(pl.Int64),
    )


def test_adrs_parameters_but_for_the_upstream_slip():
    """BOR RSP CB PD and their confirmed forms of all 306 subjects; CBCP of one subject is wrong upstream."""
    policy = msgspec.structs.replace(
        RecistPolicy.admiralonco(), evaluator="INVESTIGATOR", assessments_from="reference", max_ne=1
    )
    start = adsl().select("USUBJID", ADT="RANDDT")
    rs = overall()
    either = lambda frame, name: frame.select(  # noqa: E731
        "USUBJID",
        "ADT",
        PARAMCD=pl.lit(name),
        AVALC=pl.when(pl.col("AVALC").is_in(["CR", "PR"])).then(pl.lit("Y")).otherwise(pl.lit("N")),
    ).with_columns(ADT=pl.when(pl.col("AVALC") == "Y").then("ADT"))
    bor = best_overall_response(rs, start, policy=policy, confirmed=False)
    cbor = best_overall_response(rs, start, policy=policy, confirmed=True)
    parts = [
        bor,
        cbor,
        either(bor, "BCP"),
        either(cbor, "CBCP"),
        *(objective_response(rs, start, policy=policy, confirmed=c) for c in (False, True)),
        *(clinical_benefit(rs, start, policy=policy, confirmed=c) for c in (False, True)),
        progression(rs, start, policy=policy),
    ]
    got = pl.concat([p.select("USUBJID", "PARAMCD", "AVALC", "ADT") for p in parts])
    adrs = table("adrs_onco").with_columns(pl.col("ADT").str.to_date())
    published = adrs.filter(pl.col("PARAMCD").is_in(got["PARAMCD"].unique().to_list()))
    assert len(published) == len(got) == 9 * 306
    odd = published.join(got, on=["USUBJID", "PARAMCD", "AVALC", "ADT"], how="anti", nulls_equal=True)
    assert odd.select("USUBJID", "PARAMCD").rows() == [("01-701-1118", "CBCP")]
    right = got.filter((pl.col("USUBJID") == "01-701-1118") & (pl.col("PARAMCD") == "CBCP"))
    assert right.select("AVALC", "ADT").row(0) == ("Y", dt.date(2014, 4, 23))
    ovr = adrs.filter(pl.col("PARAMCD") == "OVR")
    counted = counted_assessments(rs, start, policy=policy)
    flagged = ovr.filter((pl.col("ANL01FL") == "Y") & (pl.col("ANL02FL") == "Y"))
    assert (
        counted.select("USUBJID", "ADT", "AVALC")
        .sort("USUBJID", "ADT")
        .equals(flagged.select("USUBJID", "ADT", "AVALC").sort("USUBJID", "ADT"))
    )


def test_last_assessment_measurable_disease_and_death():
    """LSTA, MDIS and DEATH of all 306 subjects: with the parameters above, 3,693 of the 3,694 published rows."""
    subjects = adsl()
    policy = msgspec.structs.replace(
        RecistPolicy.admiralonco(), evaluator="INVESTIGATOR", assessments_from="reference", stop_at_first_pd=False
    )
    counted = counted_assessments(overall(), subjects.select("USUBJID", ADT="RANDDT"), policy=policy)
    evaluable = counted.filter(pl.col("AVALC") != "NE").sort("USUBJID", "ADT")
    last = evaluable.group_by("USUBJID", maintain_order=True).last()
    sums = sum_of_diameters(lesions().filter(pl.col("EVAL") == "INVESTIGATOR"), policy=policy)
    measurable = sums.filter(pl.col("ABLFL") == "Y")["USUBJID"].unique().to_list()
    yes = lambda test: pl.when(test).then(pl.lit("Y")).otherwise(pl.lit("N"))  # noqa: E731
    death = table("adsl").select("USUBJID", ADT=pl.col("DTHDT").str.to_date())
    got = {
        "LSTA": subjects.select("USUBJID").join(last.select("USUBJID", "AVALC", "ADT"), on="USUBJID", how="left"),
        "MDIS": subjects.select(
            "USUBJID", AVALC=yes(pl.col("USUBJID").is_in(measurable)), ADT=pl.lit(None, dtype=pl.Date)
        ),
        "DEATH": death.select("USUBJID", "ADT", AVALC=yes(pl.col("ADT").is_not_null())),
    }
    adrs = table("adrs_onco").with_columns(pl.col("ADT").str.to_date())
    ovr = adrs.filter(pl.col("PARAMCD") == "OVR").select("USUBJID", "AVALC", "ADT")
    assert len(ovr) == 22
    assert ovr.join(overall().filter(pl.col("EVAL") == "INVESTIGATOR"), on=ovr.columns, how="anti").is_empty()
    for name, mine in got.items():
        published = adrs.filter(pl.col("PARAMCD") == name).select("USUBJID", "AVALC", "ADT")
        assert len(published) == len(mine) == 306
        assert published.join(mine, on=["USUBJID", "AVALC", "ADT"], how="anti", nulls_equal=True).is_empty(), name


def test_collected_parts_give_the_collected_overall_response():
    """rs_onco: 1,899 time points, the three CHECK among them, from target, non-target and new lesions."""
    rs = table("rs_onco").select(
        "USUBJID",
        "SRCROW",
        "VISIT",
        PARAMCD="RSTESTCD",
        EVAL="RSEVAL",
        EVALID="RSEVALID",
        VISITNUM="VISITNUM",
        ADT=pl.col("RSDTC").str.to_date(),
        AVALC="RSSTRESC",
    )
    got = overall_response(collected_timepoints(rs), policy=RecistPolicy.admiralonco())
    key = ["USUBJID", "EVAL", "EVALID", "VISITNUM", "VISIT", "ADT"]
    published = rs.filter(pl.col("PARAMCD") == "OVRLRESP")
    both = published.join(got, on=key, how="left", nulls_equal=True, suffix="_got")
    assert len(both) == 1899
    assert both.filter(pl.col("AVALC").ne_missing(pl.col("AVALC_got"))).is_empty()
    assert both.filter(pl.col("AVALC") == "CHECK").height == 3
