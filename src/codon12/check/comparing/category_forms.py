"""How running text may word a category: `at least 50%` for `>=50`, `aged 65 or older`, `stage II`, `women`."""

from __future__ import annotations

from collections.abc import Iterable

from codon12.check import patterns as re

__all__ = ["pattern_of", "pattern_of_gene", "with_and_without"]

_DIGITS = dict(enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")))
_SHORT = 4
"""Codes of more letters than these are words."""
_NUMBER = r"\d+(?:\.\d+)?"
_UP = r"(?:more|higher|greater|above|older|over)"
_DOWN = r"(?:less|lower|fewer|younger|below|under)"
_BARE_WILD = (
    r"\bwt\b|\bwild[- ]?type\b|\b(?:un|non-?)mutated\b|"
    r"\bwithout(?: (?:an? |any |such )?(?:mutat|alter)\w*)?(?=\s*(?:[.,;()]|$|and\b))"
)
_SEXES = {"female": r"\b(?:females?|women|woman)\b", "male": r"\b(?:males?|men|man)\b"}


def pattern_of(variable: str, words: Iterable[str]) -> re.Pattern[str]:
    """The pattern of a category of a variable that is called by any of some words.

    Examples
    --------
    >>> pattern_of("TPS", ["<1"]).search("a score below 1%")[0]
    'below 1'
    """
    return re.compile("|".join(sorted({_form(variable, w) for w in words})), re.IGNORECASE)


def _n(digits: str) -> str:
    """A number in digits or, up to ten, in a word."""
    word = _DIGITS.get(int(digits)) if digits.isdigit() and int(digits) in _DIGITS else None
    own = rf"(?<![\d.]){re.escape(digits)}(?![\d]|\.\d)"
    return rf"(?:{own}|\b{word}\b)" if word else own


def _form(variable: str, said: str) -> str:
    """The pattern of one way to call a category."""
    compact = said.replace(" ", "").replace("≥", ">=").replace("≤", "<=").replace("–", "-").rstrip("%")
    unit = r" ?(?:%|years?(?: of age| old)?|mut\w*(?:/Mb)?|sites?)?"
    if m := re.fullmatch(rf"<({_NUMBER})", compact):
        return rf"(?:< ?|\b{_DOWN} (?:than )?(?:an? )?(?:age of )?){_n(m[1])}"
    if m := re.fullmatch(rf">=({_NUMBER})", compact):
        n = _n(m[1])
        return rf"(?:≥ ?|>= ?|\bat least |\bminimum of ){n}|{n}{unit},? (?:or|and|years or) {_UP}|{n}\+"
    if m := re.fullmatch(rf"({_NUMBER})%?-({_NUMBER})", compact):
        return rf"{_n(m[1])} ?%? ?(?:-|–|to|through) ?{_n(m[2])}|\bbetween {_n(m[1])} ?%? and {_n(m[2])}"
    if re.fullmatch(r"\d", compact):
        n = _n(compact)
        name = re.escape(variable)
        return (
            rf"(?:{name}|\bPS|\b(?:status|score)s?)(?: \w+){{0,3}}?[ =:,(]+{n}(?! ?%)|"
            rf"(?:and|or|,) (?:of )?{n}(?= (?:in|for|among|was|were)\b)|"
            rf"{n}(?=(?:(?:,? and |,? or |, )\d)* (?:previous|prior|earlier)\b)|"
            rf"(?:and|or|[,;:]) (?:\b{_DIGITS[int(compact)]}\b:?|{compact}:)(?= [(]?\d)"
            + (rf"|{n} {name.rstrip('sS')}s?\b" if variable.isalpha() and len(variable) > _SHORT else "")
        )
    if re.fullmatch(r"[IV]+[A-C]?", said):
        return rf"\bstages? {said}\b(?![-–/])|(?<=and ){said}\b|(?<=, ){said}\b"
    if said.lower() in _SEXES:
        return _SEXES[said.lower()]
    if len(said) == 1 or re.search("[<>≤≥]", said):
        return r"(?!)"
    return rf"(?<![\w-]){_spelled(said)}"


def _spelled(said: str) -> str:
    """The words of a category in running text: their stems in order, small ones between."""
    words = re.findall(r"[^\W_]+", said)
    stems = [re.escape(w[:-1] if len(w) > 5 and w[-1] in "sde" else w) + (r"\w*" if len(w) > 3 else "") for w in words]
    if len(words) > 1 and words[0].lower() == "non":
        stems[:2] = [rf"non[\W_]*{stems[1]}"]
    return r"[\W_]+".join(stems) + r"(?!\w)"


def _name(gene: str) -> str:
    return "[- ]?".join(re.escape(x) for x in re.findall(r"[A-Za-z]+\d*|\d+", gene))


def with_and_without(gene: str) -> str:
    """The pattern of words that set those with a gene mutated against those without."""
    return rf"\b(?:with (?:and|or|vs\.?|versus) without|between) (?:an? )?{_name(gene)}\b[- ]?(?:mutat\w*|alter\w*)?"


def pattern_of_gene(gene: str, *, mutated: bool, alone: bool) -> re.Pattern[str]:
    """The pattern of a gene that is mutated or of wild type; its state by itself too where it is the only gene named.

    Examples
    --------
    >>> pattern_of_gene("STK11", mutated=True, alone=False).search("mutations in STK11")[0]
    'mutations in STK11'
    """
    name = _name(gene)
    if mutated:
        forms = [
            rf"\b{name}[- ](?:[pG]\.?\w+ )?(?:mutat\w*|mutant\w*|alter\w*|positive)",
            rf"\b{name}[- ]?mut\b",
            rf"\bmutat\w*[- ](?:in |of )?(?:the )?{name}\b",
            rf"\b{name} (?:was|were|is|gene was) (?:found )?(?:to be )?(?:mutated|altered)\b",
        ]
        bare = r"(?<!non-)(?<!without )(?<!without a )(?<!no )\b(?:mutat\w*|mutants?|mut)\b(?! ?/ ?Mb)"
    else:
        forms = [
            rf"\b{name}(?:[- ](?:wild[- ]?type|negative)|[- ]?wt\b)",
            rf"\bwild[- ]?type[- ](?:for )?{name}\b",
            rf"\b{name} (?:was|were|is|gene was) wild[- ]?type\b",
            rf"\b(?:no|without(?: an?)?) {name}[- ](?:mutat|alter)\w*",
        ]
        bare = _BARE_WILD
    return re.compile("|".join([*forms, bare] if alone else forms), re.IGNORECASE)
