"""AE records to the adverse-event analysis frame."""

from __future__ import annotations

import polars as pl

from codon12.errors import DataError
from codon12.parallel import of_all
from codon12.records.dates import date_flag, parse_dtc
from codon12.records.terms.events import YES, fatal, grade, occurred
from codon12.safety.emergence import time_of_day, treatment_emergent
from codon12.safety.policy import SafetyPolicy
from codon12.safety.terms import spelling, word

__all__ = ["adverse_events", "first_dose_known"]

_SEVERITY = {"MILD": 1, "MODERATE": 2, "SEVERE": 3, "LIFE THREATENING": 4, "FATAL": 5}


def adverse_events(ae: pl.DataFrame, adsl: pl.DataFrame, *, policy: SafetyPolicy | None = None) -> pl.DataFrame:
    """Derive the adverse-event analysis frame (ADAE) from AE records.

    Parameters
    ----------
    ae
        One row an event: USUBJID, AESTDTC, AEENDTC (ISO 8601, may be partial) or ASTDT, AENDT (dates); where
        present AETOXGR (1 to 5) or else AESEV, AEDECOD (else AETERM), AEBODSYS, AEREL, AEACN, AESER, AEOUT.
    adsl
        USUBJID, TRTSDT, TRTEDT; where present TRTSTM, the time of day of the first dose (``09:30``): an event of that
        day that began earlier is not treatment-emergent, where both times are known.
    policy
        See `SafetyPolicy`.

    Returns
    -------
    pl.DataFrame
        All rows and columns of `ae`, with ASTDT, AENDT, ASTDTF (imputed part), ATOXGR (integer, null if
        unknown), AREL, ACNMOD, ACNDISC, ASER (Y or N; null where no record of the table has a word), TRTEMFL,
        ANL01FL (Y: counted in tables), AEDECOD and AEBODSYS in the spelling they have most often, filled from the
        verbatim term and ``NOT CODED`` where missing.
        What was decided on the way is told by `adverse_event_findings`.

    Notes
    -----
    A partial start is taken at its first possible day, but not before the first dose when it may lie on
    treatment, so that an uncertain event counts as treatment-emergent. A partial end is taken at its last
    possible day; one before a whole start does not say that the event ended before treatment.

    A grade is 1 to 5 however written (3.0, GRADE 3, III); two grades, or others, are none. Where no
    AETOXGR is collected, AESEV mild, moderate, severe stands for grade 1, 2, 3. Events that were asked about and did
    not occur (AEOCCUR N, AESTAT NOT DONE) are neither treatment-emergent nor counted. Where no first dose of anybody
    is known, all events count.

    Raises
    ------
    DataError
        `ae` has no USUBJID.

    Examples
    --------
    >>> ae = pl.DataFrame({"USUBJID": ["1"], "AESTDTC": ["2020-02"], "AETOXGR": ["3"], "AEREL": ["Y"]})
    >>> adsl = pl.DataFrame({"USUBJID": ["1"], "TRTSDT": ["2020-02-10"], "TRTEDT": ["2020-05-01"]})
    >>> adsl = adsl.with_columns(pl.col("TRTSDT", "TRTEDT").str.to_date())
    >>> adverse_events(ae, adsl).select("ASTDT", "ATOXGR", "AREL", "TRTEMFL").row(0)
    (datetime.date(2020, 2, 10), 3, 'Y', 'Y')
    """
    policy = policy or SafetyPolicy()
    if "USUBJID" not in ae.columns:
        raise DataError("adverse events need a column USUBJID")
    dose = ["TRTSDT", "TRTEDT", *(c for c in ("TRTSTM",) if c in adsl.columns)]
    frame = ae.drop(dose, strict=False).join(
        adsl.select("USUBJID", *dose), on="USUBJID", how="left", maintain_order="left"
    )
    frame = _dates(frame)
    columns = set(frame.columns)
    related = (*policy.related, *([""] if policy.relation_missing == "related" else []))
    frame = frame.with_columns(
        AEDECOD=_term(frame, "AEDECOD", "AETERM"),
        AEBODSYS=_term(frame, "AEBODSYS", "AESOC"),
        ATOXGR=_grade(frame, policy),
        AREL=_yes(frame, ("AREL", "AEREL"), related),
        ACNMOD=_yes(frame, ("AEACN",), policy.dose_modified),
        ACNDISC=_yes(frame, ("AEACN",), policy.discontinued),
        ASER=_yes(frame, ("AESER",), YES),
    )
    if "TRTEMFL" not in columns:
        frame = _emergent(frame, policy=policy)
        if {"TRTSTM", "AESTDTC"} <= set(frame.columns):
            earlier = time_of_day(pl.col("AESTDTC")) < pl.col("TRTSTM")
            before = ((pl.col("ASTDT") == pl.col("TRTSDT")) & earlier).fill_null(value=False)
            frame = frame.with_columns(TRTEMFL=pl.when(~before).then("TRTEMFL"))
    counted = occurred(frame)
    frame = frame.with_columns(TRTEMFL=pl.when(counted & (pl.col("TRTEMFL") == "Y")).then("TRTEMFL"))
    if policy.emergent_only and ("TRTEMFL" in columns or first_dose_known(adsl)):
        counted &= (pl.col("TRTEMFL") == "Y").fill_null(value=False)
    return frame.with_columns(ANL01FL=pl.when(counted).then(pl.lit("Y"))).drop(dose)


