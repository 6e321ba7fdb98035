"""The outcome that a statement in running text is of, and the numbers a study has of it."""

from __future__ import annotations

from fractions import Fraction

from codon12.check import patterns as re
from codon12.check.comparing.assigned import UNCLEAR, Unclear, assigned
from codon12.check.comparing.clause import Clause
from codon12.check.comparing.equality import MONTHS, Row
from codon12.check.comparing.in_sentence import endpoints_in, said_of, state_in, times_in
from codon12.check.comparing.parts import Parts
from codon12.check.statements import Statement
from codon12.evidence.schema import slug
from codon12.records.config.endpoints import ENDPOINTS

__all__ = ["ENDPOINT_OF", "MEDIANS", "SAME", "SHARES", "Outcomes", "lasting_in"]

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
MEDIANS = {"median_ci", "median_only", "median_range"}
SHARES = {"count_percent", "count_percent_ci", "percent_ci", "percent_only", "table_cell"}
_TIMES = {"follow_up", "exposure.duration", "baseline.age"}
"""What is measured in time alone, never a share."""
_HALF = re.compile(r"\bhalf\b|\bmedian\b|\bmiddle\b", re.IGNORECASE)
"""Words by which a length of time may be that of the patient in the middle."""
_A_TIME = re.compile(r"\D*\d+-|[^.;,]* or (?:longer|more)\b", re.IGNORECASE)
"""A time that is no result: `2-year survival`, `for 9 months or longer`."""
_EXPOSURE = re.compile(r"\bexposure (?:was|of|lasted)\b[^;]*$", re.IGNORECASE)
_AGE = re.compile(r"\bage\b|\byears? old\b", re.IGNORECASE)
_OF_FOLLOW_UP = re.compile(r"^ ?(?:of )?median follow-?up\b", re.IGNORECASE)
_FOLLOW_UP = re.compile(r"\bfollow(?:ed)?[- ]?up\b", re.IGNORECASE)
_RESPONDED = re.compile(r"\brespon(?:ses?|ded|ders)\b", re.IGNORECASE)
_OF_RESPONSES = re.compile(
    r"\b(?:complete|partial|best|first|ongoing|duration|durable|immune|metabolic|molecular|pathologic\w*|time to|"
    r"without|still|remain\w*|maintain\w*|continu\w*)\b[\w -]{0,20}\brespon|"
    r"\b(?:no|not|non)(?:[- ](?:ha(?:ve|d)|achiev\w+|show\w*|an?|objective))*[- ]respon|"
    r"\bin response\b|\brespon\w+ (?:lasting|lasted|duration|assess\w*|evalua\w*|"
    r"was ongoing|were ongoing)",
    re.IGNORECASE,
)
"""Responses of some kind, or what became of them."""
_BEST = re.compile(
    r"^\W*\d+ (?:patients )?(?:(?:had|achieved|with) )?(?:an? )?(?:(?P<best>CR|PR|SD|PD)s?\b|"
    r"(?P<full>complete|partial)(?= responses?\b| and \d+ (?:had )?an? partial response))"
)
_IN_FULL = {"complete": "CR", "partial": "PR"}
_BEST_BEFORE = re.compile(
    r"(?:\b(?:was|were|had) (?:an? )?|^)(?P<best>CR|PR|SD|PD)s? (?:in|for|by|among)\W*$|"
    r"(?:^|[,;:(.•] )(?P<alone>CR|PR|SD|PD)s?[:,]? ?$"
)
_STOPS = re.compile(r"[;,.]|\b(?:and|but|compared|versus|vs)\b(?! (?:free|without|progress))")
"""Where the words right behind a number end."""
_TOGETHER = 6
"""Characters between times that are told together: `12 and 24 months`."""
_LEADS = 12
"""Characters between an outcome and the number that it leads to."""
_EITHER = re.compile(r"\bprogression or death\b|\bprogression-free survival\b|\bPFS\b", re.IGNORECASE)
SAME = re.compile(
    r"\b(?:the (?:corresponding )?(?:\d+-month |two-year |one-year )?(?:rates?|figures|values|estimates)|it|they) "
    r"(?:was|were)\b",
    re.IGNORECASE,
)
"""Words by which a sentence goes on with what the one before it speaks of."""
_A_RATE = re.compile(r"\brates?\b|\bsurviv\w+|\balive\b", re.IGNORECASE)
_LASTS = said_of(
    **{
        "dor": r"\bresponses? (?:that )?(?:lasted|persisted|continued)\b|\brespond\w+ [a-z ]{0,20}for a median\b|"
        r"\bresponses? (?:was|were) durable\b[^.;]*\bduration\b",
        "pfs": r"\b(?:free (?:from|of) (?:disease )?|without (?:disease )?)progression\b|"
        r"\bwithout (?:the|their) (?:cancers?|disease|tumou?rs?) (?:getting worse|growing|progressing)\b|"
        r"\b(?:disease|cancers?|tumou?rs?|patients) (?:had )?(?:got worse|grew|worsened|progress\w+)\b",
        "os": r"\b(?:lived|survived) (?:for )?(?:a median|longer|more)\b|\bhad died within\b|\balive after\b",
        "exposure.duration": r"\btreated for\b|\bexposure\b|\btime (?:on|receiving) (?:treatment|therapy)\b|"
        r"\b(?:treatment|exposure) duration\b|\bduration of (?:treatment|therapy|exposure)\b|"
        r"\bremained on (?:treatment|therapy) for\b",
    }
)
"""Words for how long something lasted, where the number itself names no outcome."""
_HR = re.compile(r"\bHRs?\b|\bhazard ratios?\b", re.IGNORECASE)
_TWO_DIGITS = re.compile(r"\d\.\d\d")
_A_RATIO = re.compile(r"\b(?:hazard ratio|HR)\b[^;]*(?:\b(?:was|is|of)|,)\W*$", re.IGNORECASE)
"""A ratio told in a sentence of its own, its value far behind."""
_RATIO_OF = re.compile(
    r"\b(?:HRs?|hazard ratios?)\b[^.;()]{0,20}? for (?:the )?(?P<what>death|dying|overall survival|OS|"
    r"(?:disease )?progression|PFS)\b|\b(?:risks?|hazards?) of (?P<risk>death|dying|(?:disease )?progression)\b",
    re.IGNORECASE,
)
_OTHER_RATIOS = re.compile(
    r"\badjust|\bmultivaria|\bunivaria|\bstratified|\bper (?:unit|\d)|\binteraction|\bmodel", re.IGNORECASE
)
_LOWERED = re.compile(
    r"\b(?:reduc\w+|lower\w*|decreas\w+|less)\b[^.;]{0,30}\b(?:risk|hazard)\b|\brisk reduction\b", re.IGNORECASE
)


