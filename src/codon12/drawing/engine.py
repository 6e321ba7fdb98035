"""A specification becomes a picture: SVG for page and journal, PNG and PDF from the same SVG."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from codon12.drawing.look import DRAWN_MM, Look, laid_out_mm, restyled
from codon12.errors import UsageError

__all__ = ["FORMATS", "VEGA_LITE", "Format", "draw", "letters_without_font", "picture", "save"]

Format = Literal["svg", "png", "pdf"]
FORMATS: tuple[Format, ...] = ("svg", "png", "pdf")
VEGA_LITE = "6.1"
"""Version of Vega-Lite that draws; fixed, so that a newer converter draws the same picture."""

_PER_INCH = 96
_POINTS = 72
_SIZE = re.compile(r'(<svg [^>]*?)width="([\d.]+)" height="([\d.]+)"')

_NO_MARK = re.compile(r'<path [^>]*d=""[^>]*pointer-events="none"[^>]*/>')


@cache
def _engine() -> Any:
    """Give the converter, with the font that ships registered."""
    import vl_convert

    vl_convert.register_font_directory(str(Path(__file__).parent / "fonts"))
    return vl_convert


def draw(spec: Mapping[str, Any]) -> str:
    """Draw a figure as SVG text: the same bytes on every run, letters as text, nothing fetched.

    Raises
    ------
    UsageError
        The specification is not one Vega-Lite can draw.

    Examples
    --------
    >>> draw({"data": {"values": [{"x": 1}]}, "mark": "point"})[:4]
    '<svg'
    """
    try:
        svg = _engine().vegalite_to_svg(dict(spec), vl_version=VEGA_LITE, allowed_base_urls=[])
    except ValueError as err:
        raise UsageError(f"the figure cannot be drawn: {' '.join(str(err).splitlines()[:2])}") from None
    return _NO_MARK.sub("", svg)


_LETTERS = re.compile(r">([^<>]*[^\x00-\u058f\u1e00-\u2e7f][^<>]*)<")
"""Text of a drawing with letters that the font which ships has not: all but Latin, Greek, Cyrillic and signs."""
_NO_LETTER = "\ue000"


def letters_without_font(svg: str) -> str:
    """Letters of a drawing that no font of this machine has: PNG and PDF show an empty box for each.

    Examples
    --------
    >>> letters_without_font(draw({"data": {"values": [{"x": "腺癌 Ω"}]}, "mark": "text",
    ...                            "encoding": {"text": {"field": "x"}}})) in ("", "腺癌")
    True
    """
    found = dict.fromkeys(c for text in _LETTERS.findall(svg) for c in text if _LETTERS.fullmatch(f">{c}<"))
    return "".join(c for c in found if _drawn_alone(c) == _drawn_alone(_NO_LETTER))


@cache
def _drawn_alone(letter: str) -> bytes:
    box = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><text y="18">'
    return _engine().svg_to_png(f"{box}{letter}</text></svg>")


def picture(svg: str, form: Format, look: Look | None = None, *, laid_out: float = DRAWN_MM) -> bytes:
    """Bytes of a drawn figure in one format, in the size and the dots per inch of a look.

    `laid_out` is the page it was laid out for, in millimetres (`codon12.drawing.look.laid_out_mm`).
    PNG is always on white paper and states its dots per inch.

    Raises
    ------
    UsageError
        Unknown format, or a drawing without a size.
    """
    look = look or Look()
    scale = look.share(laid_out)
    if form == "svg":
        return _sized(svg, scale).encode()
    try:
        if form == "png":  # the engine multiplies by dots per inch over 72, a pixel of the drawing is 1/96 inch
            return _engine().svg_to_png(svg, scale=scale * _POINTS / _PER_INCH, ppi=look.dpi)
        if form == "pdf":
            return _engine().svg_to_pdf(_sized(svg, scale * _POINTS / _PER_INCH))
    except RuntimeError as err:  # such as a drawing without a mark, which has no size
        raise UsageError(f"the figure cannot be drawn: {str(err).partition(chr(10))[0]}") from None
    raise UsageError(f"a figure is written as one of {', '.join(FORMATS)}; got {form!r}")


def _sized(svg: str, scale: float) -> str:
    if scale == 1:
        return svg
    return _SIZE.sub(
        lambda m: f'{m[1]}width="{float(m[2]) * scale:.6g}" height="{float(m[3]) * scale:.6g}"', svg, count=1
    )


def save(spec: Mapping[str, Any], path: str | Path, look: Look | None = None) -> Path:
    """Draw a figure into a file whose ending (``.svg``, ``.png``, ``.pdf``) says the format; `look` says its look.

    SVG and PNG are the same bytes on every run; PDF is not (its writer orders objects freely).

    Raises
    ------
    UsageError
        The ending is none of the three.
    """
    path = Path(path)
    form = path.suffix.lower().lstrip(".")
    if form not in FORMATS:
        raise UsageError(f"{path.name}: a figure is written as one of {', '.join(FORMATS)}")
    look = look or Look()
    path.write_bytes(picture(draw(restyled(spec, look.theme)), form, look, laid_out=laid_out_mm(spec)))
    return path
