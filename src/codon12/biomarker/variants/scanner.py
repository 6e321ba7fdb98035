"""A cursor over a text, whose errors point at the character."""

from __future__ import annotations

import re
from typing import NoReturn

from codon12.errors import UsageError
from codon12.records.findings import shown as shorten

__all__ = ["Scanner"]


class Scanner:
    """Reads a text from left to right by patterns, and says where it could not go on."""

    def __init__(self, text: str, *, what: str, at: int = 0) -> None:
        self.text = text
        self.what = what
        self.at = at

    @property
    def rest(self) -> str:
        """Text not yet read."""
        return self.text[self.at :]

    @property
    def done(self) -> bool:
        """Whether everything was read."""
        return self.at >= len(self.text)

    def peek(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Match at the cursor without moving it."""
        return pattern.match(self.text, self.at)

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """Read what matches at the cursor; None, without moving, where nothing does."""
        found = self.peek(pattern)
        if found is None:
            return None
        self.at = found.end()
        return found.group()

    def need(self, pattern: re.Pattern[str], wanted: str) -> str:
        """Read what must stand here. Raises `UsageError` at the character where something else does."""
        found = self.take(pattern)
        if found is None:
            self.fail(f"expected {wanted}")
        return found

    def end(self) -> None:
        """Refuse text that is left over."""
        if not self.done:
            self.fail(f"did not expect {self.rest[:12]!r} here")

    def fail(self, why: str, *, at: int | None = None) -> NoReturn:
        """Raise `UsageError` with the text and a caret below the character."""
        place = self.at if at is None else at
        shown, column = _window(self.text, place)
        said = f"cannot read '{shorten(self.text, limit=60)}' as {self.what}: {why}, at character {place + 1}"
        raise UsageError(f"{said}:\n  {shown}\n  {' ' * column}^")


def _window(text: str, place: int, *, width: int = 60) -> tuple[str, int]:
    """Part of a long text around a character, on one line, and the column of the character in it."""
    plain = re.sub(r"\s", " ", text)
    if len(plain) <= width:
        return plain, place
    start = max(0, min(place - width // 2, len(plain) - width))
    return ("…" if start else "") + plain[start : start + width], place - start + (1 if start else 0)
