"""Reading one sentence or row: its text, tokens and atoms, and the statements drafted from them."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.atoms import Atom
from codon12.check.finding.lexicon import Outcomes, method_named
from codon12.check.finding.tokens import Token
from codon12.check.statements import Quantities, Strength

__all__ = ["Draft", "Reading"]

_CLOSE = {")", "]"}
_KAPLAN = re.compile(r"kaplan-?\s?meier", re.IGNORECASE)
_HOW = re.compile(r"\b(?:calculated|summari[sz]ed|estimated|computed|provided|method|using)\b")
_DESIGN = re.compile(r"\b(?:probability|futility|interim|predictive|sample size|power)\b")
_OF_DESIGN = ("probability", "futility", "interim", "predictive", "sample size", "power")
_RECENT = 30
"""How many atoms back a sentence is read for what an abbreviated one means."""


def _method_of(sentence: str) -> str | None:
    method, kaplan = method_named(sentence), _KAPLAN.search(sentence) is not None
    if not _HOW.search(sentence) or not (method or kaplan or "exact" in sentence):
        return None
    return method or ("unspecified" if kaplan else "clopper-pearson")


class Draft:
    """A statement before its offsets are known: token range, kind and quantities."""

    __slots__ = ("approximate", "column", "explicit", "i", "j", "kind", "label", "quantities", "tie")

    def __init__(
        self,
        kind: str,
        i: int,
        j: int,
        quantities: Quantities,
        *,
        explicit: bool = False,
        approximate: bool = False,
        label: str = "",
        column: int | None = None,
        tie: Strength = "explicit",
    ) -> None:
        self.kind, self.i, self.j, self.quantities = kind, i, j, quantities
        self.explicit, self.approximate, self.label, self.column = explicit, approximate, label, column
        self.tie: Strength = tie


class Reading:
    """A passage with its tokens and atoms; `gap` and `before` answer what stands around an atom."""

    __slots__ = ("_method", "_outcomes", "atoms", "is_design", "passage", "text", "tokens")

    def __init__(self, passage: Passage, text: str, tokens: list[Token], atoms: list[Atom]) -> None:
        self.passage, self.text, self.tokens, self.atoms = passage, text, tokens, atoms
        small = text[passage.start : passage.end].lower()
        self.is_design = any(map(small.__contains__, _OF_DESIGN)) and _DESIGN.search(small) is not None
        """Whether the sentence speaks of how the trial was planned."""
        self._method: tuple[str | None] | None = None
        self._outcomes: Outcomes | None = None

    def atom(self, k: int) -> Atom | None:
        """Atom `k`, or None past either end."""
        return self.atoms[k] if 0 <= k < len(self.atoms) else None

    def low(self, i: int) -> str:
        """Token `i` in lower case, or nothing past either end."""
        return self.tokens[i].lower if 0 <= i < len(self.tokens) else ""

    @property
    def outcomes(self) -> Outcomes:
        """Where the sentence names outcomes."""
        if self._outcomes is None:
            self._outcomes = Outcomes(self.text, self.passage.start, self.passage.end)
        return self._outcomes

    @property
    def method(self) -> str | None:
        """Interval method the sentence says was used; `unspecified` where it says only that intervals were made."""
        if self._method is None:
            self._method = (_method_of(self.text[self.passage.start : self.passage.end]),)
        return self._method[0]

    def recent(self, k: int) -> list[Atom]:
        """The atoms before atom `k`, a bounded number of them."""
        return self.atoms[max(0, k - _RECENT) : k]

    def gap(self, k: int) -> list[str]:
        """Tokens between atom `k` and the next atom (at most 14, else a stop)."""
        first, second = self.atoms[k], self.atom(k + 1)
        if second is None or second.i - first.j > 14:
            return ["<far>"]
        return [t.lower for t in self.tokens[first.j : second.i]]

    def before(self, i: int, count: int) -> str:
        """Text of up to `count` tokens before token `i`."""
        if i <= 0:
            return ""
        return self.text[self.tokens[max(0, i - count)].start : self.tokens[i - 1].end]

    def after(self, j: int, count: int) -> list[str]:
        """Up to `count` tokens from `j` on."""
        return [t.lower for t in self.tokens[j : j + count]]

    def words_after(self, j: int, count: int) -> list[str]:
        """Words from `j` on, up to the first sign other than a hyphen."""
        out: list[str] = []
        for token in self.tokens[j : j + count]:
            if token.kind != "word":
                break
            out.append(token.lower)
        return out

    def closed(self, j: int) -> int:
        """`j`, past a closing bracket that stands there."""
        return j + 1 if self.low(j) in _CLOSE else j
