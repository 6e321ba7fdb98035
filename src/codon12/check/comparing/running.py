"""A statement in running text and the numbers of a study it may be about: by outcome, by its words, by its digits."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from codon12.check.comparing.clause import Clause, says_part
from codon12.check.comparing.equality import MONTHS, Row, far, is_equal, shared
from codon12.check.comparing.events import events_of
from codon12.check.comparing.named import EVENT_TOTALS, Named
from codon12.check.comparing.near import near_in_digits, of_words
from codon12.check.comparing.p_values import PValues
from codon12.check.comparing.parts import OF_AN_ARM, Parts
from codon12.check.comparing.slips import Slips
from codon12.check.comparing.wording import whole_words
from codon12.check.judge import Report
from codon12.check.statements import Statement
from codon12.check.verdicts import Finding

__all__ = ["ENDPOINT_OF", "Running"]

from codon12.evidence.schema import slug
from codon12.records.config.endpoints import ENDPOINTS

ENDPOINT_OF = {code: slug(code) for code in ENDPOINTS} | {
    "follow-up": "follow_up",
    "TRTDUR": "exposure.duration",
    "age": "baseline.age",
    "ORR": "orr",
    "DCR": "dcr",
    "CR": "bor.cr",
    "PR": "bor.pr",
    "SD": "bor.sd",
    "PD": "bor.pd",
}
"""What a text calls an outcome -> what evidence calls the endpoint."""
_MEDIANS = {"median_ci", "median_only", "median_range"}
SHARES = {"count_percent", "count_percent_ci", "percent_ci", "percent_only", "table_cell"}
_FOLLOW_UP = re.compile(r"\bfollow(?:ed)?[- ]?up\b", re.IGNORECASE)
_AT = re.compile(
    r"(?<![\d.])(?P<n>\d+|\b(?:one|two|three|four|five))[- ](?P<unit>month|week|year)s?\b", re.IGNORECASE
)
_IN_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_STATES = (
    (
        "pfs",
        re.compile(
            r"\bprogression[- ]free\b|\bPFS\b|\balive (?:and|without) (?:free of |disease )?progress", re.IGNORECASE
        ),
    ),
    (
        "dor",
        re.compile(
            r"\bcontinu\w+ (?:of |to )?respon|\bresponses? (?:was|were|lasting|maintained|duration)|"
            r"\b(?:still|remained) in response\b|\bduration of response\b|\bDOR\b",
            re.IGNORECASE,
        ),
    ),
    (
        "os",
        re.compile(
            r"\balive\b|\boverall survival\b|\bOS\b|(?<!free )\bsurvival (?:rates? |probability |estimates? )*(?:at|was|were)\b|"
            r"\byear survival\b",
            re.IGNORECASE,
        ),
    ),
)
"""Words for what is estimated at a time, where the number itself names no outcome."""
_LASTS = (
    ("dor", re.compile(r"\bresponses? (?:that )?(?:lasted|persisted|continued)\b", re.IGNORECASE)),
    ("pfs", re.compile(r"\b(?:free (?:from|of) (?:disease )?|without (?:disease )?)progression\b", re.IGNORECASE)),
)
"""Words for how long something lasted, where the number itself names no outcome."""
_OTHER_RATIOS = re.compile(
    r"\badjust|\bmultivaria|\bunivaria|\bstratified|\bper (?:unit|\d)|\binteraction|\bmodel", re.IGNORECASE
)
_ENROLLED = re.compile(
    r"^\W*(?:patients |participants |subjects |persons |people )?(?:were |had been |was )?(?P<what>enrolled|randomi[sz]ed|randomly|screened|"
    r"received (?=(?:at least|\W*≥) ?(?:one|1) dose))",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"\b(?:patients|participants|subjects|people|persons|adults)\b", re.IGNORECASE)
_IN_ALL = re.compile(r"\b(?:total of|overall|in total|in all|altogether)\W*$", re.IGNORECASE)
_LOWERED = re.compile(
    r"\b(?:reduc\w+|lower\w*|decreas\w+|less)\b[^.;]{0,30}\b(?:risk|hazard)\b|\brisk reduction\b", re.IGNORECASE
)
_FLOW = {"enrol": "flow.enrolled", "rando": "flow.randomised", "recei": "flow.treated", "scree": "flow.screened"}
_SIZE = re.compile(r"^\W*n\s?=", re.IGNORECASE)
_BEGAN = re.compile(r"\b(?:began|started|enrolled|received)\b", re.IGNORECASE)
_NEARBY = 40
_TO_ARM = re.compile(r"^\W*(?:patients |participants |subjects )?(?:were |was )?(?:assigned |allocated )?to\b", re.IGNORECASE)
_ASSIGNED = re.compile(r"\b(?:randomi[sz]\w*|randomly|assigned|allocated)\b", re.IGNORECASE)


class Running:
    """The numbers of a study, looked up for the statements of running text."""

    def __init__(self, rows: list[Row], report: Report, by_key: dict[tuple[str, str], list[Row]]) -> None:
        self._rows, self._report, self._by_key = rows, report, by_key
        self._parts = self.parts = Parts(rows)
        self._p = PValues(rows, self._parts)
        self._ratio: tuple[Statement, Row] | None = None
        """The last hazard ratio that agreed: a P right behind it is of it."""
        self._named = Named(rows, self._parts)
        self._slips = Slips(rows, self._parts)
        self._counted = [
            r for r in rows
            if r["kind"] in {"count", "fraction"} and r["value"] is not None and not r["endpoint"].startswith("agreement.")
        ]
        self._ratios = [r for r in rows if r["kind"] == "ratio" and r["value"] is not None]
        labels = (str(r["label"]) for r in self._counted if str(r["endpoint"]).startswith("baseline."))
        self._categories = {w.lower() for x in labels for w in re.findall(r"\w+", x)} | {"men", "women", "smokers"}
        """Words of the labels of baseline characteristics: where one is counted, they make no part."""
        self._beside: dict[int, list[Statement]] = defaultdict(list)
        for s in report.text.statements:
            if _is_number(s):
                self._beside[s.passage].append(s)

    def of(self, finding: Finding) -> tuple[Row | None, Row | None]:
        """The number of the study that a statement agrees with, and the one it contradicts; at most one of them."""
        s = finding.statement
        clause = Clause(s, self._report, self._beside[s.passage])
        if s.kind == "p_value":
            return self._of_p(s, clause)
        right, wrong = self._of(finding, clause)
        if right is not None and s.kind == "hr_ci_p":
            self._ratio = s, right
            if (other := self._p.beside(s, right)) is not None:
                return None, other
        if right is None:
            equal, slip = self._slips.of(s, clause)
            right, wrong = equal, None if equal is not None else slip if slip is not None else wrong
        return right, wrong

    def _of_p(self, s: Statement, clause: Clause) -> tuple[Row | None, Row | None]:
        """A P value by itself: of the ratio right before it, or of the test that its sentence names."""
        if self._ratio is not None and self._ratio[0].passage == s.passage:
            between = self._report.text.normal.text[self._ratio[0].normal_end : s.normal_start]
            if re.fullmatch(r"[\s;,()\[\]]*(?:(?:two|one)-sided|stratified|log-rank|with a|and)?[\s;,()\[\]]*", between):
                other = self._p.beside(s, self._ratio[1])
                return None, other
        endpoint = next((e for e, words in _STATES if words.search(clause.clause)), None)
        return self._p.of(s, clause, endpoint)

    def _of(self, finding: Finding, clause: Clause) -> tuple[Row | None, Row | None]:
        s = finding.statement
        found = self._of_outcome(s, clause)
        if found:
            rows, sure = self._parts.chosen(found, clause)
            equal = _equal_one(s, rows) or (None if sure else _equal_one(s, found))
            if equal is not None:
                return equal, None
            if s.kind == "count_percent_ci":  # all its numbers are those of another rate: the outcome was misread
                rates = (r for r in self._rows if r["statistic"] == "rate" and r["kind"] == "rate")
                if (equal := _equal_one(s, rates)) is not None:
                    return equal, None
            if sure and (equal := next((r for r in found if is_equal(s, r)), None)) is not None and s.quantities.interval:
                return (equal if self._parts.may_be(equal, clause) else None), None
            if rows[0]["endpoint"] == "follow_up" and not self._parts.levels_of(clause):
                sure = not clause.is_elsewhere and len(self._parts.arms_of(clause)) < _TWO
            near = next((r for r in (*rows, *found) if shared(s, r) >= _TWO or near_in_digits(s, r)), None)
            if near is not None:
                return None, near
            contradicted = _nearest(
                finding, rows, sure=sure and clause.says_only(self._parts.words(clause) | _lasting(rows))
            )
            if contradicted is not None or s.kind != "count_percent":
                return None, contradicted
        if s.kind == "count" and None in (s.quantities.n, s.quantities.N):
            flow = self._of_flow(s, clause)
            if flow != (None, None):
                return flow
        if s.kind == "group_medians_p":
            return self._of_groups(s, clause)
        return self._of_words(finding, clause, found)

    def _of_words(self, finding: Finding, clause: Clause, outcome: list[Row]) -> tuple[Row | None, Row | None]:
        """By the words around it, then by its digits: equal ones first."""
        s, of = finding.statement, finding.denominator
        rows, certain = events_of(s, self._report, self._rows)
        rows = rows or self._of_size(s) or outcome
        equal = _equal_one(s, rows)
        if equal is not None:
            return equal, None
        named: list[Row] = []
        if s.kind in ("count", "count_percent", "percent_only", "count_percent_ci"):
            siblings = self._beside[s.passage]
            first = clause if clause.is_first else Clause(siblings[0], self._report, siblings)
            named = self._named.of(clause, first)
        if (equal := _equal_one(s, named)) is not None:
            return equal, None
        alike, meant = of_words(s, self._report, self._counted, is_equal)
        if (equal := _equal_one(s, alike)) is not None and not named:
            return equal, None
        ours = {"arm", "group", "groups"} if len(self._parts.arms) < _TWO else set()
        if self._parts.arms_of(clause):
            ours |= OF_AN_ARM
        if any(str(r["endpoint"]).startswith("baseline.") for r in named):
            ours |= self._categories
        part = clause.says_part(frozenset(ours))
        total = of.value if of is not None and of.tie == "explicit" else None
        if (row := self._named.contradicted(s, named, clause, total=total, part=part)) is not None:
            return None, row
        near = [r for r in (*named, *alike, *rows) if near_in_digits(s, r)]
        if near and not clause.is_elsewhere:
            return None, near[0]
        if certain and rows and not clause.is_elsewhere:
            return None, rows[0]
        sure = meant is not None and not rows and not named and meant["endpoint"] not in EVENT_TOTALS
        return None, meant if sure and not clause.is_elsewhere else None

    def _of_outcome(self, s: Statement, clause: Clause) -> list[Row]:
        """Rows of the outcome a statement names, all arms, subgroups and readers."""
        q = s.quantities
        endpoint = ENDPOINT_OF.get(q.outcome or "")
        if s.approximate:
            return []
        if s.kind in _MEDIANS:
            if _FOLLOW_UP.search(s.quote) or _FOLLOW_UP.search(clause.since[-60:]):
                endpoint = "follow_up"
            said = [e for e, words in _LASTS if words.search(clause.since + clause.inside)]
            if len(said) == 1 and not re.search(r"\bsurvival\b", clause.inside):
                endpoint = said[0]
            return self._by_key.get((endpoint or "", "median"), [])
        if s.kind == "duration" and q.unit == "years" and re.search(r"\bmean age\b[^.;]*$", clause.head):
            return self._by_key.get(("baseline.age", "mean"), [])
        if s.kind == "hr_ci_p" and q.measure == "HR":
            return self._of_ratio(endpoint, clause)
        if s.kind in ("landmark", "percent_only", "percent_ci") and (months := _months(s, clause)) is not None:
            state = endpoint or next((e for e, words in _STATES if words.search(clause.sentence)), None)
            at = self._by_key.get((state or "", f"rate_{months:g}mo"), [])
            if at:
                return at
        if s.kind == "percent_only" and _LOWERED.search(clause.clause):
            return self._of_reduction(clause)
        if s.kind in SHARES and endpoint is not None and s.kind != "landmark":
            return self._by_key.get((endpoint, "rate"), []) + self._by_key.get((endpoint, "n"), [])
        return []

    def _of_ratio(self, endpoint: str | None, clause: Clause) -> list[Row]:
        """Hazard ratios of an outcome; one a model gives is agreed with, never contradicted by another's."""
        if (endpoint, "hr") not in self._by_key:
            endpoint = None
        rows = [r for r in self._ratios if endpoint is None or str(r["endpoint"]).split(".")[0] == endpoint]
        plain = [r for r in rows if r["endpoint"] == endpoint and r["statistic"] == "hr" and Parts.part_of(r) is None]
        if len(plain) == 1 and not _OTHER_RATIOS.search(clause.sentence):
            return plain + [r for r in rows if r is not plain[0]]
        return rows

    def _of_reduction(self, clause: Clause) -> list[Row]:
        """`reduced the risk of death by 29%`: one less the hazard ratio, where the study has one of that outcome."""
        death, progression = (re.search(rf"\b{x}", clause.clause, re.IGNORECASE) for x in ("death|dying", "progression"))
        endpoint = "pfs" if progression else "os" if death else None
        rows = [r for r in self._by_key.get((endpoint or "", "hr"), []) if Parts.part_of(r) is None]
        if len(rows) != 1:
            return []
        values = {k: 100 * (1 - rows[0][k]) if rows[0][k] is not None else None for k in ("value", "lower", "upper")}
        return [rows[0] | values | {"kind": "rate", "unit": "%"}]

    def _of_flow(self, s: Statement, clause: Clause) -> tuple[Row | None, Row | None]:
        """`A total of 126 patients were enrolled`, `84 to placebo`: contradicted where all, or an arm, are meant."""
        n = s.quantities.n if s.quantities.n is not None else s.quantities.N
        words = clause.inside + clause.after
        if n is not None and _TO_ARM.match(re.sub(r"^\W*[\d,]+", "", words)) and _ASSIGNED.search(clause.sentence):
            rows = self._by_key.get(("flow.randomised", "n"), []) or self._by_key.get(("flow.enrolled", "n"), [])
            arms = self._parts.arms_of(clause)
            rows = [r for r in rows if len(arms) == 1 and r.get("arm") == arms[0]]
            equal = next((r for r in rows if r["n"] == n), None)
            unclear = clause.is_elsewhere or not rows
            return equal, None if equal is not None or unclear else rows[0]
        if n is not None and _SIZE.match(clause.inside) and (arms := self._parts.named_arms.of(clause.since[-_NEARBY:])):
            return self._of_arm_size(n, arms, clause)
        m = _ENROLLED.match(clause.after)
        if m is None or n is None or not _PEOPLE.search(clause.inside + m[0]):
            return None, None
        what = m["what"][:5].lower()
        rows = self._by_key.get((_FLOW[what], "n"), []) or self._by_key.get((_FLOW["enrol"], "n"), [])
        equal = next((r for r in rows if r["n"] == n), None)
        if equal is not None or not rows:
            return equal, None
        whole = next((r for r in rows if r.get("arm") in (None, "all")), None)
        total = re.search(r"\btotal of\b", clause.inside, re.IGNORECASE) or _IN_ALL.search(clause.head)
        all_screened = what == "scree" and not re.split(r"[;:.]", clause.since)[-1].strip(" ,")
        if whole is None or not (total or all_screened) or clause.is_elsewhere:
            return None, None
        words = clause.head.rsplit(";", 1)[-1] + clause.inside + clause.after.split(",")[0]
        return None, None if says_part(words, frozenset(OF_AN_ARM)) else whole

    def _of_arm_size(self, n: int, arms: list[str], clause: Clause) -> tuple[Row | None, Row | None]:
        """`docetaxel (N = 568)`: any size the study has of that arm; contradicted where the sentence is of everybody."""
        sizes = [r for r in self._rows if str(r["endpoint"]).startswith("flow.") and r.get("arm") == arms[-1]]
        equal = next((r for r in sizes if r["n"] == n), None)
        if equal is not None or not sizes or clause.is_elsewhere or self._parts.levels_of(clause):
            return equal, None
        everybody = _ASSIGNED.search(clause.sentence) or _BEGAN.search(clause.sentence)
        return None, sizes[0] if everybody else None

    def _of_groups(self, s: Statement, clause: Clause) -> tuple[Row | None, Row | None]:
        """`13.5 vs. 9.6 months`: the medians of the arms, in whatever order; contradicted where one is none of them."""
        rows = self._by_key.get((ENDPOINT_OF.get(s.quantities.outcome or "", ""), "median"), [])
        rows = [
            r for r in rows if r.get("arm") not in (None, "all") and Parts.part_of(r) is None and r["value"] is not None
        ]
        values = s.quantities.values
        if len(values) != len(rows) or s.quantities.unit not in (None, "months"):
            return None, None
        left = list(rows)
        wrong = 0
        for v in values:
            fit = next((r for r in left if float(v.low) - 1e-9 <= r["value"] <= float(v.high) + 1e-9), None)
            wrong += fit is None
            if fit is not None:
                left.remove(fit)
        if not wrong:
            return rows[0], None
        unclear = clause.is_elsewhere or clause.says_part(frozenset(("arm", "arms", "group", "groups")))
        return None, left[0] if wrong == 1 and not unclear else None

    def _of_size(self, s: Statement) -> list[Row]:
        """Rates of the groups whose sizes the sentence names, for a percentage with limits that names no outcome."""
        if s.kind != "percent_ci" or s.quantities.outcome is not None:
            return []
        rates = [row for (_, statistic), rows in self._by_key.items() if statistic == "rate" for row in rows]
        alike = [r for r in rates if is_equal(s, r)] or [r for r in rates if near_in_digits(s, r)]
        if alike:
            return alike
        near = (x for x in self._report.text.statements if abs(x.passage - s.passage) <= 1 and x.kind == "count")
        sizes = {x.quantities.n for x in near}
        return [r for r in rates if r["N"] in sizes]


