"""After resistance: times from the progression, competing events before it, and the next therapy."""

from __future__ import annotations

from typing import Literal

import polars as pl

from codon12.errors import UsageError
from codon12.records.columns.needed import need
from codon12.resistance.clinical_facts import as_days
from codon12.resistance.definitions import MONTH_DAYS
from codon12.resistance.therapies import Therapies, shipped_therapies

__all__ = ["CAUSES", "next_therapy", "next_therapy_times", "survival_after", "time_to_resistance"]

_CONTINUED = "continued study drug"
CAUSES = ("progression", "death without progression")
"""Competing events among responders; 0 is censored, 1 and 2 these."""


def time_to_resistance(
    facts: pl.DataFrame, subjects: pl.DataFrame, *, responders: bool = True, month: float = MONTH_DAYS
) -> pl.DataFrame:
    """Progression and death as competing events among responders: USUBJID, [EVAL], MONTHS, CAUSE (0, 1, 2), PROGDT.

    Time runs from the first dose. Responders are subjects with a best response of CR or PR; a death without progression
    is a competing event, never resistance. Without either a subject is censored at the last contact.

    Parameters
    ----------
    facts
        A row a subject (and evaluator) as from `classify_resistance`: USUBJID, [EVAL], BOR, PROGDT, PROGDY.
    subjects
        USUBJID, TRTSDT, [DTHDT, LASTDT: last contact, PFSDT: until when progression was looked for]. A death after
        PFSDT is no first event: the subject is censored there.
    responders
        False for all subjects, whatever their best response.
    month
        Days of a month.

    Examples
    --------
    >>> import datetime as dt
    >>> day = lambda n: dt.date(2024, 1, 1) + dt.timedelta(days=n)
    >>> facts = pl.DataFrame({"USUBJID": ["1", "2"], "BOR": ["PR", "CR"], "PROGDY": [200, None],
    ...     "PROGDT": [day(200), None]})
    >>> subjects = pl.DataFrame({"USUBJID": ["1", "2"], "TRTSDT": [day(0)] * 2, "DTHDT": [day(300), day(400)]})
    >>> time_to_resistance(facts, subjects).select("CAUSE", pl.col("MONTHS").round(2)).rows()
    [(1, 6.57), (2, 13.14)]
    """
    need(facts, ("USUBJID", "BOR", "PROGDT", "PROGDY"), what="facts")
    keys = ["USUBJID", *(["EVAL"] if "EVAL" in facts.columns else [])]
    known = _days(subjects)
    chosen = facts.filter(pl.col("BOR").is_in(["CR", "PR"])) if responders else facts
    rows = chosen.unique(keys, keep="first", maintain_order=True)
    rows = rows.select(*keys, "PROGDT", "PROGDY").join(known, on="USUBJID", how="left", maintain_order="left")
    followed = pl.col("_followed")
    counts = pl.col("_death").is_not_null() & (followed.is_null() | (pl.col("_death") <= followed))
    ended = pl.coalesce(pl.when(counts).then("_death"), followed, "_contact")
    cause = pl.when(pl.col("PROGDY").is_not_null()).then(1).when(counts).then(2).otherwise(0)
    days = pl.coalesce("PROGDY", ended - pl.col("_first"))
    return rows.select(*keys, "PROGDT", MONTHS=days / month, CAUSE=cause.cast(pl.Int64)).filter(
        pl.col("MONTHS").is_not_null() & (pl.col("MONTHS") >= 0)
    )


def survival_after(
    patterns: pl.DataFrame,
    subjects: pl.DataFrame,
    *,
    group: str | None = None,
    time_zero: Literal["progression", "start of treatment"] = "progression",
    month: float = MONTH_DAYS,
) -> pl.DataFrame:
    """Overall survival from the progression: USUBJID, [EVAL], MONTHS (of `month` days), EVENT, [the group].

    Parameters
    ----------
    patterns
        USUBJID, [EVAL], PROGDT and the column of `group`.
    subjects
        USUBJID, [DTHDT, LASTDT].
    time_zero
        The progression. From the start of treatment a pattern seen later cannot group.

    Raises
    ------
    UsageError
        A grouping from the start of treatment: who shows a pattern later lived until then, and that time would count
        for the pattern (immortal time).

    Examples
    --------
    >>> import datetime as dt
    >>> seen = pl.DataFrame({"USUBJID": ["1"], "PROGDT": [dt.date(2024, 1, 1)]})
    >>> people = pl.DataFrame({"USUBJID": ["1"], "DTHDT": [dt.date(2024, 7, 1)]})
    >>> survival_after(seen, people).select(pl.col("MONTHS").round(2), "EVENT").row(0)
    (5.98, True)
    """
    need(patterns, ("USUBJID", "PROGDT", *([group] if group else [])), what="patterns")
    if time_zero != "progression":
        raise UsageError(
            f"time zero {time_zero!r}: a pattern of progression is seen at the progression, so survival by it starts "
            "there; from the start of treatment the time until then would count for the pattern (immortal time)"
        )
    keys = ["USUBJID", *(["EVAL"] if "EVAL" in patterns.columns else [])]
    rows = patterns.with_columns(_pd=as_days(patterns, "PROGDT")).filter(pl.col("_pd").is_not_null())
    rows = rows.join(_days(subjects), on="USUBJID", how="left", maintain_order="left")
    end = pl.coalesce("_death", "_contact")
    extra = [group] if group else []
    return rows.select(
        *keys, *extra, "PROGDT", MONTHS=(end - pl.col("_pd")) / month, EVENT=pl.col("_death").is_not_null()
    ).filter(pl.col("MONTHS").is_not_null() & (pl.col("MONTHS") >= 0))


