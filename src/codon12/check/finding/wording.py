"""The words of a label and of running text made alike: spelling, endings, and what else a thing is called."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["mentions", "whole_words"]

_ENDINGS = ("ations", "ation", "able", "ated", "ating", "ates", "ions", "ing", "ion", "ives", "ive", "ers", "er", "ed",
            "es", "is", "s", "e")  # fmt: skip
_SHORTEST = 4
_SAME = {
    "women": "femal",
    "woman": "femal",
    "men": "mal",
    "man": "mal",
    "male": "mal",
    "males": "mal",
    "prior": "previou",
    "previously": "previou",
    "tumour": "tumor",
    "immunotherapy": "checkpoint",
    "continuing": "ongoing",
}
_FEW = frozenset({"the", "and", "with", "for", "was", "were", "from", "had", "who", "patient", "patients", "months"})


def whole_words(text: str) -> frozenset[str]:
    """The words of a text, in one spelling and without their endings; `pneumonia` is not `pneumonitis`.

    Examples
    --------
    >>> sorted(whole_words("Dose reductions; diarrhoea")), sorted(whole_words("Diarrhea, dose reduced"))
    (['diarrhea', 'dose', 'reduc'], ['diarrhea', 'dose', 'reduc'])
    """
    plain = re.sub(r"\bnon-", "non", text.lower())
    return frozenset(
        _bare(w) for w in re.findall(r"[a-z]{3,}\d*|[a-z]+\d+[a-z]+|[a-z]{2}\d{2,}", plain) if w not in _FEW
    )


@lru_cache(maxsize=4096)
def _bare(word: str) -> str:
    word = _SAME.get(word, word.replace("oe", "e").replace("ae", "e").replace("our", "or"))
    if word[-1].isdigit():
        return word
    short = next((word[: -len(e)] for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= _SHORTEST), word)
    return short[:-1] if short.endswith("uct") else short


def mentions(words: frozenset[str], text: str) -> bool:
    """Whether a text has all the words of a label, and the label has any."""
    return bool(words) and words <= whole_words(text)
