"""Subjects against a definition of resistance: met, not met or not evaluable, criterion by criterion."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from codon12.errors import UsageError
from codon12.records.rows import by_value
from codon12.resistance.clinical_facts import clinical_facts, confirmed_column
from codon12.resistance.clinical_policy import ResistancePolicy
from codon12.resistance.definitions import MONTH_DAYS, BestResponse, Definition

__all__ = ["CRITERIA", "classify_resistance"]

CRITERIA = {
    "best response": "BEST_RESPONSE",
    "exposure": "EXPOSURE",
    "progression": "PROGRESSION",
    "time of progression": "PROGRESSION_TIME",
    "last dose": "LAST_DOSE",
    "confirmation": "CONFIRMATION",
}
"""Criterion -> column of its value: ``met``, ``not met``, ``not evaluable``; null where the definition does not ask."""

_MET, _NOT, _OPEN = "met", "not met", "not evaluable"


def classify_resistance(
    subjects: pl.DataFrame,
    assessments: pl.DataFrame,
    exposure: pl.DataFrame | None = None,
    *,
    definition: Definition | Sequence[Definition],
    policy: ResistancePolicy | None = None,
) -> pl.DataFrame:
    """Classify every subject by definitions of resistance.

    Parameters
    ----------
    subjects
        USUBJID, [TRTSDT: first dose], [TRTEDT: last dose], [DTHDT].
    assessments
        USUBJID, ADT, AVALC, [PARAMCD, EVAL, SRCDOM, SRCROW]: overall responses (PARAMCD OVRLRESP or OVR, or no such
        column); rows with PARAMCD BOR give the best response where it was only collected so. Dates, ISO texts or day
        numbers; iRECIST terms (iUPD, iCPD ...) are read.
    exposure
        USUBJID and TRTSDT, TRTEDT (or EXSTDTC, EXENDTC, several rows a subject); without it those of `subjects`.
    definition
        One definition or several.
    policy
        confirmation, exposure_counted_to, confirmed_response, evaluator, cutoff.

    Returns
    -------
    DataFrame
        A row a subject (and evaluator, where there are several) and definition: USUBJID, [EVAL], DEFINITION, RESULT
        (``meets``, ``does not meet``, ``not evaluable``), REASON, a column a criterion (`CRITERIA`),
        ALL_BUT_CONFIRMATION (Y where every criterion but the confirmation is met and that is not evaluable), BOR,
        PROGDT, PROGDY (days from the first dose), EXPDUR (days), and the source row of the progression. A criterion
        whose facts are missing is not evaluable, never not met; death without progression is no progression.

    Raises
    ------
    UsageError
        No definition, or something else in its place.
    DataError
        Missing columns, two rows of a subject, or a response that is no known term.

    Examples
    --------
    >>> import datetime as dt
    >>> subjects = pl.DataFrame({"USUBJID": ["1"], "TRTSDT": [dt.date(2024, 1, 1)], "TRTEDT": [dt.date(2024, 12, 1)]})
    >>> seen = pl.DataFrame({"USUBJID": ["1", "1"], "ADT": [dt.date(2024, 3, 1), dt.date(2024, 11, 1)],
    ...     "AVALC": ["PR", "PD"]})
    >>> from codon12.resistance import shipped_definitions
    >>> rule = shipped_definitions().definition("sitc-2020-secondary")
    >>> classify_resistance(subjects, seen, definition=rule).select("RESULT", "REASON").row(0)
    ('not evaluable', 'not evaluable (confirmation)')
    """
    policy = policy or ResistancePolicy()
    several = [definition] if isinstance(definition, Definition) else list(definition)
    if not several or not all(isinstance(d, Definition) for d in several):
        raise UsageError(f"definition must be one or several of shipped_definitions(); got {definition!r}")
    weeks = [d.confirm_weeks for d in several if d.confirm_weeks is not None]
    facts = clinical_facts(subjects, assessments, exposure, policy=policy, confirm_weeks=weeks)
    return pl.concat([_by(facts, one, policy) for one in several])


def _by(facts: pl.DataFrame, rule: Definition, policy: ResistancePolicy) -> pl.DataFrame:
    waived = policy.confirmation == "ignored"
    asked = [c for c in rule.criteria if not (c == "confirmation" and waived)]
    values = {
        "best response": _best_response(rule),
        "exposure": _exposure(rule),
        "progression": pl.when(pl.col("_pd").is_not_null() | (pl.col("_undated").is_null() & ~pl.col("_unseen"))).then(
            pl.col("_pd").is_not_null()
        ),
        "time of progression": _progression_time(rule),
        "last dose": _last_dose(rule),
        "confirmation": pl.lit(None, pl.Boolean)
        if rule.confirm_weeks is None
        else pl.col(confirmed_column(rule.confirm_weeks)),
    }
    to_last = policy.exposure_counted_to == "last dose" or (
        policy.exposure_counted_to == "definition" and rule.exposure_counted_to == "last dose"
    )
    end = pl.col("_last")
    # Exposure ends with the earlier of last dose and progression; without the last dose neither is known.
    ended = end if to_last else pl.when(end.is_not_null()).then(pl.min_horizontal(end, "_pd"))
    rows = facts.with_columns(EXPDUR=ended - pl.col("_first"), PROGDY=pl.col("_pd") - pl.col("_first"))
    rows = rows.with_columns(
        _word(values[c]).alias(CRITERIA[c]) if c in asked else pl.lit(None, pl.String).alias(CRITERIA[c])
        for c in CRITERIA
    )
    # Without a progression there is nothing to confirm and no time of it: only the progression is not met.
    depends = [CRITERIA[c] for c in ("time of progression", "last dose", "confirmation") if c in asked]
    rows = rows.with_columns(pl.when(pl.col("_pd").is_null()).then(None).otherwise(c).alias(c) for c in depends)
    columns = [CRITERIA[c] for c in asked]
    rows = by_value(rows, columns, _of_criteria(asked))
    return rows.select(
        "USUBJID",
        *(["EVAL"] if "EVAL" in rows.columns else []),
        pl.lit(rule.id).alias("DEFINITION"),
        "RESULT",
        "REASON",
        *CRITERIA.values(),
        "ALL_BUT_CONFIRMATION",
        "BOR",
        "PROGDT",
        "PROGDY",
        "EXPDUR",
        "SRCDOM",
        "SRCROW",
    )


def _of_criteria(asked: list[str]) -> list[pl.Expr]:
    """What follows from the words of the criteria that are asked: RESULT, REASON, ALL_BUT_CONFIRMATION."""

    def that_are(word: str) -> pl.Expr:
        return pl.concat_list(pl.when(pl.col(CRITERIA[c]) == word).then(pl.lit(c)) for c in asked).list.drop_nulls()

    failed, open_ = that_are(_NOT), that_are(_OPEN)
    others = [CRITERIA[c] for c in asked if c != "confirmation"]
    unconfirmed = pl.col("CONFIRMATION").eq_missing(pl.lit(_OPEN)) if "confirmation" in asked else pl.lit(value=False)
    return [
        pl.when(failed.list.len() > 0)
        .then(pl.lit("does not meet"))
        .when(open_.list.len() > 0)
        .then(pl.lit("not evaluable"))
        .otherwise(pl.lit("meets"))
        .alias("RESULT"),
        pl.when(failed.list.len() > 0)
        .then(pl.format("not met ({})", failed.list.join(", ")))
        .when(open_.list.len() > 0)
        .then(pl.format("not evaluable ({})", open_.list.join(", ")))
        .alias("REASON"),
        pl.when(pl.all_horizontal((pl.col(c) == _MET).fill_null(value=False) for c in others) & unconfirmed)
        .then(pl.lit("Y"))
        .alias("ALL_BUT_CONFIRMATION"),
    ]


def _word(value: pl.Expr) -> pl.Expr:
    return pl.when(value.is_null()).then(pl.lit(_OPEN)).when(value).then(pl.lit(_MET)).otherwise(pl.lit(_NOT))


def _compare(days: pl.Expr, sign: str, bound: float) -> pl.Expr:
    return {">": days > bound, ">=": days >= bound, "<=": days <= bound}[sign]


def _best_response(rule: Definition) -> pl.Expr:
    wanted = rule.best_response
    if not isinstance(wanted, BestResponse):
        return pl.lit(value=True)
    bor = pl.col("BOR")
    bound = wanted.stable_bound()
    stable = pl.lit(value=False)
    if bound is not None:
        days = pl.col("_pd") - pl.col("_first")
        stable = _compare(days, *bound)
    return (
        pl.when(bor.is_null() | (bor == "NE"))
        .then(None)
        .when(bor.is_in(list(wanted.any_of)))
        .then(pl.lit(value=True))
        .when(bor.is_in(["SD", "NON-CR/NON-PD"]))
        .then(stable)
        .otherwise(pl.lit(value=False))
    )


def _exposure(rule: Definition) -> pl.Expr:
    return pl.all_horizontal([_compare(pl.col("EXPDUR"), *b) for b in rule.exposure_bounds()] or [pl.lit(value=True)])


def _progression_time(rule: Definition) -> pl.Expr:
    days = pl.col("PROGDY")
    tests = [
        _compare(days, sign, months * MONTH_DAYS)
        for sign, months in ((">", rule.progression_later_than_months), ("<=", rule.progression_up_to_months))
        if months is not None
    ]
    return pl.all_horizontal(tests or [pl.lit(value=True)])


def _last_dose(rule: Definition) -> pl.Expr:
    months = rule.progression_within_months_of_last_dose or 0.0
    return pl.col("_pd") - pl.col("_last") <= months * MONTH_DAYS
