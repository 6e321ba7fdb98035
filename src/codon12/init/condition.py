"""How patients are, where cells say it in their own words: Karnofsky's scores, what people write about smoking."""

from __future__ import annotations

import re
from collections.abc import Sequence

from codon12.init.values import Values
from codon12.init.vocabulary import spoken_word, words

__all__ = ["karnofsky_scores", "smoking_words"]

_KARNOFSKY = re.compile(r"(?:(?:kps|karnofsky|kpsi?|ki|pk|ik)\W*)?(100|[1-9]0)\s*%?", re.IGNORECASE)
_MOST_WORDS = 3
"""A registry that codes smoking has so many words for it; more are sentences, which are read."""
_NEVER = ("never", "nie", "nunca", "mai", "jamais", "nooit", "nicht", "non", "lifelong")
_FORMER = ("ex", "former", "ehemalig", "quit", "stopped", "ancien", "antigu", "voormalig")
_CURRENT = ("current", "active", "aktiv", "aktuell", "actif", "actual", "attivo", "attuale", "huidig")
_SMOKER = ("smoker", "smoking", "smokes", "raucher", "fumad", "fumant", "fumeu", "fumat", "roker")
_AMOUNT = (
    *("py", "pys", "pack", "packs", "year", "years", "yrs", "yr", "day", "cig", "cigs", "cigarettes", "per", "a", "d"),
    *("paquets", "annee", "jahre", "paq", "ano", "anni", "pacchetti", "jaar"),
)
_SHORT = 3
"""A beginning of so few letters is the whole word."""


def karnofsky_scores(values: Values) -> dict[str, str] | None:
    """Scores of Karnofsky with words or signs beside them -> the number; None where a cell is no such score.

    Examples
    --------
    >>> import polars as pl
    >>> from codon12.init.values import values_of
    >>> karnofsky_scores(values_of(pl.Series(["KPS 80", "100%", "90"])))
    {'100%': '100', 'KPS 80': '80'}
    >>> karnofsky_scores(values_of(pl.Series(["0", "1"]))) is None
    True
    """
    found = {w: _KARNOFSKY.fullmatch(w.strip()) for w in values.words}
    if not found or values.distinct > len(found) or not all(found.values()):
        return None
    return {w: m.group(1) for w, m in found.items() if m is not None and m.group(1) != w}


def smoking_words(values: Values) -> dict[str, str]:
    """Sentences about smoking -> Never, Former, Current; none where few words are a code, or one is not understood.

    Examples
    --------
    >>> import polars as pl
    >>> from codon12.init.values import values_of
    >>> smoking_words(values_of(pl.Series(["Never smoker", "ex, quit 2010", "smoker 30 PY", "Ex (2003)"])))
    {'Ex (2003)': 'Former', 'Never smoker': 'Never', 'ex, quit 2010': 'Former', 'smoker 30 PY': 'Current'}
    """
    if values.distinct <= _MOST_WORDS or values.distinct > len(values.words):
        return {}
    read = {w: _smoked(words(spoken_word(w))) for w in values.words}
    return {} if None in read.values() else {w: str(said) for w, said in read.items()}


def _smoked(spoken: Sequence[str]) -> str | None:
    """What a sentence says; None where a word in it is not known, which may turn it (no longer, until 2010)."""
    never, former, current = (any(_is(w, stems) for w in spoken) for stems in (_NEVER, _FORMER, _CURRENT))
    if former:
        return None if never or current else "Former"
    known = all(_is(w, (*_NEVER, *_CURRENT, *_SMOKER)) or w in _AMOUNT or w.isdigit() for w in spoken)
    if not known or not spoken or (never and (current or any(w.isdigit() for w in spoken))):
        return None
    return "Never" if never else "Current"


def _is(word: str, stems: Sequence[str]) -> bool:
    return any(word == s or (len(s) > _SHORT and word.startswith(s)) for s in stems)
