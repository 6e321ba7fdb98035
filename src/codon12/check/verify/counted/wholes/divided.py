"""A whole and the list of its parts, in counts or in percentages, whatever the form of the list.

That nobody is in two parts, or that they leave nobody out, is told by their words: levels of one scale, opposites, the
others or the rest, and by the words that open the list (`comprised`, `divided into`, a colon). A sum that fits any
number near by explains the list.
"""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading import list_words as say
from codon12.check.verify.counted.reading.exclusive import are_alike, exclude_and_close, have_one_verb
from codon12.check.verify.counted.reading.items import Item, Told, told_in
from codon12.check.verify.counted.reading.predicates import said_of
from codon12.check.verify.counted.reading.row_words import OF_ANOTHER
from codon12.check.verify.counted.reading.runs import OF_WHOM, runs_of
from codon12.check.verify.counted.said import is_added
from codon12.check.verify.counted.wholes.hundred import check_counts_of_hundred, check_hundred
from codon12.check.verify.counted.wholes.of_lists import WholesOfList
from codon12.check.verify.counted.wholes.sentence import A_STAGE
from codon12.check.verify.prose import judge
from codon12.check.verify.shares.typos import one_digit_apart

__all__ = ["check_divided"]

_LEAST, _MOST = 0.6, 1.7
_FEWEST, _SMALL, _LARGE = 5, 20, 100


def check_divided(case: Case, told: Told) -> None:
    """Check each list of a sentence against the whole it divides, where no other rule has compared them."""
    if len(told.items) < 2 or say.CUMULATIVE.search(told.words) or say.FINER.search(told.words):
        return  # levels that hold each other, and finer kinds of response, are not added up
    for run in runs_of(told):
        counted = [x.n is not None for x in told.items[run.first : run.last + 1]]
        if all(counted):
            _Divided(case, told, run).check()
            check_counts_of_hundred(case, told, run)
        elif not any(counted):
            check_hundred(case, told, run)


def _is_share(x: Item, total: int) -> bool:
    """Whether the share of a count is what it makes of a total."""
    return (
        x.share is not None and abs(100 * (x.n or 0) / total - float(x.share.value)) <= float(x.share.step) / 2 + 0.06
    )


_RIGHT_BEHIND = re.compile(r"(?: [a-z]+)?(?: \([\d.]+ ?%\))?(?:, of whom|:) ")
_AND_ONE = re.compile(r"[^.;]{0,25}?,? and (?:one|an?|another|the other|the remaining) ")
"""Behind a list that goes on without a figure: `6 in A (n = 6), and one in both`."""


def _have_both_apart(parts: Sequence[Item], words: Sequence[str]) -> bool:
    """`100 received A, 99 B and 111 both`: more than had either, so that they are not among these."""
    both = [x.n or 0 for x, w in zip(parts, words, strict=True) if say.BOTH.search(w)]
    others = [x.n or 0 for x, w in zip(parts, words, strict=True) if not say.BOTH.search(w)]
    return len(both) == 1 and len(others) > 1 and both[0] > min(others)


_LEFT = re.compile(r"\b(?:left|remain\w*|rest|others?)\b")


_SOME_OF_THEM = re.compile(r" of (?:these|them|those|whom|which)\b")
_MEAN_SCORES = re.compile(r"\b(?:mean|median|average)\b[^.;\d]{0,40}\bscores?\b")
"""Of values, not of counts."""


_OF_SOME = re.compile(
    r"\b(?:off (?:study|treatment|therapy|trial|protocol)|(?:reasons?|discontinu\w+|stopp(?:ed|ing)|withdr[ae]w\w*|"
    r"end(?:ed|ing) (?:treatment|therapy)|(?:left|leaving) (?:the )?(?:study|trial))(?: treatment| therapy)?"
    r"(?: (?:because of|due to|for|owing to|were|was))?)[^.;]{0,30}$"
)
"""Before a list of why some left, which are not all."""


