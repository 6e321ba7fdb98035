"""The place of a cell: what the head of its column, the label of its row and the caption say of it."""

from __future__ import annotations

from typing import Literal

from codon12.check import patterns as re
from codon12.check.grammar.columns import Cell
from codon12.check.statements import Quantities

__all__ = ["CI", "COEFFICIENT", "DIFFERENCE", "LEVEL", "MARKS", "MEDIAN_WORDS", "NO_COUNT", "NO_RATE", "OTHER_P",
           "P_HEAD", "RATE", "SIGHT", "UNIT", "Measure", "Place", "Read", "headed"]  # fmt: skip

Measure = Literal["HR", "OR", "RR"]
MARKS = re.compile(r"(?<=[\d)\]%])\s?(?:[*†‡§¶‖#+]+|[a-h])$")
P_HEAD = re.compile(
    r"(?<![\w-])[Pp](?:[\s-]?(?:values?|for|interaction|trend|heterogeneity)\b|[\s*†‡§]*$)|"
    r"(?<!linical )(?<!rognostic )\bsignificance(?=\s?(?:$|[(,;:*†‡§=]|levels?\b|tests?\b|[Pp]\b|of (?:the )?diff))"
)
OTHER_P = re.compile(r"\b(interaction|trend|heterogeneity|non-?inferiority|adjusted|linearity)\b", re.IGNORECASE)
MEASURES: tuple[tuple[Measure, re.Pattern[str]], ...] = (
    ("HR", re.compile(r"\b[Hh]azards? [Rr]atios?|\b(?:[a-z]{0,5}|[AS])HR(?:s|adj)?\b")),
    ("OR", re.compile(r"\b[Oo]dds [Rr]atios?|\b(?:[a-z]{0,5}|A)OR(?:s|adj)?\b")),
    (
        "RR",
        re.compile(
            r"\b(?:[Rr]isk|[Rr]ate|[Pp]revalence|[Ii]ncidence) [Rr]atios?|\b[Rr]elative [Rr]isks?|"
            r"\b(?:[a-z]{0,5}|A)I?RR(?:s|adj)?\b"
        ),
    ),
)
_NO_RATIO = re.compile(
    r"\b(?:median|mean|age(?!-)|iqr|range|months?|weeks?|days?|years?|difference|change)\b", re.IGNORECASE
)
COEFFICIENT = re.compile(r"\bcoefficients?\b|\bslopes?\b|(?<!\w)β|\bbeta\b|\br2\b|R²", re.IGNORECASE)
MEDIAN_WORDS = re.compile(r"\bmedians?\b|\biqr\b|interquartile|\brange\b|quartiles?|percentile", re.IGNORECASE)
CI = re.compile(r"\bCIs?\b|\bCrI\b|confidence|credible|\b9[059] ?%", re.IGNORECASE)
DIFFERENCE = re.compile(
    r"\bdiffer\w*|\bchange\b|\breduction\b|\bcoefficients?\b|\bβ|\bbeta\b|\bMD\b|\bSMD\b", re.IGNORECASE
)
RATE = re.compile(
    r"(?<!\d)(?<!\d )%|percent|sensitivity|specificity|predictive value|\bPPV\b|\bNPV\b|accuracy|proportion",
    re.IGNORECASE,
)
NO_RATE = re.compile(r"likelihood|odds|ratio|score|index|AUC|area under|median|mean|difference|change", re.IGNORECASE)
UNIT = re.compile(
    r"(?:^|[\s,(\[—-])(?:years?|yrs?|y|months?|mo|weeks?|wk|days?|d|hours?|hrs?|h|min(?:utes?)?|seconds?|sec|c?mm?|mm "
    r"?Hg|kPa|kg(?:/m[2²]?)?|m?g(?:/d?L|/L|/day|/d|/kg)?|[µμ]g(?:/\w+)?|ng/mL|pg/mL|U/mL|I?U/m?L|mmol(?:/\w+)?|"
    r"[µμ]mol(?:/\w+)?|mL(?:/min)?\b[^)]*|mL|dL|L|kcal(?:/\w+)?|beats/min|bpm|points?|score|ratio|index|°C|Gy|"
    r"cells/\S+)(?=[\s,)\]*†‡§]|$)",
    re.IGNORECASE,
)
NO_COUNT = re.compile(
    r"\b(?:medians?|means?|average|range|iqr|sd|se|score|index|ratio|rate|incidence|weight|duration|time|age at|dose|"
    r"coefficient|per|i2|tau|mortality|volume|diameter|size|level|concentration|pressure|interval|length|z)\b|²",
    re.IGNORECASE,
)
LEVEL = re.compile(r"9\d(?:\.\d)? ?% ?(?:ci|confidence)", re.IGNORECASE)
"""The level of an interval, whose sign of percent is none of the cells."""
SIGHT = re.compile(r"acuity|snellen|pressure|mm ?Hg|ratio", re.IGNORECASE)


_LAST = re.compile(r"\t|\||\s{2,}")


Read = tuple[str, Quantities, int, str]
"""Kind, quantities, length in characters, and what more is known of a cell: `column`, `explicit`, `limits`."""


class Place:
    """A cell with all that is said about it: the head of its column, the label of its row, the caption."""

    def __init__(self, cell: Cell, head: str, label: str, heading: str, caption: str) -> None:
        self.head, self.label, self.caption = head, label, caption
        self.heading = _LAST.split(heading)[-1] if not heading.startswith("Table ") else ""
        self.near = f"{head} | {label} | {self.heading}"
        self.words = MARKS.sub("", cell.words)

    @property
    def is_p(self) -> bool:
        """Whether the column or the row is one of P values."""
        return P_HEAD.search(self.head) is not None or P_HEAD.search(self.label) is not None

    @property
    def headed(self) -> bool:
        """Whether the head of the column names a ratio."""
        return headed(self.head)

    @property
    def measure(self) -> Measure | None:
        """HR, OR or RR, where the head, the row or the caption names the ratio."""
        if COEFFICIENT.search(self.head):
            return None
        own = MEDIAN_WORDS.search(self.head) is not None and not headed(self.head)
        for where in (self.head, self.label, "" if own else self.heading):
            for name, pattern in MEASURES:
                if pattern.search(where):
                    return name
        if own or _NO_RATIO.search(f"{self.head} {self.label}") or RATE.search(f"{self.head} {self.label}"):
            return None
        return next((name for name, pattern in MEASURES if pattern.search(self.caption)), None)


def headed(words: str) -> bool:
    """Whether words name a hazard, odds or risk ratio."""
    return any(pattern.search(words) for _, pattern in MEASURES)
