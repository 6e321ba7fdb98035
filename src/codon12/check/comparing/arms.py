"""The arms of a study as running text calls them: whole, in another order, or by the word that tells them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["Arms"]

_GROUP = r"(?:treated |assigned |allocated )?(?:groups?|arms?|cohorts?|recipients?|patients|participants|subjects)"
_FEWEST = 3


class Arms:
    """The names of the arms, and the patterns of what a text may call each.

    `Xanomeline Low Dose` is also `low-dose xanomeline` and `the low-dose group`; `Platinum doublet` is also
    `the platinum group`, where no other arm has that word.

    Examples
    --------
    >>> Arms(["Placebo", "Drug Low Dose", "Drug High Dose"]).of("in the placebo, low-dose and high-dose groups")
    ['Placebo', 'Drug Low Dose', 'Drug High Dose']
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(set(names))
        words = {name: _words(name) for name in self.names}
        self._called = {name: self._pattern(name, words) for name in self.names}

    def _pattern(self, name: str, words: dict[str, list[str]]) -> re.Pattern[str]:
        others = {w for other, own in words.items() if other != name for w in own}
        telling = [w for w in words[name] if w not in others]
        shared = [w for w in words[name] if w in others]
        forms = [rf"{re.escape(name)}(?!\w)"]
        if telling:
            own = "[- ]".join(map(re.escape, telling))
            if shared:
                near = "|".join(map(re.escape, shared))
                forms += [rf"{own}[- ](?:{near})\b", rf"(?:{near})[- ]{own}\b"]
                forms.append(rf"{own}(?=(?:,| and| or| vs\.?| versus) [\w -]{{0,40}}?(?:{near})\b)")
            forms.append(rf"{own}[- ]{_GROUP}\b")
            if len(telling) > 1 and len(telling[0]) > _FEWEST:
                forms.append(rf"{re.escape(telling[0])}(?:[- ]based)?[- ]{_GROUP}\b")
        return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})", re.IGNORECASE)

    def of(self, text: str) -> list[str]:
        """The arms a text names, in the order in which it first does."""
        found = [(m.start(), name) for name, pattern in self._called.items() if (m := pattern.search(text))]
        return [name for _, name in sorted(found)]

    def opens(self, text: str) -> bool:
        """Whether a text begins with the name of an arm."""
        return any(pattern.match(text.lstrip(" %)(,")) for pattern in self._called.values())


def _words(name: str) -> list[str]:
    return [w for w in re.findall(r"[^\W_]+", name.lower()) if len(w) > 1]
