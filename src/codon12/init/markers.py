"""Results of several markers, one row each: what each says of the patients, as columns of their table."""

from __future__ import annotations

from collections.abc import Sequence

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

__all__ = ["with_markers"]

_MOST_NAMES = 40
_MOSTLY = 0.5
"""Share of the different cells of a column that name genes, from which it is one of markers."""
_DIFFER = 0.1
"""Share of the patients who may have two results of one marker, which are then left out one by one."""


def with_markers(main: Known, others: Sequence[Known]) -> tuple[Known, list[str]]:
    """Give the table of patients with a column for each gene whose results stand in rows, and a sentence for each."""
    subject, said = main.column("USUBJID"), []
    for other in others if subject is not None else ():
        if other.seen.sampled or other.seen.hidden or other.kind in ("mutations", "lesions", "responses"):
            continue
        key, named = shared_key(main, other, subject), _marker_column(other)
        if key is None or named is None:
            continue
        for cell in sorted(named[1]):
            role, found = f"{named[1][cell]}MUT", None
            if role not in gene_roles() or role in main.roles():
                continue
            rows = other.seen.frame.filter(pl.col(named[0]) == cell)
            found = _result(rows, named[1][cell], [b.column for b, _ in other.columns if b.column not in (key, named[0])])
            if found is None:
                continue
            belief, values = found
            per = rows.group_by(key).agg(pl.col(belief.column).drop_nulls().n_unique().alias("n"))
            twice = per.filter(pl.col("n") > 1).height
            if twice > _DIFFER * per.height:
                said.append(f"{other.seen.place}: {cell} is not used: {twice} patients have several results of it.")
                continue
            is_ = f"{quoted(named[0])} = {text(cell)}"
            where = f"{other.seen.where} AND {is_}" if other.seen.where else is_
            of_one = replace(
                other, seen=replace(other.seen, frame=rows, where=where), columns=((belief, values),)
            )
            why = f"{belief.column} of {cell} taken from here, by {key} = {subject.column}; who has no row here has none of it"
            join = Join(
                name=join_name(main, of_one),
                other=of_one,
                key=key,
                on=subject.column,
                columns={f"{cell} ({belief.column})": belief.column},
                order=None,
                where=None,
                why=why,
            )
            main = joined(main, join)
            said.append(f"{other.seen.place}: {why}.")
    return main, said


def _marker_column(other: Known) -> tuple[str, dict[str, str]] | None:
    """The column that names a marker in every row, and which genes its cells name."""
    for belief, values in other.columns:
        if values.dates is not None or not 1 < values.distinct <= _MOST_NAMES:
            continue
        genes = {w: g for w in values.words if (g := gene_of(w)) is not None}
        if genes and len(genes) >= _MOSTLY * values.distinct:
            return belief.column, genes
    return None


def _result(rows: pl.DataFrame, gene: str, columns: list[str]) -> tuple[ColumnBelief, Values] | None:
    """The column whose cells say whether the gene is mutated."""
    for column in columns:
        values = values_of(rows[column])
        belief = judged(gene, values)
        if belief.role == f"{gene}MUT" and belief.confidence != "unsure" and values.filled:
            why = f"rows of {gene}; its cells are {', '.join(values.words[:3])}"
            return replace(belief, column=column, why=why, confidence="likely"), values
    return None
