"""British spelling as American, for studies whose report is to be in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

__all__ = ["Language", "respelled", "respelled_keys"]

Language = Literal["en-GB", "en-US"]

_STEMS: Mapping[str, str] = {
    "tumour": "tumor",
    "randomis": "randomiz",
    "favour": "favor",
    "colour": "color",
    "behaviour": "behavior",
    "characteris": "characteriz",
    "standardis": "standardiz",
    "summaris": "summariz",
    "localis": "localiz",
    "generalis": "generaliz",
    "normalis": "normaliz",
    "categoris": "categoriz",
    "recognis": "recogniz",
    "hospitalis": "hospitaliz",
    "analysed": "analyzed",
    "analyse ": "analyze ",
    "labelled": "labeled",
    "diarrhoea": "diarrhea",
    "anaemia": "anemia",
    "leukaemia": "leukemia",
    "ischaemi": "ischemi",
    "hyperglycaemia": "hyperglycemia",
    "hypoglycaemia": "hypoglycemia",
    "kalaemia": "kalemia",
    "natraemia": "natremia",
    "calcaemia": "calcemia",
    "magnesaemia": "magnesemia",
    "albuminaemia": "albuminemia",
    "uricaemia": "uricemia",
    "phosphataemia": "phosphatemia",
    "bacteraemia": "bacteremia",
    "haemat": "hemat",
    "haemo": "hemo",
    "oedema": "edema",
    "dyspnoea": "dyspnea",
    "oesophag": "esophag",
    "paraesthesia": "paresthesia",
    "paediatric": "pediatric",
    "gynaecolog": "gynecolog",
    "orthopaedic": "orthopedic",
}
"""Stems of words that codon12 and MedDRA print in British spelling. ``characteristic`` has one spelling."""


@cache
def _pattern() -> re.Pattern[str]:
    stems = "|".join(sorted(_STEMS, key=len, reverse=True))
    return re.compile(stems.replace("characteris", "characteris(?!t)"), re.IGNORECASE)


def respelled(text: str, language: Language) -> str:
    """Text in a spelling; British text is what everything is written in.

    Examples
    --------
    >>> respelled("Tumour response of patients randomised; DIARRHOEA; baseline characteristics", "en-US")
    'Tumor response of patients randomized; DIARRHEA; baseline characteristics'
    >>> respelled("Tumour response", "en-GB")
    'Tumour response'
    """
    return text if language == "en-GB" else _pattern().sub(_american, text)


def _american(found: re.Match[str]) -> str:
    old = found[0]
    new = _STEMS[old.lower()]
    return new.upper() if old.isupper() else new.capitalize() if old[:1].isupper() else new


def respelled_keys(value: Any, language: Language, keys: frozenset[str], *, inside: bool = False) -> Any:
    """Nested value with the texts under some keys in a spelling; every other text is what it was.

    Examples
    --------
    >>> respelled_keys({"title": "Tumour", "field": "tumour"}, "en-US", frozenset({"title"}))
    {'title': 'Tumor', 'field': 'tumour'}
    """
    if language == "en-GB":
        return value
    if isinstance(value, Mapping):
        return {k: respelled_keys(v, language, keys, inside=k in keys) for k, v in value.items()}
    if isinstance(value, list):
        return [respelled_keys(v, language, keys, inside=inside) for v in value]
    return respelled(value, language) if inside and isinstance(value, str) else value
