"""Rules on the order of dates of a subject, and on dates that lie far ahead of all others."""

from __future__ import annotations

import polars as pl

from codon12.parallel import of_all
from codon12.records.config import StudyConfig
from codon12.records.dates import parse_dtc
from codon12.records.domains.deaths import NOT_CONTACT
from codon12.records.domains.disposition import ends_in_rows
from codon12.records.validation.death import deaths_told
from codon12.records.validation.dosing import disposition_told, dose_dates
from codon12.records.validation.rule import Breach, Check, Rule, Tables, breaches, once

__all__ = ["ORDER_RULES"]

_ALL = ("sdtm", "adam", "tables")


def _given(tables: Tables) -> pl.DataFrame | None:
    """ADSL where it is given, with its dates."""
    adsl = tables.get("ADSL")
    return adsl if adsl is not None and "USUBJID" in adsl.columns else None


def _earlier(early: str, *later: str) -> Check:
    """Rows of ADSL whose date is before the first of others; one that is not there is before nothing."""

    def check(tables: Tables, _: StudyConfig) -> list[Breach]:
        adsl = _given(tables)
        if adsl is None or adsl.schema.get(early) != pl.Date:
            return []
        names = [c for c in later if adsl.schema.get(c) == pl.Date]
        if not names:
            return []
        first = pl.min_horizontal(names)
        which = pl.coalesce(pl.when(pl.col(c) == first).then(pl.lit(c)) for c in names)
        return breaches("ADSL", adsl, pl.col(early) < first, early, other=pl.format("{} ({})", first, which))

    return check


def _both(*checks: Check) -> Check:
    return lambda tables, config: [breach for check in checks for breach in check(tables, config)]


def _start(tables: Tables) -> pl.DataFrame | None:
    """First and last dose of the subjects of DM; of who had none the reference start."""
    dm = tables.get("DM")
    ex = tables.get("EX")
    if dm is None or "USUBJID" not in dm.columns or not (ex is None or {"USUBJID", "EXSTDTC"} <= set(ex.columns)):
        return None
    rows = once(tables, dose_dates)
    if "RFSTDTC" not in dm.columns:
        return rows
    reference = dm.select("USUBJID", _RF=parse_dtc("RFSTDTC")).unique("USUBJID", keep="first")
    return rows.join(reference, on="USUBJID", how="left", maintain_order="left")


def _death_before_start(tables: Tables, _: StudyConfig) -> list[Breach]:
    start = once(tables, _start)
    if start is None:
        return []
    from_ = pl.min_horizontal([c for c in ("TRTSDT", "_RF") if c in start.columns])
    began = start.select("USUBJID", _REF=from_)
    died = once(tables, deaths_told).join(began, on="USUBJID", how="inner", maintain_order="left")
    out = []
    for table in died["DTHDOM"].unique().sort().drop_nulls():
        rows = died.filter(DTHDOM=table).with_columns(pl.col("DTHROW").alias("SRCROW")).sort("SRCROW")
        out += breaches(
            table,
            rows,
            pl.col("DTHDT") < pl.col("_REF"),
            "DTHDT",
            other=pl.format("{} (first dose or RFSTDTC)", "_REF"),
        )
    return out


def _undated_death(tables: Tables, _: StudyConfig) -> list[Breach]:
    adsl = _given(tables)
    if adsl is None or "DTHFL" not in adsl.columns:
        return []
    date = pl.col("DTHDT") if "DTHDT" in adsl.columns else pl.lit(None, pl.Date)
    return breaches("ADSL", adsl, (pl.col("DTHFL") == "Y") & date.is_null(), "DTHFL")


def _dated_and_denied(tables: Tables, _: StudyConfig) -> list[Breach]:
    adsl = _given(tables)
    if adsl is None or not {"DTHFL", "DTHDT"} <= set(adsl.columns):
        return []
    some = of_all("ADSL: a DTHFL is filled", bool((adsl["DTHFL"] == "Y").any()))
    said = pl.col("DTHFL").fill_null("not filled") if some else pl.col("DTHFL")
    rows = adsl.with_columns(said.alias("DTHFL"))
    return breaches(
        "ADSL", rows, (pl.col("DTHFL") != "Y") & pl.col("DTHDT").is_not_null(), "DTHFL", other=pl.col("DTHDT")
    )


