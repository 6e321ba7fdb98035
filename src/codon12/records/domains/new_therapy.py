"""Which records are the start of a new anti-cancer therapy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import polars as pl

from codon12.errors import ConfigError
from codon12.parallel import of_all, told_of_all
from codon12.records.config import CONFIG_FILE
from codon12.records.dates import date_flag, parse_dtc
from codon12.records.domains.tumour_tables import Tables
from codon12.records.findings import Finding, Severity, findings_frame, no_findings, row_findings, shown, shown_expr
from codon12.records.sql import evaluate
from codon12.records.terms.events import DENIED, YES

__all__ = ["ANTI_CANCER", "SUBSEQUENT", "new_therapy"]

ANTI_CANCER = (
    r"(?i)anti[ -]?(cancer|neoplas|tumou?r)|cancer[ -](therap|treat|medic|surg)|chemotherap|radiotherap|"
    r"radiation[ -]therap|new anti|follow[ -]?up (anti|cancer|therap)"
)
"""Texts of category, sub-category or class that say anti-cancer therapy, in any case."""

SUBSEQUENT = r"(?i)subsequent|post[ -]?(study|treatment|progression)"
"""Texts of a category that say a therapy came after the study's."""

_EARLIER = r"(?i)\b(prior|previous|history|pre[ -]?study)\b|\bnon[ -]?(anti[ -]?)?cancer"
_PARTS = ("CAT", "SCAT", "DECOD")


def new_therapy(
    study: Tables, first_dose: pl.DataFrame, *, predicates: Mapping[str, str] | None = None
) -> tuple[pl.DataFrame | None, pl.DataFrame]:
    """Starts of new anti-cancer therapy in CM (medications) and PR (procedures), and findings.

    Parameters
    ----------
    study
        Tables by name.
    first_dose
        USUBJID, ADT: first dose (or, untreated, time zero) of each subject.
    predicates
        Table -> SQL predicate over its columns: the rows that are new anti-cancer therapy. For a table without
        one: rows whose --CAT, --SCAT or --DECOD says anti-cancer (`ANTI_CANCER`), or whose --CAT says that it
        came after (`SUBSEQUENT`), and that do not say prior.

    Returns
    -------
    tuple
        USUBJID, ADT, SRCDOM, SRCROW, SRCSEQ (None without any), and findings. A start counts if it lies after the
        first dose. A partial date counts on the first day it may mean, if that lies after the first dose; one that
        could lie before it, and a row without a date, do not count and are named. Rows that did not happen
        (--OCCUR = N, --STAT = NOT DONE) do not count and are named.

    Raises
    ------
    ConfigError
        A predicate that cannot be evaluated; the message names the key.

    Examples
    --------
    >>> import datetime as dt
    >>> from types import SimpleNamespace
    >>> cm = pl.DataFrame({"USUBJID": ["1", "1"], "CMCAT": ["SUBSEQUENT ANTI-CANCER THERAPY"] * 2,
    ...     "CMSTDTC": ["2024", "2024-05-02"], "SRCDOM": ["CM"] * 2, "SRCROW": [1, 2]})
    >>> study = SimpleNamespace(has=lambda t: t == "CM", table=lambda t: cm)
    >>> found, findings = new_therapy(study, pl.DataFrame({"USUBJID": ["1"], "ADT": [dt.date(2024, 3, 1)]}))
    >>> found["ADT"].to_list(), findings["RULE"].to_list()
    ([datetime.date(2024, 5, 2)], ['therapy-date-partial'])
    """
    starts, findings = [], [no_findings()]
    for domain in ("CM", "PR"):
        if not study.has(domain) or f"{domain}STDTC" not in study.table(domain).columns:
            continue
        rows = study.table(domain)
        told, words = _named(rows, domain, (predicates or {}).get(domain))
        findings.append(words)
        dated = _dated(rows.filter(told), domain, first_dose)
        keys = [c for c in ("SRCDOM", "SRCROW", "SRCSEQ") if c in dated.columns]
        starts.append(dated.filter(pl.col("_why").is_null()).select("USUBJID", *keys, "ADT"))
        findings += [*_left_out(dated, domain), _unsure(dated, domain), _assumed(dated, domain)]
    found = pl.concat(starts, how="diagonal_relaxed") if starts else None
    began = found is not None and of_all("a new therapy began", bool(found.height))
    return (found if began else None), pl.concat(findings)


