"""Formulas of a workbook whose results the file does not keep, so that their cells read as empty."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

__all__ = ["formulas_without_value"]

_MOST = 512 * 1024**2
"""A sheet that unpacks to more is not looked through."""
_CELL = re.compile(rb"<c\b([^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")


def formulas_without_value(path: Path, sheet: str) -> list[str]:
    """Give the cells of a sheet (``D2``) that hold a formula and no result; none where the file cannot be looked into.

    Programs that write workbooks without calculating them leave such cells; a spreadsheet program fills them when it
    opens and saves the file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            member = _member(archive, sheet)
            if member is None or archive.getinfo(member).file_size > _MOST:
                return []
            cells = archive.read(member)
    except (zipfile.BadZipFile, KeyError, OSError):
        return []
    found = (re.search(rb'\br="([A-Z]+[0-9]+)"', m.group(1)) for m in _CELL.finditer(cells))
    return [f.group(1).decode() for f in found if f is not None]


def _member(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Name of a sheet's part: by the workbook's list of sheets and its relations."""
    from html import unescape

    book, links = archive.read("xl/workbook.xml").decode(), archive.read("xl/_rels/workbook.xml.rels").decode()
    for entry in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        name, key = re.search(r'\bname="([^"]*)"', entry), re.search(r'\b\w+:id="([^"]*)"', entry)
        if name is None or key is None or unescape(name.group(1)) != sheet:
            continue
        for link in re.findall(r"<Relationship\b[^>]*>", links):
            target = re.search(r'\bTarget="([^"]*)"', link)
            if target is not None and f'Id="{key.group(1)}"' in link:
                place = target.group(1)
                return place[1:] if place.startswith("/") else f"xl/{place}"
    return None