def _dose_before_randomisation(tables: Tables, _: StudyConfig) -> list[Breach]:
    dm, ds, ex = tables.get("DM"), tables.get("DS"), tables.get("EX")
    if dm is None or ds is None or ex is None or not {"USUBJID", "EXSTDTC"} <= set(ex.columns):
        return []
    if "USUBJID" not in dm.columns or "USUBJID" not in ds.columns:
        return []
    dose = once(tables, dose_dates).filter(pl.col("TRTSDTF").is_null()).select("USUBJID", "TRTSDT")
    late = once(tables, disposition_told).select("USUBJID", "RANDDT").join(dose, on="USUBJID", how="inner")
    late = late.filter(pl.col("TRTSDT") < pl.col("RANDDT"))
    rows = ex.join(late, on="USUBJID", how="inner", maintain_order="left")
    rows = rows.filter(parse_dtc("EXSTDTC") == pl.col("TRTSDT")).unique("USUBJID", keep="first", maintain_order=True)
    return breaches("EX", rows, pl.lit(value=True), "EXSTDTC", other=pl.col("RANDDT"))


def _first_dose_differs(tables: Tables, _: StudyConfig) -> list[Breach]:
    """RFXSTDTC of DM is not the first dose of EX, or RFSTDTC lies after it."""
    dm, ex = tables.get("DM"), tables.get("EX")
    if dm is None or ex is None or not {"USUBJID", "EXSTDTC"} <= set(ex.columns) or "USUBJID" not in dm.columns:
        return []
    if not of_all("EX has records", bool(ex.height)):
        return []
    dose = once(tables, dose_dates).filter(pl.col("TRTSDTF").is_null()).select("USUBJID", _REF="TRTSDT")
    rows = dm.join(dose, on="USUBJID", how="inner", maintain_order="left")
    out = []
    if "RFXSTDTC" in dm.columns:
        out += breaches("DM", rows, parse_dtc("RFXSTDTC") != pl.col("_REF"), "RFXSTDTC", other=pl.col("_REF"))
    if "RFSTDTC" in dm.columns:
        out += breaches("DM", rows, parse_dtc("RFSTDTC") > pl.col("_REF"), "RFSTDTC", other=pl.col("_REF"))
    return out


def _ended(tables: Tables) -> pl.DataFrame:
    return ends_in_rows(tables["DS"])


def _ends(which: str) -> Check:
    """Ends of treatment or study (DS) before the first dose, or of the study before the last one begins."""

    def check(tables: Tables, _: StudyConfig) -> list[Breach]:
        ds, ex, start = tables.get("DS"), tables.get("EX"), once(tables, _start)
        if start is None or ds is None or ex is None or not {"USUBJID", "DSDECOD", "SRCROW"} <= set(ds.columns):
            return []
        if not {"USUBJID", "EXSTDTC"} <= set(ex.columns):
            return []
        rows = ds.join(once(tables, _ended), on="SRCROW", how="inner", maintain_order="left")
        if which == "before the first dose":
            rows = rows.join(start.select("USUBJID", _REF="TRTSDT"), on="USUBJID", how="inner", maintain_order="left")
        else:
            begun = ex.filter(pl.col("EXSTDTC").is_not_null()).group_by("USUBJID")
            until = parse_dtc("EXENDTC") if "EXENDTC" in ex.columns else pl.lit(None, pl.Date)
            last = begun.agg(_REF=pl.max_horizontal(parse_dtc("EXSTDTC"), until).max())
            rows = rows.filter("_OF_STUDY").join(last, on="USUBJID", how="inner", maintain_order="left")
            first = start.select("USUBJID", _FIRST="TRTSDT")
            rows = rows.join(first, on="USUBJID", how="left", maintain_order="left")
            rows = rows.filter(pl.col("_ADT") >= pl.col("_FIRST"))
        date = "DSSTDTC" if "DSSTDTC" in ds.columns else "DSDTC"
        return breaches("DS", rows, pl.col("_ADT") < pl.col("_REF"), date, other=pl.col("_REF"))

    return check


_NO_VISIT = (*NOT_CONTACT, "PROFILED")
_FEW = 3
"""Records that may lie beyond an empty year and be slips of the pen: so many, or one in a hundred."""


