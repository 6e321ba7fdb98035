"""A row of a baseline table and the study's number of that variable and category, however the row words it.

``Female sex``, ``Never smoked`` under ``Smoking history``, ``Yes`` and ``No`` under ``Brain metastasis``,
``Chemotherapy`` under ``Type of previous therapy``, ``1`` under ``ECOG performance status``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from codon12.check import patterns as re
from codon12.check.comparing.equality import Row
from codon12.check.comparing.near import stems
from codon12.check.statements import Statement

__all__ = ["Baseline"]

_FILLERS = stems("previous prior patients data agent history status type disease with the and for subjects score")
"""Words that a row may have or lack and still be of the same category."""
_VAGUE = stems(
    "other never ever current former missing unknown none any high low positive negative mild moderate severe left "
    "right local central first second third normal abnormal"
)
"""Words that are categories of many variables: they need the name of theirs."""
_ALIKE = 4
"""Letters that words of one stem share: smoker, smoked, smoking."""
_YES, _NO = {"yes", "y", "present"}, {"no", "n", "absent"}
_SAID_YES = {"Y", "YES", "1", "TRUE"}
_FEWEST = 2


class Baseline:
    """The counts of baseline characteristics in the evidence, by variable and category."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows: dict[tuple[str, str | None], list[Row]] = defaultdict(list)
        for row in rows:
            variable = row["variable"]
            if variable and row["kind"] in {"count", "fraction"} and str(row["endpoint"]).startswith("baseline."):
                self._rows[(variable, row["category"])].append(row)
        self._words = {key: stems(str(rows[0]["label"] or "")) - _FILLERS for key, rows in self._rows.items()}
        self._missing = {variable for variable, category in self._rows if category is None}

    def of(self, s: Statement, heading: str) -> list[Row]:
        """The numbers a cell must be about, of all columns; none where two categories are meant as well."""
        if s.kind != "table_cell" or s.quantities.percent is None:
            return []
        label = s.label.strip(" :*†‡§¶‖").lower()
        if label in _YES | _NO:
            return self._said(heading, yes=label in _YES)
        named = [
            key
            for key in self._rows
            if (key[1] or "").lower() == label and re.search(rf"\b{re.escape(key[0])}\b", heading, re.IGNORECASE)
        ]
        if not named:
            words, above = stems(label) - _FILLERS, stems(heading)
            named = [key for key in self._rows if self._exactly(key, words, above)]
            named = named or self._nearest(words, above)
        return self._rows[named[0]] if len(named) == 1 else []

    def _said(self, heading: str, *, yes: bool) -> list[Row]:
        """Those who have what a heading names, or those who have not, where nobody is missing."""
        words = stems(heading.split("—", maxsplit=1)[0]) - _FILLERS
        found = [
            key
            for key, own in self._words.items()
            if own and own == words and str(key[1]).upper() in _SAID_YES and (yes or key[0] not in self._missing)
        ]
        if len(found) != 1:
            return []
        rows = self._rows[found[0]]
        return rows if yes else [_others(row) for row in rows if row["n"] is not None and row["N"]]

    def _exactly(self, key: tuple[str, str | None], words: frozenset[str], above: frozenset[str]) -> bool:
        """The words of the category, with those of its variable or of one category alone."""
        own, variable = self._words[key], stems(key[0].replace("_", " "))
        if not own or not words or not own <= words:
            return False
        rest = words - own
        if any(not _named(w, variable) for w in rest):
            return False
        alone = sum(own == other for other in self._words.values()) == 1
        telling = alone and (len(own) >= _FEWEST or not own & _VAGUE)
        return bool(rest) or telling or any(_named(v, above) for v in variable)

    def _nearest(self, words: frozenset[str], above: frozenset[str]) -> list[tuple[str, str | None]]:
        """The category that shares most words with a row; none where another shares as many."""
        shared = {key: len(words & own) for key, own in self._words.items()}
        near = [key for key in self._rows if self._nearly(key, words, above)]
        most = max((shared[key] for key in near), default=0)
        return near if sum(n >= most for n in shared.values()) == 1 else []

    def _nearly(self, key: tuple[str, str | None], words: frozenset[str], above: frozenset[str]) -> bool:
        """Some of the words of a category under its variable, or all of them and one more."""
        own, variable = self._words[key], stems(key[0].replace("_", " "))
        if words and words < own and any(_named(v, above) for v in variable):
            return True
        return len(own) >= _FEWEST and own < words and len(words - own) == 1


def _named(word: str, among: frozenset[str]) -> bool:
    return (
        any(word[:_ALIKE] == other[:_ALIKE] for other in among if min(len(word), len(other)) >= _ALIKE) or word in among
    )


def _others(row: Row) -> Row:
    """The rest of the subjects of a row."""
    n = row["N"] - row["n"]
    return row | {"n": n, "value": 100 * n / row["N"], "lower": None, "upper": None}
