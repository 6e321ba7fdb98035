"""Lesions and responses as collected, from TU, TR and RS, in words that need no knowledge of SDTM."""

from __future__ import annotations

import polars as pl

from codon12.records.dates import Impute, date_flag, parse_dtc
from codon12.records.domains.tumour_tables import Tables, tumour_domain
from codon12.records.rows import by_value, may_repeat
from codon12.records.terms.assessments import (
    ABSENT,
    DIAMETER_TESTS,
    NOT_ASSESSED,
    PROGRESSED,
    SHORT_AXIS_TESTS,
    STATE_TESTS,
    criterion,
    diameter_mm,
    lesion_group,
    nodal,
    response_term,
)
from codon12.records.terms.lesions import lesion_families, names_of_families

__all__ = ["lesions", "responses"]


def lesions(study: Tables, *, impute: Impute = "first") -> pl.DataFrame:
    """Give every assessment of every lesion by every reader: TU and TR (SUPPTR merged) as one frame.

    One row a lesion, reader, date and method: USUBJID, EVAL (INVESTIGATOR, CENTRAL), EVALID (reader), ACPTFL,
    LESIONID (--LNKID), GROUP (TARGET, NON-TARGET, NEW), LOC, NODAL, DTC (as collected), ADT, ADTF (D or M
    where imputed), VISITNUM, VISIT, METHOD, AVAL (mm; null where not measured), AVALC (state text in upper case;
    ``NOT DONE`` where the record says so), TEST (TRTESTCD of AVAL, else of AVALC), REASND, SRCDOM, SRCROW,
    SRCSEQ of the row that gave AVAL, else AVALC. A new lesion that TU identifies and TR never describes has
    one row, from TU. A record without a lesion identifier is of no lesion. Empty without TR and TU.

    The diameter of a node (location LYMPH NODE) is its short axis (LPERP), of any other lesion the longest
    (LDIAM), each else DIAMETER. A lesion that has a short axis and never another diameter was measured as a node
    and is one; a fragment is a node where the whole is, a merged lesion where all its parts are. Sizes are
    converted to mm; of two sizes by one test, day and method the larger counts. A number beside a text that says
    not evaluable, or beside --STAT, is no measurement. A partial date is imputed to the `first` day it may mean.

    Notes
    -----
    Source: RECIST 1.1 (Eisenhauer 2009), 3.1 and 4.1; SDTM Implementation Guide 3.4, TU and TR.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> tr = pl.DataFrame({"USUBJID": ["1"], "TRLNKID": ["T01"], "TRGRPID": ["TARGET"], "TRTESTCD": ["LDIAM"],
    ...     "TRSTRESN": [2.1], "TRSTRESU": ["cm"], "TREVAL": ["INVESTIGATOR"], "TRDTC": ["2024-02"], "SRCROW": [1]})
    >>> study = SimpleNamespace(has=lambda t: t == "TR", table=lambda t: tr)
    >>> lesions(study).select("LESIONID", "ADT", "ADTF", "AVAL").row(0)
    ('T01', datetime.date(2024, 2, 1), 'D', 21.0)
    """
    tu = tumour_domain(study, "TU")
    tr = tumour_domain(study, "TR")
    identified = _identified(tu)
    rows = _described(tr, identified)
    parts = [_assessments(rows), _only_identified(identified, rows)]
    frame = pl.concat(parts).with_columns(parse_dtc("DTC", impute=impute).alias("ADT"), date_flag("DTC").alias("ADTF"))
    order = ["USUBJID", "EVAL", "EVALID", "LESIONID", "ADT", "VISITNUM", "SRCROW"]
    return frame.select(_LESION_COLUMNS).sort(order, nulls_last=True)


_LESION_COLUMNS = (
    "USUBJID",
    "EVAL",
    "EVALID",
    "ACPTFL",
    "LESIONID",
    "GROUP",
    "LOC",
    "NODAL",
    "DTC",
    "ADT",
    "ADTF",
    "VISITNUM",
    "VISIT",
    "METHOD",
    "AVAL",
    "AVALC",
    "TEST",
    "REASND",
    "SRCDOM",
    "SRCROW",
    "SRCSEQ",
)


