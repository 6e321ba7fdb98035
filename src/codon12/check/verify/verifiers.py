"""The verifiers, and whom of the others each hears: the order in which they run changes nothing.

A verifier hears those it names and no one else, so that the order of this list only says who speaks first among
equals, where two give the same verdict on one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from codon12.check.verify.case import Case
from codon12.check.verify.claims import Claims
from codon12.check.verify.counted.check import check_counted
from codon12.check.verify.inference.changes import check_changes
from codon12.check.verify.inference.claims_and_limits import check_claims_and_limits
from codon12.check.verify.inference.comparisons import check_comparisons
from codon12.check.verify.inference.derived_measures import check_derived_measures
from codon12.check.verify.inference.difference_p import check_difference_p
from codon12.check.verify.inference.directions import check_directions
from codon12.check.verify.inference.events_behind import check_events_behind
from codon12.check.verify.inference.group_means import check_group_means
from codon12.check.verify.inference.means import check_means
from codon12.check.verify.inference.point_differences import check_point_differences
from codon12.check.verify.inference.power import check_power
from codon12.check.verify.inference.power_designs import check_designs
from codon12.check.verify.inference.ratios import check_ratios
from codon12.check.verify.inference.reductions import check_reductions
from codon12.check.verify.inference.results_of_a_test import check_test_results
from codon12.check.verify.inference.statistics import check_statistics
from codon12.check.verify.inference.words import check_words
from codon12.check.verify.intervals.bounds import check_bounds
from codon12.check.verify.intervals.centred import check_centred
from codon12.check.verify.intervals.impossible_values import check_impossible_values
from codon12.check.verify.intervals.intervals import check_intervals
from codon12.check.verify.intervals.medians import check_medians
from codon12.check.verify.intervals.ranges import check_ranges
from codon12.check.verify.measures.between import check_between
from codon12.check.verify.measures.bounded import check_bounded
from codon12.check.verify.measures.diagnostic import check_diagnostic
from codon12.check.verify.measures.gaps import check_gaps
from codon12.check.verify.measures.multiples import check_multiples
from codon12.check.verify.measures.person_time import check_person_time
from codon12.check.verify.measures.pooled import check_pooled
from codon12.check.verify.measures.scales import check_scales
from codon12.check.verify.measures.screening import check_screening
from codon12.check.verify.measures.thresholds import check_thresholds
from codon12.check.verify.reckoned.by_words import check_reckoned
from codon12.check.verify.repeats.copies import check_copies
from codon12.check.verify.repeats.restated import check_restated
from codon12.check.verify.repeats.shares_again import check_shares_again
from codon12.check.verify.repeats.text_and_tables import check_text_and_tables
from codon12.check.verify.shares.counted_measures import check_counted_measures
from codon12.check.verify.shares.counted_rates import check_counted_rates
from codon12.check.verify.shares.counts import check_counts
from codon12.check.verify.shares.exclusive_shares import check_exclusive_shares
from codon12.check.verify.shares.fractions_in_words import check_fractions_in_words
from codon12.check.verify.shares.grim import check_percents_alone
from codon12.check.verify.shares.numeric_levels import check_numeric_levels
from codon12.check.verify.shares.pairs import check_pairs
from codon12.check.verify.shares.parts_of_hundred import check_parts_of_hundred
from codon12.check.verify.shares.percentages import check_percentages
from codon12.check.verify.shares.plain import check_plain
from codon12.check.verify.shares.shares_behind import check_shares_behind
from codon12.check.verify.sums.arms_in_order import check_arms_in_order
from codon12.check.verify.sums.best_responses import check_best_responses
from codon12.check.verify.sums.categories import check_categories
from codon12.check.verify.sums.dose_levels import check_dose_levels
from codon12.check.verify.sums.flow import check_flow
from codon12.check.verify.sums.grades_told import check_grades_told
from codon12.check.verify.sums.graver import check_graver
from codon12.check.verify.sums.groups import check_groups
from codon12.check.verify.sums.levels_told import check_levels_told
from codon12.check.verify.sums.lists import check_lists
from codon12.check.verify.sums.no_more_than import check_no_more_than
from codon12.check.verify.sums.overlap import check_overlap
from codon12.check.verify.sums.participants import check_participants
from codon12.check.verify.sums.partitions import check_partitions
from codon12.check.verify.sums.parts import check_parts
from codon12.check.verify.sums.repeated_totals import check_repeated_totals
from codon12.check.verify.sums.roles_together import check_roles_together
from codon12.check.verify.sums.rows import check_rows
from codon12.check.verify.sums.sexes import check_sexes
from codon12.check.verify.sums.slashed_counts import check_slashed_counts
from codon12.check.verify.sums.subsets import check_subsets
from codon12.check.verify.sums.told_totals import check_told_totals
from codon12.check.verify.sums.totals import check_totals
from codon12.check.verify.sums.trials_counted import check_trials_counted
from codon12.check.verify.survival.at_risk import check_at_risk
from codon12.check.verify.survival.calendar import check_calendar
from codon12.check.verify.survival.free_and_alive import check_free_and_alive
from codon12.check.verify.survival.landmarks import check_landmarks
from codon12.check.verify.survival.periods import check_periods
from codon12.check.verify.survival.rates_by_place import check_rates_by_place
from codon12.check.verify.survival.rates_in_time import check_rates_in_time
from codon12.check.verify.survival.rates_of_groups import check_rates_of_groups
from codon12.check.verify.survival.survival_order import check_survival_order
from codon12.check.verify.tables.closed_blocks import check_closed_blocks
from codon12.check.verify.tables.columns import check_columns
from codon12.check.verify.tables.count_beside_share import check_count_beside_share
from codon12.check.verify.tables.interval_rows import check_interval_rows
from codon12.check.verify.tables.limits_in_concert import check_limits_in_concert
from codon12.check.verify.tables.n_of_total_cells import check_n_of_total_cells
from codon12.check.verify.tables.own_totals import check_own_totals
from codon12.check.verify.tables.rates_in_rows import check_rates_in_rows
from codon12.check.verify.tables.rows_in_concert import check_rows_in_concert
from codon12.check.verify.tables.shares_above_all import check_shares_above_all
from codon12.check.verify.tables.sizes_in_heads import check_sizes_in_heads
from codon12.check.verify.tables.tables import check_tables
from codon12.check.verify.tables.totals_in_rows import check_totals_in_rows

__all__ = ["VERIFIERS", "Verifier", "listen"]


class Verifier(msgspec.Struct, frozen=True):
    """One way to look at a text: its name, what it does, and the names of the verifiers whose claims it needs."""

    name: str
    check: Callable[[Case], None]
    hears: tuple[str, ...] = ()


_SHARES = ("percentages", "percents alone", "intervals")
"""Those who find out whom a percentage is of."""
_SUMS = ("parts", "totals", "participants", "lists", "best responses")
"""Those who add up counts of a sentence."""
_BESIDE_SUMS = (
    *("sexes", "categories", "overlap", "roles together", "partitions", "flow", "told totals", "exclusive shares"),
)
"""Those who come behind them."""

_RECKONED = (
    *_SUMS,
    *("categories", "sexes", "overlap", "roles together", "partitions", "flow", "told totals", "subsets"),
    *("repeated totals", "trials counted", "slashed counts", "levels told", "grades told"),
    *("no more than", "dose levels", "graver", "exclusive shares", "parts of a hundred", "tables", "columns"),
    *("sizes in heads", "text and tables", "fractions in words", "words", "claims and limits"),
    *("comparisons", "derived measures", "reductions", "counted measures", "counted rates", "gaps", "multiples"),
    *("person-time", "screening", "pooled", "changes", "point differences", "diagnostic", "test results"),
    *("statistics", "bounds", "means", "bounded", "difference P", "centred"),
    *(
        "intervals",
        "percentages",
        "directions",
        "rates in time",
        "survival order",
        "restated",
        "copies",
        "designs",
        "power",
    ),
)
"""Those who may have said before what follows from numbers in a sentence."""

_JUDGING = (
    Verifier("bounds", check_bounds),
    Verifier("statistics", check_statistics),
    Verifier("percentages", check_percentages),
    Verifier("percents alone", check_percents_alone, ("bounds", "statistics", "percentages")),
    Verifier("intervals", check_intervals, ("percentages", "percents alone")),
    Verifier("landmarks", check_landmarks),
    Verifier("medians", check_medians),
    Verifier("means", check_means),
    Verifier("ranges", check_ranges),
    Verifier("ratios", check_ratios),
    Verifier("words", check_words),
    Verifier("calendar", check_calendar),
    Verifier("power", check_power),
    Verifier("designs", check_designs),
    Verifier("copies", check_copies),
    Verifier("restated", check_restated, _SHARES),
    Verifier("parts", check_parts),
    Verifier("categories", check_categories, (*_SHARES, "parts")),
    Verifier("tables", check_tables, _SHARES),
    Verifier("columns", check_columns, _SHARES),
    Verifier("n of total cells", check_n_of_total_cells),
    Verifier("changes", check_changes),
    Verifier("sexes", check_sexes),
    Verifier("overlap", check_overlap, _SHARES),
    Verifier("groups", check_groups, _SHARES),
    Verifier("survival order", check_survival_order),
    Verifier("free and alive", check_free_and_alive),
    Verifier("rates in time", check_rates_in_time),
    Verifier("point differences", check_point_differences),
    Verifier("comparisons", check_comparisons, _SHARES),
    Verifier("totals", check_totals, (*_SHARES, "parts", "categories", "tables")),
    Verifier("subsets", check_subsets),
    Verifier("pairs", check_pairs),
    Verifier("lists", check_lists, ("overlap",)),
    Verifier("best responses", check_best_responses),
    Verifier("derived measures", check_derived_measures, _SHARES),
    Verifier("group means", check_group_means),
    Verifier("impossible values", check_impossible_values),
    Verifier("participants", check_participants, ("parts", "totals")),
    Verifier(
        "roles together",
        check_roles_together,
        (
            "parts",
            "totals",
            "participants",
            "sexes",
            "best responses",
            "categories",
            "lists",
            "overlap",
        ),
    ),
    Verifier(
        "no more than",
        check_no_more_than,
        ("parts", "totals", "participants", "overlap", "percentages", "subsets"),
    ),
    Verifier("interval rows", check_interval_rows),
    Verifier("numeric levels", check_numeric_levels),
    Verifier("counted measures", check_counted_measures),
    Verifier("exclusive shares", check_exclusive_shares),
    Verifier("fractions in words", check_fractions_in_words),
    Verifier("difference P", check_difference_p),
    Verifier("directions", check_directions),
    Verifier("events behind", check_events_behind),
    Verifier("counted rates", check_counted_rates),
    Verifier("partitions", check_partitions, (*_SUMS, "sexes", "categories", "overlap", "roles together")),
    Verifier("flow", check_flow, (*_SUMS, "partitions")),
    Verifier("told totals", check_told_totals, _SUMS),
    Verifier("rows", check_rows, (*_SUMS, *_BESIDE_SUMS)),
    Verifier("rates by place", check_rates_by_place),
    Verifier("reductions", check_reductions),
    Verifier("centred", check_centred),
    Verifier("shares behind", check_shares_behind, _SHARES),
    Verifier("rates of groups", check_rates_of_groups),
    Verifier("graver", check_graver),
    Verifier("count beside share", check_count_beside_share),
    Verifier("repeated totals", check_repeated_totals, _SHARES),
    Verifier("dose levels", check_dose_levels),
    Verifier("rows in concert", check_rows_in_concert, (*_SHARES, "tables")),
    Verifier(
        "limits in concert",
        check_limits_in_concert,
        ("bounds", "intervals", "landmarks", "medians", "ratios", "ranges"),
    ),
    Verifier("sizes in heads", check_sizes_in_heads),
    Verifier("own totals", check_own_totals, _SHARES),
    Verifier("totals in rows", check_totals_in_rows, _SHARES),
    Verifier("shares above all", check_shares_above_all, _SHARES),
    Verifier("closed blocks", check_closed_blocks, (*_SHARES, "own totals")),
    Verifier("rates in rows", check_rates_in_rows),
    Verifier("arms in order", check_arms_in_order, _SHARES),
    Verifier("test results", check_test_results),
    Verifier("trials counted", check_trials_counted),
    Verifier("slashed counts", check_slashed_counts),
    Verifier("parts of a hundred", check_parts_of_hundred, _SHARES),
    Verifier("between", check_between),
    Verifier("bounded", check_bounded),
    Verifier("scales", check_scales),
    Verifier("diagnostic", check_diagnostic, ("counted measures", "counted rates", "test results", "percentages")),
    Verifier("gaps", check_gaps, ("changes", "point differences", "comparisons", "derived measures")),
    Verifier("multiples", check_multiples, ("comparisons", "reductions", "derived measures", "changes")),
    Verifier("person-time", check_person_time),
    Verifier("pooled", check_pooled),
    Verifier("screening", check_screening),
    Verifier("thresholds", check_thresholds),
    Verifier("levels told", check_levels_told),
    Verifier("grades told", check_grades_told),
    Verifier("claims and limits", check_claims_and_limits),
    Verifier("text and tables", check_text_and_tables, _SHARES),
    Verifier("shares again", check_shares_again, (*_SHARES, "own totals", "closed blocks")),
    Verifier("periods", check_periods),
    Verifier("at risk", check_at_risk),
    Verifier("reckoned", check_reckoned, _RECKONED),
    Verifier("counted", check_counted, (*_RECKONED, "reckoned")),
)
_LAST = (
    Verifier("counts", check_counts, tuple(v.name for v in _JUDGING)),
    Verifier("plain", check_plain, tuple(v.name for v in _JUDGING)),
)
"""Those who look at what no other had to say about."""

VERIFIERS: tuple[Verifier, ...] = (*_JUDGING, *_LAST)


def _in_turn(verifiers: Iterable[Verifier]) -> tuple[Verifier, ...]:
    """The verifiers, each behind those it hears."""
    waiting, turns, spoken = list(verifiers), [], set()
    while waiting:
        ready = [v for v in waiting if spoken.issuperset(v.hears)]
        if not ready:
            raise ValueError(f"verifiers wait for each other: {', '.join(v.name for v in waiting)}")
        turns += sorted(ready, key=lambda v: v.hears)
        spoken.update(v.name for v in ready)
        waiting = [v for v in waiting if v.name not in spoken]
    return tuple(turns)


_TURNS = _in_turn(VERIFIERS)


def listen(text_case: Case, verifiers: Iterable[Verifier] = VERIFIERS) -> list[Claims]:
    """What each verifier claims, in the order of `VERIFIERS`, in whatever order they are given.

    Raises
    ------
    ValueError
        Where verifiers wait for each other or for one that is not among them.
    """
    said: dict[str, Claims] = {}
    view, heard, silent = text_case, None, Claims()
    for v in _TURNS if verifiers is VERIFIERS else _in_turn(verifiers):
        if v.hears != heard:  # who has said nothing leaves all as it was for the next
            view, heard = text_case.heard([said[name] for name in v.hears]), v.hears
        if v in _LAST:
            text_case.forget()
        v.check(view)
        said[v.name] = silent
        if view.said:
            said[v.name], heard = view.said, None
    return [said[v.name] for v in VERIFIERS if v.name in said]