_TWO = 2
_CERTAIN = (*_MEDIANS, "landmark", "count_percent_ci", "duration")


def _equal_one(s: Statement, rows: Iterable[Row]) -> Row | None:
    return next((r for r in rows if is_equal(s, r)), None)


def _lasting(rows: list[Row]) -> frozenset[str]:
    """Words that are of the outcome itself where that is how long a response lasted."""
    endpoint = rows[0]["endpoint"] if rows else None
    return whole_words({"dor": "continued ongoing maintained lasting", "follow_up": "after with"}.get(endpoint, ""))


def _is_number(s: Statement) -> bool:
    """Whether a statement is a result beside which another stands, not the time or the size of it."""
    q = s.quantities
    if s.kind in ("duration", "date", "date_range", "threshold", "definition", "design_number", "dose", "version"):
        return False
    return q.percent is not None or (q.value is not None and s.kind != "value") or q.N is not None or bool(q.values)


def _months(s: Statement, clause: Clause) -> float | None:
    """The time in months that an estimate is at: printed with it, before it, or right behind it."""
    q = s.quantities
    if s.kind == "landmark" and q.at is not None:
        return _whole(q.at.value * Fraction(MONTHS.get(q.unit or "", 1.0)).limit_denominator(1000))
    for words in (clause.inside, clause.head if clause.is_first else clause.since, clause.after, clause.head):
        if (found := list(_AT.finditer(words))) and "follow" not in words:
            m = found[-1] if words is not clause.after else found[0]
            return _whole((_IN_WORDS.get(m["n"].lower()) or int(m["n"])) * Fraction(MONTHS.get(m["unit"].lower() + "s", 1.0)).limit_denominator(1000))
    return None


def _whole(months: Fraction) -> float | None:
    """Months where they are whole, as evidence gives them."""
    return float(months) if months.denominator == 1 else None


def _nearest(finding: Finding, rows: list[Row], *, sure: bool) -> Row | None:
    """The number of everybody, or of the part named, that a statement contradicts; None where another may be meant."""
    s = finding.statement
    if not sure or not rows or s.approximate:
        return None
    row = rows[0]
    if s.kind in _CERTAIN:
        return row if far(s, row) else None
    if s.kind == "hr_ci_p":
        return row if row["statistic"] == "hr" and row["endpoint"] in ("os", "pfs") else None
    total = finding.denominator.value if finding.denominator is not None else None
    sized = [r for r in rows if total is not None and r["N"] == total]
    if s.kind == "count_percent_ci" and len({r["n"] for r in sized}) == 1:
        return sized[0]
    if s.kind in ("percent_ci", "percent_only") and s.quantities.percent is not None:
        return row
    return None
