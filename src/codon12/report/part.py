"""One analysis as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from codon12.tables import Table

__all__ = ["Part"]


@dataclass(frozen=True)
class Part:
    """One analysis on the page."""

    name: str
    title: str
    section: str
    table: Table | None = None
    flow: tuple[dict[str, Any], ...] = ()
    figures: tuple[dict[str, Any], ...] = ()
    """Each with name, title, caption, svg, files."""
    files: tuple[tuple[str, str], ...] = field(default=())