def _days(subjects: pl.DataFrame) -> pl.DataFrame:
    need(subjects, ("USUBJID",), what="subjects")
    return subjects.select(
        pl.col("USUBJID").cast(pl.String),
        _first=as_days(subjects, "TRTSDT"),
        _last=as_days(subjects, "TRTEDT", impute="last"),
        _death=as_days(subjects, "DTHDT"),
        _followed=as_days(subjects, "PFSDT"),
        _contact=as_days(subjects, "LASTDT" if "LASTDT" in subjects.columns else "LSTALVDT"),
    )


def next_therapy(
    patterns: pl.DataFrame,
    subjects: pl.DataFrame,
    therapy: pl.DataFrame | None,
    *,
    studied: str | None = None,
    therapies: Therapies | None = None,
) -> pl.DataFrame:
    """What followed the progression: USUBJID, [EVAL], PROGDT, NEXT (class), NEXTDT, NEXTTRT, BEYOND, LOCAL.

    NEXT is the class of the first systemic therapy that starts on or after the progression; without one ``continued
    study drug`` where doses followed the progression (BEYOND Y), else ``none recorded``. Local therapy after the
    progression is LOCAL Y. Several therapies that start on one day count together. A partial start counts from the
    progression where it may lie after it.

    Parameters
    ----------
    patterns
        USUBJID, [EVAL], PROGDT.
    subjects
        USUBJID, [TRTEDT: last dose of the study drug].
    therapy
        USUBJID, ADT (start), TRT (drug or class in words), [CLASS: words of its class]; None where none is recorded.
    studied
        Class of the study drug, as ``checkpoint inhibitor``: a next therapy of that class is ``continued`` class.
    """
    need(patterns, ("USUBJID", "PROGDT"), what="patterns")
    therapies = therapies or shipped_therapies()
    keys = ["USUBJID", *(["EVAL"] if "EVAL" in patterns.columns else [])]
    rows = patterns.with_columns(_pd=as_days(patterns, "PROGDT")).filter(pl.col("_pd").is_not_null())
    rows = rows.select(*keys, "PROGDT", "_pd").join(_days(subjects), on="USUBJID", how="left", maintain_order="left")
    beyond = pl.when(pl.col("_last").is_null()).then(None).when(pl.col("_last") > pl.col("_pd")).then(pl.lit("Y"))
    rows = rows.with_columns(BEYOND=beyond.otherwise(pl.lit("N")))
    if therapy is None or not therapy.height:
        systemic = pl.DataFrame(
            schema={
                **dict.fromkeys(keys, pl.String),
                "_next": pl.String,
                "NEXTDT": pl.Date,
                "NEXTTRT": pl.String,
                "LOCAL": pl.String,
            }
        )
    else:
        systemic = _first_after(rows, therapy, keys, therapies)
    rows = rows.join(systemic, on=keys, how="left", maintain_order="left")
    same = f"{studied}, again or continued" if studied else None
    own = pl.when(pl.col("_next") == studied).then(pl.lit(same)) if studied else pl.lit(None, pl.String)
    continued = pl.when(pl.col("BEYOND") == "Y").then(pl.lit(_CONTINUED))
    return rows.select(
        *keys,
        "PROGDT",
        NEXT=pl.coalesce(own, "_next", continued, pl.lit("none recorded")),
        NEXTDT=pl.col("NEXTDT"),
        NEXTTRT=pl.col("NEXTTRT"),
        BEYOND=pl.col("BEYOND"),
        LOCAL=pl.col("LOCAL").fill_null("N"),
    )  # fmt: skip


