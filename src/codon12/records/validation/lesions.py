"""Rules on records of lesions and responses that say less, or more, than one thing of a lesion."""

from __future__ import annotations

import polars as pl

from codon12.parallel import of_all
from codon12.records.config import StudyConfig
from codon12.records.dates import parse_dtc
from codon12.records.rows import may_repeat, rows_where
from codon12.records.terms.assessments import (
    DIAMETER_TESTS,
    NOT_ASSESSED,
    SHORT_AXIS_TESTS,
    STATE_TESTS,
    criterion,
    nodal,
)
from codon12.records.terms.assessments import lesion_group as group_of
from codon12.records.terms.lesions import lesion_families, names_of_families
from codon12.records.validation.rule import Breach, Rule, Tables, breaches, once
from codon12.records.validation.sizes import nodes

__all__ = ["LESION_RULES", "without_identifier"]

_DIAMETERS = tuple(sorted({t for tests in DIAMETER_TESTS.values() for t in tests}))
_NAMES = ("TRLNKID", "TRTESTCD", "TRSTRESC", "TRORRES", "TRSTAT", "TRGRPID", "TRDTC", "TREVAL", "TREVALID", "TRMETHOD")


def _tr(tables: Tables) -> pl.DataFrame | None:
    """TR rows of diameters and states, with the columns these rules read (null where the file has none)."""
    tr = tables.get("TR")
    if tr is None or "USUBJID" not in tr.columns or "TRTESTCD" not in tr.columns:
        return None
    number = [] if "TRSTRESN" in tr.columns else [pl.lit(None, pl.Float64).alias("TRSTRESN")]
    visit = [] if "VISITNUM" in tr.columns else [pl.lit(None, pl.Float64).alias("VISITNUM")]
    text = [pl.lit(None, pl.String).alias(c) for c in _NAMES if c not in tr.columns]
    rows = rows_where(tr, pl.col("TRTESTCD").str.to_uppercase().is_in((*_DIAMETERS, *STATE_TESTS)))
    return rows.with_columns(*number, *visit, *text).with_columns(
        pl.coalesce("TRSTRESC", "TRORRES").str.strip_chars().str.to_uppercase().alias("_TEXT"),
        (pl.col("TRSTAT").str.to_uppercase() == "NOT DONE").fill_null(value=False).alias("_NOTDONE"),
        pl.col("TRTESTCD").str.to_uppercase().is_in(STATE_TESTS).alias("_STATE"),
    )


def _diameters(tables: Tables) -> pl.DataFrame | None:
    rows = once(tables, _tr)
    return None if rows is None else rows.filter(~pl.col("_STATE"))


def without_identifier(tables: Tables) -> dict[str, int]:
    """Count rows of TR that tell of a lesion and not of which: nothing can be derived from them.

    Examples
    --------
    >>> tr = pl.DataFrame({"USUBJID": ["1"] * 2, "TRTESTCD": ["LDIAM"] * 2, "TRLNKID": ["T01", None]})
    >>> without_identifier({"TR": tr})
    {'TR': 1}
    """
    rows = once(tables, _tr)
    n = 0 if rows is None else rows["TRLNKID"].null_count()
    return {"TR": n} if n else {}


def _no_identifier(tables: Tables, _: StudyConfig) -> list[Breach]:
    rows = once(tables, _tr)
    if rows is None:
        return []
    return breaches("TR", rows, pl.col("TRLNKID").is_null(), "TRLNKID", other=pl.col("TRTESTCD"))


