"""What Check needs of `re`, with patterns that are compiled when first used: a text asks for a third of them.

Take it for `re`: `from codon12.check import patterns as re`. What is made here is called by its methods and not given
to a function of `re`; the `re` of a match is the pattern as compiled.
"""

from __future__ import annotations

import re
from re import (
    IGNORECASE,
    MULTILINE,
    VERBOSE,
    Match,
    Pattern,
    escape,
    findall,
    finditer,
    fullmatch,
    match,
    search,
    split,
    sub,
)
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
        compiled = re.compile(self.pattern, self.flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def compile(pattern: str, flags: int = 0) -> Pattern[str]:  # noqa: A001 - as `re` names it
    r"""A pattern, as `re.compile` gives it; that it is well formed shows when it is first used.

    Examples
    --------
    >>> compile(r"\bDied\b", IGNORECASE).findall("two died")
    ['died']
    """
    return cast("Pattern[str]", _Uncompiled(pattern, int(flags)))  # a flag of `re` is slow to ask
