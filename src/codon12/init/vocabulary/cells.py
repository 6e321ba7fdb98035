"""Words of cells: of sex, of life and death, of every kind."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from codon12.init.vocabulary.languages import beside_words, language_tables
from codon12.init.vocabulary.spelling import spoken_word

__all__ = [
    "answers_in",
    "is_missing",
    "response_word",
    "sex_letters",
    "sexes_of",
    "vital_letters",
    "vital_word",
    "words_of",
]

_DEGREES = {
    "CR": r"cr|[ck]omplet\w{0,3}|voll|vollstandige?s?|volledige?",
    "PR": r"pr|parti[ea]\w{0,4}|parcial|parziale|teil|teilweise|gedeeltelijke?",
    "SD": r"sd|stab[ie]\w{0,5}|estable|estavel|stazionari\w",
    "PD": r"pd|progr?essi[ov]\w{0,3}|progressao|progresion|progress|progredient\w{0,2}|progressie",
}
"""Words for how far a tumour responded, in languages that make a response of two words or of a compound."""
_RESPONDED = (
    r"remiss\w{1,4}|remision|remissao|respon\w{1,4}|respuesta|resposta|reponse|risposta|ansprechen|disease|erkrankung|"
    r"krankheit|krankheitsverlauf|maladie|enfermedad|malattia|doenca|ziekte"
)
_AS_WELL = frozenset(
    (
        "confirmed",
        "bestatigt",
        "confirmee",
        "confirmada",
        "confermata",
        "bevestigd",
        "of",
        "de",
        "la",
        "di",
        "da",
        "der",
    )
)
_TURNS = frozenset(("not", "no", "non", "nicht", "niet", "or", "oder", "ou", "o"))
"""Words after dead or alive that leave it open."""


def sexes_of(cells: Iterable[str], language: str | None = None) -> dict[str, str] | None:
    """Read words and letters for sexes as M and F; None where one is not known or languages disagree about it.

    Letters are read together, since M is male beside F and female beside H; those of `language`, if it has such a
    pair, go before the others.

    Examples
    --------
    >>> sexes_of(["H", "M"]), sexes_of(["M", "F"], "english"), sexes_of(["M", "V"]), sexes_of(["M", "V"], "dutch")
    ({'H': 'M', 'M': 'F'}, {'M': 'M', 'F': 'F'}, None, {'M': 'M', 'V': 'F'})
    """
    known = words_of("female", "male")
    short = {"female": "F", "male": "M"}
    read = {c: short[known[spoken_word(c)]] for c in cells if spoken_word(c) in known}
    letters = {c: spoken_word(c) for c in cells if c not in read}
    if not letters:
        return read or None
    pairs = [(name, pair) for name, t in language_tables().items() for pair in t.get("sexes", {}).get("letters", ())]
    fitting = [(name, pair) for name, pair in pairs if set(letters.values()) <= set(pair)]
    own = [(name, pair) for name, pair in fitting if name == language] or fitting
    readings = {tuple("M" if said == pair[0] else "F" for said in letters.values()) for _, pair in own}
    if len(readings) != 1:
        return None
    return {c: read[c] if c in read else dict(zip(letters, readings.copy().pop(), strict=True))[c] for c in cells}


def sex_letters() -> set[str]:
    """Letters that may stand for a sex."""
    return {
        letter for t in language_tables().values() for pair in t.get("sexes", {}).get("letters", ()) for letter in pair
    }


def vital_word(text: str) -> str | None:
    """Give ``dead`` or ``alive`` where a cell says so, with whatever else it says after that.

    Examples
    --------
    >>> [vital_word(w) for w in ("Dead of disease", "lebt", "verstorben (Tumor)", "not dead", "1:DECEASED", "PR")]
    ['dead', 'alive', 'dead', None, 'dead', None]
    """
    said, known = spoken_word(text), words_of("dead", "alive")
    if said in known:
        return known[said]
    first, *rest = re.findall(r"[^\W_]+", said) or [""]
    return None if set(rest[:1]) & _TURNS else known.get(first)


@cache
def response_word(text: str) -> str | None:
    """Give the response of RECIST that a cell says: by a word that is known, or by words for its degree and a response.

    Examples
    --------
    >>> [response_word(w) for w in ("PR", "Komplettremission", "Confirmed partial response (PR)", "stabil")]
    ['PR', 'CR', 'PR', 'SD']
    >>> [response_word(w) for w in ("no progressive disease", "treatment completed", "partial, then progression")]
    [None, None, None]
    """
    said, known = spoken_word(text), words_of("CR", "PR", "SD", "PD", "NE")
    if said in known:
        return known[said]
    found, nouns = set(), 0
    for token in re.findall(r"[^\W_]+", said):
        degree = next(
            (d for d, stem in _DEGREES.items() if re.fullmatch(f"(?:{stem})(?:s?(?:{_RESPONDED}))?", token)), None
        )
        noun = re.fullmatch(f".*(?:{_RESPONDED})", token) if degree else re.fullmatch(_RESPONDED, token)
        if degree is None and noun is None and token not in _AS_WELL:
            return None
        found |= {degree} - {None}
        nouns += noun is not None
    return found.pop() if len(found) == 1 and nouns else None


def vital_letters(cells: Iterable[str]) -> dict[str, str] | None:
    """Read letters for alive, dead and lost; None where they are others, or languages disagree about them.

    Examples
    --------
    >>> vital_letters(["A", "D", "L"]), vital_letters(["V", "F"]), vital_letters(["A"]), vital_letters(["Y", "N"])
    ({'A': 'alive', 'D': 'dead', 'L': 'alive'}, {'V': 'alive', 'F': 'dead'}, None, None)
    """
    letters = {c: spoken_word(c) for c in cells}
    meanings = ("alive", "dead", "alive")
    readings = set()
    for table in language_tables().values():
        known = dict(zip(table.get("vital", {}).get("letters", ()), meanings, strict=False))
        if set(letters.values()) <= known.keys():
            read = tuple(known[said] for said in letters.values())
            readings |= {read} if {*read} == {"alive", "dead"} else set()
    return dict(zip(letters, readings.pop(), strict=True)) if len(readings) == 1 else None


def answers_in(cells: Iterable[str]) -> dict[str, str]:
    """Words for yes and no -> which, with those that are words for it only beside the other one.

    Examples
    --------
    >>> [answers_in(cells).get("ne") for cells in (["ano", "ne"], ["yes", "NE"])]
    ['no', None]
    """
    said = {spoken_word(c) for c in cells}
    pairs = (pair for t in language_tables().values() for pair in t.get("answers", {}).get("pairs", ()))
    beside = {word: kind for pair in pairs if {*pair} <= said for word, kind in zip(pair, ("yes", "no"), strict=True)}
    return words_of("yes", "no") | beside


def is_missing(text: str) -> bool:
    """Tell whether a cell says that nothing is known: by a word for that, or by what was not done.

    Examples
    --------
    >>> [is_missing(c) for c in ("n.d.", "nicht durchgeführt", "no realizado", "not detected", "NE")]
    [True, True, True, False, False]
    """
    said = spoken_word(text)
    unknown = words_of("unknown")
    if said in unknown or (len(said) > 1 and re.sub(r"[.\s]", "", said) in unknown):
        return True
    first, *rest = re.findall(r"[^\W_]+", said) or [""]
    return first in beside_words("nots") and len(rest) == 1 and rest[0] in beside_words("deeds")


@cache
def words_of(*kinds: str) -> dict[str, str]:
    """Words of some kinds in all languages -> the kind; a word of two kinds has the first.

    Examples
    --------
    >>> words_of("female", "male")[spoken_word("Männlich")]
    'male'
    """
    out: dict[str, str] = {}
    for kind in kinds:
        for table in language_tables().values():
            for word in table["words"].get(kind, ()):
                out.setdefault(spoken_word(word), kind)
    return out