def _named(rows: pl.DataFrame, domain: str, predicate: str | None) -> tuple[pl.Series, pl.DataFrame]:
    """Which rows are said to be new anti-cancer therapy; a finding on the categories that were not taken for it."""
    if predicate is not None:
        key = f"{CONFIG_FILE}, key new_therapy.{domain}"
        told = evaluate(rows, predicate, where=key)
        if told.dtype != pl.Boolean:
            raise ConfigError(f"{key}: must be true or false for each row")
        return told.fill_null(value=False), no_findings()
    columns = [f"{domain}{part}" for part in _PARTS if f"{domain}{part}" in rows.columns]

    def says_any(pattern: str, among: list[str]) -> pl.Expr:
        told = (pl.col(c).cast(pl.String).str.contains(pattern).fill_null(value=False) for c in among)
        return pl.any_horizontal([pl.lit(value=False), *told])

    says = says_any(ANTI_CANCER, columns) | says_any(SUBSEQUENT, [c for c in columns if c == f"{domain}CAT"])
    earlier = says_any(_EARLIER, columns)
    told = rows.select((says & ~earlier).alias("x"))["x"]
    category = next((c for c in columns if c.endswith("CAT")), None)
    if category is None:
        return told, no_findings()
    cancer = rows.select(says_any(ANTI_CANCER, columns).alias("x"))["x"]
    taken = rows.select(_CATEGORY=pl.col(category).cast(pl.String), _TOLD=told, _ASSUMED=told & ~cancer)
    counts = taken.group_by(taken.columns).len("_ROWS")
    said = told_of_all(f"categories of {domain}", counts, partial(_categories, domain=domain, category=category))
    return told, said


def _categories(counts: pl.DataFrame, *, domain: str, category: str) -> pl.DataFrame:
    """What the categories were taken for: one finding for all that were not, one for all that were assumed."""

    def listed(which: str | pl.Expr) -> str:
        names = counts.filter(which)["_CATEGORY"].unique().drop_nulls().sort().to_list()
        return ", ".join(shown(o, limit=40) for o in names[:8]) + (" ..." if len(names) > 8 else "")

    out = []
    blank = int(counts.filter(~pl.col("_TOLD") & pl.col("_CATEGORY").is_null())["_ROWS"].sum())
    others = listed(~pl.col("_TOLD"))
    if others or (blank and counts["_TOLD"].any()):
        without = f"{blank} without a category" if blank else ""
        named = " and ".join(t for t in (f"of {category} {others}" if others else "", without) if t)
        text = (
            f"{domain}: rows {named} were not taken as new anti-cancer therapy; "
            f"name the rows with [new_therapy] {domain} if they are."
        )
        out.append(
            Finding(table=domain, rule="therapy-category-not-taken", severity="note", variable=category, message=text)
        )
    if counts["_ASSUMED"].any():
        text = (
            f"{domain}: rows of {category} {listed('_ASSUMED')} say that they came after the study's treatment and not "
            f"against what: they were taken as new anti-cancer therapy. Name the rows with [new_therapy] {domain} if "
            "they are not."
        )
        out.append(Finding(table=domain, rule="therapy-assumed", severity="warning", variable=category, message=text))
    return findings_frame(out)


