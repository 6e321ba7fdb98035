"""The look of every figure: one font, calm colours that colour-blind readers can tell apart, journal widths.

The font, Codon12 Sans, ships with the package (``drawing/fonts``, SIL Open Font License 1.1). It is Liberation Sans
under a name of its own, so that no version of that font on a machine takes its place; its widths are those of Arial
and Helvetica, which a browser without it shows in the same layout.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from codon12.figures.page import laid_out_for

__all__ = [
    "FONT",
    "GROUP_COLOURS",
    "INK",
    "PAPER",
    "QUIET",
    "RESPONSE_COLOURS",
    "RESPONSE_ORDER",
    "RULE",
    "WIDTH",
    "group_colours",
    "legible",
    "outline",
    "remark",
    "response_scale",
    "themed",
]

FONT = "Codon12 Sans, Arial, Helvetica, sans-serif"
"""Our own font first; the others for readers of an SVG who do not have it."""
INK = "#1d2329"
QUIET = "#5d6770"
RULE = "#c9ced3"
PAPER = "white"

WIDTH: Mapping[str, int] = {"single": 322, "middle": 454, "double": 680}
"""Widths of a journal's page in pixels of 1/96 inch: 85 mm, 120 mm and 180 mm."""

RESPONSE_COLOURS: Mapping[str, str] = {
    "CR": "#0b3366",
    "PR": "#4f95cf",
    "NON-CR/NON-PD": "#8fa9b8",
    "SD": "#b6bcc2",
    "PD": "#a8400c",
    "NE": "#efe6d6",
    "ND": "#f2ede3",
    "MISSING": "#f3f1ec",
}
"""Colour of a best overall response: blues respond, grey is stable, orange progresses, sand is not known."""

RESPONSE_ORDER = tuple(RESPONSE_COLOURS)

GROUP_COLOURS = ("#0b4f8a", "#ea6e06", "#098c5e", "#2d0b6a", "#dba46d", "#cc051c")
"""Colours of arms and levels, in order. Any two differ by a CIEDE2000 of 10 or more, also for readers without red,
green or blue cones (Machado 2009), and by 8 or more in grey: tests/figures/test_palette.py computes it."""

_DASHES: tuple[list[int], ...] = ([], [7, 3], [2, 2], [9, 3, 2, 3], [4, 2], [12, 3])


def group_colours(groups: Sequence[str]) -> tuple[list[str], list[list[int]]]:
    """Colours and dash patterns for groups, in their order; no two of the first 36 share both.

    Examples
    --------
    >>> group_colours(["A", "B"])
    (['#0b4f8a', '#ea6e06'], [[], [7, 3]])
    """
    n = len(GROUP_COLOURS)
    colours = [GROUP_COLOURS[i % n] for i in range(len(groups))]
    return colours, [_DASHES[(i + i // n) % len(_DASHES)] for i in range(len(groups))]


def legible(colour: str) -> str:
    """A colour for letters on white: as it is, or darkened until its contrast is 4.5 to 1 (WCAG 2.2, 1.4.3).

    Examples
    --------
    >>> legible("#0b4f8a"), legible("#dba46d")
    ('#0b4f8a', '#916c48')
    """
    parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    shades = [colour, *("#" + "".join(f"{round(p * k / 50):02x}" for p in parts) for k in range(49, -1, -1))]
    return next(s for s in shades if 1.05 / (_luminance(s) + 0.05) >= 4.5)


def _luminance(colour: str) -> float:
    red, green, blue = (
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4
        for p in (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def response_scale(present: Sequence[str | None]) -> dict[str, list[str]]:
    """Colour scale of the best responses that occur, best first; an unknown term gets the colour of NE.

    Examples
    --------
    >>> response_scale(["PD", "CR"])
    {'domain': ['CR', 'PD'], 'range': ['#0b3366', '#a8400c']}
    """
    seen = {p for p in present if p is not None}
    known = [r for r in RESPONSE_ORDER if r in seen]
    domain = known + sorted(seen - set(known))
    return {"domain": domain, "range": [RESPONSE_COLOURS.get(r, RESPONSE_COLOURS["NE"]) for r in domain]}


def outline(present: Sequence[str | None]) -> dict[str, Any]:
    """Encoding of a thin line around bars whose response has a colour that paper hides; nothing where none has."""
    scale = response_scale(present)
    pale = [r for r, c in zip(scale["domain"], scale["range"], strict=True) if _luminance(c) > _PALE]
    test = {"test": {"field": "response", "oneOf": pale}, "value": QUIET}
    return {"stroke": {"condition": test, "value": None}, "strokeWidth": {"value": 0.5}} if pale else {}


_PALE = 0.7
"""Luminance from which a colour is lost on white."""

_CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": PAPER,
    "padding": {"left": 6, "top": 8, "right": 10, "bottom": 6},
    "view": {"stroke": None},
    "axis": {
        "domainColor": INK,
        "domainWidth": 0.8,
        "tickColor": INK,
        "tickWidth": 0.8,
        "tickSize": 4,
        "grid": False,
        "labelColor": INK,
        "labelFontSize": 11,
        "labelPadding": 3,
        "titleColor": INK,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "titlePadding": 8,
    },
    "legend": {
        "labelColor": INK,
        "labelFontSize": 11,
        "titleColor": QUIET,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "symbolStrokeWidth": 1.2,
        "rowPadding": 3,
        "columnPadding": 14,
        "padding": 0,
    },
    "header": {"labelColor": INK, "labelFontSize": 11, "labelFontWeight": "bold", "title": None},
    "title": {"anchor": "start", "color": INK, "fontSize": 12, "fontWeight": "bold", "offset": 8},
    "text": {"font": FONT, "fontSize": 11, "color": INK},
}


def remark(text: str, *, orient: str = "bottom") -> dict[str, Any]:
    """Title of a view that says in small letters what is not drawn, or how.

    Examples
    --------
    >>> remark("2 pairs more are not shown")["orient"]
    'bottom'
    """
    return {"text": text, "fontWeight": "normal", "fontSize": 10, "color": QUIET, "orient": orient}


_ONE_BELOW_THE_OTHER: dict[str, Any] = {"layout": {"bottom": {"direction": "vertical", "anchor": "start", "margin": 6}}}


def themed(spec: Mapping[str, Any], *, description: str) -> dict[str, Any]:
    """A whole Vega-Lite specification: the given view with the theme, white paper and a text alternative."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": description,
        "config": _CONFIG,
        "background": PAPER,
        **laid_out_for(),
        **_spoken(spec),
    } | ({"config": _CONFIG | {"legend": _CONFIG["legend"] | _ONE_BELOW_THE_OTHER}} if laid_out_for() else {})


def _spoken(view: Mapping[str, Any]) -> dict[str, Any]:
    """Give marks with a description of their own a label in the SVG, and no other mark one made up from its fields."""
    out = dict(view)
    for parts in ("layer", "vconcat"):
        if parts in out:
            out[parts] = [_spoken(part) for part in out[parts]]
    if "mark" in out:
        mark = out["mark"] if isinstance(out["mark"], dict) else {"type": out["mark"]}
        out["mark"] = {**mark, "aria": "description" in out.get("encoding", {})}
    return out
