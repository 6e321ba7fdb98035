"""How drawn files look: theme, width in millimetres, dots per inch; choices of the reader, none of the figure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Literal

import msgspec

from codon12.errors import UsageError

__all__ = ["DRAWN_MM", "Look", "Theme", "laid_out_mm", "restyled"]

Theme = Literal["journal", "slide", "grey"]
"""What a figure is drawn for."""
DRAWN_MM = 180.0
"""Width at which figures are laid out: a journal's page, letters of 8 points, the smallest 6.75."""
_MM_A_PIXEL = 25.4 / 96
_SMALLEST, _WANTED, _LEAST = 6.75, 6.0, 5.0
"""Points of the smallest letters as laid out, those they keep in a column, and the fewest that journals take."""
_NARROWEST_MM = 90.0
_SLIDE_MM = 330.0
_HEAVIER = 1.4
_APART, _DARKEST, _LIGHTEST = 6.0, 12.0, 74.0
"""Lightness (CIE L*): what two greys of a scale differ by at least, and the ends of a scale that is spread out."""
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class Look(msgspec.Struct, frozen=True):
    """Look of the figures' files.

    Examples
    --------
    >>> Look().scale, Look(width_mm=90).scale
    (1.0, 0.5)
    """

    theme: Theme = "journal"
    """``journal``: as laid out; ``slide``: heavier lines, wide as a slide; ``grey``: every colour by its
    lightness, those of a scale told apart."""
    dpi: int = 300
    """Dots per inch of PNG, stated in the file."""
    width_mm: float | None = None
    """Width of a figure that fills the page: 180, on slides 330. Below 160 figures are laid out for a column."""

    def __post_init__(self) -> None:
        if self.theme not in ("journal", "slide", "grey"):
            raise UsageError(f"theme: one of journal, slide, grey; got {self.theme!r}")
        if not 36 <= self.dpi <= 1200:
            raise UsageError(f"dpi: between 36 and 1200 dots per inch; got {self.dpi}")
        if self.width_mm is not None and not 30 <= self.width_mm <= 1000:
            raise UsageError(f"figure width: between 30 and 1000 mm; got {self.width_mm:g}")

    @property
    def scale(self) -> float:
        """Size of the files as a share of the drawing's own, which was laid out for a whole page."""
        return self.share(DRAWN_MM)

    def share(self, laid_out: float) -> float:
        """Size of the files as a share of a drawing's own, which was laid out for a page of so many millimetres.

        Examples
        --------
        >>> Look(width_mm=90).share(180), Look(width_mm=90).share(100)
        (0.5, 0.9)
        """
        return (self.width_mm or (_SLIDE_MM if self.theme == "slide" else DRAWN_MM)) / laid_out

    @property
    def page(self) -> int | None:
        """Pixels of the page to lay figures out for, so that the smallest letters keep 6 points; None: a whole page.

        Examples
        --------
        >>> Look().page, Look(width_mm=160).page, Look(width_mm=85).page
        (None, None, 361)
        """
        if self.width_mm is None or self.scale * _SMALLEST >= _WANTED:
            return None
        return int(max(_NARROWEST_MM, self.width_mm * _SMALLEST / _WANTED) / _MM_A_PIXEL)

    @property
    def too_small(self) -> str | None:
        """What to do where the letters of a figure are below what journals take; None where they are not.

        Examples
        --------
        >>> Look(width_mm=85).too_small
        >>> Look(width_mm=40).too_small
        'at 40 mm the smallest letters have 3.0 points; journals take 5 and more: --figure-width 67'
        """
        page = self.page
        points = _SMALLEST * self.share(page * _MM_A_PIXEL if page else DRAWN_MM)
        if points >= _LEAST:
            return None
        return (
            f"at {self.width_mm:g} mm the smallest letters have {points:.1f} points; journals take {_LEAST:g} and "
            f"more: --figure-width {math.ceil(_NARROWEST_MM * _LEAST / _SMALLEST)}"
        )


