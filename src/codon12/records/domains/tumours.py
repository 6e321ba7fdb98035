"""Lesions and responses as collected, from TU, TR and RS, in words that need no knowledge of SDTM."""

from __future__ import annotations

import polars as pl

from codon12.records.dates import Impute, date_flag, parse_dtc
from codon12.records.domains.assessed import LESION_COLUMNS, READER, assessments_of_lesions
from codon12.records.domains.tumour_tables import Tables, tumour_domain
from codon12.records.rows import by_value
from codon12.records.terms.assessments import (
    DIAMETER_TESTS,
    SHORT_AXIS_TESTS,
    STATE_TESTS,
    criterion,
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
    parts = [assessments_of_lesions(rows), _only_identified(identified, rows)]
    frame = pl.concat(parts).with_columns(parse_dtc("DTC", impute=impute).alias("ADT"), date_flag("DTC").alias("ADTF"))
    order = ["USUBJID", "EVAL", "EVALID", "LESIONID", "ADT", "VISITNUM", "SRCROW"]
    return frame.select(LESION_COLUMNS).sort(order, nulls_last=True)


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


def _identified(tu: pl.DataFrame) -> pl.DataFrame:
    """Lesions as TU identifies them, one row a lesion and reader, with its group and location."""
    rows = tu.filter(pl.col("LNKID").is_not_null()).with_columns(
        lesion_group(pl.coalesce("STRESC", "ORRES")).alias("TUGROUP")
    )
    rows = rows.with_columns(pl.coalesce("LOC", pl.col("LOC").min().over(READER)))
    # The first identification counts, whatever the order of rows.
    order = [pl.col("TUGROUP").is_null(), "DTC", "VISITNUM", "TUGROUP", "SRCROW"]
    return rows.sort(order, nulls_last=True, maintain_order=True).unique(READER, keep="first", maintain_order=True)


def _described(tr: pl.DataFrame, identified: pl.DataFrame) -> pl.DataFrame:
    """TR rows of single lesions with group and location, the reader's own identification before any other's."""
    own = identified.select(*READER, "TUGROUP", pl.col("LOC").alias("TULOC"))
    lesion = ["USUBJID", "LNKID"]
    any_reader = identified.group_by(lesion).agg(
        pl.col("LOC").min().alias("ANYLOC"), pl.col("TUGROUP").min().alias("ANYGROUP")
    )
    wanted = {t for tests in DIAMETER_TESTS.values() for t in tests} | set(STATE_TESTS)
    test = pl.col("TESTCD").str.to_uppercase()
    rows = tr.filter(pl.col("LNKID").is_not_null() & test.is_in(wanted)).with_columns(test)
    rows = rows.join(own, on=READER, how="left", nulls_equal=True, maintain_order="left")
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
    reader = list(READER)
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
    families = lesion_families(dated, keys=list(READER[:3]), lesion="LNKID", day="_day")
    node = rows.group_by(READER).agg(pl.col("NODAL").any().alias("_node")).rename({"LNKID": "_part"})
    parts = families.join(node, on=[*READER[:3], "_part"], how="left", nulls_equal=True)
    kin = parts.group_by(READER).agg(pl.col("_node").all().alias("_kin"))
    rows = rows.join(kin, on=READER, how="left", nulls_equal=True, maintain_order="left")
    return rows.with_columns(pl.coalesce("_kin", "NODAL").alias("NODAL")).drop("_kin")


def _only_identified(identified: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """New lesions that TU identifies and TR never describes: finding them is the assessment."""
    new = identified.filter(pl.col("TUGROUP") == "NEW").join(rows, on=READER, how="anti", nulls_equal=True)
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
