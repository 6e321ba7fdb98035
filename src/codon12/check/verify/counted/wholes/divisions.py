"""What a list behind a total divides it into: reasons, classes, arms, kinds of things."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.verify.counted.reading import row_words as say
from codon12.check.verify.counted.reading.clauses import Count
from codon12.check.verify.counted.reading.predicates import is_rest
from codon12.check.verify.counted.reading.things import THINGS
from codon12.check.verify.counted.wholes.equations import Closure

__all__ = ["GIVEN", "division_of", "whole_at"]

_THINGS_OF = re.compile(r"^ ([a-z -]+) (?:in|of|from) $", re.IGNORECASE)
_DIVIDED = re.compile(
    r"\b(?:status|disposition|discontinu\w*|withdr\w+|reasons?|causes?|died|deaths?|dead|stage[sd]?|types?|histolog\w+|"
    r"subtypes?|race|ethnic\w*|sex|education\w*|class\w*|categor\w+|origins?|responses?|sources?|marital|smoking|excluded|"
    r"exclusions?|failures?|divided|grouped|outcomes?|by region|fate|first event)\b",
    re.IGNORECASE,
)
"""Words before a list that divides: each of them in one class."""
_REASONS = re.compile(
    r"\b(?:discontinu\w*|withdr\w+|reasons?|causes?|died|deaths?|excluded|first event)\b", re.IGNORECASE
)
_OF_SEVERAL = re.compile(
    r"\b(?:symptoms?|adverse|comorbid\w*|medications?|drugs|signs?|complain\w*|risk factors?|side effects?|toxicit\w+|"
    r"reactions?|complications?|criteria|features|histor\w+|metasta\w+|treatments?|\w*therap\w+|received|procedures?|"
    r"one or more|all that appl\w+)\b",
    re.IGNORECASE,
)
"""Words of lists in which one patient may stand several times."""
_PERSON = re.compile(r"\b(?:patients|participants|subjects|persons|people|(?:fe)?males?|(?:wo)?men)\b", re.IGNORECASE)
GIVEN = re.compile(r"\b(?:received|were given|got|were treated with|underwent)\b", re.IGNORECASE)


def whole_at(counts: Sequence[Count], at: int) -> Count:
    """A count, or the things before it that are of so many people: `212 hips in 187 patients`."""
    total, before = counts[at], counts[max(0, at - 1)]
    things = _THINGS_OF.search(total.gap)
    return before if things and THINGS.fullmatch(things[1]) and (total.of or before.n >= total.n) else total


def division_of(total: Count, parts: Sequence[Count], form: str) -> Closure | None:
    """What a list behind a total divides it into: all of it, what nobody is in two of, or nothing known.

    Reasons and classes, `153 events (96 progressions and 57 deaths)`, two arms of things randomised.
    """
    link = parts[0].gap
    lead, words = f"{total.before} {link}", " ".join(x.words for x in parts)
    things = THINGS.match(total.behind) is not None
    if things and say.SPLIT.search(lead) and (say.LISTED.search(link) or GIVEN.search(parts[0].behind)):
        return "some"
    if not say.LISTED.search(link):
        return None
    divided = _DIVIDED.search(lead) is not None
    kinds = form != "bracket" and (link.endswith("(") or all(say.KIND.match(x.behind) for x in parts))
    if not (divided or (things and kinds and not _PERSON.search(words))):
        return None
    if not _REASONS.search(lead) and _OF_SEVERAL.search(lead + words):
        return None
    return "all" if (divided and ":" in link) or any(is_rest(x.words) for x in parts) else "some"
