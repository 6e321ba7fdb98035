"""Compiled patterns, kept beside the modules as Python keeps those: a start reads them in a fiftieth of the time.

What parsing a pattern gives is kept in `__pycache__`, for this version of Python, where Python itself would write;
whoever may not write compiles anew. The text of a pattern is its name: a pattern that is changed is another one.
"""

from __future__ import annotations

import atexit
import marshal
import os
import re
import sys
from array import array
from contextlib import suppress
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from re._compiler import _sre  # type: ignore[import-not-found]

from codon12.check import beginnings

__all__ = ["compiled"]

Parts = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
"""Flags, code, number of groups, their numbers by name, their names by number: what `re` makes a pattern from."""
_MOST = 5000
"""Patterns kept at most: more are those of older builds among them, and the file begins anew."""
_made: dict[tuple[str, int], Parts] = {}


def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    r"""A pattern, as `re.compile` gives it.

    Examples
    --------
    >>> compiled(r"died of (?P<n>\d)", re.IGNORECASE)
    re.compile('died of (?P<n>\\d)', re.IGNORECASE)
    """
    flags = int(flags)  # a flag of `re` is a class that cannot be written
    parts = _kept().pop((pattern, flags), None)
    if parts is None:
        parts = _made[pattern, flags] = _parts(pattern, flags)
        if len(_made) == 1:
            atexit.register(_keep)
    all_flags, code, groups, numbers, names = parts
    return _sre.compile(pattern, all_flags, array("I", code).tolist(), groups, numbers, names)


def _parts(pattern: str, flags: int) -> Parts:
    """The parts of a pattern, as `re._compiler.compile` makes them."""
    parsed = _parser.parse(pattern, flags)
    names: list[str | None] = [None] * parsed.state.groups
    for name, number in parsed.state.groupdict.items():
        names[number] = name
    code = array("I", beginnings.code_of(parsed, flags)).tobytes()
    return flags | parsed.state.flags, code, parsed.state.groups - 1, parsed.state.groupdict, tuple(names)


def _place() -> Path:
    return Path(cache_from_source(__file__)).with_suffix(".patterns")


def _of() -> tuple[str, str, int, int]:
    """What the file is of: this version of Python, and the way in which a pattern becomes code."""
    way = Path(beginnings.__file__).stat()
    return sys.version, sys.byteorder, way.st_size, way.st_mtime_ns


def _read() -> dict[tuple[str, int], Parts]:
    """The patterns of the file, if it is of this version of Python."""
    try:
        of, known = marshal.loads(_place().read_bytes())  # noqa: S302  Python reads its modules there so
        return known if of == _of() else {}
    except (OSError, EOFError, ValueError, TypeError, NotImplementedError):
        return {}


_kept = cache(_read)
"""Those that this process has not asked for yet: each is asked for once."""


def _keep() -> None:
    """Write the patterns that this process has compiled, with those of the file, where that is allowed."""
    if sys.dont_write_bytecode:
        return
    known = _read()
    known = {**(known if len(known) + len(_made) <= _MOST else {}), **_made}
    with suppress(OSError, NotImplementedError):
        place = _place()
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f"{place.name}.{os.getpid()}")
        draft.write_bytes(marshal.dumps((_of(), known)))
        draft.replace(place)
