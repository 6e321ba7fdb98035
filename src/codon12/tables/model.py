"""A table as a reader sees it: columns, labelled rows, cells of text that know the numbers they show; and as HTML."""

from __future__ import annotations

from functools import cache, partial
from importlib import resources
from typing import Any

import msgspec

from codon12.numbers.spelling import Language, respelled

__all__ = ["Cell", "Column", "Row", "Table", "html_text"]


class Cell(msgspec.Struct, frozen=True):
    """Text of one cell, and the ids of the evidence numbers it shows."""

    text: str = ""
    ids: tuple[str, ...] = ()


class Column(msgspec.Struct, frozen=True):
    """Heading of one column; neighbours with the same `span` share a heading above."""

    label: str
    span: str = ""
    n: int | None = None
    """Number of subjects, printed as (N = n), where it is the same in all rows."""

    @property
    def heading(self) -> str:
        """Heading with the number of subjects.

        Examples
        --------
        >>> Column("Sotorasib", n=126).heading
        'Sotorasib (N = 126)'
        """
        return self.label if self.n is None else f"{self.label} (N = {self.n:,})".strip()


class Row(msgspec.Struct, frozen=True):
    """One line: label, depth, what its cells print (``% (95% CI)``), and one cell a column; headings have none."""

    label: str
    cells: tuple[Cell, ...] = ()
    indent: int = 0
    unit: str = ""

    @property
    def heading(self) -> bool:
        """Whether the row is a heading of the rows below it."""
        return not self.cells


class Table(msgspec.Struct, frozen=True):
    """A whole table; `name` is its analysis and its file name."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    stub: str = ""
    """Heading of the label column: what all cells print, where they agree."""
    population: str = ""
    footnotes: tuple[str, ...] = ()

    @property
    def spans(self) -> tuple[tuple[str, int], ...]:
        """Headings above the columns with the number of columns each covers; empty where there are none.

        Examples
        --------
        >>> Table("t", "T", (Column("a", "x"), Column("b", "x"), Column("c")), ()).spans
        (('x', 2), ('', 1))
        """
        if not any(c.span for c in self.columns):
            return ()
        out: list[tuple[str, int]] = []
        for column in self.columns:
            if out and out[-1][0] == column.span:
                out[-1] = (column.span, out[-1][1] + 1)
            else:
                out.append((column.span, 1))
        return tuple(out)

    def in_language(self, language: Language) -> Table:
        """Table with its words in a spelling, its numbers as they are."""
        if language == "en-GB":
            return self
        say = partial(respelled, language=language)
        columns = (msgspec.structs.replace(c, label=say(c.label), span=say(c.span)) for c in self.columns)
        rows = (msgspec.structs.replace(r, label=say(r.label), unit=say(r.unit)) for r in self.rows)
        return msgspec.structs.replace(
            self,
            title=say(self.title),
            columns=tuple(columns),
            rows=tuple(rows),
            stub=say(self.stub),
            population=say(self.population),
            footnotes=tuple(say(f) for f in self.footnotes),
        )

    def __repr__(self) -> str:
        return f"<table {self.name}: {self.title}, {len(self.rows)} rows by {len(self.columns)} columns>"

    def _repr_html_(self) -> str:
        """As the report's page has it, for a notebook."""
        return html_text(self)


def html_text(table: Table, *, number: int | None = None) -> str:
    """Table as an HTML ``<table>`` with caption, scoped headers, and each number's ids in ``data-n``.

    `number` stands before its title, for texts that cite it.

    Every text is escaped by jinja2; no attribute but classes, ids and data.

    Examples
    --------
    >>> "<script>" in html_text(Table("t", "<script>", (), ()))
    False
    """
    return _template().render(t=table, number=number)


@cache
def _template() -> Any:
    import jinja2

    text = (resources.files("codon12.tables") / "table.html.j2").read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(text)
