"""Numbers in one spelling: thousands with commas, decimals with points, as many characters as before."""

from __future__ import annotations

from codon12.check import patterns as re

__all__ = ["between_thousands", "in_one_spelling"]


def in_one_spelling(text: str) -> str:
    """The text with its numbers in one spelling: every offset stays.

    Examples
    --------
    >>> in_one_spelling("Of 14 768 patients, 3'712 (25,1%) had a response (P = 0,03).")
    'Of 14,768 patients, 3,712 (25.1%) had a response (P = 0.03).'
    """
    return _counted(_thousands(_points(text)))


_LAST_DIGITS = re.compile(r"(?<![\d.])\d{1,3}$")


def between_thousands(text: str, start: int, end: int) -> bool:
    """Whether a thin or no-break space parts the thousands of a number (30 195)."""
    after = text[end : end + 4]
    return (
        after[:3].isdecimal()
        and not after[3:].isdecimal()
        and _LAST_DIGITS.search(text[max(0, start - 5) : start]) is not None
    )


_APOSTROPHES = re.compile(r"(?<![\d.,'’])\d{1,3}(?:['’]\d{3})+(?!\d)")
_SPACED = re.compile(
    r"(?P<word>(?<![A-Za-z])[A-Za-z]+|[,;:(]|(?<=[a-z)])\.)(?P<gap>[ \n])(?P<n>[1-9]\d{0,2}(?: \d{3})+)"
    r"(?=[ \n](?:[(\[]|of |in |[a-z]{3,}))"
)
_MAY_BE_SPACED = re.compile(r"[1-9](?<=[ \n][1-9])\d{0,2} \d{3}")
"""What `_SPACED` holds, looked for in a fraction of the time."""
_AND_SPACED = re.compile(r"[1-9](?<=\band [1-9])\d{0,2} \d{3}(?= \(\d+(?:[.,\u22c5]\d+)? ?%)")
_OPENED_SPACED = re.compile(
    r"[1-9](?:(?<=[(\[][1-9])\d{0,2}(?: \d{3})+(?= (?!mg\b|mL\b|cells\b)[a-z]{3,})"
    r"|(?<=[$€£][1-9])\d{0,2}(?: \d{3})+(?=\.\d\d\b|[ ,;)]))"
)
"""Behind a bracket before a word, and of money."""
_FIRST_SPACED = re.compile(r"[1-9](?:(?<![\s\S][1-9])|(?<=\n\n[1-9]))\d{0,2}(?: \d{3})+(?= [a-z]{4,}s? )")
"""At the head of a paragraph, where others stand behind: `12 408 residents were invited; 7 931 of them came`."""
_PARTED = re.compile(r"\d \d{3}(?!\d)")
_SIZE_SPACED = re.compile(r"[1-9](?:(?<=[nN] = [1-9])|(?<=[nN]=[1-9]))\d{0,2}(?: \d{3})+(?=[)\],;\t\n])")
_OF_SPACED = re.compile(r"[1-9](?<=\d/[1-9])\d{0,2}(?: \d{3})+(?=(?:\.\d+)? ?\()")
"""The total of a fraction before its percentage: `96/71 308 (0.1%)`."""
_CELL_SPACED = re.compile(
    r"[1-9](?:(?<=\t[1-9])\d{0,2}(?: \d{3})+(?=[ ]?(?:\t|\n|$)| \d+(?:\.\d+)? ?%| ?[(\[])(?<! 100)"
    r"|(?<=\([1-9])\d{0,2}(?: \d{3})+(?= \[)|(?<=[~∼≈][1-9])\d{0,2}(?: \d{3})+(?= ))"
)
"""A cell between tabs, not of a count and a hundred percent; a number behind the sign for about."""
_NAMED = frozenset(
    """
    stage phase grade grades part arm group cohort level cycle day days week month table figure fig and or to
    jan feb mar apr may june july aug sept sep oct nov dec january february march april august september october
    november december line class score type position codon exon
    """.split()  # noqa: SIM905  a list of words reads better so
)
"""Words before a number that another follows: no thousands of it."""