def _far_ahead(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Dates that lie beyond a whole calendar year in which nothing at all is recorded, and that are few."""
    years: dict[int, int] = {}
    columns: list[tuple[str, str, pl.Expr]] = []
    for table, frame in sorted(tables.items()):
        if table in _NO_VISIT or table.startswith(("SUPP", "MUT", "SV", "CNA")) or "SRCROW" not in frame.columns:
            continue
        for column, dtype in frame.schema.items():
            if dtype == pl.Date:
                year = pl.col(column).dt.year().cast(pl.Int64)
            elif column.endswith("DTC") and dtype == pl.String:
                year = pl.col(column).str.head(4).cast(pl.Int64, strict=False)
            else:
                continue
            columns.append((table, column, year))
        own = [year.alias(column) for at, column, year in columns if at == table]
        for counts in frame.select(own).iter_columns() if own else ():
            for y, n in counts.value_counts().iter_rows():
                if y is not None and 1900 <= y <= 2199:
                    years[y] = years.get(y, 0) + n
    last = of_all("years of the records", years, _last_year)
    if last is None or not any(y > last for y in years):
        return []
    out = []
    for table, column, year in columns:
        out += breaches(table, tables[table], year.is_between(last + 1, 2199), column, other=pl.lit(str(last)))
    return out


def _last_year(years: dict[int, int]) -> int | None:
    """The last year before one without records, after which few records lie; None where there is none."""
    known, total = sorted(years), sum(years.values())
    for before, after in zip(known[-2::-1], known[:0:-1], strict=True):
        beyond = sum(n for y, n in years.items() if y >= after)
        if beyond > max(_FEW, total / 100) or beyond >= total - beyond:
            return None
        if after - before > 1:
            return before
    return None


ORDER_RULES: tuple[Rule, ...] = (
    Rule(id="end-before-start-given", scope="within", severity="warning", formats=_ALL,
         check=_both(_earlier("TRTEDT", "TRTSDT"), _earlier("EOSDT", "TRTSDT", "RANDDT")),
         sentence="{table} row {row}: {variable} {value} is before its start {other}."),
    Rule(id="death-before-start", scope="across", severity="warning", formats=_ALL,
         check=_both(_death_before_start, _earlier("DTHDT", "TRTSDT", "RANDDT")),
         sentence="{table} row {row}: death on {value} is before the start, {other}; the times of the subject are what "
         "these dates give."),
    Rule(id="contact-before-start", scope="within", severity="warning", formats=_ALL,
         check=_earlier("LSTALVDT", "TRTSDT", "RANDDT"),
         sentence="{table} row {row}: {variable} {value} is before the start, {other}."),
    Rule(id="record-after-death-given", scope="within", severity="warning", formats=_ALL,
         check=_earlier("DTHDT", "LSTALVDT"),
         sentence="{table} row {row}: death on {value} is before the last date alive, {other}."),
    Rule(id="dose-before-randomisation", scope="across", severity="warning", formats=_ALL,
         check=_both(_dose_before_randomisation, _earlier("TRTSDT", "RANDDT")),
         sentence="{table} row {row}: the first dose on {value} is before randomisation on {other}."),
    Rule(id="death-without-date-given", scope="within", severity="warning", formats=_ALL, check=_undated_death,
         sentence="{table} row {row}: the subject died and no date says when; not alive, and censored or counted "
         "as the policy on undated deaths says."),
    Rule(id="death-denied-given", scope="within", severity="warning", formats=_ALL, check=_dated_and_denied,
         sentence="{table} row {row}: {variable} is {value}, but DTHDT is {other}; the date was believed."),
    Rule(id="first-dose-differs", scope="across", severity="warning", check=_first_dose_differs,
         sentence="{table} row {row}: {variable} is {value}, the first dose in EX was on {other}; EX was used."),
    Rule(id="end-before-first-dose", scope="across", severity="warning", check=_ends("before the first dose"),
         sentence="{table} row {row}: {variable} {value} ends treatment or study before the first dose on {other}."),
    Rule(id="dose-after-study", scope="across", severity="warning", check=_ends("before the last dose"),
         sentence="{table} row {row}: {variable} {value} ends the study, and dosing goes on until {other}."),
    Rule(id="date-far-ahead", scope="across", severity="warning", formats=(*_ALL, "cbioportal"), check=_far_ahead,
         sentence="{table} row {row}: {variable} {value} lies years after all other records, of which the last are of "
         "{other}; it was used as given."),
)  # fmt: skip
"""Rules on the order of dates."""