def responses(study: Tables, *, impute: Impute = "last") -> pl.DataFrame:
    """Give every response as collected in RS, by every reader and criterion.

    One row a record: USUBJID, EVAL, EVALID, ACPTFL, PARAMCD (RSTESTCD: OVRLRESP, TRGRESP, NTRGRESP, NEWLRESP,
    ...), CRITERION (of RSSCAT, else RSCAT; ``RECIST 1.1`` where neither names one),
    DTC, ADT, ADTF, VISITNUM, VISIT, AVALC (as
    collected; ``ND`` where the record says not done), REASND, SRCDOM, SRCROW, SRCSEQ. Empty
    without RS. A partial date is imputed to the `last` day it may mean.

    Notes
    -----
    Source: SDTM Implementation Guide 3.4, RS.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rs = pl.DataFrame({"USUBJID": ["1"], "RSTESTCD": ["OVRLRESP"], "RSSTRESC": ["PR"],
    ...     "RSEVAL": ["INDEPENDENT ASSESSOR"], "RSDTC": ["2024-02"], "SRCROW": [1]})
    >>> study = SimpleNamespace(has=lambda t: t == "RS", table=lambda t: rs)
    >>> responses(study).select("EVAL", "ADT", "AVALC").row(0)
    ('CENTRAL', datetime.date(2024, 2, 29), 'PR')
    """
    rs = tumour_domain(study, "RS")
    given = response_term(pl.coalesce("STRESC", "ORRES"))
    upper = given.str.to_uppercase()
    # iRECIST writes its terms with a small i (iUPD, NON-iCR/NON-iUPD); all others are upper case.
    value = pl.when(given.str.contains("^(NON-)?i[A-Z]")).then(given).otherwise(upper)
    not_done = (pl.col("STAT").str.to_uppercase() == "NOT DONE").fill_null(value=False)
    category = ["CAT", "SCAT"]  # few are different, and each is looked at for many words
    named = criterion(pl.col("CAT"), pl.col("SCAT")).fill_null("RECIST 1.1").alias("CRITERION")
    criteria = rs.select(category).unique().with_columns(named)
    rows = rs.join(criteria, on=category, how="left", nulls_equal=True, maintain_order="left")
    return rows.select(
        "USUBJID",
        "EVAL",
        "EVALID",
        "ACPTFL",
        pl.col("TESTCD").str.to_uppercase().alias("PARAMCD"),
        "CRITERION",
        "DTC",
        parse_dtc("DTC", impute=impute).alias("ADT"),
        date_flag("DTC").alias("ADTF"),
        "VISITNUM",
        "VISIT",
        pl.when(not_done).then(pl.lit("ND")).otherwise(value).alias("AVALC"),
        pl.col("REASND"),
        "SRCDOM",
        "SRCROW",
        "SRCSEQ",
    ).sort("USUBJID", "EVAL", "EVALID", "PARAMCD", "ADT", "VISITNUM", "SRCROW", nulls_last=True)


_READER = ("USUBJID", "EVAL", "EVALID", "LNKID")


def _identified(tu: pl.DataFrame) -> pl.DataFrame:
    """Lesions as TU identifies them, one row a lesion and reader, with its group and location."""
    rows = tu.filter(pl.col("LNKID").is_not_null()).with_columns(
        lesion_group(pl.coalesce("STRESC", "ORRES")).alias("TUGROUP")
    )
    rows = rows.with_columns(pl.coalesce("LOC", pl.col("LOC").min().over(_READER)))
    # The first identification counts, whatever the order of rows.
    order = [pl.col("TUGROUP").is_null(), "DTC", "VISITNUM", "TUGROUP", "SRCROW"]
    return rows.sort(order, nulls_last=True, maintain_order=True).unique(_READER, keep="first", maintain_order=True)


