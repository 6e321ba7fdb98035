"""Numbers of a form: read within their ends, or refused by name."""

from __future__ import annotations

from typing import Any

import msgspec

from codon12.errors import UsageError

__all__ = ["Field", "read_fields"]


class Field(msgspec.Struct, frozen=True):
    """One number that a reader moves."""

    name: str
    words: str
    value: float
    low: float
    high: float
    step: float
    unit: str = ""

    @property
    def text(self) -> str:
        """The value as a form shows it."""
        return f"{self.value:.6g}"


def read_fields(fields: tuple[Field, ...], query: Any) -> tuple[Field, ...]:
    """Give the fields with the values of an address; what it does not name keeps its own.

    Raises
    ------
    UsageError
        No number, or one outside the ends of its field.
    """
    out = []
    for field in fields:
        given = str(query.get(field.name) or "").strip()
        if not given:
            out.append(field)
            continue
        try:
            value = float(given)
        except ValueError:
            raise UsageError(f"{field.words}: a number was expected") from None
        if not field.low <= value <= field.high:
            raise UsageError(f"{field.words}: between {field.low:g} and {field.high:g}")
        out.append(msgspec.structs.replace(field, value=value))
    return tuple(out)
