"""What the columns of a table are taken for: each by itself, by what a dictionary calls it, beside one another."""

from __future__ import annotations

from msgspec.structs import replace

from codon12.init.belief import ColumnBelief
from codon12.init.codes import codes_of, decoded, without_codes
from codon12.init.dictionaries import LABEL
from codon12.init.endpoints import without_follow_up
from codon12.init.judged import judged
from codon12.init.look import Seen
from codon12.init.together import of_groups, of_neighbours, one_each, with_births
from codon12.init.values import Values, values_of
from codon12.init.visits import of_a_visit, of_visits, wide_families
from codon12.init.vocabulary import spoken_word

__all__ = ["believe_columns"]

_MOST_COLUMNS = 400
_HEAD = 5_000


def believe_columns(
    seen: Seen, codes: dict[str, dict[str, str]] | None = None
) -> tuple[tuple[ColumnBelief, Values], ...]:
    """Give what each column of a table is taken for, with the description of its cells.

    `codes` are the code lists of a dictionary sheet: column in small letters -> code -> meaning. Of two columns for
    one role the surer one has it, and the first of equals.
    """
    out = []
    labelled: set[str] = set()  # what x1, x2, x3 are is told by their labels: no series of visits
    names = seen.frame.columns[:_MOST_COLUMNS]
    for name in names:
        column = seen.frame[name].head(_HEAD)
        told = (codes or {}).get(spoken_word(name), {})
        label = told.get(LABEL)
        inside = codes_of(name, column) or codes_of(label or "", column)
        listed = {c: m for c, m in told.items() if c != LABEL} or inside
        meant = column.replace(listed) if listed else column
        values = values_of(meant)
        base = name.rpartition("_")[0]  # a second column of one name: Date, Date_1
        said = base if base in names and name.rpartition("_")[2].isdigit() else name
        said = without_codes(name) if inside and without_codes(name).strip() else said
        own = judged(said, values)
        better = _better(own, label, values)
        if better is not own:
            labelled.add(name)
        belief = replace(better, column=name)
        if listed:
            where = "dictionary" if listed is not inside else "heading"
            read = decoded(belief.values, listed)
            belief = replace(belief, values=read, why=f"{belief.why}; its codes are those of the {where}")
        out.append((belief, values))
    families = wide_families([n for n in names if n not in labelled])
    wide = {column for visits in families.values() for column in visits.values()}
    visited = [(of_a_visit(b), v) if b.column in wide and b.role else (b, v) for b, v in out]
    visited = of_visits(visited, families, seen.frame)
    grouped = of_neighbours(of_groups(without_follow_up(visited), seen.above))
    return one_each(with_births(grouped, seen.frame))


def _better(belief: ColumnBelief, label: str | None, values: Values) -> ColumnBelief:
    """What a column's label in a dictionary says, where it says more than the heading."""
    if label is None:
        return belief
    told = judged(label, values)
    rank = ("sure", "likely", "unsure")
    if rank.index(told.confidence) >= rank.index(belief.confidence):
        return belief
    return replace(told, why=f"{told.why}; the dictionary calls it '{label[:80]}'")
