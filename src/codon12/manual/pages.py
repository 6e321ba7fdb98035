"""Which pages there are, in which order, and where their text stands: in the wheel, or in a checkout."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from codon12.errors import InputError

__all__ = ["ManualPage", "manual_home", "manual_pages"]

_NAVIGATION = "docs/zensical.toml"


class ManualPage(msgspec.Struct, frozen=True):
    """A page of the manual: its chapter, its title, and its file below the folder of all pages."""

    chapter: str
    title: str
    file: str

    @property
    def written(self) -> str:
        """File that it becomes; the first page is ``index.html``."""
        return "index.html" if self.file == "README.md" else self.file.removesuffix(".md") + ".html"


def manual_home() -> Path:
    """Folder of the Markdown pages that belong to this installation.

    Raises
    ------
    InputError
        The installation has none, as one that was copied without its data files.
    """
    shipped, checkout = Path(__file__).with_name("text"), Path(__file__).parents[3]
    for place in (shipped, checkout):
        if (place / _NAVIGATION).is_file():
            return place
    raise InputError(f"{shipped}: this installation has no pages of the manual; install codon12 from its wheel")


def manual_pages() -> tuple[ManualPage, ...]:
    """Every page in the order of the navigation, which the documentation site has too.

    Examples
    --------
    >>> manual_pages()[0].title
    'codon12'
    """
    config = tomllib.loads((manual_home() / _NAVIGATION).read_text(encoding="utf-8"))
    return tuple(_pages("", config["project"]["nav"]))


def _pages(chapter: str, entries: list[dict[str, Any]]) -> list[ManualPage]:
    out = []
    for entry in entries:
        for title, value in entry.items():
            out += [ManualPage(chapter, title, value)] if isinstance(value, str) else _pages(title, value)
    return out