def _first_after(rows: pl.DataFrame, therapy: pl.DataFrame, keys: list[str], therapies: Therapies) -> pl.DataFrame:
    need(therapy, ("USUBJID", "ADT", "TRT"), what="therapy")
    words = pl.concat_str(["TRT", *(["CLASS"] if "CLASS" in therapy.columns else [])], separator=" ", ignore_nulls=True)
    given = therapy.with_columns(_day=as_days(therapy, "ADT"), _to=as_days(therapy, "ADT", impute="last"), TEXT=words)
    given = given.join(therapies.classes(given["TEXT"].unique().to_list()), on="TEXT", how="left", nulls_equal=True)
    given = given.select(pl.col("USUBJID").cast(pl.String), "_day", "_to", "TRT", "ADT", "THERAPY")
    after = rows.select(*keys, "_pd").join(given, on="USUBJID", how="inner").filter(pl.col("_to") >= pl.col("_pd"))
    after = after.with_columns(_day=pl.max_horizontal("_day", "_pd"))
    local = after.filter(pl.col("THERAPY") == "local").select(*keys, LOCAL=pl.lit("Y")).unique()
    systemic = after.filter(pl.col("THERAPY").ne_missing(pl.lit("local")))
    systemic = systemic.filter(pl.col("_day") == pl.col("_day").min().over(keys))
    named = pl.col("THERAPY").fill_null("other or not known").unique().sort().str.join(" + ")
    first = systemic.group_by(keys).agg(
        _next=named, NEXTDT=pl.col("ADT").first(), NEXTTRT=pl.col("TRT").unique().sort().str.join(", ")
    )
    return first.join(local, on=keys, how="full", coalesce=True)


def next_therapy_times(
    nexts: pl.DataFrame,
    subjects: pl.DataFrame,
    progressions: pl.DataFrame | None = None,
    *,
    month: float = MONTH_DAYS,
) -> pl.DataFrame:
    """Progression-free survival on the next therapy: USUBJID, [EVAL], NEXT, MONTHS (of `month` days), EVENT.

    From its start; where the study drug went on, from the progression after which it did (PROGDT). The event is the
    next progression after that start (`progressions`: USUBJID, ADT) or death; without either the subject is censored at
    the last contact. Subjects without a next therapy have no row; nor has anyone where no progression after the first
    is on record at all, since then only deaths would be seen.

    Examples
    --------
    >>> import datetime as dt
    >>> day = lambda n: dt.date(2024, 1, 1) + dt.timedelta(days=n)
    >>> nexts = pl.DataFrame({"USUBJID": ["1", "2"], "PROGDT": [day(0), day(0)], "NEXTDT": [day(10), None],
    ...     "NEXT": ["chemotherapy", "continued study drug"]})
    >>> people = pl.DataFrame({"USUBJID": ["1", "2"], "DTHDT": [None, day(90)], "LASTDT": [day(100), day(90)]})
    >>> again = pl.DataFrame({"USUBJID": ["1"], "ADT": [day(40)]})
    >>> next_therapy_times(nexts, people, again, month=30).rows()
    [('1', 'chemotherapy', 1.0, True), ('2', 'continued study drug', 3.0, True)]
    """
    need(nexts, ("USUBJID", "NEXT"), what="nexts")
    keys = ["USUBJID", *(["EVAL"] if "EVAL" in nexts.columns else [])]
    start = as_days(nexts, "NEXTDT")
    if "PROGDT" in nexts.columns:
        since = as_days(nexts, "PROGDT")
        went_on = pl.when(pl.col("NEXT") == _CONTINUED).then(since)
        start = pl.coalesce(pl.when(start.is_not_null()).then(pl.max_horizontal(start, since)), went_on)
    rows = nexts.with_columns(_start=start).filter(pl.col("_start").is_not_null())
    rows = rows.join(_days(subjects), on="USUBJID", how="left", maintain_order="left")
    if progressions is None or not progressions.height:
        return rows.clear().select(*keys, "NEXT", MONTHS=pl.lit(None, pl.Float64), EVENT=pl.lit(None, pl.Boolean))
    later = progressions.select(pl.col("USUBJID").cast(pl.String), _p=as_days(progressions, "ADT"))
    found = rows.select(*keys, "_start").join(later, on="USUBJID").filter(pl.col("_p") > pl.col("_start"))
    first = found.group_by(keys).agg(pl.col("_p").min())
    rows = rows.join(first, on=keys, how="left", maintain_order="left")
    event = pl.min_horizontal("_p", "_death")
    return rows.select(
        *keys,
        "NEXT",
        MONTHS=(pl.coalesce(event, "_contact") - pl.col("_start")) / month,
        EVENT=event.is_not_null(),
    ).filter(pl.col("MONTHS").is_not_null() & (pl.col("MONTHS") >= 0))