def first_dose_known(adsl: pl.DataFrame) -> bool:
    """Whether the first dose of anybody is known; else no event can be told from one before treatment."""
    return of_all("a first dose is known", bool(adsl["TRTSDT"].is_not_null().any()))


def _emergent(frame: pl.DataFrame, *, policy: SafetyPolicy) -> pl.DataFrame:
    """Add TRTEMFL; an end before the day on which the event began (``end-before-start``) is not believed."""
    if not all(frame.schema[c].is_temporal() for c in ("ASTDT", "AENDT")):
        return treatment_emergent(frame, policy=policy)
    whole = pl.col("ASTDTF").is_null() if "ASTDTF" in frame.columns else pl.lit(value=True)
    wrong = (whole & (pl.col("AENDT") < pl.col("ASTDT"))).fill_null(value=False)
    flags = treatment_emergent(frame.with_columns(AENDT=pl.when(~wrong).then("AENDT")), policy=policy)
    return frame.with_columns(flags["TRTEMFL"])


def _dates(frame: pl.DataFrame) -> pl.DataFrame:
    out = []
    for name, raw, impute in (("ASTDT", "AESTDTC", "first"), ("AENDT", "AEENDTC", "last")):
        if name in frame.columns:
            continue
        if f"{name}M" in frame.columns and frame.schema[f"{name}M"].is_temporal():
            out.append(pl.col(f"{name}M").cast(pl.Date).alias(name))
        elif raw in frame.columns:
            out.append(parse_dtc(pl.col(raw), impute=impute).alias(name))
        else:
            out.append(pl.lit(None, dtype=pl.Date).alias(name))
    frame = frame.with_columns(out)
    if "AESTDTC" not in frame.columns or "ASTDTF" in frame.columns:
        return frame
    flag = date_flag(pl.col("AESTDTC"))
    partial = pl.col("ASTDT").is_not_null() & flag.is_not_null()
    latest = parse_dtc(pl.col("AESTDTC"), impute="last")
    on_treatment = partial & (pl.col("ASTDT") < pl.col("TRTSDT")) & (latest >= pl.col("TRTSDT"))
    return frame.with_columns(
        ASTDT=pl.when(on_treatment.fill_null(value=False))
        .then(pl.col("TRTSDT").cast(pl.Date))
        .otherwise(pl.col("ASTDT").cast(pl.Date)),
        ASTDTF=pl.when(partial).then(flag),
    )


def _text(columns: set[str], *names: str) -> pl.Expr:
    """First non-missing of those columns that exist."""
    found = [pl.col(n).cast(pl.String) for n in names if n in columns]
    return pl.coalesce(found) if found else pl.lit(None, dtype=pl.String)


def _term(frame: pl.DataFrame, *names: str) -> pl.Expr:
    """A coded term in its usual spelling."""
    columns = set(frame.columns)
    text = _text(columns, *names)
    return (spelling(frame, text, of=names[0]) if columns & set(names) else text).fill_null("NOT CODED")


def _yes(frame: pl.DataFrame, names: tuple[str, ...], values: tuple[str, ...]) -> pl.Expr:
    said = word(_text(set(frame.columns), *names))
    hit = pl.when(said.is_in([v.upper() for v in values])).then(pl.lit("Y")).otherwise(pl.lit("N"))
    any_word = of_all(f"an event has a word for {names[-1]}", bool(frame.select((said != "").any()).item()))
    return hit if any_word else pl.lit(None, pl.String)


def _grade(frame: pl.DataFrame, policy: SafetyPolicy) -> pl.Expr:
    columns = set(frame.columns)
    given = _text(columns, "ATOXGR", "AETOXGR")
    severity = word(_text(columns, "ASEV", "AESEV")).replace_strict(_SEVERITY, default=None)
    # a text that is no grade is none: the severity stands for a grade that was not collected alone
    found = pl.when(word(given) == "").then(severity.cast(pl.Int64)).otherwise(grade(given))
    if not policy.fatal_is_grade_5:
        return found
    return pl.when(fatal(frame)).then(pl.lit(5, dtype=pl.Int64)).otherwise(found)
