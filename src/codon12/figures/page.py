"""Width of the page that figures are laid out for: a whole page, or a journal's single column."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

__all__ = ["NARROW", "fitted", "is_narrow", "laid_out_for", "legend_place", "page"]

NARROW = 440
"""Pixels below which a figure has the layout of a column: fewer ticks, its key below, long labels on several lines."""

_PAGE: ContextVar[int | None] = ContextVar("page", default=None)


@contextmanager
def page(width: int | None) -> Iterator[None]:
    """Lay out the figures of this block for a page so many pixels wide; None is the whole page.

    A width that a caller gives a template itself stays as it is.

    Examples
    --------
    >>> with page(360):
    ...     fitted(680), fitted(300)
    (360, 300)
    """
    token = _PAGE.set(width)
    try:
        yield
    finally:
        _PAGE.reset(token)


def fitted(width: int) -> int:
    """Width of a figure, where the page has it; else the page's."""
    held = _PAGE.get()
    return width if held is None else min(width, held)


def is_narrow(width: float) -> bool:
    """Whether a figure of this width has the layout of a column."""
    return width < NARROW


def laid_out_for() -> dict[str, Any]:
    """What a specification says of the page it was laid out for; nothing for the whole page."""
    held = _PAGE.get()
    return {} if held is None else {"usermeta": {"page": held}}


def legend_place(width: float, *, columns: int = 4) -> dict[str, Any]:
    """Where a figure of this width has its key: right of the plot, in a column below it in so many columns.

    Examples
    --------
    >>> legend_place(680), legend_place(360, columns=3)
    ({'orient': 'right'}, {'orient': 'bottom', 'columns': 3})
    """
    return {"orient": "bottom", "columns": columns} if is_narrow(width) else {"orient": "right"}
