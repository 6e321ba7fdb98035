"""Headings and words by language, as data: one TOML table a language."""

from __future__ import annotations

from codon12.init.vocabulary.cells import is_missing, sex_letters, sexes_of, vital_letters, vital_word, words_of
from codon12.init.vocabulary.headings import date_role, heading_roles, made_role, without_form
from codon12.init.vocabulary.languages import LANGUAGES, beside_words, date_words
from codon12.init.vocabulary.named import endpoint_of, gene_of, genes, parts_of, since_of, unit_of, vital_of
from codon12.init.vocabulary.spelling import compact, spoken_word, without_unit, words

__all__ = [
    "LANGUAGES",
    "beside_words",
    "compact",
    "date_role",
    "date_words",
    "endpoint_of",
    "gene_of",
    "genes",
    "heading_roles",
    "is_missing",
    "made_role",
    "parts_of",
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