def _described(tr: pl.DataFrame, identified: pl.DataFrame) -> pl.DataFrame:
    """TR rows of single lesions with group and location, the reader's own identification before any other's."""
    own = identified.select(*_READER, "TUGROUP", pl.col("LOC").alias("TULOC"))
    lesion = ["USUBJID", "LNKID"]
    any_reader = identified.group_by(lesion).agg(
        pl.col("LOC").min().alias("ANYLOC"), pl.col("TUGROUP").min().alias("ANYGROUP")
    )
    wanted = {t for tests in DIAMETER_TESTS.values() for t in tests} | set(STATE_TESTS)
    test = pl.col("TESTCD").str.to_uppercase()
    rows = tr.filter(pl.col("LNKID").is_not_null() & test.is_in(wanted)).with_columns(test)
    rows = rows.join(own, on=_READER, how="left", nulls_equal=True, maintain_order="left")
    rows = rows.join(any_reader, on=lesion, how="left", maintain_order="left")
    location = pl.coalesce("TULOC", "LOC", "ANYLOC").alias("LOC")
    # A location given once for a lesion holds for all its records.
    rows = rows.with_columns(location)
    if rows["LOC"].null_count():
        rows = rows.with_columns(pl.coalesce("LOC", pl.col("LOC").min().over(lesion)))
    rows = by_value(rows, ["LOC"], [nodal(pl.col("LOC")).alias("NODAL")])
    rows = by_value(rows, ["GRPID"], [lesion_group(pl.col("GRPID")).alias("GROUP")])
    rows = rows.with_columns(pl.coalesce("GROUP", "TUGROUP", "ANYGROUP").alias("GROUP"))
    rows = _nodes_by_short_axis(rows)
    return _nodes_of_families(rows) if names_of_families(rows, lesion="LNKID") else rows


def _nodes_by_short_axis(rows: pl.DataFrame) -> pl.DataFrame:
    """A lesion that has a short axis and never another diameter was measured as a node."""
    reader = list(_READER)
    diameter = pl.col("TESTCD").is_in([t for tests in DIAMETER_TESTS.values() for t in tests])
    short = pl.col("TESTCD").is_in(SHORT_AXIS_TESTS)
    other = rows.filter(diameter & ~short).select(reader)
    nodes = rows.filter(short).select(reader).unique().join(other, on=reader, how="anti", nulls_equal=True)
    if rows.filter(~pl.col("NODAL")).join(nodes, on=reader, how="semi", nulls_equal=True).is_empty():
        return rows
    nodes = nodes.with_columns(_node=pl.lit(value=True))
    rows = rows.join(nodes, on=reader, how="left", nulls_equal=True, maintain_order="left")
    return rows.with_columns(pl.col("NODAL") | pl.col("_node").is_not_null()).drop("_node")


def _nodes_of_families(rows: pl.DataFrame) -> pl.DataFrame:
    """A fragment is a node where the whole is one, a merged lesion where all its parts are."""
    dated = rows.with_columns(parse_dtc("DTC", impute="first").alias("_day"))
    families = lesion_families(dated, keys=list(_READER[:3]), lesion="LNKID", day="_day")
    node = rows.group_by(_READER).agg(pl.col("NODAL").any().alias("_node")).rename({"LNKID": "_part"})
    parts = families.join(node, on=[*_READER[:3], "_part"], how="left", nulls_equal=True)
    kin = parts.group_by(_READER).agg(pl.col("_node").all().alias("_kin"))
    rows = rows.join(kin, on=_READER, how="left", nulls_equal=True, maintain_order="left")
    return rows.with_columns(pl.coalesce("_kin", "NODAL").alias("NODAL")).drop("_kin")


