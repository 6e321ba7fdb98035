"""The record of a qualification as one page that opens from disk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib import resources

from codon12.standards.qualification.installation import package_hash, versions
from codon12.standards.qualification.run import Area

__all__ = ["qualification_page"]


def qualification_page(areas: Sequence[Area], *, created: dt.datetime) -> str:
    """HTML of what was checked and found, with versions, the package's hash, times and the verdict first."""
    import jinja2

    text = resources.files("codon12.standards.qualification").joinpath("page.html.j2").read_text(encoding="utf-8")
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(text)
    return template.render(
        areas=areas,
        failed=sum(a.failed for a in areas),
        total=sum(len(a.checks) for a in areas),
        versions=versions(),
        package=package_hash(),
        created=f"{created:%Y-%m-%d %H:%M:%S}",
    )
