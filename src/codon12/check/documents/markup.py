r"""Signs of markup in running text, of which no number is part: `**12**`, `<i>P</i>`, `&lt;`, `12\%`, `[4](#ref4)`."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import Edit

__all__ = ["markup_in", "without_markup"]

_TAG = re.compile(r"</?(?:sup|sub|i|b|em|strong|u|span|small|bold|italic)(?: [^<>]{0,80})?>", re.IGNORECASE)
_RAISED = re.compile(r"(?:(?<![mM\d])|(?<=\D[2-9])|(?<=[2-9.]\d)|(?<=%))<sup>[\d,; \u2013-]{1,20}</sup>", re.IGNORECASE)
"""Figures raised by a tag, which are citations but in units and powers of ten."""
_ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z]{2,8}\d{0,2});")
_ESCAPED = re.compile(r"\\(?=[!-/:-@\[\]^_`{|}~])")
_SIGN = re.compile(r"\\(?P<name>pm|leq?|geq?|times|approx|sim|cdot|alpha|beta|kappa|chi)(?![a-zA-Z]) ?")
_SIGNS = {
    "pm": "\u00b1", "le": "\u2264", "leq": "\u2264", "ge": "\u2265", "geq": "\u2265", "times": "\u00d7",
    "approx": "\u2248", "sim": "~", "cdot": "\u00b7", "alpha": "\u03b1", "beta": "\u03b2", "kappa": "\u03ba",
    "chi": "\u03c7",
}  # fmt: skip
_FORMULA = re.compile(r"\$(?=[^\s$])(?=[^$\n]{0,60}[\\=<>^])[^$\n]{1,60}(?<=[^\s$])\$(?!\d)")
_EMPHASIS = re.compile(
    r"(?<![\w*])(?P<stars>\*{2,3})(?=[^\s*])[^*\n]{1,300}(?<=[^\s*])(?P=stars)(?!\*)"
    r"|(?<![\w*])\*(?=[^\s*])[^*\n]{1,80}(?<=[^\s*])\*(?![\w*])"
    r"|(?<![\w_])(?P<lines>_{1,2})(?=[^\s_])[^_\n]{1,80}(?<=[^\s_])(?P=lines)(?![\w_])"
)
_REFERENCE = re.compile(
    r"\[\^\w{1,12}\]|(?<![\dm])\^[a-z\d,* -]{1,8}\^|\[\[?[\d,; \u2013-]{1,20}\]?\]\([^()\s]{1,200}\)"
)
_LINK = re.compile(r"\[(?=[^\[\]\n]{1,120}\]\((?:https?:|#|/)[^()\s]{0,200}\))[^\[\]\n]+(?P<to>\]\([^()\s]+\))")


def markup_in(text: str) -> list[Edit]:
    """Edits, in order, that leave out what is markup and put signs named by letters as such.

    Examples
    --------
    >>> [(e.start, e.end, e.new) for e in markup_in("**12** of 40 (<i>P</i> &lt; 0.05)")]
    [(0, 2, ''), (4, 6, ''), (14, 17, ''), (18, 22, ''), (23, 27, '<')]
    """
    edits: list[Edit] = []
    for e in sorted(_all(text), key=lambda e: (e.start, -e.end)):
        if not edits or e.start >= edits[-1].end:
            edits.append(e)
    return edits


def without_markup(text: str) -> str:
    """A text as its reader sees it.

    Examples
    --------
    >>> without_markup("**12** of 40 (5 &plusmn; 2)[^1]")
    '12 of 40 (5 ± 2)'
    """
    pieces, done = [], 0
    for e in markup_in(text):
        pieces += [text[done : e.start], e.new]
        done = e.end
    return "".join([*pieces, text[done:]])


def _all(text: str) -> Iterator[Edit]:
    if "</" in text:
        yield from (Edit(m.start(), m.end(), "") for p in (_RAISED, _TAG) for m in p.finditer(text))
    if "&" in text:
        yield from (Edit(m.start(), m.end(), _plain(unescape(m[0]))) for m in _ENTITY.finditer(text))
    if "\\" in text:
        yield from (Edit(m.start(), m.end(), "") for m in _ESCAPED.finditer(text))
        yield from (Edit(m.start(), m.end(), _SIGNS[m["name"]]) for m in _SIGN.finditer(text))
    if "$" in text:
        yield from (e for m in _FORMULA.finditer(text) for e in _ends(m, 1))
    if "*" in text or "_" in text:
        yield from (e for m in _EMPHASIS.finditer(text) for e in _ends(m, len(m["stars"] or m["lines"] or "*")))
    if "](" in text or "^" in text:
        yield from (Edit(m.start(), m.end(), "") for m in _REFERENCE.finditer(text))
        for m in _LINK.finditer(text):
            yield from (Edit(m.start(), m.start() + 1, ""), Edit(*m.span("to"), ""))


def _ends(m: re.Match[str], width: int) -> tuple[Edit, Edit]:
    return Edit(m.start(), m.start() + width, ""), Edit(m.end() - width, m.end(), "")


def _plain(sign: str) -> str:
    """A sign in the one spelling that a text is brought to."""
    return (
        " "
        if sign.isspace()
        else "-"
        if sign in "\u2010\u2011\u2012\u2013\u2212"
        else "."
        if sign == "\u00b7"
        else sign
    )
