"""Templates into pages: every text escaped, nothing fetched, no script."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["rendered"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Any:
    import jinja2

    made = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["plain"] = _plain
    return made


def _plain(text: object) -> str:
    """Text without control characters."""
    return "".join(ch if ch.isprintable() else " " for ch in str(text))


def rendered(name: str, **values: Any) -> str:
    """Fill a template of this room."""
    folder = files("codon12.match") / "pages"
    template = _environment().from_string((folder / name).read_text("utf-8"))
    css = (folder / "page.css").read_text("utf-8")
    return template.render(policy=POLICY, css=css, **values)