def _assessments(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a lesion, reader, date and method out of its test rows: the diameter that counts, and the state."""
    number = pl.coalesce(
        diameter_mm(pl.col("STRESN"), pl.col("STRESU")),
        diameter_mm(
            pl.when(pl.col("STRESN").is_null()).then(pl.col("ORRES").cast(pl.Float64, strict=False)),
            pl.coalesce("ORRESU", "STRESU"),
        ),
    )
    text = pl.coalesce("STRESC", "ORRES").str.to_uppercase()
    not_done = pl.col("STAT").str.to_uppercase() == "NOT DONE"
    unread = (not_done | text.str.strip_chars().is_in(NOT_ASSESSED)).fill_null(value=False)
    preference = _preference()
    rows = rows.with_columns(
        pl.when(preference.is_not_null() & ~unread).then(number).alias("AVAL"),
        pl.when(text.cast(pl.Float64, strict=False).is_null()).then(text).alias("_STATE"),
        pl.when(not_done).then(pl.lit("NOT DONE")).alias("_NOTDONE"),
        preference.alias("_PREFERENCE"),
        pl.col("TESTCD").is_in(STATE_TESTS).alias("_ISSTATE"),
    )
    day = [*_READER, "DTC", "VISITNUM", "VISIT"]
    if 0 < rows["METHOD"].null_count() < rows.height:
        one = pl.col("METHOD").min().over(day) == pl.col("METHOD").max().over(day)
        # A row without a method belongs to the only method of its day.
        rows = rows.with_columns(pl.coalesce("METHOD", pl.when(one).then(pl.col("METHOD").min().over(day))))
    key = [*day, "METHOD"]
    state = pl.col("_STATE").str.strip_chars()
    rows = rows.with_columns(_SAID=state.is_in(NOT_ASSESSED) & pl.col("_ISSTATE"))
    several = may_repeat(rows, key)
    return pl.concat([_of_one_row(rows.filter(~several)), _of_several_rows(rows.filter(several), key)])


def _of_one_row(rows: pl.DataFrame) -> pl.DataFrame:
    """An assessment that one row tells."""
    denied = pl.col("_SAID").fill_null(value=False)
    rows = rows.with_columns(pl.when(~denied).then("AVAL").alias("AVAL"))
    not_measured = pl.when(pl.col("AVAL").is_null()).then("_NOTDONE")
    rows = rows.with_columns(pl.coalesce("_STATE", not_measured).alias("AVALC"))
    return rows.rename({"LNKID": "LESIONID", "TESTCD": "TEST"}).select(_ASSESSED)


def _of_several_rows(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Assessments that several rows tell."""
    denied = pl.col("_SAID").any().over(key).fill_null(value=False)
    rows = rows.with_columns(pl.when(~denied).then("AVAL").alias("AVAL"))
    # The row that decides: a measurement before a state before a blank, the preferred test first, then the larger.
    decides = [
        pl.col("AVAL").is_null(),
        pl.col("_STATE").is_null(),
        ~pl.col("_ISSTATE"),
        "_PREFERENCE",
        0 - pl.col("AVAL"),
        "SRCROW",
    ]
    rows = rows.sort([*key, *decides], nulls_last=True)
    own, other = pl.when("_ISSTATE").then("_STATE"), pl.when(~pl.col("_ISSTATE")).then("_STATE")
    state = pl.col("_STATE").str.strip_chars()
    worst = (
        pl.when(state.is_in(PROGRESSED))
        .then(0)
        .when(state.is_in(ABSENT))
        .then(3)
        .when(state.is_in(NOT_ASSESSED))
        .then(2)
        .otherwise(1)
    )
    not_measured = pl.when(pl.col("AVAL").first().is_null()).then(pl.col("_NOTDONE").min())
    first = ("ACPTFL", "LOC", "NODAL", "AVAL", "SRCDOM", "SRCROW", "SRCSEQ")
    return (
        rows.group_by(key, maintain_order=True)
        .agg(
            *(pl.col(c).first() for c in first),
            pl.col("TESTCD").first().alias("TEST"),
            pl.col("GROUP").min(),
            pl.col("REASND").min(),
            pl.coalesce(
                own.sort_by(worst).drop_nulls().first(), other.sort_by(worst).drop_nulls().first(), not_measured
            ).alias("AVALC"),
        )
        .rename({"LNKID": "LESIONID"})
        .select(_ASSESSED)
    )


_ASSESSED = [c for c in _LESION_COLUMNS if c not in ("ADT", "ADTF")]


def _preference() -> pl.Expr:
    """Rank of a diameter test for the lesion's kind; null where the test is not the one that counts."""
    ranks = {kind: {t: i for i, t in enumerate(tests)} for kind, tests in DIAMETER_TESTS.items()}
    test = pl.col("TESTCD")
    return (
        pl.when("NODAL")
        .then(test.replace_strict(ranks["nodal"], default=None, return_dtype=pl.Int64))
        .otherwise(test.replace_strict(ranks["other"], default=None, return_dtype=pl.Int64))
    )


def _only_identified(identified: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """New lesions that TU identifies and TR never describes: finding them is the assessment."""
    new = identified.filter(pl.col("TUGROUP") == "NEW").join(rows, on=_READER, how="anti", nulls_equal=True)
    return new.select(
        "USUBJID",
        "EVAL",
        "EVALID",
        "ACPTFL",
        pl.col("LNKID").alias("LESIONID"),
        pl.col("TUGROUP").alias("GROUP"),
        "LOC",
        nodal(pl.col("LOC")).alias("NODAL"),
        "DTC",
        "VISITNUM",
        "VISIT",
        "METHOD",
        pl.lit(None, pl.Float64).alias("AVAL"),
        pl.lit(None, pl.String).alias("AVALC"),
        pl.lit("TUMIDENT").alias("TEST"),
        "REASND",
        "SRCDOM",
        "SRCROW",
        "SRCSEQ",
    )
