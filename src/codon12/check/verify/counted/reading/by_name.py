"""The counts of a sentence by the names that stand beside them, and the counts that these are of."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.verify.counted.reading.items import Item, Told
from codon12.check.verify.side_by_side import Mention, mentions_of, side_by_side

__all__ = ["counted_by_name", "is_whole"]

_WHOLE = re.compile(
    r"\b(?:of|among|amongst|from)(?: the| these| those| all| our| a total of| whole)* $|^\W*all(?: the)? $"
)
_IN_THE = re.compile(
    r"\b(?:in|for)(?: the| these| those| all| our)+ $|^\W*(?:in|for) $|\b(?:all|series of|cohort of) $"
)
_PEOPLE = re.compile(
    r" (?:(?!with\b|had\b|were\b|and\b)[a-z-]+ ){0,3}?(?:patients|participants|subjects|women|men|children|people|"
    r"adults|cases|persons|individuals|infants|pupils|users|residents|donors|samples|animals|dogs|births|pregnancies)\b"
)


_SIZE, _OPENS = re.compile(r"[(\[]n ?= ?$"), re.compile(r"[)\]]: ")
"""`Swimmer plot (n = 29): 15 ongoing, 14 stopped`."""


def is_whole(told: Told, k: int) -> bool:
    """Whether a count is what others are of: `of 98 tumours`, `in all 40 patients`, `(n = 40): `."""
    x, ahead, behind = told.items[k], told.gaps[k], told.gaps[k + 1]
    if x.n is None or x.total is not None or x.share is not None:
        return False
    if _SIZE.search(ahead) is not None and _OPENS.match(behind) is not None:
        return True
    return _WHOLE.search(ahead) is not None or (_IN_THE.search(ahead) is not None and _PEOPLE.match(behind) is not None)


def counted_by_name(
    told: Told, begin: int, names: re.Pattern[str] | Sequence[Mention]
) -> tuple[list[tuple[Mention, Item]], list[Item]] | None:
    """Each name of a sentence with the count or share beside it, and the counts these are of; None where not plain."""
    wholes = [x for k, x in enumerate(told.items) if is_whole(told, k)]
    counted = [x for x in told.items if x not in wholes]
    found = names if isinstance(names, Sequence) else mentions_of(names, told.words)
    spans = [(x.start - begin, x.end - begin) for x in counted]
    outside = [m for m in found if not any(a <= m.start < b for a, b in spans)]
    paired = side_by_side(told.words, spans, outside)
    return None if paired is None else ([(m, counted[k]) for m, k in paired], wholes)
