"""A value told again as another one: 35.7 % in the abstract, 37.5 % in the discussion."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import chain

from codon12.check import patterns as re
from codon12.check.finding.wording import whole_words
from codon12.check.verify.case import Case
from codon12.check.verify.repeats.profiles import Profile, profiles
from codon12.check.verify.shares.typos import one_digit_from
from codon12.numbers.rounding import printed as print_number
from codon12.numbers.unrounded import Printed, percent_modes

__all__ = ["check_restated"]

_NUMERAL = re.compile(r"(?<![\w.,])\d+(?:[.·]\d+)?(?![\d,]*\d)")
_DECIMAL = re.compile(r"(?<![\w.,])\d{2,}\.\d+(?![\d,]*\d)")
_PERCENT = re.compile(r" ?%")
"""A number of three digits or more with decimals: another of that value is hardly there by chance, read or not."""
_ARM = re.compile(r"\b([A-Za-z][\w-]{2,})[ -](?:group|arm)s?\b")
_SOFT = frozenset({"confirmed", "primary", "final", "central", "independent", "blinded", "adjusted", "multivariable"})
"""Words of one reading or analysis that an abstract may leave out."""
_SHARED_WORDS, _LEAST_SHARED, _LEAST_ALIKE = 2, 0.6, 0.75
"""Words that two clauses share at least, and their part of the shorter clause: of near values, of shares of a total."""
_THREE_DIGITS = 100
_MOST = 20
"""How many numbers of one value, or of one total, are looked at."""
_FILLERS = frozenset(
    """
    occur occurr observ report seen not includ respectively median rate proportion percent group arm most any all only
    among becaus due those whom other than had has have led this that their which were was patient event overall total
    hazard ratio
    """.split()  # noqa: SIM905  a list of words reads better so
)
_ANYBODY = whole_words("patients participants subjects people women men adults children still among with have who")
_CASES = whole_words("cases controls samples carriers")
_GENERAL = frozenset(
    """
    advers relat treatment treat drug grad diseas respons surviv progress cancer tumor analys common study trial cohort
    therap chemotherap
    """.split()  # noqa: SIM905  a list of words reads better so
)
"""Words of which one alone does not say what a number is of."""


def check_restated(case: Case) -> None:
    """Note a value of an abstract or a discussion that the text gives elsewhere, one digit apart or of one total.

    Only where the value is printed nowhere else, the part of the text it stands in has not the other value too, and
    no word says that the two are of other patients, another reading or another analysis.
    """
    told = profiles(case)
    if not told:
        return
    printed = _Printed(case, told)
    values, shares = _Values(told), _Shares(told)
    arms = {m[1].lower() for m in _ARM.finditer(case.flat)}
    fillers = _FILLERS | whole_words(" ".join(arms))
    for a in told:
        if printed.times(a) > (a.statement.kind != "percent_range") or values.holds_rounded(a):
            continue
        if a.family == "people" and (b := values.told_twice_near(case, a, printed)) is not None:
            _tell(case, a, b, "one digit apart")
        if a.region == "table":
            continue
        near = (
            b for b in values.near(a)
            if not _is_in_its_range(a, b)
            and not _have_other_limits(a, b)
            and not _of_an_arm(case, a, b)
            and (_alike(case, a, b, _LEAST_SHARED, fillers)
                 or _beside_one_value(a, b)
                 or _of_the_only_one(case, a, b, printed))
        )  # fmt: skip
        same = (b for b in shares.of_total(a) if _whole_label(case, b) and _alike(case, a, b, _LEAST_ALIKE, fillers))
        for b, why in chain(((b, "one digit apart") for b in near), ((b, "of one total") for b in same)):
            told_first = b.region in ("abstract", "conclusion") and printed.times(b) > 1 and _beside_one_value(a, b)
            elsewhere = b.region != a.region and (a.region != "body" or b.region == "table" or told_first)
            elsewhere = elsewhere and not (why == "one digit apart" and _is_right(a))
            if elsewhere and not values.stands_in(a.region, b) and _of_one_arm(case, a, b, arms):
                _tell(case, a, b, why)
                break


class _Printed:
    """How often each value is printed, in running text and tables."""

    def __init__(self, case: Case, told: Iterable[Profile]) -> None:
        self._values: Counter[str] = Counter({p.value.text: 0 for p in told})
        self._counts: Counter[int] = Counter()
        self.of_kind = Counter(p.family.split()[0] for p in {p.value.text: p for p in told}.values())
        decimals = [m for m in _DECIMAL.finditer(case.flat) if m[0] in self._values]
        self._anywhere = Counter(m[0] for m in decimals)
        self._shares = Counter(m[0] for m in decimals if _PERCENT.match(case.flat, m.end()))
        for s in case.statements:
            q = s.quantities
            if case.text.passages[s.passage].table is not None:
                printed: Iterable[str] = _NUMERAL.findall(s.quote)
            else:
                printed = (v.text for v in (*q.values, q.percent or q.value) if v is not None)
            self._values.update(x for x in printed if x in self._values)
            self._counts.update(n for n in (q.n, q.N) if n is not None)

    def times(self, p: Profile) -> int:
        """How often the value of a number is printed as one of its kind."""
        if p.family in _OF_COUNTS:
            return self._counts[int(p.value.value)]
        times = max(self._values[p.value.text], self._anywhere[p.value.text])
        return times - self._shares[p.value.text] if p.family.startswith("median") else times  # a percentage is no time

    def holds_count(self, n: Fraction) -> bool:
        """Whether a number is printed as a count or a total."""
        return self._counts[int(n)] > 0


_OF_COUNTS = ("people", "number")


class _Values:
    """Values by family and digits as printed, and rounded to fewer places."""

    def __init__(self, told: Iterable[Profile]) -> None:
        self._exact: dict[str, dict[str, tuple[Profile, ...]]] = defaultdict(dict)
        """Family -> value as printed -> where, the first of very many."""
        self._rounded: dict[str, dict[str, tuple[Profile, ...]]] = defaultdict(dict)
        for p in told:
            _put(self._exact[p.family], p.value.text, p)
            for digits in range(p.value.digits):
                for text in _rounded(p.value, digits):
                    _put(self._rounded[p.family], text, p)

    def holds_rounded(self, a: Profile) -> bool:
        """Whether the value stands elsewhere with more places, or with fewer."""
        exact = self._exact[a.family]
        fewer = (x for d in range(a.value.digits) for x in _rounded(a.value, d))
        return a.value.text in self._rounded[a.family] or any(x in exact for x in fewer)

    def near(self, a: Profile) -> Iterator[Profile]:
        """Those that print one digit apart at the places of `a`."""
        exact, rounded = self._exact[a.family], self._rounded[a.family]
        for text in one_digit_from(a.value.text):
            yield from exact.get(text, ())
            yield from rounded.get(text, ())

    def told_twice_near(self, case: Case, a: Profile, printed: _Printed) -> Profile | None:
        """A count of the same people that the text gives twice or more, one digit apart."""
        for b in self.near(a):
            many = a.value.value >= _THREE_DIGITS  # of so many, another number is hardly as near by chance
            same = a.outcome == b.outcome or (many and (a.outcome is None or b.outcome is None))
            if a.outcome is None or b.outcome is None:
                same = same and self._of_one_thing(case, a, b)
            if (
                same
                and not any(x.search(_beside(case, y)) for x in (_OF_SOME, _OF_AN_AGE) for y in (a, b))
                and a.value.value != 2 * b.value.value  # of two equal groups
                and not printed.holds_count(a.value.value + b.value.value)  # of two groups and of both
                and not _tells_the_rest(case, a, abs(a.value.value - b.value.value))
                and (many or a.outcome is not None)
                and a.parts(case) == b.parts(case)
                and a.sides(case) == b.sides(case)
                and (printed.times(b) > 1 or _is_far_off(a, b))
            ):
                return b
        return None

    @staticmethod
    def _of_one_thing(case: Case, a: Profile, b: Profile) -> bool:
        """Whether what is said of two counts has a word in common, or one has no words of its own."""
        if any(_OF_THE_STUDY.search(case.flat, max(0, p.statement.normal_start - 40), p.statement.normal_start)
               for p in (a, b)):  # fmt: skip
            return True
        one, other = (p.words(case) - _FILLERS - _ANYBODY for p in (a, b))
        return not one or not other or bool(one & other)

    def stands_in(self, region: str, b: Profile) -> bool:
        """Whether a part of the text prints the value of `b` too; so it is taken where it stands very often."""
        alike = self._exact[b.family][b.value.text]
        return len(alike) >= _MOST or any(p.region == region for p in alike)


def _tells_the_rest(case: Case, a: Profile, rest: Fraction) -> bool:
    """Whether a count of those between two numbers stands beside one of them: `318 completed; 30 more did not`."""
    k = a.statement.passage
    around = (s for i in range(k - 1, k + 2) for s in case.by_passage.get(i, ()))
    return any(s.quantities.n == rest for s in around)


_OF_THE_STUDY = re.compile(
    r"\b(?:study|trial|cohort|series|analysis|sample|population|registry|experience) (?:\w+ )?(?:of|in|with|on) $"
)
"""Before the number of all who are in the study."""
_OF_SOME = re.compile(
    r"\b(?:evaluable|assessable|tested|eligible|surviving)\b|"
    r"\b(?:patients?|participants?|subjects?|women|men|adults|children) (?:with|who|whose|for|in) "
)
"""`the 434 patients with a recorded history`, `182 evaluable patients`: as many of all as that may be."""


_OF_AN_AGE = re.compile(r"\b[a-z]+ (?:were|was) (?:aged )?\d")
"""`211 men were 75 years or older`."""


def _beside(case: Case, p: Profile) -> str:
    return case.flat[p.statement.normal_start : p.statement.normal_end + 30]


def _is_far_off(a: Profile, b: Profile) -> bool:
    """Whether a large number of an abstract differs from one of the body by more than those who were lost."""
    apart = abs(a.value.value - b.value.value)
    abstract = a.region in ("abstract", "conclusion") and b.region == "body"
    return abstract and a.value.value >= _FOUR_DIGITS and apart >= max(_FOUR_DIGITS // 10, b.value.value * _LOST)


_FOUR_DIGITS, _LOST = 1000, Fraction(1, 25)


def _put(place: dict[str, tuple[Profile, ...]], text: str, p: Profile) -> None:
    known = place.get(text, ())
    if len(known) < _MOST:
        place[text] = (*known, p)


class _Shares:
    """Shares with their counts, by outcome and total."""

    def __init__(self, told: Iterable[Profile]) -> None:
        self._of: dict[tuple[str, str | None, int], list[Profile]] = defaultdict(list)
        for p in told:
            key = self._key(p)
            if key is not None and len(self._of[key]) < _MOST:
                self._of[key].append(p)

    @staticmethod
    def _key(p: Profile) -> tuple[str, str | None, int] | None:
        counted = p.statement.quantities.n is not None and p.family == "percent" and p.total is not None
        return (p.family, p.outcome, p.total.value) if counted and p.total is not None else None

    def of_total(self, a: Profile) -> Iterable[Profile]:
        """Those of the same outcome and total."""
        key = self._key(a)
        return self._of.get(key, ()) if key is not None else ()


def _rounded(value: Printed, digits: int) -> set[str]:
    """A value with fewer places; two ways where its last digit is a five: 22.46 and 22.53 both print as 22.5."""
    near = value.step / 4
    return {print_number(float(x), digits) for x in (value.value - near, value.value + near)}


def _alike(case: Case, a: Profile, b: Profile, least: float, fillers: frozenset[str]) -> bool:
    """Whether the words beside two numbers name one quantity: its outcome, or most words of the shorter clause.

    The names of arms stand beside every outcome, so that they say as little as other fillers.
    """
    if not _of_one_part(case, a, b):
        return False
    if a.outcome is not None and b.outcome is not None:
        return a.outcome == b.outcome
    one, other = a.words(case) - fillers, b.words(case) - fillers
    shared = len(one & other)
    if a.family == "people":
        of_some = any(_OF_AN_AGE.search(_beside(case, x)) for x in (a, b))
        return a.value.value >= _THREE_DIGITS and bool(shared) and not of_some
    if a.family.startswith("median"):
        return False
    if b.region == "table":  # the whole label must be there, and say more than that something happened
        return bool(other - _GENERAL) and other <= one
    if shared and (
        one == other or (min(len(one), len(other)) == 1 and not one & other & (_GENERAL | _ANYBODY | _CASES))
    ):
        return True
    return shared >= _SHARED_WORDS - (" at " in a.family) and shared >= least * min(len(one), len(other))


def _whole_label(case: Case, b: Profile) -> bool:
    """Whether a cell is named by two words or more and no number: its row is of nothing else than they say."""
    label = b.says(case)
    return b.region != "table" or (len(b.words(case) - _FILLERS) > 1 and not any(c.isdigit() for c in label))


def _is_right(p: Profile) -> bool:
    """Whether a percentage is that of the count before it, or a count that of its: then no digit of it has slipped."""
    q = p.statement.quantities
    n = q.n
    if p.family == "number" and n is not None and q.N and q.percent is not None:
        return n <= q.N and bool(percent_modes(n, q.N, q.percent))
    counted = p.family.startswith("percent") and n is not None and p.total is not None and n <= p.total.value
    return counted and bool(percent_modes(n or 0, p.total.value if p.total else 1, p.value))


def _of_one_part(case: Case, a: Profile, b: Profile) -> bool:
    """Whether no word says that two numbers are of other patients, another reading or another analysis."""
    one, other = a.parts(case), b.parts(case)
    soft = (one & _SOFT, other & _SOFT)
    sides = (a.sides(case), b.sides(case))
    if (all(soft) and soft[0] != soft[1]) or (all(sides) and sides[0] != sides[1]):
        return False
    if a.family.startswith("ratio"):
        return one - _SOFT <= other
    return one - _SOFT == other - _SOFT


def _beside_one_value(a: Profile, b: Profile) -> bool:
    """Whether two numbers stand beside the same value of their kind in two sentences: `57.3% and 54.1%` again."""
    pairs = ((a.before, b.before), (a.after, b.after))
    alike = any(x is not None and x == y and len(x) > 1 for x, y in pairs)
    return alike and (a.outcome is None or b.outcome is None or a.outcome == b.outcome)


def _of_the_only_one(case: Case, a: Profile, b: Profile, printed: _Printed) -> bool:
    """Whether a ratio or a time of no outcome is one digit from one that the text gives twice or more."""
    kind = a.family.split()[0]
    unsaid = kind in ("ratio", "median") and a.outcome is None and b.outcome is None
    if printed.of_kind[kind] > _MANY:
        return False  # of so many, two are near by chance
    return unsaid and printed.times(b) > 1 and _of_one_part(case, a, b)


_MANY = 12


def _of_one_arm(case: Case, a: Profile, b: Profile, arms: set[str]) -> bool:
    """Whether the words beside two numbers do not name two arms; a ratio is of both."""
    if a.family.startswith("ratio"):
        return True
    named = [arms.intersection(re.findall(r"[a-z][a-z-]+", p.says(case).lower())) for p in (a, b)]
    return not (named[0] and named[1]) or named[0] == named[1]


def _have_other_limits(a: Profile, b: Profile) -> bool:
    """Whether both have an interval and no limit in common: they are of two things."""
    one, other = ((x.statement.quantities.low, x.statement.quantities.high) for x in (a, b))
    limits = [{x.value for x in pair if isinstance(x, Printed)} for pair in (one, other)]
    return all(len(x) == 2 for x in limits) and not limits[0] & limits[1]


def _is_in_its_range(a: Profile, b: Profile) -> bool:
    """Whether one is the end of a range that holds the other: `16%`, told again as 15% to 20%."""
    q = a.statement.quantities
    ends = [x.value for x in (q.low, q.high) if isinstance(x, Printed)]
    return a.statement.kind == "percent_range" and len(ends) == 2 and ends[0] <= b.value.value <= ends[1]


def _of_an_arm(case: Case, a: Profile, b: Profile) -> bool:
    """Whether a share of all lies between those of the arms, of which the cell has one."""
    if b.region != "table":
        return False
    row = [s.quantities.percent for s in case.by_passage[b.statement.passage] if s.kind == "table_cell"]
    shares = [x.value for x in row if x is not None]
    return len(shares) > 1 and min(shares) < a.value.value < max(shares)


def _tell(case: Case, a: Profile, b: Profile, why: str) -> None:
    place = " in a table" if b.region == "table" else f" in {b.statement.section}" if b.statement.section else ""
    sentence = f"{a.value.text} here and {b.value.text}{place}, {why}: if they are of the same, one of them is a slip."
    case.relate("restated", (a.statement, b.statement), "unlikely", sentence, "comparison of copies", on=(a.statement,))