_PROSE = 100
"""Characters from which a line with one wide gap is prose behind a heading, no table: `Results  Of 14 768 patients`."""


_NO_COUNT = re.compile(r"\d(?:\d{15,}|\d{0,2}(?:,\d{3}){5,})")
"""More figures than any count has, and than a whole number of the machine holds: a key, or hostile."""


def _counted(text: str) -> str:
    """The text with signs of as many characters for runs of figures that count nothing."""
    return _NO_COUNT.sub(lambda m: "#" * len(m[0]), text)


def _thousands(text: str) -> str:
    """Thousands set by apostrophe, or in running text by a plain space, with commas: as many characters."""
    if "'" in text or "’" in text:
        text = _APOSTROPHES.sub(lambda m: m[0].replace("'", ",").replace("’", ","), text)
    if _PARTED.search(text) is None:
        return text

    end, tabled = -1, False  # of the line looked at last: a long one is read once

    def spaced(m: re.Match[str]) -> str:
        nonlocal end, tabled
        word = m["word"]
        if m.end() > end:
            line_end = text.find("\n", m.end())
            line_end = line_end if line_end >= 0 else len(text)
            line = text[text.rfind("\n", 0, m.start()) + 1 : line_end]
            tabled = "\t" in line or "|" in line or (line.count("  ") > 1 or ("  " in line and len(line) < _PROSE))
            end = line_end if "\n" not in line else -1
        if word.lower() in _NAMED or word.isupper() or tabled:
            return m[0]
        return f"{word}{m['gap']}{m['n'].replace(' ', ',')}"

    text = _OPENED_SPACED.sub(lambda m: m[0].replace(" ", ","), text)
    if _MAY_BE_SPACED.search(text) and _SPACED.search(text):
        text = _FIRST_SPACED.sub(lambda m: m[0].replace(" ", ","), text)
    text = _AND_SPACED.sub(lambda m: m[0].replace(" ", ","), text)
    text = _OF_SPACED.sub(lambda m: m[0].replace(" ", ","), text)
    text = _CELL_SPACED.sub(lambda m: m[0].replace(" ", ","), text)
    text = _SIZE_SPACED.sub(lambda m: m[0].replace(" ", ","), text)
    return _SPACED.sub(spaced, text) if _MAY_BE_SPACED.search(text) else text


_COMMA = re.compile(r",(?<=\d,)\d(?:\d? ?%|(?:(?<=[=<>]0,\d)|(?<=[=<>] 0,\d)))")
_POINT = re.compile(r"\d\.\d+ ?%|[=<>] ?0?\.\d")
_DECIMAL_COMMA = re.compile(r"(?<=\d)(?<![A-Za-z)][.,;:]\d)(?<![A-Za-z)][.,;:]\d\d),(?=\d{1,2}(?!\d))|(?<=\b0),(?=\d)")


_SURE_COMMA = re.compile(r"(?<![\d,.])(?P<a>\d{1,3}),(?P<b>\d{1,2})(?= ?%)|(?P<sign>[=<>] ?)0,(?P<p>\d)")


def _points(text: str) -> str:
    """Decimal commas as points, as many characters: all of a line that has them and no point, else the sure ones."""
    if _COMMA.search(text) is None:
        return text
    if _POINT.search(text) is None:
        return _DECIMAL_COMMA.sub(".", text)
    lines = text.split("\n")
    for k, line in enumerate(lines):
        if _COMMA.search(line) is None:
            continue
        if _POINT.search(line) is None:
            lines[k] = _DECIMAL_COMMA.sub(".", line)
        else:
            lines[k] = _SURE_COMMA.sub(lambda m: m[0].replace(",", "."), line)
    return "\n".join(lines)