class Outcomes:
    """The estimates of a study by outcome: rates, medians, probabilities at a time, ratios."""

    def __init__(self, rows: list[Row], by_key: dict[tuple[str, str], list[Row]]) -> None:
        self._by_key = by_key
        self._differences = [r for r in rows if r["kind"] == "difference" and r["value"] is not None]
        self._ratios = [r for r in rows if r["kind"] == "ratio" and r["value"] is not None]

    def of(self, s: Statement, clause: Clause) -> list[Row]:
        """Rows of the outcome a statement names, all arms, subgroups and readers."""
        q = s.quantities
        endpoint = _endpoint(s, clause)
        if s.kind in SHARES and endpoint in _TIMES:
            endpoint = None  # after a median follow-up of 15.3 months, a response in 46 (37.1%)
        if s.approximate or isinstance(endpoint, Unclear):
            return []
        if s.kind in MEDIANS or (
            s.kind == "duration" and _HALF.search(clause.sentence) and not _A_TIME.match(s.quote + clause.after)
        ):
            if _FOLLOW_UP.search(s.quote + clause.since[-60:]) or _OF_FOLLOW_UP.match(clause.after):
                endpoint = "follow_up"
            said = lasting_in(clause.since + clause.inside) or (
                lasting_in(clause.head) if endpoint is None or _EXPOSURE.search(clause.head) else []
            )
            if len(said) == 1 and not re.search(r"\bsurvival\b", clause.inside):
                endpoint = said[0]
            if endpoint is None and _AGE.search(clause.since[-20:] + s.quote + clause.after):
                endpoint = "baseline.age"
            return self._by_key.get((endpoint or "", "median"), [])
        if s.kind == "duration" and q.unit == "years" and re.search(r"\bmean age\b[^.;]*$", clause.head):
            return self._by_key.get(("baseline.age", "mean"), [])
        if s.kind == "hr_ci_p" and q.measure == "HR":
            return self._of_ratio(endpoint, clause)
        told = (
            _A_RATIO.search(clause.since)
            or (_TWO_DIGITS.fullmatch(q.value.text if q.value else "") and _HR.search(clause.head or clause.previous))
            or (_TWO_DIGITS.fullmatch(q.value.text if q.value else "") and _HR.search(clause.previous))
        )
        if s.kind == "value" and q.interval == "ci" and q.unit is None and told:
            return self._of_ratio("pfs" if _EITHER.search(clause.since) else endpoint, clause)
        if s.kind in ("landmark", "percent_only", "percent_ci") and (months := _months(s, clause)) is not None:
            if isinstance(months, Unclear):
                return []
            behind = _STOPS.split(clause.after)[0] + " " + _STOPS.split(clause.behind_list)[0]
            state = state_in(behind) or endpoint or state_in(clause.sentence)
            if state is None and SAME.search(clause.head):
                before = {m[2] for m in endpoints_in(clause.previous)}
                state = next(iter(before)) if len(before) == 1 else None
            if state is None and _A_RATE.search(clause.clause):
                of = [e for e, statistic in self._by_key if statistic == f"rate_{months:g}mo"]
                state = of[0] if len(of) == 1 else None
            at = self._by_key.get((state or "", f"rate_{months:g}mo"), [])
            if at:
                return at
        if s.kind == "percent_only" and _LOWERED.search(clause.clause):
            return self._of_reduction(clause)
        if s.kind == "value" and q.interval == "ci" and q.unit == "percentage points":
            return self._differences
        counted = s.kind in SHARES or (s.kind == "count" and (q.N is not None or "responders" in clause.inside))
        if endpoint is None and counted and _responded(clause) and not times_in(clause.clause):
            endpoint = "orr"
        if (s.kind in SHARES or s.kind == "count") and endpoint is not None and s.kind != "landmark":
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
        death, progression = (
            re.search(rf"\b{x}", clause.clause, re.IGNORECASE) for x in ("death|dying", "progression")
        )
        endpoint = "pfs" if progression else "os" if death else None
        rows = [r for r in self._by_key.get((endpoint or "", "hr"), []) if Parts.part_of(r) is None]
        if len(rows) != 1:
            return []
        values = {k: 100 * (1 - rows[0][k]) if rows[0][k] is not None else None for k in ("value", "lower", "upper")}
        return [rows[0] | values | {"kind": "rate", "unit": "%"}]


