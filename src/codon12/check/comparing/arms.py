"""The arms of a study as running text calls them: whole, in another order, or by the word that tells them apart."""

from __future__ import annotations

from collections.abc import Iterable

from codon12.check import patterns as re

__all__ = ["Arms"]

_GROUP = r"(?:treated |assigned |allocated )?(?:groups?|arms?|cohorts?|recipients?|patients|participants|subjects)"
_FEWEST = 3
_CODE = re.compile(r"^(?:(?:arm|group|cohort|part) )?[A-Z0-9]{1,2} ?[:.)–-] ?(?=\w)", re.IGNORECASE)
"""The code before the name of an arm: `A: Placebo`, `Arm 2 - Placebo`."""
_COMMON = {"combination", "control", "treatment", "experimental", "standard"}
"""Names of arms that are words of other things too."""


class Arms:
    """The names of the arms, and the patterns of what a text may call each.

    `Xanomeline Low Dose` is also `low-dose xanomeline` and `the low-dose group`; `Platinum doublet` is also
    `the platinum group`, where no other arm has that word; `A: Placebo` is also `placebo`.

    Examples
    --------
    >>> Arms(["Placebo", "Drug Low Dose", "Drug High Dose"]).of("in the placebo, low-dose and high-dose groups")
    ['Placebo', 'Drug Low Dose', 'Drug High Dose']
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(set(names))
        bare = {name: _CODE.sub("", name) or name for name in self.names}
        if len(set(bare.values())) < len(bare):
            bare = {name: name for name in self.names}
        words = {name: _words(bare[name]) for name in self.names}
        self._called = {name: self._pattern(bare[name], name, words) for name in self.names}

    def _pattern(self, bare: str, name: str, words: dict[str, list[str]]) -> re.Pattern[str]:
        others = {w for other, own in words.items() if other != name for w in own}
        telling = [w for w in words[name] if w not in others]
        shared = [w for w in words[name] if w in others]
        forms = [rf"{re.escape(name)}(?!\w)"]
        if bare.lower() in _COMMON:
            forms.append(rf"(?<!in ){re.escape(bare)}(?!\w)(?! (?:with|of)\b)")
        elif bare != name:
            forms.append(rf"{re.escape(bare)}(?!\w)")
        if telling:
            own = "[- ]".join(map(re.escape, telling))
            if shared:
                near = "|".join(map(re.escape, shared))
                forms += [rf"{own}[- ](?:{near})\b", rf"(?:{near})[- ]{own}\b"]
                forms.append(rf"{own}(?=(?:,| and| or| vs\.?| versus) [\w -]{{0,40}}?(?:{near})\b)")
            forms.append(rf"{own}[- ]{_GROUP}\b")
            if len(telling[0]) > _FEWEST:
                forms.append(rf"{re.escape(telling[0])}(?=:? [(]?\d)")
            if len(telling) > 1 and len(telling[0]) > _FEWEST:
                forms.append(rf"{re.escape(telling[0])}(?:[- ]based)?[- ]{_GROUP}\b")
        return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})", re.IGNORECASE)

    def of(self, text: str) -> list[str]:
        """The arms a text names, in the order in which it first does."""
        found = [(m.start(), name) for name, pattern in self._called.items() if (m := pattern.search(text))]
        return [name for _, name in sorted(found)]

    def spans(self, text: str) -> list[tuple[int, int, str]]:
        """Every place where a text names an arm."""
        return sorted((m.start(), m.end(), name) for name, p in self._called.items() for m in p.finditer(text))

    def opens(self, text: str) -> bool:
        """Whether a text begins with the name of an arm."""
        return any(pattern.match(text.lstrip(" %)(,")) for pattern in self._called.values())


def _words(name: str) -> list[str]:
    return [w for w in re.findall(r"[^\W_]+", name.lower()) if len(w) > 1]