class _Divided(WholesOfList):
    """A list and what is said of it."""

    def check(self) -> None:
        """Try each whole the sentence may give; one that fits, or any number that does, ends it."""
        if _MEAN_SCORES.search(self.told.words):
            return
        if len(self.items) > 2 and [x.n for x in self.items] == [*range(1, len(self.items) + 1)]:
            return  # a numbered list
        found: list[tuple[Item, Sequence[Item], Sequence[str], str]] = []
        for whole, parts, words, how in self.wholes():
            if self.run.form == "bare" and how != "told":
                continue
            if len(parts) < 2 or whole.n is None or self._is_another(whole, parts):
                continue
            if any(A_STAGE.match(w) for w in words[:-1]):
                continue  # `17 reports, of which 15 were retrieved and 13 excluded`
            if how in ("before", "first") and _OF_SOME.search(self.told.gaps[self.run.first]):
                continue
            if any(_SOME_OF_THEM.match(self.told.words[x.end - self.p.start :]) for x in parts):
                continue
            if how != "told" and whole.start < parts[0].start and self._is_first_of_them(whole, parts):
                continue
            if how != "told" and say.IN_TWOS.match(self.told.words[max(0, whole.end - self.p.start) :]):
                continue
            if how != "told" and any(
                say.OF_PARTS.search(self.told.gaps[j])
                for j in range(self.run.first, self.run.last + 1)
                if self.told.items[j] in parts
            ):
                continue
            total = whole.total if how == "total of the last" else whole.n
            at = whole.total_at if how == "total of the last" else whole.at
            together = sum(x.n or 0 for x in parts)
            if total is None or at is None or total < _FEWEST:
                continue
            if together == total and (how != "first" or not found or total > _SMALL):
                self._tell(at, parts, "ok", total)
                return
            found.append((whole._replace(n=total, at=at), parts, words, how))
        for whole, parts, words, how in found:
            together = sum(x.n or 0 for x in parts)
            if self._is_explained(together, parts, whole):
                return
            verdict = self._verdict(whole, parts, words, how)
            if verdict is not None:
                self._tell(whole.at, parts, verdict, whole.n or 0)
                return

    def _is_explained(self, together: int, parts: Sequence[Item], whole: Item) -> bool:
        """Whether their sum is another number near by, or their shares are all of the total as printed."""
        total = whole.n or 0
        near = range(max(0, self.told.passage - 3), min(len(self.case.text.passages), self.told.passage + 3))
        numbers = {y for k in near for x in told_in(self.case, k).items for y in (x.n, x.total)}
        elsewhere = self.case.sizes[together] and not self._is_told_directly(whole, parts)
        if together in numbers or elsewhere or self._rest_is_told(total - together):
            return True
        if any(x.total is not None for x in parts[:-1]) or (parts[-1].total not in (None, total)):
            return True
        shared = [x for x in parts if x.share is not None and x.n is not None]
        bases = {total} if whole.total in (None, total) or whole in parts else {total, whole.total}
        fits = max(sum(_is_share(x, base) for x in shared) for base in bases if base)
        if len(shared) == len(parts) and fits == len(parts):
            return bool(shared) and (self.run.many < 3 or together < total)  # each is that share of the total
        if shared and fits < len(shared) - (len(shared) > 2):
            return True  # shares of another group
        return any(is_added(self.case, x.at) for x in parts)

    def _is_told_directly(self, whole: Item, parts: Sequence[Item]) -> bool:
        """Whether parts that exclude each other stand right behind their whole, whatever the text counts far away."""
        lead, words = (
            self._lead(whole, parts)[0],
            [self.run.words[self.items.index(x)] for x in parts if x in self.items],
        )
        return _RIGHT_BEHIND.fullmatch(lead) is not None and exclude_and_close(self.told.words, words, lead)[0]

    def _rest_is_told(self, rest: int) -> bool:
        """Whether the next sentence opens with those that the list leaves: `The 167 left were read in full`."""
        at = self.told.passage + 1
        after = told_in(self.case, at) if at < len(self.case.text.passages) else None
        return (
            after is not None
            and bool(after.items)
            and after.items[0].n == rest
            and _LEFT.search(f"{after.gaps[0]} {after.gaps[1][:30]}") is not None
        )

    def _verdict(self, whole: Item, parts: Sequence[Item], words: Sequence[str], how: str) -> Verdict | None:
        counts, total = [x.n or 0 for x in parts], whole.n or 0
        together = sum(counts)
        if (
            max(counts) >= total
            or total < _FEWEST
            or not _LEAST * total <= together <= _MOST * total
            or min(counts) < 1
        ):
            return None
        lead, between = self._lead(whole, parts)
        if self._is_denied(whole, parts, words, how, f"{lead} {between}"):
            return None
        tail = say.COUNTED_ONCE.sub("", self.told.words[parts[-1].end - self.p.start :])
        if how != "told" and OF_ANOTHER.search(lead):
            return None
        apart, closed = exclude_and_close(self.told.words, words, lead)
        assigned = say.RANDOM.search(self.told.words) is not None and _have_both_apart(parts, words)
        apart = apart or assigned or say.ONCE.search(self.told.words) is not None
        closed = closed or say.ONLY_ONES.search(self.told.words) is not None
        apart = apart or (closed and together < total)
        opens = (say.CLOSES.search(lead) is not None or say.NO_OTHER.search(tail) is not None) and have_one_verb(words)
        tied = how in ("told", "total of the last", "of") or whole.start < parts[0].start
        slip = any(
            one_digit_apart(str(a), str(b))
            for a, b in ((total, together), *((c, c + total - together) for c in counts))
            if b > 0
        )
        near = 4 * abs(together - total) <= total or (total < together <= 1.5 * total)
        if not tied:
            return None
        if how == "told":
            return "error-if" if near and self._of_one_kind(whole) else None
        if whole.share is not None and all(x.share is not None for x in parts):
            return None
        if apart and (together > total or closed or opens):
            return "error-if"
        if lead.endswith(": ") and slip and near and all(w.startswith("with ") for w in words):
            return "unlikely"
        if opens and how != "sentence before" and not any(say.OPEN.match(w) for w in words):
            return "error-if"
        if together < total and any((m := say.ARM.match(w)) and not m["to"] for w in words):
            return None  # not all who were assigned received it
        turned = any(
            sorted(str(a)) == sorted(str(b))
            for a, b in ((total, together), *((c, c + total - together) for c in counts))
        )
        close = 10 * abs(together - total) <= total
        if slip and near and together > total and say.COLON.search(lead) and not any(say.OPEN.match(w) for w in words):
            return "unlikely"
        enclosed = self._in_bracket(whole, parts)
        if slip and ((close and (enclosed or (turned and total > _LARGE))) or (enclosed and near and together > total)):
            return "unlikely"
        if together < total and not say.COUNTED_ONCE.search(self.told.words):
            return None
        if (apart or are_alike(self.told.words, self.run.form, words)) and slip and near:
            return "unlikely"
        return None

    def _is_another(self, whole: Item, parts: Sequence[Item]) -> bool:
        """Whether a number is no whole of the parts: a group sized as they are, of a total of its own, or apart."""
        if whole.end > parts[0].start:
            return False
        begin = self.p.start
        ahead, lead = (
            self.told.words[: whole.start - begin],
            self.told.words[whole.end - begin : parts[0].start - begin],
        )
        sized = all(self.told.words[: x.start - begin].rstrip().endswith("=") for x in (whole, *parts))
        return (
            sized
            or re.search(r"\b(?:the )?(?:remainder|rest|others) ", lead) is not None
            or (re.search(r"\btotal\b", ahead) is not None and re.search(r"[(:] ?total\b|\(total\b", lead) is not None)
        )

    def _is_denied(self, whole: Item, parts: Sequence[Item], words: Sequence[str], how: str, around: str) -> bool:
        """Whether a word says that the list leaves some out, has some twice, or counts something else."""
        together, total = sum(x.n or 0 for x in parts), whole.n or 0
        if say.OF_PARTS.search(self.told.words[: parts[0].start - self.p.start]) and parts[0].start > self.p.start + 14:
            return True  # itself a whole: `in one (1%) of 111 and in 10 (9%) of 114`
        if self.run.form == "bare":
            return False
        stretch = say.ONCE.sub("", say.COUNTED_ONCE.sub("", around))
        if say.OVERLAP.search(stretch) or say.SOME.search(say.ONCE.sub("", say.COUNTED_ONCE.sub("", self.told.words))):
            return True
        once = say.COUNTED_ONCE.search(self.told.words) or say.ONCE.search(self.told.words)
        if say.SYMPTOMS.search(self.told.words[: parts[0].start - self.p.start]) and not once:
            return True
        if sum(say.TIME.search(w) is not None for w in words) > 1 or say.BEGINS_INSIDE.match(
            self.told.gaps[self.run.first]
        ):
            return True
        tail = say.COUNTED_ONCE.sub("", self.told.words[parts[-1].end - self.p.start :])
        tail = tail.split(";")[0] if OF_WHOM.search(self.told.gaps[self.run.first]) else tail
        own_rest = say.REST.search(words[-1]) and not say.LEFT_OUT.search(tail.replace(words[-1], ""))
        own_rest = own_rest and "left out" not in words[-1]  # `left out as a value was missing`: missing is no part
        if how != "told" and say.LEFT_OUT.search(tail) and not own_rest:
            return True
        where = [s.name for w in words for s in said_of(w) if s.axis == "where"]
        alone = say.ALONE.search(self.told.words) is not None or _have_both_apart(parts, words)
        alone = alone or (len(words) == 2 and any("neither" in w for w in words))
        if say.BOTH.search(" ".join(words)) and len({*where}) < len(words) and not alone:
            return True
        if together < total and _AND_ONE.match(tail):
            return True
        goes_on = self.run.last + 1 < len(self.told.items) and how in ("before", "first", "sentence before")
        if together < total and goes_on and not re.search(r"[;.]", self.told.gaps[self.run.last + 1]):
            return True  # another count of the list stands in another form
        if together < total and how == "of" and "out of" in around + tail + self.told.gaps[-2]:
            return True
        in_persons = self.run.form == "leads" and self.told.gaps[self.run.first].endswith(("in ", "by "))
        return in_persons and how != "told"  # `64 aneurysms were in 29 women and 25 men`

    def _is_first_of_them(self, whole: Item, parts: Sequence[Item]) -> bool:
        """Whether a whole is one of the list whose noun stands behind it: `17 black, 15 white and 3 other people`."""
        lead = self.told.words[max(0, whole.end - self.p.start) : parts[0].start - self.p.start]
        behind = re.split(r"[,;.(]", self.told.words[parts[-1].end - self.p.start :], maxsplit=1)[0]
        alone = re.fullmatch(r" [a-z -]+, ", lead) is not None and not say.WHO_THEY_ARE.search(lead)
        return alone and say.WHO_THEY_ARE.search(behind) is not None

    def _in_bracket(self, whole: Item, parts: Sequence[Item]) -> bool:
        """Whether a bracket right behind the whole holds the parts and no more: `1,718 patients (A 875, B 843)`."""
        lead = self.told.words[max(0, whole.end - self.p.start) : parts[0].start - self.p.start]
        behind = self.told.words[parts[-1].end - self.p.start :]
        return (
            re.fullmatch(r"(?: [a-z-]+){0,4} \([^()]*", lead) is not None
            and re.match(r"[^(,;.]{0,40}\)", behind) is not None
        )

    def _lead(self, whole: Item, parts: Sequence[Item]) -> tuple[str, str]:
        """The words between the whole and the first part, and those between and just behind the parts."""
        begin = self.p.start
        first, last = parts[0], parts[-1]
        lead = self.told.words[
            max(0, (whole.end if self.p.start <= whole.end <= first.start else begin) - begin) : first.start - begin
        ]
        behind = self.told.gaps[self.run.last + 1] if last.end >= self.items[-1].end else ""
        between = self.told.words[first.start - begin : last.end - begin]
        return lead, between + " " + re.split(r"[;.(] ?", behind)[0]

    def _of_one_kind(self, whole: Item) -> bool:
        """Whether a total told behind its parts counts what they count, or does not say what."""
        behind = self.told.words[whole.end - self.p.start :]
        m = re.match(
            r" (?:(?:[a-z]+ed|[a-z]+-[a-z]+|consecutive|eligible|different|evaluable) )?([a-z]{4})[a-z-]*", behind
        )
        return (
            m is None or say.PEOPLE.match(behind) is not None or m[1] in self.told.words[: whole.start - self.p.start]
        )

    def _tell(self, at: tuple[int, int], parts: Sequence[Item], verdict: Verdict, total: int) -> None:
        shown = f"{' + '.join(str(x.n) for x in parts)} = {sum(x.n or 0 for x in parts)}"
        if verdict == "ok" and any(is_added(self.case, x.at) for x in parts):
            return
        if verdict != "ok" and all(_CODE.search(self.case.flat[max(0, x[0] - 8) : x[0]]) for x in (at, parts[0].at)):
            return  # numbers of specimens: `PRI 67515, TU 1354`
        counts = [x.n for x in self.told.items if x.n is not None]
        if verdict != "ok" and sum(counts) == 2 * max(counts):
            return  # all make the largest: `of 210, 112 were men and 95 women; sex was not recorded in 3`
        together = 100 * sum(x.n or 0 for x in parts) / total if total else 0
        if verdict != "ok" and any(
            x.share is not None and x.share.low <= together <= x.share.high for x in self.told.items
        ):
            return  # `255 former and 155 current smokers, together 94.5% of the 434`
        said = f"{shown}." if verdict == "ok" else f"If these are all: {shown}, not {total}."
        judge(self.case, self.p, "sum", [at, *(x.at for x in parts)], verdict, said, "parts of a whole")


_CODE = re.compile(r"(?<![A-Za-z])[A-Z]{2,5} $")
"""The letters before the number of a specimen, a site or a record."""
