"""Results of several markers, one row each: what each says of the patients, as columns of their table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from msgspec.structs import replace

from codon12.init.belief import ColumnBelief
from codon12.init.joins import join_name, joined
from codon12.init.judged import judged
from codon12.init.keys import shared_key
from codon12.init.rows import quoted, text
from codon12.init.tables import Join, Known
from codon12.init.values import Values, values_of
from codon12.init.vocabulary import gene_of, gene_roles

__all__ = ["markers_in", "with_markers"]

_MOST_NAMES = 40
_MOSTLY = 0.5
"""Share of the different cells of a column that name genes, from which it is one of markers."""
_DIFFER = 0.1
"""Share of the patients who may have two results of one marker, which are then left out one by one."""
_OTHERS = ("mutations", "lesions", "responses")


def with_markers(main: Known, others: Sequence[Known]) -> tuple[Known, list[str]]:
    """Give the table of patients with a column for each gene whose results stand in rows, and a sentence for each."""
    subject, said = main.column("USUBJID"), []
    if subject is None:
        return main, []
    for other in others:
        if other.seen.sampled or other.seen.hidden or other.kind in _OTHERS:
            continue
        key = shared_key(main, other, subject)
        for cell, gene, names in markers_in(other) if key is not None else ():
            if key is None or f"{gene}MUT" not in gene_roles() or f"{gene}MUT" in main.roles():
                continue
            of_one = _rows_of(other, names, cell)
            result = _result(of_one, gene, [b.column for b, _ in other.columns if b.column not in (key, names)])
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
    """The cells that name a gene, the gene, and the column they stand in: the first with a marker in every row."""
    for belief, values in other.columns:
        if values.dates is not None or not 1 < values.distinct <= _MOST_NAMES:
            continue
        genes = {w: g for w in values.words if (g := gene_of(w)) is not None}
        if genes and len(genes) >= _MOSTLY * values.distinct:
            yield from ((cell, gene, belief.column) for cell, gene in sorted(genes.items()))
            return


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