def laid_out_mm(spec: Mapping[str, Any]) -> float:
    """Width of the page that a specification was laid out for, in millimetres.

    Examples
    --------
    >>> laid_out_mm({}), laid_out_mm({"usermeta": {"page": 360}})
    (180.0, 95.25)
    """
    page = spec.get("usermeta", {}).get("page")
    return page * _MM_A_PIXEL if page else DRAWN_MM


def restyled(spec: Mapping[str, Any], theme: Theme) -> dict[str, Any]:
    """Specification in a theme; ``journal`` changes nothing.

    Examples
    --------
    >>> restyled({"mark": {"type": "rule", "color": "#cc051c", "strokeWidth": 1}}, "grey")["mark"]["color"]
    '#656565'
    >>> restyled({"mark": {"type": "rule", "strokeWidth": 1}}, "slide")["mark"]["strokeWidth"]
    1.4
    """
    if theme == "journal":
        return dict(spec)
    return {k: _data(v, theme) if k in {"data", "datasets"} else _part(v, theme, k) for k, v in spec.items()}


def _data(value: Any, theme: Theme) -> Any:
    """Data stay as they are, but for the colours that figures put there."""
    if isinstance(value, Mapping):
        return {k: _part(v, theme, k) if k == "colour" else _data(v, theme) for k, v in value.items()}
    return [_data(v, theme) for v in value] if isinstance(value, list) else value


def _part(value: Any, theme: Theme, key: str) -> Any:
    if isinstance(value, Mapping):
        greys = _told_apart(value) if theme == "grey" else None
        return restyled(value, theme) | ({"range": greys} if greys else {})
    if isinstance(value, list):
        return [_part(v, theme, key) for v in value]
    if theme == "grey" and isinstance(value, str) and _COLOUR.fullmatch(value):
        return _grey(value)
    if theme == "slide" and key == "strokeWidth" and isinstance(value, int | float):
        return round(value * _HEAVIER, 3)
    return value


def _told_apart(scale: Mapping[str, Any]) -> list[str] | None:
    """Greys of a scale whose colours are as light as one another: evenly spaced, the darkest stays the darkest.

    Of a scale of numbers they fall from light to dark, since its two ends would look the same. None: its own greys do.
    """
    colours = scale.get("range")
    if not isinstance(colours, list) or len(colours) < 2 or not all(_is_colour(c) for c in colours):
        return None
    numbers = all(isinstance(d, int | float) for d in scale.get("domain", [""]))
    ranks = [(_lightness(c), i) for i, c in enumerate(colours)]
    if numbers and len(colours) > 2:
        order = list(range(len(colours)))[::-1]
    elif all(b - a >= _APART for (a, _), (b, _) in pairwise(sorted(ranks))):
        return None
    else:
        order = [i for _, i in sorted(ranks)]
    step = (_LIGHTEST - _DARKEST) / (len(colours) - 1)
    place = {i: _DARKEST + step * rank for rank, i in enumerate(order)}
    return [_of_lightness(place[i]) for i in range(len(colours))]


def _is_colour(value: object) -> bool:
    return isinstance(value, str) and _COLOUR.fullmatch(value) is not None


def _luminance(colour: str) -> float:
    """Luminance of a colour (sRGB, IEC 61966-2-1)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lightness(colour: str) -> float:
    """CIE lightness L*, 0 black to 100 white."""
    light = _luminance(colour)
    return 116 * light ** (1 / 3) - 16 if light > 216 / 24389 else light * 24389 / 27


def _of_lightness(value: float) -> str:
    return _shade(((value + 16) / 116) ** 3 if value > 8 else value * 27 / 24389)


def _grey(colour: str) -> str:
    """Grey of the same luminance."""
    return _shade(_luminance(colour))


def _shade(light: float) -> str:
    shade = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return f"#{round(255 * shade):02x}" + f"{round(255 * shade):02x}" * 2