def lasting_in(words: str) -> list[str]:
    """The outcomes whose words for how long something lasted stand in a text; of several those of its last piece."""
    pieces = [words, *reversed(_STOPS.split(words))]
    named = ([endpoint for endpoint, said in _LASTS if said.search(x)] for x in pieces)
    return next((found for found in named if len(found) == 1), [])


def _responded(clause: Clause) -> bool:
    """Whether a sentence counts those who responded, whatever the response."""
    return _RESPONDED.search(clause.sentence) is not None and _OF_RESPONSES.search(clause.sentence) is None


def _endpoint(s: Statement, clause: Clause) -> str | Unclear | None:
    """The outcome of a statement: of several that are listed before a list of numbers, the one in its place."""
    if s.kind == "hr_ci_p" and _EITHER.search(clause.inside):
        return "pfs"
    if s.kind == "hr_ci_p" and (told := list(_RATIO_OF.finditer(clause.head + clause.inside))):
        return "pfs" if (told[-1]["what"] or told[-1]["risk"]).lower().startswith(("p", "disease")) else "os"
    begin, end = clause.lead
    named = {m[2] for m in endpoints_in(clause.sentence) if begin <= m[0] < end}
    if len(clause.list) > 1 and len(named) > 1:
        return assigned(clause.pieces, clause.at, endpoints_in(clause.sentence))
    if s.kind == "count" and (m := _BEST.match(clause.inside + clause.after)):
        return ENDPOINT_OF[m["best"] or _IN_FULL[m["full"]]]
    if s.kind in ("count", "count_percent") and (m := _BEST_BEFORE.search(clause.sentence[begin:end])):
        return ENDPOINT_OF[m["best"] or m["alone"]]
    inside = {m[2] for m in endpoints_in(clause.inside)}
    inside = inside or {m[2] for m in endpoints_in(clause.sentence) if begin <= m[0] < end and end - m[1] < _LEADS}
    return next(iter(inside)) if len(inside) == 1 else ENDPOINT_OF.get(s.quantities.outcome or "")


def _months(s: Statement, clause: Clause) -> float | Unclear | None:
    """The time in months that an estimate is at: printed with it, before it, or right behind it."""
    q = s.quantities
    if s.kind == "landmark" and q.at is not None:
        return _whole(q.at.value * Fraction(MONTHS.get(q.unit or "", 1.0)).limit_denominator(1000))
    times = times_in(clause.sentence)
    if len({m[2] for m in times}) > 1:
        told = assigned(clause.pieces, clause.at, times)
        if told is UNCLEAR and clause.pieces.precede(times):
            last = max(m for m in times if m[0] < clause.at)  # at one year, 54% versus 41%, at two years 31%
            listed = [m[2] for m in sorted(times) if 0 <= last[1] - m[1] < _TOGETHER]
            k = clause.place if len(clause.list) == len(listed) else 0  # at 12/24 months: A 54%/31%, B 41%/18%
            told = listed[k] if len(listed) in (1, len(clause.list)) else UNCLEAR
        return _whole(told) if isinstance(told, Fraction) else told
    behind = _STOPS.split(clause.after)[0], _STOPS.split(clause.behind_list)[0]
    since = (clause.head if clause.is_first else clause.since).rsplit(";", 1)[-1]
    for words in (clause.inside, since, *behind, clause.opening, clause.label):
        if (found := times_in(words)) and "follow" not in words:
            return _whole(found[0 if words in behind else -1][2])
    return None


def _whole(months: Fraction) -> float | None:
    """Months where they are whole, as evidence gives them."""
    return float(months) if months.denominator == 1 else None
