"""Baseline differences between two columns: standardised differences, and P values where asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec
import numpy as np
import polars as pl

from codon12.analyses.kind import Analysis
from codon12.analyses.split import Place, Split
from codon12.analyses.variables import variable_label
from codon12.derive.context import Context
from codon12.evidence.schema import NumberBook
from codon12.numbers import Rounding
from codon12.numbers.standardised import standardised_difference_of_counts, standardised_difference_of_means
from codon12.numbers.two_samples import chi_square_p, rank_sum_p
from codon12.tables import Cell, Column, Row, Table, cell_text

__all__ = ["STATISTICS", "add_differences", "compared_places", "with_differences"]

STATISTICS: Mapping[str, str] = {"standardised_difference": "Standardised difference", "baseline_p": "P value"}
"""Statistic of a difference -> heading of its column."""
_MOST_LEVELS = 50
"""Free text has more; its levels are not compared."""
_NOTES = {
    "standardised_difference": (
        "Standardised difference: absolute difference of means or proportions in units of their standard deviation; "
        "over more than two levels the distance of Mahalanobis. Patients without a value are left out."
    ),
    "baseline_p": (
        "P: Wilcoxon's rank-sum test of quantities, Pearson's chi-square test of categories, without patients who have "
        "no value; in a randomised study a test of what is known to be chance."
    ),
}


def compared_places(split: Split) -> tuple[Place, Place] | None:
    """Both columns of a table of two, beside that of all subjects; None where there are fewer or more."""
    found = [p for p in split.places if p.key != "all" and not p.key.startswith(" ")]
    return (found[0], found[1]) if len(found) == 2 else None


def add_differences(
    analysis: Analysis,
    context: Context,
    book: NumberBook,
    split: Split,
    name: str,
    *,
    endpoint: str,
    standardised: bool,
    p_values: bool,
) -> None:
    """Add the standardised difference of a variable between both columns, and P where asked for."""
    places = compared_places(split)
    if places is None:
        return
    values = split.members.join(context.values("USUBJID", name), on="USUBJID", how="left").drop_nulls(name)
    one, two = (values.filter(PLACE=p.key)[name] for p in places)
    numeric = values.schema[name].is_numeric()
    if numeric:
        groups = [s.cast(pl.Float64).to_numpy() for s in (one, two)]
        difference, test = standardised_difference_of_means(*groups), partial(rank_sum_p, *groups)
    else:
        held = values.select("PLACE", pl.col(name).cast(pl.String)).group_by("PLACE", name).len()
        found = {(place, level): n for place, level, n in held.iter_rows()}
        levels = sorted({level for place, level in found if place in {p.key for p in places}})
        counts = np.array([[found.get((p.key, v), 0) for v in levels] for p in places], dtype=float).reshape(2, -1)
        few = len(levels) <= _MOST_LEVELS
        difference = standardised_difference_of_counts(*counts) if few else math.nan
        test = partial(chi_square_p, counts)
    shared: dict[str, Any] = {
        "section": variable_label(context, name),
        "variable": name,
        "population": analysis.population,
        "n": len(one),
        "N": len(one) + len(two),
        "frame": "adsl",
        "where": context.where(
            split.predicate, f"{name} IS NOT NULL", " OR ".join(f"({_test(context, p)})" for p in places)
        ),
    }
    known = not math.isnan(difference)
    if standardised:
        book.add(
            analysis.name,
            endpoint,
            statistic="standardised_difference",
            label=STATISTICS["standardised_difference"],
            kind="statistic",
            value=abs(difference) if known else None,
            status=None if known else "not estimable",
            method="Austin 2009; over more than two levels Yang and Dalton 2012. Subjects with a value.",
            **shared,
        )
    if p_values:
        p = test()
        book.add(
            analysis.name,
            endpoint,
            statistic="baseline_p",
            label=STATISTICS["baseline_p"],
            kind="p",
            value=None if math.isnan(p) else p,
            status="not estimable" if math.isnan(p) else None,
            method="Wilcoxon's rank-sum test, normal approximation with continuity correction."
            if numeric
            else "Pearson's chi-square test.",
            **shared,
        )


def with_differences(table: Table, numbers: pl.DataFrame, rounding: Rounding | None) -> Table:
    """Table with a column for each kind of difference, beside the first row of every variable."""
    found = numbers.filter(pl.col("statistic").is_in(list(STATISTICS)))
    if found.is_empty():
        return table
    kinds = [s for s in STATISTICS if (found["statistic"] == s).any()]
    variables = dict(numbers.select("id", "variable").iter_rows())
    told = {(r["variable"], r["statistic"]): r for r in found.iter_rows(named=True)}
    rows: list[Row] = []
    seen: set[str | None] = set()
    for row in table.rows:
        if row.heading:
            rows.append(row)
            continue
        own = next((variables.get(i) for c in row.cells for i in c.ids), None)
        first = own not in seen
        seen.add(own)
        numbers_of = [told.get((own, kind)) if first else None for kind in kinds]
        cells = tuple(Cell() if n is None else Cell(cell_text(n, rounding), (n["id"],)) for n in numbers_of)
        rows.append(msgspec.structs.replace(row, cells=(*row.cells, *cells)))
    notes = (*table.footnotes, *(_NOTES[k] for k in kinds))
    columns = (*table.columns, *(Column(STATISTICS[k]) for k in kinds))
    return msgspec.structs.replace(table, columns=columns, rows=tuple(rows), footnotes=notes)


def _test(context: Context, place: Place) -> str:
    return place.test or context.where("", arm=place.arm)