def _number_denied(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Sizes beside a text, a status or a state that says the lesion was not assessed."""
    rows = once(tables, _tr)
    if rows is None:
        return []
    lesion = ["USUBJID", "TREVAL", "TREVALID", "TRLNKID", "TRDTC", "VISITNUM"]
    denied = pl.col("_TEXT").is_in(NOT_ASSESSED).fill_null(value=False)
    states = rows.filter(denied & pl.col("_STATE")).select(lesion).unique().with_columns(_beside=True)
    sized = rows.filter(~pl.col("_STATE") & pl.col("TRSTRESN").is_not_null())
    rows = sized.join(states, on=lesion, how="left", nulls_equal=True, maintain_order="left")
    bad = denied | pl.col("_NOTDONE") | pl.col("_beside").is_not_null()
    return breaches("TR", rows, bad, "TRSTRESN", other=pl.coalesce("TRLNKID", "TRTESTCD"))


def _twice(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Two sizes of one lesion by one test, method, reader and day."""
    rows = _diameters(tables)
    if rows is None:
        return []
    same = ["USUBJID", "TREVAL", "TREVALID", "TRLNKID", "TRTESTCD", "TRDTC", "VISITNUM", "TRMETHOD"]
    measured = rows.filter(pl.col("TRSTRESN").is_not_null() & pl.col("TRLNKID").is_not_null())
    measured = measured.filter(may_repeat(measured, same))
    bad = pl.col("TRSTRESN").n_unique().over(same) > 1
    return breaches("TR", measured, bad, "TRSTRESN", other=pl.col("TRLNKID"))


def _two_states(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Two states of one lesion by one reader and day."""
    rows = once(tables, _tr)
    if rows is None:
        return []
    same = ["USUBJID", "TREVAL", "TREVALID", "TRLNKID", "TRDTC", "VISITNUM", "TRMETHOD"]
    said = rows.filter(pl.col("_STATE") & pl.col("_TEXT").is_not_null() & pl.col("TRLNKID").is_not_null())
    said = said.filter(may_repeat(said, same))
    return breaches("TR", said, pl.col("_TEXT").n_unique().over(same) > 1, "TRSTRESC", other=pl.col("TRLNKID"))


def _short_axis_alone(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Lesions that no record places in a node, with a short axis and never another diameter: the first row of each."""
    rows = _diameters(tables)
    if rows is None:
        return []
    lesion = ["USUBJID", "TREVAL", "TREVALID", "TRLNKID"]
    short = pl.col("TRTESTCD").str.to_uppercase().is_in(SHORT_AXIS_TESTS)
    at_nodes = once(tables, nodes)
    if rows.filter(short).join(at_nodes, on=["USUBJID", "TRLNKID"], how="anti").is_empty():
        return []
    rows = rows.join(at_nodes, on=["USUBJID", "TRLNKID"], how="anti", maintain_order="left")
    if names_of_families(rows, lesion="TRLNKID"):  # these are what the lesions are that they come from
        dated = rows.with_columns(parse_dtc("TRDTC", impute="first").alias("_DAY"))
        families = lesion_families(
            dated, keys=lesion[:3], lesion="TRLNKID", day="_DAY"
        )  # they are what their parts are
        rows = rows.join(families, on=lesion, how="anti", nulls_equal=True, maintain_order="left")
    alone = rows.filter(pl.col("TRLNKID").is_not_null() & short.all().over(lesion))
    first = alone.sort("SRCROW").unique(lesion, keep="first", maintain_order=True)
    return breaches("TR", first, pl.lit(value=True), "TRTESTCD", other=pl.col("TRLNKID"))


def _no_date(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Sizes, states and responses without a date that can be read."""
    out = []
    rows = once(tables, _tr)
    if rows is not None:
        said = pl.col("TRSTRESN").is_not_null() | ~pl.col("_TEXT").is_in(NOT_ASSESSED)
        told = (said & ~pl.col("_NOTDONE")).fill_null(value=False)
        out += breaches(
            "TR", rows, told & parse_dtc("TRDTC", impute="first").is_null(), "TRDTC", other=pl.col("TRLNKID")
        )
    rs = tables.get("RS")
    if rs is not None and {"RSSTRESC", "RSDTC", "RSTESTCD"} <= set(rs.columns):
        bad = pl.col("RSSTRESC").is_not_null() & parse_dtc("RSDTC", impute="first").is_null()
        out += breaches("RS", rs, bad, "RSDTC", other=pl.col("RSTESTCD"))
    return out


def _two_groups(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Lesions that are target in one record and non-target or new in another."""
    out = []
    tu = tables.get("TU")
    if tu is not None and {"USUBJID", "TULNKID", "TUSTRESC"} <= set(tu.columns):
        who = ["USUBJID", *(c for c in ("TUEVAL", "TUEVALID") if c in tu.columns), "TULNKID"]
        named = tu.with_columns(group_of(pl.col("TUSTRESC")).alias("_GROUP"))
        named = named.filter(pl.col("_GROUP").is_not_null() & pl.col("TULNKID").is_not_null())
        out += breaches("TU", named, pl.col("_GROUP").n_unique().over(who) > 1, "TUSTRESC", other=pl.col("TULNKID"))
    rows = once(tables, _tr)
    if rows is None:
        return out
    lesion = ["USUBJID", "TREVAL", "TREVALID", "TRLNKID"]
    named = rows.with_columns(group_of(pl.col("TRGRPID")).alias("_GROUP"))
    named = named.filter(pl.col("_GROUP").is_not_null() & pl.col("TRLNKID").is_not_null())
    return out + breaches("TR", named, pl.col("_GROUP").n_unique().over(lesion) > 1, "TRGRPID", other=pl.col("TRLNKID"))


def _no_group(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Records of lesions whose group neither TR nor TU says."""
    rows, tu = once(tables, _tr), tables.get("TU")
    if rows is None or "TRLNKID" not in rows.columns:
        return []
    group = group_of(pl.col("TRGRPID").cast(pl.String)) if "TRGRPID" in rows.columns else pl.lit(None, pl.String)
    lost = rows.filter(pl.col("TRLNKID").is_not_null() & group.is_null())
    if lost.height and tu is not None and {"USUBJID", "TULNKID", "TUSTRESC"} <= set(tu.columns):
        said = [pl.col(c) for c in ("TUSTRESC", "TUORRES") if c in tu.columns]
        known = tu.filter(group_of(pl.coalesce(said)).is_not_null()).select("USUBJID", TRLNKID="TULNKID").unique()
        lost = lost.join(known, on=["USUBJID", "TRLNKID"], how="anti", maintain_order="left")
    return breaches("TR", lost, pl.lit(value=True), "TRLNKID")


def _two_places(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Lesions that one record places in a lymph node and another elsewhere."""
    tu = tables.get("TU")
    if tu is None or not {"USUBJID", "TULNKID", "TULOC"} <= set(tu.columns):
        return []
    who = ["USUBJID", *(c for c in ("TUEVAL", "TUEVALID") if c in tu.columns), "TULNKID"]
    placed = tu.filter(pl.col("TULOC").is_not_null() & pl.col("TULNKID").is_not_null())
    bad = nodal(pl.col("TULOC")).n_unique().over(who) > 1
    return breaches("TU", placed, bad, "TULOC", other=pl.col("TULNKID"))


def _done_after_all(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Responses beside a status that says not done."""
    rs = tables.get("RS")
    if rs is None or not {"RSSTAT", "RSSTRESC"} <= set(rs.columns):
        return []
    bad = (pl.col("RSSTAT").str.to_uppercase() == "NOT DONE") & ~pl.col("RSSTRESC").is_in(["ND", "NE", "NOT DONE"])
    return breaches("RS", rs, bad, "RSSTRESC")


def _no_criterion(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Responses that name no criterion, in a table where others do."""
    rs = tables.get("RS")
    have = [c for c in ("RSCAT", "RSSCAT") if rs is not None and c in rs.columns]
    if rs is None or not have:
        return []
    category, below = ((pl.col(c) if c in have else pl.lit(None, pl.String)) for c in ("RSCAT", "RSSCAT"))
    named = rs.select(criterion(category.cast(pl.String), below.cast(pl.String)).alias("c"))["c"]
    if not of_all("RS names a criterion", bool(named.is_not_null().any())):
        return []
    rows = rs.with_columns(named.alias("_NAMED"))
    return breaches("RS", rows, pl.col("_NAMED").is_null(), have[0])


LESION_RULES: tuple[Rule, ...] = (
    Rule(id="lesion-without-identifier", scope="within", severity="warning", check=_no_identifier,
         sentence="{table} row {row}: {other} without {variable}: of which lesion is not said, so it is not used."),
    Rule(id="number-beside-not-evaluable", scope="within", severity="warning", check=_number_denied,
         sentence="{table} row {row}: {other} has the size {value} and is said not to be assessed; the size is no "
         "measurement and is not used."),
    Rule(id="lesion-measured-twice", scope="within", severity="warning", check=_twice,
         sentence="{table} row {row}: {other} has two sizes by one test, method and day ({value} is one); the larger "
         "counts."),
    Rule(id="lesion-two-states", scope="within", severity="warning", check=_two_states,
         sentence="{table} row {row}: {other} has two states on one day ({value} is one); the worst counts."),
    Rule(id="short-axis-alone", scope="within", severity="note", check=_short_axis_alone,
         sentence="{table} row {row}: {other} has a short axis ({value}) and never another diameter; it counts as a "
         "lymph node."),
    Rule(id="assessment-without-date", scope="within", severity="warning", check=_no_date,
         sentence="{table} row {row}: {other} has a result and no {variable} that can be read; it is not used."),
    Rule(id="lesion-in-two-groups", scope="within", severity="warning", check=_two_groups,
         sentence="{table} row {row}: {other} is {value} here and of another group elsewhere; each record counts in "
         "its own group."),
    Rule(id="lesion-without-group", scope="within", severity="warning", check=_no_group,
         sentence="{table} row {row}: neither TRGRPID nor TU says whether lesion {value} is target, non-target or new; "
         "it is not used."),
    Rule(id="lesion-in-two-places", scope="within", severity="warning", check=_two_places,
         sentence="{table} row {row}: {other} is in {value} here, and one record of it speaks of a lymph node and "
         "another does not; the location of its first identification counts."),
    Rule(id="response-not-done", scope="within", severity="warning", check=_done_after_all,
         sentence="{table} row {row}: the response {value} stands beside NOT DONE; it counts as not done."),
    Rule(id="criterion-not-named", scope="within", severity="note", check=_no_criterion,
         sentence="{table} row {row}: {variable} '{value}' names no criterion; it was read as RECIST 1.1."),
)  # fmt: skip
"""Rules on what one lesion, or one response, is said to be."""
