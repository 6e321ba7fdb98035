"""The counts that a sentence, or one beside it, gives as what a list divides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codon12.check import patterns as re
from codon12.check.finding.spelled import ONES
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading import list_words as say
from codon12.check.verify.counted.reading.items import Item, Told, told_in
from codon12.check.verify.counted.reading.runs import Run

__all__ = ["WholesOfList"]

_AS = re.compile(r"\bas [^,;]*(?:,|;|,? and) ?$")
_PLAIN_DIGITS = str.maketrans("⓪①②③④⑤⑥⑦⑧⑨", "0123456789")
_SO_MANY = (
    r"\b(?:{0}|0*{1})[- ](?:[a-z-]+ )?(?:arms?|groups?|cohorts?|cent(?:er|re)s?|hospitals?|sites?|wards?|clinics?|"
    r"schools?|countries|networks?|(?:dose )?levels?|units?|trials?|studies)\b"
)
"""As many arms, or other groups, as a row has numbers."""
_BY = re.compile(
    r"\b(?:recruitment|enrol+ment|accrual|inclusions?|cases|patients|participants|admissions|numbers?|distribution"
    r"|attendance) (?:by|per) (?:[a-z-]+ ){0,3}?[a-z-]+(?: was| were| is)?:? (?:[a-z-]+[ ,:(]+){1,4}(?:n ?= ?)?$"
)
"""What a row is by: `recruitment by network: north, 214`."""
_PUT_IN = re.compile(
    r"\b(?:allot\w+|assign\w*|allocat\w+|randomi[sz]\w+|enrol\w+|recruit\w+|contribut\w+|includ\w+|compris\w+|admitted"
    r"|provided|supplied|of|treated)(?: to)? $"
)
_ALTOGETHER = re.compile(r"^\W*(?:altogether|in all|in total|all told|overall),? (?:a total of |these )?$")
_ENTERED = re.compile(
    r"^ (?:[a-z-]+ )?(?:were|was|joined|took part|entered|enrolled|participated|registered|came|attended)\b"
)
_ALL_THE = re.compile(r"^\W*all(?: of)?(?: the| these)? $")
_DID = re.compile(
    r"^ (?:patients |participants |subjects |women |men |children |people |adults |of them )?(?:took|received|were|had"
    r"|completed|started|underwent|got|swallowed|entered|joined|gave)\b"
)

_A_BOUND = re.compile(r"\b(?:(?:maximum|minimum)(?: of)?|up to|at (?:least|most)|(?:more|less|fewer) than) $")


class WholesOfList:
    """A list of a sentence, and the wholes it may be of."""

    def __init__(self, case: Case, told: Told, run: Run) -> None:
        self.case, self.told, self.run = case, told, run
        self.items = told.items[run.first : run.last + 1]
        self.p = case.text.passages[told.passage]

    def wholes(self) -> Iterator[tuple[Item, Sequence[Item], Sequence[str], str]]:
        """Each with its parts, the words of these, and where it stands: the surest first."""
        told, run, items = self.told, self.run, self.items
        behind = told.gaps[run.last + 1]
        if run.last + 1 < len(told.items):
            after = told.items[run.last + 1]
            if after.n is not None and (say.TOTAL.search(behind) or say.IN_ALL.match(told.gaps[run.last + 2])):
                yield after, items, run.words, "told"
        if len(items) > 2 and (say.TOTAL.search(told.gaps[run.last]) or say.IN_ALL.match(behind)):
            yield items[-1], items[:-1], run.words[:-1], "told"
        if items[-1].total is not None:
            yield items[-1], items, run.words, "total of the last"
        for k in range(run.last + 1, len(told.items)):
            x = told.items[k]
            if x.n is not None and k == len(told.items) - 1 and say.WHOLE_BEHIND.search(told.gaps[k]):
                yield x, items, run.words, "of"
        if run.last + 1 < len(told.items) and re.fullmatch(r" (?:out )?of (?:the |a total of |all |these )*", behind):
            yield told.items[run.last + 1], items, run.words, "of"
        if all(x.n == run.many for x in (*told.items[: run.first], *told.items[run.last + 1 :])):
            yield from self._of_the_sentence_behind()
        before = [x for x in told.items[: run.first] if x.n is not None]
        if before and all(w.startswith("as ") for w in run.words[:-1]) and _AS.search(told.gaps[run.first]):
            before = []  # `20 were classed as A, 21 as B and 25 as C`: the first of the list
        for x in (*before[-1:], *before[:-1][:1]):
            yield x, items, run.words, "before"
        if not before and told.passage > 0:
            yield from self._of_the_sentence_before()
        first_is_one = " as " in run.words[0] and all(w.startswith("as ") for w in run.words[1:])
        if len(items) > 2 and self._heads(run) and not first_is_one:
            yield items[0], items[1:], run.words[1:], "first"

    def _heads(self, run: Run) -> bool:
        """Whether the first item of a list is no sibling of the others: `342 patients, 181 to A and 161 to B`."""
        if say.is_scale(run.words):
            return False
        if run.first > 0 and not say.RANDOM.search(self.told.words):
            return False
        scale = say.is_scale(run.words[1:]) and not say.is_scale(run.words)
        if scale and self.items[0].total is not None:
            return True
        if self.items[0].share is not None or not run.words[0]:
            return False
        if run.form != "leads":
            if scale or say.COMPRISING.search(run.words[1]):
                return True
            return say.SIZED.match(run.words[0]) is not None and say.RANDOM.search(self.told.words) is not None
        named = (
            re.search(r"\b(?:of|among|amongst|in|from)(?: the| these| all| our)* $", self.told.gaps[run.first])
            is not None
        )
        if len(run.words[0].split()) == 1 and not named and not say.RANDOM.search(self.told.words):
            return False
        first, second = ({w for w in x.split() if len(w) > 2} for x in run.words[:2])
        if " had " in run.words[0] and run.words[1].startswith("had"):
            return False
        return not first & second - say.LINKS and (
            not say.WITH.search(run.words[0]) or bool(say.RANDOM.search(run.words[0]))
        )

    def _of_the_sentence_before(self) -> Iterator[tuple[Item, Sequence[Item], Sequence[str], str]]:
        q = self.case.text.passages[self.told.passage - 1]
        if q.paragraph != self.p.paragraph or q.table is not None:
            return
        before = told_in(self.case, self.told.passage - 1)
        counts = [x for x in before.items if x.n is not None]
        if counts and any(
            x is counts[-1] and _A_BOUND.search(gap) for x, gap in zip(before.items, before.gaps, strict=False)
        ):
            return  # `for a maximum of 10 cycles. Five animals of one group and one of the other survived`
        if len(counts) == 1 or (counts and say.BACK.match(self.told.gaps[self.run.first])):
            yield counts[-1], self.items, self.run.words, "sentence before"

    def _of_the_sentence_behind(self) -> Iterator[tuple[Item, Sequence[Item], Sequence[str], str]]:
        """`by network: north, 214; south, 96. Altogether 310 joined`, `three arms of 12, 25 and 24. All 61 took it`."""
        k = self.told.passage + 1
        passages = self.case.text.passages
        if k >= len(passages) or passages[k].table is not None or passages[k].paragraph != self.p.paragraph:
            return
        behind = told_in(self.case, k)
        if not behind.items or behind.items[0].n is None or behind.items[0].total is not None:
            return
        words, ahead = self.told.words.translate(_PLAIN_DIGITS), self.told.gaps[self.run.first]
        many = self.run.many < len(ONES) and re.search(_SO_MANY.format(ONES[self.run.many], self.run.many), words)
        arms = many and _PUT_IN.search(ahead)
        by = _BY.search(ahead) if len(self.items) > 2 else None
        opens = _ALTOGETHER.match(behind.gaps[0]) if by or arms else None
        all_of_them = _ALL_THE.match(behind.gaps[0]) if arms else None
        if (opens and _ENTERED.match(behind.gaps[1])) or (all_of_them and _DID.match(behind.gaps[1])):
            yield behind.items[0], self.items, self.run.words, "told"
