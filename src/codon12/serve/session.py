"""One run of the server: the studies held, the looks taken, and how its pages are written."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from codon12.errors import UsageError
from codon12.serve.holding import Holding
from codon12.serve.looks import Looks
from codon12.serve.settings import short
from codon12.serve.work import Desk

__all__ = ["STATIC", "Session", "static"]

STATIC = {
    "page.css": ("report/page/page.css", "text/css"),
    "serve.css": ("serve/page/serve.css", "text/css"),
    "serve.js": ("serve/page/serve.js", "text/javascript"),
}
"""The files that pages load, by name: no path of a request ever becomes a path of the disk."""


class Session:
    """What all pages share."""

    def __init__(
        self, holdings: Sequence[Holding], *, readonly: bool = False, save: Path | None = None, mask_ids: bool = False
    ) -> None:
        self.holdings = tuple(holdings)
        self.readonly = readonly
        self.save = save or Path("codon12-saved")
        self.mask_ids = mask_ids
        self.looks = Looks()
        self.desk = Desk()

    def holding(self, number: str) -> Holding:
        """Study by its number in the address.

        Raises
        ------
        UsageError
            No such study.
        """
        found = next((h for h in self.holdings if str(h.number) == number), None)
        if found is None:
            raise UsageError("no such study; the first page lists those that are open")
        return found

    def render(self, template: str, **values: Any) -> str:
        """Write a page; every text is escaped."""
        shared = {
            "holdings": self.holdings,
            "masked": self.mask_ids,
            "readonly": self.readonly,
            "version": metadata.version("codon12"),
            "looks_taken": len(self.looks.taken),
            "holding": None,
            "settings": None,
            "here": "",
            "same": None,
            "query": "",
            "show": (),
        }
        return _environment().get_template(template).render(**{**shared, **values})


@cache
def _environment() -> Any:
    import jinja2

    from codon12.figures.lettering import shown

    environment = jinja2.Environment(
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.ChoiceLoader([jinja2.FunctionLoader(partial(_template, room)) for room in ("serve", "report")]),
    )
    environment.filters["zip"] = lambda a, b: zip(a, b, strict=True)
    environment.filters["shown"] = shown
    environment.filters["short"] = short
    return environment


@cache
def static(name: str) -> tuple[bytes, str] | None:
    """Bytes and type of a file that pages load; None where there is no such file."""
    if name not in STATIC:
        return None
    path, kind = STATIC[name]
    return (resources.files("codon12") / path).read_bytes(), kind


def _template(room: str, name: str) -> str | None:
    """Text of a template, without importing the room it lies in: the first page does not wait for what computes."""
    found = resources.files("codon12") / room / "page" / name
    return found.read_text(encoding="utf-8") if found.is_file() else None