def _dated(rows: pl.DataFrame, domain: str, first_dose: pl.DataFrame) -> pl.DataFrame:
    """Add ADT (first day the start may mean) and `_why` a row does not count."""
    start = f"{domain}STDTC"
    occurred, status = f"{domain}OCCUR", f"{domain}STAT"
    no = pl.lit(value=False)
    if occurred in rows.columns:
        no |= _word(occurred).is_in(DENIED)
    if status in rows.columns:
        no |= _word(status) == "NOT DONE"
    dose = first_dose.select("USUBJID", pl.col("ADT").alias("_dose")).unique("USUBJID")
    rows = rows.with_columns(parse_dtc(start, impute="first").alias("ADT"), date_flag(start).alias("_flag"))
    rows = rows.join(dose, on="USUBJID", how="left", maintain_order="left")
    after = pl.col("ADT") > pl.col("_dose")
    why = (
        pl.when(no)
        .then(pl.lit("did not happen"))
        .when(pl.col("ADT").is_null())
        .then(pl.lit("no date"))
        .when(pl.col("_dose").is_null() | after)
        .then(None)
        .when(pl.col("_flag").is_not_null())
        .then(pl.lit("partial"))
        .otherwise(pl.lit("before"))
    )
    return rows.with_columns(why.alias("_why"))


def _word(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.strip_chars().str.to_uppercase().fill_null("")


def _unsure(rows: pl.DataFrame, domain: str) -> pl.DataFrame:
    """Rows that count and of which --OCCUR says neither yes nor no."""
    occurred = f"{domain}OCCUR"
    if occurred not in rows.columns or "SRCROW" not in rows.columns:
        return no_findings()
    return row_findings(
        rows.filter(pl.col("_why").is_null() & ~_word(occurred).is_in([*YES, *DENIED, ""])),
        table=domain,
        rule="therapy-occurrence-unknown",
        severity="warning",
        variable=occurred,
        value=pl.col(occurred).cast(pl.String),
        message=f"{domain} row {{}}: {occurred} says neither yes nor no; the anti-cancer therapy counts as new.",
        parts=[pl.col("SRCROW")],
    )


def _assumed(rows: pl.DataFrame, domain: str) -> pl.DataFrame:
    """Rows that count and whose start is partial, with the day that was taken."""
    start = f"{domain}STDTC"
    if "SRCROW" not in rows.columns:
        return no_findings()
    return row_findings(
        rows.filter(pl.col("_why").is_null() & pl.col("_flag").is_not_null()),
        table=domain,
        rule="therapy-start-assumed",
        severity="warning",
        variable=start,
        value=pl.col(start).cast(pl.String),
        message=f"{domain} row {{}}: the start of a new anti-cancer therapy is partial ({{}}); {{}}, the first day it "
        "may mean, was taken.",
        parts=[pl.col("SRCROW"), shown_expr(pl.col(start).cast(pl.String)), pl.col("ADT")],
    )


_SAID: tuple[tuple[str, str, Severity, str], ...] = (
    (
        "did not happen",
        "therapy-did-not-occur",
        "note",
        "an anti-cancer therapy that did not happen; it does not count.",
    ),
    ("no date", "therapy-without-date", "warning", "an anti-cancer therapy without a start; it does not count as new."),
    (
        "partial",
        "therapy-date-partial",
        "warning",
        "the start of an anti-cancer therapy could lie before the first dose; it does not count as new.",
    ),
    ("before", "therapy-before-start", "note", "an anti-cancer therapy that began by the first dose is not new."),
)


def _left_out(rows: pl.DataFrame, domain: str) -> list[pl.DataFrame]:
    start = f"{domain}STDTC"
    return [
        row_findings(
            rows.filter(pl.col("_why") == why),
            table=domain,
            rule=rule,
            severity=severity,
            variable=start,
            value=pl.col(start).cast(pl.String),
            message=f"{domain} row {{}}: {text}",
            parts=[pl.col("SRCROW")],
        )
        for why, rule, severity, text in _SAID
        if "SRCROW" in rows.columns
    ]
