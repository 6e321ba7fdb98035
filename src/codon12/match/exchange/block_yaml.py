"""Block YAML, the plain part of it: mappings, lists and texts. Every scalar is a text; nothing is guessed.

Flow style (but for an empty ``[]`` or ``{}``), anchors, aliases, tags, block scalars, tabs and keys given twice are
refused.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

from codon12.errors import InputError

__all__ = ["read_block_yaml"]

_KEY = re.compile(r"""((?:"[^"]*"|'[^']*'|[^\s#&*!|>'"%@`{}\[\],:-][^:#]*?|-?\w[^:#]*?))\s*:(?:\s+(.*)|)$""")
_MOST_DEPTH = 200


def read_block_yaml(text: str, *, where: str) -> list[Any]:
    r"""Read the documents of a text.

    Raises
    ------
    InputError
        What is refused, or an indent that fits nothing; the message names the line.

    Examples
    --------
    >>> read_block_yaml("a: 1\nb:\n  - c: x\n    d: []\n", where="t")
    [{'a': '1', 'b': [{'c': 'x', 'd': []}]}]
    """
    documents: list[list[tuple[int, int, str]]] = [[]]
    for number, raw in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if "\t" in raw[: len(raw) - len(raw.lstrip())]:
            raise InputError(f"{where}, line {number}: a tab may not indent")
        plain = _without_comment(raw).rstrip()
        if plain == "---":
            documents.append([])
        elif plain.strip() and plain != "...":
            documents[-1].append((number, len(plain) - len(plain.lstrip()), plain.lstrip()))
    return [_Block(lines, where).whole() for lines in documents if lines]


def _without_comment(raw: str) -> str:
    quote = ""
    for i, ch in enumerate(raw):
        if quote:
            quote = "" if ch == quote else quote
        elif ch in "\"'" and (i == 0 or raw[i - 1] in " :-"):
            quote = ch
        elif ch == "#" and (i == 0 or raw[i - 1] == " "):
            return raw[:i]
    return raw


class _Block:
    """The lines of one document: number, indent, text."""

    def __init__(self, lines: list[tuple[int, int, str]], where: str) -> None:
        self.lines, self.where, self.at = lines, where, 0

    def fail(self, why: str, number: int | None = None) -> NoReturn:
        line = number or self.lines[min(self.at, len(self.lines) - 1)][0]
        raise InputError(f"{self.where}, line {line}: {why}")

    def whole(self) -> Any:
        out = self.node(self.lines[0][1], 0)
        if self.at < len(self.lines):
            self.fail("this indent fits no block above")
        return out

    def node(self, indent: int, depth: int) -> Any:
        if depth > _MOST_DEPTH:
            self.fail("nested too deeply")
        if self.lines[self.at][2].startswith(("- ", "-")) and (
            self.lines[self.at][2] == "-" or self.lines[self.at][2][1] == " "
        ):
            return self.sequence(indent, depth)
        return self.mapping(indent, depth)

    def sequence(self, indent: int, depth: int) -> list[Any]:
        out: list[Any] = []
        while self.at < len(self.lines):
            number, own, text = self.lines[self.at]
            if own != indent or not (text == "-" or text.startswith("- ")):
                break
            rest = text[1:].lstrip()
            if not rest:
                self.at += 1
                out.append(self.below(indent, depth))
            elif _KEY.match(rest) or rest.startswith("- "):
                # `- key: value` opens a block whose indent is that of the key.
                inner = own + len(text) - len(rest)
                self.lines[self.at] = (number, inner, rest)
                out.append(self.node(inner, depth + 1))
            else:
                out.append(self.scalar(rest, number))
                self.at += 1
        return out

    def mapping(self, indent: int, depth: int) -> dict[str, Any]:
        out: dict[str, Any] = {}
        while self.at < len(self.lines):
            number, own, text = self.lines[self.at]
            if own != indent or text.startswith("- "):
                if own > indent:
                    self.fail("this indent fits no block above")
                break
            found = _KEY.match(text)
            if found is None:
                self.fail(f"{text[:60]!r} is no 'key: value'")
            key, value = self.scalar(found[1], number), found[2]
            if key in out:
                self.fail(f"key {key!r} is given twice", number)
            self.at += 1
            out[key] = (
                self.below(indent, depth) if value is None or not value.strip() else self.scalar(value.strip(), number)
            )
        return out

    def below(self, indent: int, depth: int) -> Any:
        """The block under a key: deeper, or a list at the key's own indent; nothing there is nothing."""
        if self.at < len(self.lines):
            _, own, text = self.lines[self.at]
            if own > indent or (own == indent and text.startswith("- ")):
                return self.node(own, depth + 1)
        return None

    def scalar(self, text: str, number: int) -> Any:
        if text in ("[]", "{}"):
            return [] if text == "[]" else {}
        if text[0] in "\"'":
            if len(text) < 2 or text[-1] != text[0]:
                self.fail("a quote is not closed", number)
            inner = text[1:-1]
            return inner.replace("''", "'") if text[0] == "'" else inner.replace('\\"', '"')
        if text[0] in "&*!|>%@`{[":
            self.fail(f"{text[:20]!r}: anchors, aliases, tags, block scalars and flow style are not read", number)
        return text
