"""The verifiers, and whom of the others each hears: the order in which they run changes nothing.

A verifier hears those it names and no one else, so that the order of this list only says who speaks first among
equals, where two give the same verdict on one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from codon12.check.verify.by_words import check_by_words
from codon12.check.verify.case import Case
from codon12.check.verify.claims import Claims
from codon12.check.verify.counted.check import check_counted, check_rows
from codon12.check.verify.counted.parts.both import check_overlap
from codon12.check.verify.counted.parts.chains import check_groups
from codon12.check.verify.counted.parts.no_more_than import check_no_more_than
from codon12.check.verify.counted.wholes.levels import check_levels_told
from codon12.check.verify.counted.wholes.partitions import check_partitions
from codon12.check.verify.design.power_designs import check_designs
from codon12.check.verify.design.single_arm_power import check_single_arm_power
from codon12.check.verify.inference.directions import check_directions
from codon12.check.verify.inference.events_behind import check_events_behind
from codon12.check.verify.inference.group_means import check_group_means
from codon12.check.verify.inference.means import check_means
from codon12.check.verify.inference.medians_of_ratios import check_medians_of_ratios
from codon12.check.verify.inference.ratios import check_ratios
from codon12.check.verify.inference.reductions import check_reductions
from codon12.check.verify.inference.results_of_a_test import check_test_results
from codon12.check.verify.inference.statistics import check_statistics
from codon12.check.verify.inference.two_by_two import check_two_by_two
from codon12.check.verify.inference.words import check_words
from codon12.check.verify.intervals.centred import check_centred
from codon12.check.verify.intervals.extremes import check_extremes
from codon12.check.verify.intervals.intervals import check_intervals
from codon12.check.verify.intervals.medians import check_medians
from codon12.check.verify.intervals.ranges import check_ranges
from codon12.check.verify.possible.bounds import check_bounds
from codon12.check.verify.possible.impossible_values import check_impossible_values
from codon12.check.verify.possible.known_scales import check_known_scales
from codon12.check.verify.possible.p_values import check_p_values
from codon12.check.verify.repeats.copies import check_copies
from codon12.check.verify.repeats.restated import check_restated
from codon12.check.verify.repeats.text_and_tables import check_text_and_tables
from codon12.check.verify.shares.counted_measures import check_counted_measures
from codon12.check.verify.shares.counted_rates import check_counted_rates
from codon12.check.verify.shares.counts import check_counts
from codon12.check.verify.shares.fractions_in_words import check_fractions_in_words
from codon12.check.verify.shares.grim import check_percents_alone
from codon12.check.verify.shares.numeric_levels import check_numeric_levels
from codon12.check.verify.shares.of_arms import check_shares_of_arms
from codon12.check.verify.shares.pairs import check_pairs
from codon12.check.verify.shares.parts_of_hundred import check_parts_of_hundred
from codon12.check.verify.shares.percentages import check_percentages
from codon12.check.verify.shares.plain import check_plain
from codon12.check.verify.shares.shares_behind import check_shares_behind
from codon12.check.verify.survival.calendar import check_calendar
from codon12.check.verify.survival.landmarks import check_landmarks
from codon12.check.verify.survival.medians_and_rates import check_medians_and_rates
from codon12.check.verify.survival.order import check_order
from codon12.check.verify.survival.periods import check_periods
from codon12.check.verify.tables.closed_blocks import check_closed_blocks
from codon12.check.verify.tables.columns import check_columns
from codon12.check.verify.tables.interval_rows import check_interval_rows
from codon12.check.verify.tables.limits_in_concert import check_limits_in_concert
from codon12.check.verify.tables.n_of_total_cells import check_n_of_total_cells
from codon12.check.verify.tables.own_totals import check_own_totals
from codon12.check.verify.tables.rates_in_rows import check_rates_in_rows
from codon12.check.verify.tables.rows_in_concert import check_rows_in_concert
from codon12.check.verify.tables.shares_above_all import check_shares_above_all
from codon12.check.verify.tables.sizes_in_heads import check_sizes_in_heads
from codon12.check.verify.tables.tables import check_tables

__all__ = ["VERIFIERS", "Verifier", "listen"]


class Verifier(msgspec.Struct, frozen=True):
    """One way to look at a text: its name, what it does, and the names of the verifiers whose claims it needs."""

    name: str
    check: Callable[[Case], None]
    hears: tuple[str, ...] = ()


_SHARES = ("percentages", "percents alone", "intervals")
"""Those who find out whom a percentage is of."""
_BESIDE_SUMS = ("overlap", "partitions")
"""Those who come behind them."""

_BEFORE_WORDS = (
    *("overlap", "partitions", "levels told", "no more than", "parts of a hundred"),
    *("tables", "columns", "sizes in heads", "text and tables", "fractions in words", "words"),
    *("two by two", "reductions", "counted measures", "counted rates", "test results", "statistics"),
    *("bounds", "P values", "means", "centred", "intervals", "percentages", "directions", "order"),
    *("medians and rates", "restated", "copies", "designs", "power"),
    *("own totals", "n of total cells", "limits in concert", "rows in concert", "interval rows"),
)
"""Those who may have said before what follows from numbers in a sentence."""

_JUDGING = (
    Verifier("bounds", check_bounds),
    Verifier("P values", check_p_values),
    Verifier("statistics", check_statistics),
    Verifier("percentages", check_percentages),
    Verifier("percents alone", check_percents_alone, ("bounds", "statistics", "percentages")),
    Verifier("intervals", check_intervals, ("percentages", "percents alone")),
    Verifier("landmarks", check_landmarks),
    Verifier("medians", check_medians),
    Verifier("means", check_means),
    Verifier("ranges", check_ranges),
    Verifier("extremes", check_extremes, ("bounds", "medians", "means", "ranges")),
    Verifier("ratios", check_ratios),
    Verifier("medians of ratios", check_medians_of_ratios),
    Verifier("words", check_words),
    Verifier("calendar", check_calendar),
    Verifier("power", check_single_arm_power),
    Verifier("designs", check_designs),
    Verifier("copies", check_copies),
    Verifier("restated", check_restated, _SHARES),
    Verifier("tables", check_tables, _SHARES),
    Verifier("columns", check_columns, _SHARES),
    Verifier("n of total cells", check_n_of_total_cells),
    Verifier("overlap", check_overlap, _SHARES),
    Verifier("groups", check_groups, _SHARES),
    Verifier("order", check_order, ("landmarks",)),
    Verifier("medians and rates", check_medians_and_rates, ("landmarks",)),
    Verifier("two by two", check_two_by_two, _SHARES),
    Verifier("pairs", check_pairs, _SHARES),
    Verifier("group means", check_group_means),
    Verifier("impossible values", check_impossible_values),
    Verifier(
        "no more than",
        check_no_more_than,
        ("overlap", "percentages"),
    ),
    Verifier("interval rows", check_interval_rows, _SHARES),
    Verifier("numeric levels", check_numeric_levels),
    Verifier("counted measures", check_counted_measures),
    Verifier("fractions in words", check_fractions_in_words),
    Verifier("directions", check_directions),
    Verifier("events behind", check_events_behind),
    Verifier("counted rates", check_counted_rates),
    Verifier("partitions", check_partitions, ("overlap",)),
    Verifier("rows", check_rows, _BESIDE_SUMS),
    Verifier("reductions", check_reductions, _SHARES),
    Verifier("centred", check_centred),
    Verifier("shares behind", check_shares_behind, _SHARES),
    Verifier("shares of arms", check_shares_of_arms, _SHARES),
    Verifier("rows in concert", check_rows_in_concert, (*_SHARES, "tables")),
    Verifier(
        "limits in concert",
        check_limits_in_concert,
        ("bounds", "intervals", "landmarks", "medians", "ratios", "ranges"),
    ),
    Verifier("sizes in heads", check_sizes_in_heads),
    Verifier("own totals", check_own_totals, _SHARES),
    Verifier("shares above all", check_shares_above_all, _SHARES),
    Verifier("closed blocks", check_closed_blocks, (*_SHARES, "own totals")),
    Verifier("rates in rows", check_rates_in_rows),
    Verifier("test results", check_test_results),
    Verifier("parts of a hundred", check_parts_of_hundred, _SHARES),
    Verifier("scales", check_known_scales),
    Verifier("levels told", check_levels_told),
    Verifier("text and tables", check_text_and_tables, _SHARES),
    Verifier("periods", check_periods),
    Verifier("by words", check_by_words, _BEFORE_WORDS),
    Verifier("counted", check_counted, (*_BEFORE_WORDS, "by words")),
)
_LAST = (
    Verifier("counts", check_counts, tuple(v.name for v in _JUDGING)),
    Verifier("plain", check_plain, tuple(v.name for v in _JUDGING)),
)
"""Those who look at what no other had to say about."""
_NAMES_OF_LAST = frozenset(v.name for v in _LAST)

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
        if v.name in _NAMES_OF_LAST:
            text_case.forget()
        v.check(view)
        text_case.forget_asked()
        said[v.name] = silent
        if view.said:
            said[v.name], heard = view.said, None
    return [said[v.name] for v in VERIFIERS if v.name in said]
