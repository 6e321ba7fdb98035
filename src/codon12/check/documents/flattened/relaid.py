"""A table written anew: its pieces in other rows and columns, each still knowing where it stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codon12.check.documents.flattened.cells import Edit

__all__ = ["Cell", "relaid"]

Cell = Sequence[tuple[int, int]]
"""The pieces of a cell, by where they begin and end; what goes on below is said to stand there."""


def relaid(text: str, start: int, end: int, rows: Sequence[Sequence[Cell]], *, turned: bool = False) -> Iterator[Edit]:
    """Edits that put rows with tabs between their cells in the place of a stretch of text.

    Of a table that is `turned` the labels of rows stood in its head: they are said to stand at their first cell.
    """
    yield Edit(start, end, "")
    at = start
    for k, row in enumerate(rows):
        filled = [j for j, cell in enumerate(row) if cell]
        first = next((row[j][0][0] for j in filled if j), at)
        for j in range(filled[-1] + 1 if filled else 0):
            moved = turned and k and not j
            if j:
                yield Edit(end, end, "\t", at)
            if row[j]:
                (a, b), *more = row[j]
                yield Edit(end, end, text[a:b], first if moved else a)
                at = first + 1 if moved else b
                if more:
                    yield Edit(end, end, "".join(f" {text[c:d]}" for c, d in more), at - 1)
        if k < len(rows) - 1:
            yield Edit(end, end, "\n", at)
