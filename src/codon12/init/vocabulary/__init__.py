"""Headings and words by language, as data: one TOML table a language."""

from __future__ import annotations

from codon12.init.vocabulary.cells import (
    answers_in,
    is_missing,
    response_word,
    sex_letters,
    sexes_of,
    vital_letters,
    vital_word,
    words_of,
)
from codon12.init.vocabulary.headings import date_role, heading_roles, made_role, without_form
from codon12.init.vocabulary.languages import LANGUAGES, beside_words, date_words
from codon12.init.vocabulary.named import (
    change_of,
    endpoint_of,
    gene_of,
    gene_roles,
    parts_of,
    since_of,
    unit_of,
    vital_of,
)
from codon12.init.vocabulary.spelling import compact, spoken_word, without_unit, words

__all__ = [
    "LANGUAGES",
    "answers_in",
    "beside_words",
    "change_of",
    "compact",
    "date_role",
    "date_words",
    "endpoint_of",
    "gene_of",
    "gene_roles",
    "heading_roles",
    "is_missing",
    "made_role",
    "parts_of",
    "response_word",
    "sex_letters",
    "sexes_of",
    "since_of",
    "spoken_word",
    "unit_of",
    "vital_letters",
    "vital_of",
    "vital_word",
    "without_form",
    "without_unit",
    "words",
    "words_of",
]
