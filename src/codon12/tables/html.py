"""A table as HTML; jinja2 escapes every text."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from codon12.tables.model import Table

__all__ = ["html_text"]


@cache
def _template() -> Any:
    import jinja2

    text = (resources.files("codon12.tables") / "table.html.j2").read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(text)


def html_text(table: Table) -> str:
    """Table as an HTML ``<table>`` with caption, scoped headers, and each number's ids in ``data-n``.

    Every text is escaped; no attribute but classes, ids and data.

    Examples
    --------
    >>> "<script>" in html_text(Table("t", "<script>", (), ()))
    False
    """
    return _template().render(t=table)
