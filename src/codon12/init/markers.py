"""Results of several markers, one row each: what each says of the patients, as columns of their table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from msgspec.structs import replace

from codon12.init.belief import ColumnBelief
from codon12.init.fits import score_doubt
from codon12.init.joins import join_name, joined
from codon12.init.judged import judged
from codon12.init.keys import shared_key
from codon12.init.rows import quoted, text
from codon12.init.tables import Join, Known
from codon12.init.values import Values, values_of
from codon12.init.vocabulary import gene_of, gene_roles, heading_roles
from codon12.records.terms.scores import read_scores

__all__ = ["markers_in", "with_markers"]

_MOST_NAMES = 40
_MOSTLY = 0.5
"""Share of the different cells of a column that name markers, from which it is one of markers."""
_SCORES = ("PDL1", "TMB")
_READ = 0.9
"""Share of the results that are scores, from which they are taken for such."""
_DIFFER = 0.1
"""Share of the patients who may have two results of one marker, which are then left out one by one."""
_OTHERS = ("mutations", "lesions", "responses", "events")


def with_markers(main: Known, others: Sequence[Known]) -> tuple[Known, list[str]]:
    """Give the table of patients with a column for each gene or score whose results stand in rows; a sentence each."""
    subject, said = main.column("USUBJID"), []
    if subject is None:
        return main, []
    for other in others:
        if other.seen.sampled or other.seen.hidden or other.kind in _OTHERS:
            continue
        key = shared_key(main, other, subject)
        for cell, marker, names in markers_in(other) if key is not None else ():
            role = marker if marker in _SCORES else f"{marker}MUT"
            if key is None or role not in (*_SCORES, *gene_roles()):
                continue
            if (known := main.column(role)) is not None:
                said.append(f"{other.seen.place}: {cell} is not used: {known.column} tells {marker} already.")
                continue
            of_one = _rows_of(other, names, cell)
            columns = [b.column for b, _ in other.columns if b.column not in (key, names)]
            result = _score(of_one, marker, columns) if marker in _SCORES else _result(of_one, marker, columns)
            if result is None:
                continue
            column = result[0].column
            per = of_one.seen.frame.group_by(key).agg(pl.col(column).drop_nulls().n_unique().alias("n"))
            twice = per.filter(pl.col("n") > 1).height
            if twice > _DIFFER * per.height:
                said.append(f"{other.seen.place}: {cell} is not used: {twice} patients have several results of it.")
                continue
            taken = f"{column} of {cell} taken from here, by {key} = {subject.column}"
            join = Join(
                name=join_name(main, of_one),
                other=replace(of_one, columns=(result,)),
                key=key,
                on=subject.column,
                columns={f"{cell} ({column})": column},
                order=None,
                where=None,
                why=f"{taken}; who has no row here has none of it",
            )
            main = joined(main, join)
            said.append(f"{other.seen.place}: {join.why}.")
    return main, said


def markers_in(other: Known) -> Iterator[tuple[str, str, str]]:
    """The cells that name a marker, the gene or score, and the column: the first that is mostly of markers."""
    for belief, values in other.columns:
        if values.dates is not None or not 1 < values.distinct <= _MOST_NAMES:
            continue
        found = {w: m for w in values.words if (m := gene_of(w) or _score_of(w)) is not None}
        if found and len(found) >= _MOSTLY * values.distinct:
            yield from ((cell, marker, belief.column) for cell, marker in sorted(found.items()))
            return


def _score_of(cell: str) -> str | None:
    return next((role for role, _, whole in heading_roles(cell) if whole and role in _SCORES), None)


def _rows_of(other: Known, names: str, cell: str) -> Known:
    is_ = f"{quoted(names)} = {text(cell)}"
    where = f"{other.seen.where} AND {is_}" if other.seen.where else is_
    return replace(other, seen=replace(other.seen, frame=other.seen.frame.filter(pl.col(names) == cell), where=where))


def _result(of_one: Known, gene: str, columns: list[str]) -> tuple[ColumnBelief, Values] | None:
    """The column whose cells say whether the gene is mutated."""
    for column in columns:
        values = values_of(of_one.seen.frame[column])
        belief = judged(gene, values)
        if belief.role == f"{gene}MUT" and belief.confidence != "unsure" and values.filled:
            why = f"rows of {gene}; its cells are {', '.join(values.words[:3])}"
            return replace(belief, column=column, why=why, confidence="likely"), values
    return None


def _score(of_one: Known, role: str, columns: list[str]) -> tuple[ColumnBelief, Values] | None:
    """The column whose cells are scores: percentages and bounds of PD-L1, numbers with or without a unit of TMB."""
    for column in columns:
        cells = of_one.seen.frame[column]
        values = values_of(cells)
        if not values.filled or values.dates is not None or score_doubt(role, values) is not None:
            continue
        said = cells.drop_nulls().filter(~cells.drop_nulls().is_in(list(values.missing)))
        numbers = values.numbers >= _READ or bool(values.endings)
        read = read_scores(said)["LOWER"].is_not_null().mean() if role == "PDL1" else float(numbers)
        if float(read or 0) >= _READ:  # pyrefly: ignore[bad-argument-type]
            why = f"rows of {role}; its cells are {', '.join(values.words[:3])}"
            endings = values.endings if role == "TMB" else ()
            return ColumnBelief(column=column, role=role, confidence="likely", why=why, endings=endings), values
    return None
