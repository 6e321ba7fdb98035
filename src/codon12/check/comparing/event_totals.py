"""Adverse events taken together: any, serious, fatal, leading to what, as texts and rows of tables speak of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from codon12.check import patterns as re
from codon12.check.comparing.clause import Clause
from codon12.check.comparing.equality import Row
from codon12.check.comparing.in_sentence import GRADES, grade_in
from codon12.check.comparing.parts import Parts
from codon12.check.finding.wording import whole_words

__all__ = ["COUNTING", "EVENTS", "EVENT_TOTALS", "UNITS", "EventTotals"]

EVENTS = re.compile(
    r"\badverse (?:events?|reactions?|effects?)\b|\b(?:fatal|serious|related) events?\b|"
    r"\b(?:side|toxic) effects?\b|\btoxicit(?:y|ies)\b|\b(?:TE|TR)?AEs?\b",
    re.IGNORECASE,
)
_HAD_EVENTS = re.compile(
    r"^\W*(?:of (?:the |all )?|patients |participants |subjects |all )*"
    r"(?:(?:in|on|with|receiving|given) (?:[\w-]+ ){1,4}?)?(?:had|experienced|reported|developed) "
    r"(?:at least one |one or more |an? |any )?(?:[\w≥-]+ ){0,4}?(?:adverse events?|(?:TE|TR)?AEs?)\b",
    re.IGNORECASE,
)
_STOPPED = re.compile(
    r"^\W*(?:of (?:the |all )?)?(?:patients |participants |subjects |people )?(?:who |had |were )?"
    r"(?:had to )?(?:discontinu|stop)\w*[^.;]{0,30}? (?:because of|due to|owing to|after|for) ",
    re.IGNORECASE,
)
"""Behind a number, that so many stopped treatment because of something."""
_SIDE = re.compile(r"\bside effects?\b", re.IGNORECASE)
"""Events that may be all, or those that treatment caused."""
_HAPPENED = re.compile(
    r"\b(?:(?:un)?common|(?:in)?frequent|rare|occur\w*|report\w*|observ\w*|seen|noted|develop\w*|experienc\w*|had)\b",
    re.IGNORECASE,
)
_OF_ANY_CAUSE = re.compile(r"\ball-caus\w+|\b(?:of )?any cause\b|\bregardless of caus\w+", re.IGNORECASE)
_LED_BY = re.compile(r"^ *(?:: ?|in |were |was )?(?:in )?\d")
"""Right behind adverse events, that a number of them follows: `AEs: 76%`."""
_AS_CAUSE = re.compile(r"\b(?:because of|due to|owing to|for|after|by|from|of) (?:[\w-]+ ){0,2}$", re.IGNORECASE)
_SHARE_WITH = re.compile(r"\b(?:proportions?|percentages?|incidence|number) (?:(?:of|with|\w+) ){0,4}$", re.IGNORECASE)
_KINDS_OF_EVENTS = re.compile(
    r"\b(?:immune|infusion|hepat|cardi|infect|special|select|fatal|death|lead|led|result|caus|interest|skin|ocular|late|"
    r"common|frequent|cause|clinically|unrelated|procedure)\w*",
    re.IGNORECASE,
)
"""Words that make adverse events some kind of them."""
_FATAL = re.compile(r"\bfatal (?=(?:treatment-related )?(?:adverse|events?|TRAE|TEAE|AE))", re.IGNORECASE)
_LED = re.compile(r"\bd/c\b|\b(?:led|lead\w*|result\w*)\b", re.IGNORECASE)
_CHANGES = re.compile(r"\binterrupt|\breduc|\bdelay", re.IGNORECASE)
_WHAT = {
    "discontinued": r"\bdiscontinu|\bd/c\b|\bstop\w* (?:treatment|therapy)",
    "modified": r"\bmodif|\bdose change|\breduction,? (?:or )?interruption|\binterruption,? (?:or )?reduction",
}
_SERIOUS_WORDS = whole_words("serious")
_ANY_EVENT = whole_words(
    "any adverse event events treatment-related related emergent all total overall TEAE TRAE TEAEs TRAEs AE AEs "
    "patients subjects participants with one"
)
_SERIOUS = re.compile(r"\bserious\b", re.IGNORECASE)
UNITS = re.compile(r"[—–|:].*|\bno\.|\(.*?\)|%")
COUNTING = whole_words("number percent of for at least months")
EVENT_TOTALS = {
    f"ae{related}{what}" for related in ("", ".related") for what in ("", ".serious", ".discontinued", ".modified")
}


class EventTotals:
    """The numbers of a study of those with an adverse event, whichever."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._rows: dict[str, list[Row]] = defaultdict(list)

    def add(self, row: Row) -> None:
        """Take a number of the evidence."""
        self._rows[row["endpoint"]].append(row)

    def of_label(self, label: str, endpoint: str) -> list[Row]:
        """Rows of events taken together that a table row names: `Any event`, `Serious`, `Leading to ...`."""
        words = whole_words(UNITS.sub(" ", GRADES.sub(" ", label))) - COUNTING
        what = [k for k, pattern in _WHAT.items() if re.search(pattern, label, re.IGNORECASE)]
        if what == ["modified"] or (what and not _CHANGES.search(label)):
            endpoint += f".{what[0]}"
        elif words & _SERIOUS_WORDS:
            endpoint += ".serious"
        elif not words or not words <= _ANY_EVENT:
            return []
        return self._rows.get(endpoint, [])

    def of(self, clause: Clause, another: Callable[[str], str]) -> list[Row] | None:
        """Of adverse events taken together: any, serious, leading to what; None where others are spoken of.

        `another` gives the endpoint of the label that words name, or nothing.
        """
        said = clause.opening if clause.is_first else re.split(r",|\band\b", clause.since)[-1]
        if not EVENTS.search(said) and (m := _HAD_EVENTS.match(clause.after)):
            return self._of_total("ae.related" if clause.is_related else "ae", m[0], clause)
        if _STOPPED.match(clause.after) and EVENTS.search(clause.after) and not _KINDS_OF_EVENTS.search(clause.inside):
            of = (
                ("ae.related",)
                if clause.is_related
                else ("ae", "ae.related")
                if _SIDE.search(clause.after)
                else ("ae",)
            )
            rows = [r for x in of for r in self._rows.get(f"{x}.discontinued", []) if r["statistic"] == "any"]
            return self._parts.chosen(rows, clause)[0]
        before = clause.head
        named = list(EVENTS.finditer(before))
        if not named or another(clause.since if not clause.is_first else before[named[-1].end() :]):
            return None
        before = _OF_ANY_CAUSE.sub(lambda m: " " * len(m[0]), before)
        own = before[named[-1].start() - 60 if named[-1].start() > 60 else 0 :] + clause.inside
        tail = before[named[-1].end() :] if clause.is_first else clause.since
        endpoint = "ae.related" if clause.is_related else "ae"
        what = [k for k, pattern in _WHAT.items() if re.search(pattern, tail, re.IGNORECASE)]
        if len(what) == 1:
            endpoint += f".{what[0]}"
        elif _SERIOUS.search(own):
            endpoint += ".serious"
        fatal = _FATAL.search(own) is not None
        grade = "grade5" if fatal else clause.grade or "any"
        led_by = _LED_BY.match(GRADES.sub("", before[named[-1].end() :]) + clause.inside)
        told = (
            (led_by and not _AS_CAUSE.search(before[: named[-1].start()]))
            or _HAPPENED.search(before[named[0].end() :])
            or _SHARE_WITH.search(before[: named[0].start()])
        )
        if not what and "serious" not in endpoint and not told:
            return None if another(before[: named[0].start()]).startswith("ae.") else []
        if what and not _LED.search(before):
            return []
        if (
            (not what and _KINDS_OF_EVENTS.search(_FATAL.sub(" ", own) + clause.after))
            or (_CHANGES.search(tail) and what != ["modified"])
            or what[1:]
        ):
            return []
        carried = bool(what) and not clause.is_first and grade_in(clause.since + clause.inside) is None
        grades = (grade, "any") if carried else (grade,)  # of grade 3 in 20%; leading to discontinuation in 7%
        rows = [r for r in self._rows.get(endpoint, []) if r["statistic"] in grades]
        return self._parts.chosen(rows, clause)[0] if self._parts.arms_of(clause) else rows

    def _of_total(self, endpoint: str, said: str, clause: Clause) -> list[Row]:
        """Of those who `had at least one serious adverse event of grade 3 or higher`: of that grade, or of any."""
        what = [k for k, pattern in _WHAT.items() if re.search(pattern, clause.after, re.IGNORECASE)]
        if len(what) == 1 and _LED.search(clause.after) and not _CHANGES.search(clause.after):
            endpoint += f".{what[0]}"
        elif _SERIOUS.search(said):
            endpoint += ".serious"
        elif what or _KINDS_OF_EVENTS.search(_FATAL.sub(" ", clause.after)):
            return []
        grade = "grade5" if _FATAL.search(said) else grade_in(clause.after) or "any"
        rows = [r for r in self._rows.get(endpoint, []) if r["statistic"] == grade]
        return self._parts.chosen(rows, clause)[0]
