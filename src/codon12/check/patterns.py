"""What Check needs of `re`, with patterns that are compiled when first used: a text asks for a third of them.

Take it for `re`: `from codon12.check import patterns as re`. What is made here is called by its methods and not given
to a function of `re`; the `re` of a match is the pattern as compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from re import IGNORECASE, MULTILINE, VERBOSE, Match, Pattern, escape
from typing import Any, cast

__all__ = [
    "IGNORECASE",
    "MULTILINE",
    "VERBOSE",
    "Match",
    "Pattern",
    "compile",
    "escape",
    "findall",
    "finditer",
    "fullmatch",
    "match",
    "search",
    "split",
    "sub",
]

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")


class _Uncompiled:
    """A pattern whose first use compiles it; from then on its methods are those of the compiled one."""

    __slots__ = ("flags", "pattern", *_METHODS)

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern, self.flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        known = _kept(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(known, method))
        return getattr(known, name)


def compile(pattern: str, flags: int = 0) -> Pattern[str]:  # noqa: A001 - as `re` names it
    r"""A pattern, as `re.compile` gives it; that it is well formed shows when it is first used.

    Examples
    --------
    >>> compile(r"\bDied\b", IGNORECASE).findall("two died")
    ['died']
    """
    return cast("Pattern[str]", _Uncompiled(pattern, int(flags)))  # a flag of `re` is slow to ask


@lru_cache(maxsize=4096)  # that of `re` holds 512, fewer than a paper asks for; some are made for one text
def _kept(pattern: str, flags: int) -> Pattern[str]:
    return re.compile(pattern, flags)


def search(pattern: str, string: str, flags: int = 0) -> Match[str] | None:
    """As `re.search`."""
    return _kept(pattern, int(flags)).search(string)


def match(pattern: str, string: str, flags: int = 0) -> Match[str] | None:
    """As `re.match`."""
    return _kept(pattern, int(flags)).match(string)


def fullmatch(pattern: str, string: str, flags: int = 0) -> Match[str] | None:
    """As `re.fullmatch`."""
    return _kept(pattern, int(flags)).fullmatch(string)


def finditer(pattern: str, string: str, flags: int = 0) -> Iterator[Match[str]]:
    """As `re.finditer`."""
    return _kept(pattern, int(flags)).finditer(string)


def findall(pattern: str, string: str, flags: int = 0) -> list[Any]:
    """As `re.findall`."""
    return _kept(pattern, int(flags)).findall(string)


def split(pattern: str, string: str, maxsplit: int = 0, flags: int = 0) -> list[Any]:
    """As `re.split`."""
    return _kept(pattern, int(flags)).split(string, maxsplit)


def sub(pattern: str, repl: str | Callable[[Match[str]], str], string: str, count: int = 0, flags: int = 0) -> str:
    """As `re.sub`."""
    return _kept(pattern, int(flags)).sub(repl, string, count)
