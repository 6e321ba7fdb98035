"""What becomes of tables: sections of ``codon12.toml``, beliefs, questions, notes."""

from __future__ import annotations

import msgspec

from codon12.init.belief import Question, TableBelief

__all__ = ["Plan"]


class Plan(msgspec.Struct, kw_only=True):
    """What plain tables give."""

    lines: list[str] = []
    format: str = "tables"
    tables: list[TableBelief] = []
    questions: list[Question] = []
    notes: list[str] = []
    assumed: list[str] = []
    """What was taken without a question, a sentence each."""
