"""What each number of running text is of, where in the text it stands, and whom else it may be of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.finding.wording import whole_words
from codon12.check.statements import Denominator, Statement
from codon12.check.verify.case import Case
from codon12.check.verify.labels import category_of
from codon12.check.verify.repeats.regions import regions_of
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["ELSEWHERE", "PARTS", "Profile", "profiles"]

_RATIOS_AND_TIMES = {
    "median_ci": "median",
    "median_only": "median",
    "median_range": "median",
    "group_medians_p": "median",
    "hr_ci_p": "ratio",
}
_COUNTED = {"count", "count_percent", "count_percent_ci", "percent_ci", "percent_only", "landmark"}
_TOLD = _COUNTED | set(_RATIOS_AND_TIMES) | {"percent_range", "duration"}
_SAME_THING = (
    ("ORR", re.compile(r"\b(?:objective|overall|tumou?r)? ?respon(?:se|ded|ses)\b(?! of|-)|\bORR\b", re.IGNORECASE)),
    ("DCR", re.compile(r"\bdisease[- ]control\b|\bDCR\b", re.IGNORECASE)),
)
PARTS = re.compile(
    r"\b(?:sub-?groups?|subsets?|mutat\w+|mutant|wild[- ]?type|pd-?l1|tmb|msi|ihc|express\w+|positive|negative|high|"
    r"low|smok\w+|wom[ae]n|m[ae]n|females?|males?|stages?|prior|previous\w*|untreated|naive|naïve|brain|liver|bone|"
    r"visceral|metasta\w+|investigators?|central|independent|blinded|local|older|younger|aged|elderly|ecog|performance|"
    r"squamous|adenocarcinoma|intra\w+|extra\w+|responders?|asian|white|black|japan\w*|chin\w+|europe\w*|"
    r"america\w*|first-line|second-line|third-line|interim|final|updated|primary|secondary|sensitivity|per-protocol|"
    r"adjusted|unadjusted|multivaria\w+|univaria\w+|crude|matched|weighted|stratified|confirmed|unconfirmed|"
    r"dose|mg|serious|fatal|grade [1-5](?: or [1-5])?|any[- ]grade|any grade|grades? \d-\d|week|cycles?|complete|"
    r"partial|stable|\d+ (?:or (?:more|fewer|higher|older|younger|less|greater))|subsequent\w*|crossover|"
    r"crossed|exclu\w+|continuous)\b"
)
"""Words, in small letters, by which a number may be of some of the patients, of one reading or of one analysis."""
_SIDE = re.compile(r"\b(?:cohort|part|arm|group|stratum|phase) (?:[A-H]|\d)\b", re.IGNORECASE)
_OTHER_TRIAL = (
    r"\b(?:[A-Z]{4,}|[A-Z][a-z]+[A-Z]\w*|[A-Z]{2}[a-z]\w+)(?:-[A-Z]\w+)?[- ]?\d{1,3}\b|"
    r"\b[Ii]n (?:the )?[A-Z][A-Za-z-]+(?: [A-Z]\w+)? (?:trial|study|cohort|registry|database)\b"
)
ELSEWHERE = re.compile(
    r"\b(?=[A-Za-z])(?i:historic\w*|benchmark|assum\w+|hypothes[ie]\w*|expected|target|null|threshold|power|"
    r"sample size|would|planned|design\w*|meta-?anal\w+|reported(?! in \d)|published|literature|et al|phase (?:1|I)|"
    r"(?:another|other|earlier|previous|prior|similar|these|those|two|several|recent|real-world|pivotal|landmark|both) "
    r"(?:\w+ )?(?:trials?|stud(?:y|ies)|reports?|data|series|analys[ei]s|cohorts?|populations?)|"
    rf"(?:standard|available) (?:therap\w+|care))\b|{_OTHER_TRIAL}"
)
"""Words by which a number may be of another trial, or of a plan."""
_SUBJECT = re.compile(
    r"^\W*(?P<who>[A-Z][\w-]+(?:(?: (?:plus|with|and|or))? [a-z][\w-]+){0,3}?) (?:achieved|gave|showed|led|yielded|"
    r"produced|resulted|had|has|was|were|induced|improved|prolonged|elicited|demonstrated)\b"
)
_POINTING = {"this", "that", "these", "those", "their", "there", "both", "each", "such", "with", "although", "overall"}
_COMPARED = re.compile(
    r"\b(?:compar\w+|than|versus|vs\.?|similar|consistent|resembl\w+|whereas|while|in line|in contrast|unlike|above|"
    r"below|exceed\w*|confirms?|as with)\b",
    re.IGNORECASE,
)
_CLAUSE_ENDS = re.compile(r"[;:]\s|,? (?:and|but|whereas|while) (?=(?:[\w-]+ ){1,6}(?:was|were|had|is|are|has|have)\b)")
_BEHIND_ENDS = re.compile(r"[;:]\s|,? (?:and|but|whereas|while|including|with which)\b|, ")
_OF_ALL = re.compile(r"\W*(?:by|in|among|for|with|within|according|after|on|of|as)\b", re.IGNORECASE)
"""How a sentence opens whose first words hold for all of it: `By investigator assessment, ...`."""
_AT = re.compile(r"\bat \d+ (?:months?|years?|weeks?)\b", re.IGNORECASE)
_NUMBERS = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty(?:-\w+)?|hundred)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?P<verb>enrol\w*|randomi[sz]\w*|random\w* assigned|screened|treated|evalua\w*|analy[sz]ed|included|recruited|"
    r"identified|registered|consented|received|leaving|remain\w*)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"\b(?:patients?|pts|participants?|subjects?|wom[ae]n|m[ae]n|adults?|children)\b", re.IGNORECASE)
_LEAST_PEOPLE = 20


class Profile(NamedTuple):
    """One number of a text or a table: its value, what it is of, and where; its words are read when asked for."""

    statement: Statement
    value: Printed
    family: str
    """`percent`, `people`, `number`, `ratio HR`, `median months`, with the time of a landmark."""
    outcome: str | None
    """The outcome, of people what was done with them."""
    clause: tuple[int, int]
    """Where its clause begins and ends; empty in a table, where the label of the row says what it is of."""
    opening: tuple[int, int]
    """What opens its sentence, where it is not the first number."""
    region: str
    """`abstract`, `conclusion` (of the abstract), `body`, `discussion` or `table`."""
    before: str | None
    after: str | None
    """The values of its family right before and behind it in the sentence."""
    total: Denominator | None

    def says(self, case: Case) -> str:
        """Its clause, or the label of its row."""
        return case.flat[slice(*self.clause)] if self.region != "table" else self.statement.label

    def words(self, case: Case) -> frozenset[str]:
        """The words of its clause, in one spelling; numbers in words left out."""
        return whole_words(_NUMBERS.sub(" ", self.says(case)))

    def parts(self, case: Case) -> set[str]:
        """Words that may say of whom or by whom, in the clause and where the sentence opens with whom it is about."""
        opening = case.flat[slice(*self.opening)]
        words = f"{opening} {self.says(case)}" if _OF_ALL.match(opening) else self.says(case)
        return {m[0] for m in PARTS.finditer(words.lower())}

    def sides(self, case: Case) -> set[str]:
        """Cohorts and arms by their letters, in the clause or else where the sentence opens."""
        return {x.lower() for x in _SIDE.findall(self.says(case)) or _SIDE.findall(case.flat[slice(*self.opening)])}


def profiles(case: Case) -> list[Profile]:
    """The numbers of running text that may be told more than once; those of other studies and of plans left out."""
    regions = regions_of(case.text.passages, case.text.normal.text)
    if len(set(regions)) < 2 and not any(p.table is not None for p in case.text.passages):
        return []
    known = _Known(case.flat, _before_discussion(case, regions))
    out: list[Profile] = []
    for passage, statements in case.by_passage.items():
        p = case.text.passages[passage]
        if p.table is not None:
            out += _of_row(case, statements)
        elif not p.footnote and regions[passage] != "introduction":
            own = _own_until(case, p.start, p.end, statements[0], known if regions[passage] == "discussion" else None)
            if own > p.start:
                out += _of_sentence(case, [s for s in statements if s.kind in _TOLD], own, regions[passage])
    return out


def _before_discussion(case: Case, regions: Sequence[str]) -> int:
    places = (p.start for p, region in zip(case.text.passages, regions, strict=True) if region == "discussion")
    return next(places, len(case.flat))


class _Known:
    """Whether a word stands in what a text says before its discussion; each looked for once."""

    def __init__(self, flat: str, end: int) -> None:
        self._flat, self._end = flat, end
        self._found: dict[str, bool] = {}

    def __contains__(self, word: str) -> bool:
        if word not in self._found:
            pattern = re.compile(re.escape(word), re.IGNORECASE)
            self._found[word] = pattern.search(self._flat, 0, self._end) is not None
        return self._found[word]


def _of_sentence(case: Case, told: Sequence[Statement], own: int, region: str) -> Iterator[Profile]:
    """The numbers of a sentence, up to where it speaks of another study."""
    if not told:
        return
    p = case.text.passages[told[0].passage]
    times = {x.lower() for x in _AT.findall(case.flat, p.start, p.end)}
    out: list[Profile] = []
    for k, s in enumerate(told):
        if s.normal_start >= own:
            break
        begin = told[k - 1].normal_end if k else p.start
        end = min(own, told[k + 1].normal_start if k + 1 < len(told) else p.end)
        before = _CLAUSE_ENDS.split(case.flat[begin : s.normal_start])[-1]
        after = _BEHIND_ENDS.split(case.flat[s.normal_end : end])[0]
        clause = (s.normal_start - len(before), s.normal_end + len(after))
        opening = (p.start, told[0].normal_start if k else p.start)
        total = case.denominators.get(s.id)
        out += (
            Profile(s, value, family, outcome, clause, opening, region, None, None, total)
            for family, value, outcome in _values(case, s, (begin, end), times)
        )
    yield from (p for p in _with_neighbours(out) if p.statement.kind == "percent_range" or not p.statement.approximate)


def _with_neighbours(told: Sequence[Profile]) -> list[Profile]:
    """The numbers of a sentence, each with those of its family before and behind it."""
    out: list[Profile] = []
    last: dict[str, int] = {}
    for p in told:
        k = last.get(p.family)
        if k is not None:
            out[k] = out[k]._replace(after=p.value.text)
        out.append(p if k is None else p._replace(before=out[k].value.text))
        last[p.family] = len(out) - 1
    return out


def _of_row(case: Case, cells: Sequence[Statement]) -> Iterator[Profile]:
    """The shares of a row of a table, by the words of its label."""
    for s in cells:
        percent = s.quantities.percent
        if s.kind == "table_cell" and percent is not None and s.label:
            total, none = case.denominators.get(s.id), (0, 0)
            yield Profile(s, percent, "percent", category_of(case, s), none, none, "table", None, None, total)


def _own_until(case: Case, start: int, end: int, first: Statement, known: _Known | None) -> int:
    """Up to where a sentence speaks of the study itself: all of it, or what stands before another study is compared.

    `known` is what the text says of itself, for a sentence of the discussion whose subject may be another drug.
    """
    subject = _SUBJECT.match(case.flat[start : min(end, start + _OPENING)]) if known is not None else None
    named = set(re.findall(r"[a-z][\w-]{3,}", subject["who"].lower())) - _POINTING if subject is not None else ()
    if known is not None and not all(w in known for w in named):
        return start
    if not case.cites(first) and not case.says(first, ELSEWHERE):
        return end
    other = ELSEWHERE.search(case.flat, start, end)
    until = other.start() if other is not None else end
    compared = _COMPARED.search(case.flat, start, until)
    return compared.start() if compared is not None else max(start, case.flat.rfind("; ", start, until))


_OPENING = 120


def _values(
    case: Case, s: Statement, span: tuple[int, int], times: set[str]
) -> Iterator[tuple[str, Printed, str | None]]:
    """Family, value and outcome of each number of a statement that has a meaning of its own."""
    q = s.quantities
    begin, end = span
    outcome = category_of(case, s) or q.outcome
    if s.kind in _COUNTED and q.percent is not None:
        yield f"percent{_time_of(case, s, times)}", q.percent, outcome or _concept(case.flat[begin:end])
    elif s.kind == "percent_range":
        for limit in (q.low, q.high):
            if isinstance(limit, Printed):
                yield "percent", limit, outcome
    elif s.kind == "duration":
        if q.value is not None and q.value.digits:
            yield f"median {q.unit}", q.value, outcome
    elif s.kind in _RATIOS_AND_TIMES:
        unit = q.measure or q.unit
        for value in q.values or ((q.value,) if q.value is not None else ()):
            yield f"{_RATIOS_AND_TIMES[s.kind]} {unit}", value, outcome
    if s.kind not in ("count", "count_percent") or q.n is None or q.n < _LEAST_PEOPLE:
        return
    behind = case.flat[s.normal_start : min(end, s.normal_end + 40)]
    aside = (
        "(" in case.flat[s.normal_start - 1 : s.normal_start + 1]
    )  # `disease progression (111 patients)`: of those who had it
    if s.kind == "count" and q.N is None and not aside and _PEOPLE.search(behind):
        verb = _VERB.search(behind) or _VERB.search(case.flat, max(begin, s.normal_start - 15), s.normal_start)
        yield "people", read_printed(str(q.n)), verb["verb"][:6].lower() if verb else None
    else:
        yield "number", read_printed(str(q.n)), None


def _time_of(case: Case, s: Statement, times: set[str]) -> str:
    """The time a share is of: its own, the one right behind it, the only one of the sentence."""
    q = s.quantities
    if q.at is not None:
        return f" at {q.at.text} {q.unit}"
    behind = _AT.search(case.flat, s.normal_end, s.normal_end + _RIGHT_BEHIND)
    if behind is not None:
        return f" {behind[0].lower()}"
    named = _NAMED_TIME.search(case.flat, max(0, s.normal_start - 60), s.normal_start)
    if named is not None:
        return f" at {named['n']} {named['u'].lower()}s"
    return f" {min(times)}" if len(times) == 1 else ""


_RIGHT_BEHIND = 20
_NAMED_TIME = re.compile(r"(?<![-\w.])(?P<n>\d+)-(?P<u>year|month|week) [^.;,()\d]{3,45}$", re.IGNORECASE)
"""`a 5-year overall survival rate of ` before the share it is of."""


def _concept(clause: str) -> str | None:
    return next((name for name, pattern in _SAME_THING if pattern.search(clause)), None)
