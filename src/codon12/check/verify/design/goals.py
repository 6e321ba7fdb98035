"""A rule told first and what was done by it: responses that a design needs, probabilities that stop a trial, goals.

`positive if clearance exceeded 55%. With 41% it was surpassed`; `four or more of the first 16 were needed to go on;
three responded, and the second stage was opened`.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.spelled import NUMBER_WORD, WORD_VALUES
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge, sentences_with
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_goals"]

_NUMERAL = rf"(?:{NUMBER}|{NUMBER_WORD})"
_MORE = r"exceed(?:ed|s|ing)?|more than|greater than|above|higher than|surpass\w*|over|>(?!=)"
_LEAST = r"at least|≥|>=|reach\w*|a minimum of|no fewer than|not less than"
_FEWER = r"fewer than|less than|below|under|lower than|<(?!=)"
_MOST = r"at most|≤|<=|no more than|not more than"
_THING = (
    r"(?:responses?|responders?|respond(?:ed|s)?|successes|remissions?|events?|progression-free|alive|"
    r"patients|participants|subjects)"
)
_CONDITION = re.compile(
    rf"(?:\b|(?=[<>≤≥]))(?:(?P<more>{_MORE})|(?P<least>{_LEAST})|(?P<fewer>{_FEWER})|(?P<most>{_MOST}))(?: "
    rf"(?!than)[a-z]+){{0,3}}? ?"
    rf"(?P<v>{_NUMERAL})(?P<u> ?%)?(?![\w.]*\d|-)"
    rf"|(?<![\w.,])(?P<w>{_NUMERAL})(?P<x> ?%)?(?: [a-z]+){{0,2}}? or (?:(?P<up>more|greater|higher|above)|"
    r"(?P<down>fewer|less|lower))\b"
    rf"|\b(?P<need>needed|needs|required|requires|called for) (?P<y>{_NUMERAL})(?= (?:[a-z]+ )?(?:responses|responders|"
    r"successes|remissions)\b)"
    rf"|(?<![\w.,])(?P<z>{_NUMERAL})(?= (?:[a-z]+ )?(?:responses|responders|successes|remissions) (?:[a-z]+ "
    rf")?(?:were|are) "
    r"(?:[a-z]+ )?(?:needed|required|necessary)\b)",
    re.IGNORECASE,
)
_OF = re.compile(
    r"(?:[^.;,\d%]|,(?! [a-z]+ (?:was|were)))*?\b(?:of|among|in|out of|/) ?(?:the )?(?:first )?(?P<n>\d+|"
    rf"{_NUMERAL}) (?:[a-z-]+ ){{0,3}}?(?:patients|"
    r"participants|subjects|responded|women|men|children|enrolled|evaluable)|[^.;,\d%]*? ?(?:/|of|out of) "
    r"?(?:the )?(?:first )?(?P<m>\d+)\b",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"\b(?:if|when|provided|unless|requir\w+|needed|necessary|was to|were to|would|rule|criteri\w+|had to|defined as|"
    r"set at|prespecified|predefined|planned|threshold|boundary|target)\b",
    re.IGNORECASE,
)
_GOOD = re.compile(
    r"\b(?:continu\w+|proceed\w*|second stage|stage (?:2|II|two)|expan\w+|additional|reject\w*|positive|success\w*|"
    r"effective|efficac\w+|superior\w*|promising|worthy|warrant\w*|further|of interest|active|met|needed|required?|"
    r"necessary|goal|target|go on)\b",
    re.IGNORECASE,
)
_BAD = re.compile(
    r"\b(?:(?:be|is|was|were|early|to) (?:stopp\w+|terminat\w+|clos\w+|halt\w+|discontinu\w+|abandon\w+|"
    r"suspend\w+|dropp\w+)|stop(?:ped|ping)?(?! for (?:efficacy|superiority|benefit|success))"
    r"|terminat\w+|futil\w+|ineffective|inactive|negative|not (?:proceed|be continued|of interest)|unworthy)\b",
    re.IGNORECASE,
)
_FOR_EFFICACY = re.compile(
    r"\bstopp?\w* (?:early )?for (?:efficacy|superiority|benefit|success|overwhelming)", re.IGNORECASE
)
_NAME = (
    r"(?:criterion|goal|target|threshold|benchmark|hurdle|(?:primary )?end ?point|objective|success criterion|boundary|"
    r"rule|prespecified (?:level|rate)|(?:number|rate) (?:of responses )?(?:required|needed))"
)
_WENT_WELL = re.compile(
    rf"\b{_NAME}s? (?:was|were|had been|has been|is) (?:(?:thus|therefore|clearly|hence|also|then) )*(?:met|"
    r"surpassed|reached|"
    rf"exceeded|fulfilled|attained|achieved|satisfied|passed|crossed)\b|\b(?:met|meeting|surpass(?:ed|ing)|reached|reaching|exceeded"
    rf"|exceeding|fulfilled|attained|achieved|satisfied|passed|crossed|crossing) "
    rf"(?:the|this|that|our|its) (?:[a-z-]+ ){{0,3}}?{_NAME}\b|\b(?:second stage|stage (?:2|II|two)) (?:of "
    rf"[a-z ]{{3,30}})?(?:was|were) (?:[a-z]+ )?"
    r"(?:opened|initiated|started|activated|begun)|\b(?:proceeded|continued|went on|moved on|advanced|passed|"
    r"expanded|was (?:[a-z]+ )?(?:continued|expanded|extended|opened))"
    r"(?: accrual| enrol+ment| recruitment)?(?: [a-z]+)? (?:to|into|for) (?:the )?(?:second|full|planned|stage|"
    r"a total|\d+)"
    r"|\b(?:null hypothesis|H0) (?:was|could be) (?:[a-z]+ )?rejected|\bdeclared (?:[a-z]+ ){0,3}?(?:positive|"
    r"active|effective|success\w*|superior|promising)"
    r"|\b(?:considered|deemed|judged|regarded as) (?:to be )?(?:positive|active|effective|success\w*|promising|"
    r"of interest|worthy)"
    r"|\b(?:superiority|efficacy|success) (?:was|were) (?:[a-z]+ )?(?:declared|claimed|established|concluded|"
    r"shown|demonstrated)"
    r"|\bstopped (?:early )?for (?:efficacy|superiority|benefit|success)|\b(?:was|were) (?:thus |therefore "
    r")?(?:a )?(?:positive|successful)\b",
    re.IGNORECASE,
)
_WENT_BADLY = re.compile(
    rf"\b(?:did not|failed to|not) (?:meet|reach|met|reached|exceed|cross)|\b{_NAME} (?:was|were) (?:[a-z]+ "
    r")?(?:not|missed)"
    r"|\b(?:null hypothesis|H0) (?:was not|could not be)|\b(?:stopped|terminated|closed|halted|discontinued)(?: "
    r"early| prematurely| thus)?"
    r"(?: for futility| because of futility| after (?:the )?first stage|,? at (?:the )?first stage| after "
    r"stage)|\b(?:accrual|enrol+ment|recruitment|trial|study|cohort|arm)"
    r" (?:was|were) (?:[a-z]+ )?(?:stopped|terminated|closed|halted|discontinued)(?! for (?:efficacy|"
    r"superiority|benefit|success))"
    r"|\bdeclared (?:futile|negative|inactive)|\bsecond stage was not\b|\bdid not (?:proceed|continue)",
    re.IGNORECASE,
)
_OTHER_REASON = re.compile(
    r"\b(?:slow|poor|sponsor|funding|drug supply|pandemic|but|although|however|despite|unless|if|"
    r"neither|nor|never|would|lower (?:limit|bound)|upper|CI)\b",
    re.IGNORECASE,
)
_HARM = re.compile(r"\b(?:safety|toxicit\w+|tolerab\w+)\b", re.IGNORECASE)
"""A reason to stop, unless the rule is about it."""
_PROBABILITY = re.compile(
    r"\b(?:posterior|predictive|Bayesian|conditional)\b[^.;]{0,40}?\b(?:probabilit\w+|power)\b|\bprobability of "
    r"(?:success|benefit|superiority|harm)",
    re.IGNORECASE,
)
_CHANCE = re.compile(
    rf"\b(?:probabilit(?:y|ies)|power)\b[^.;\d<>]{{0,60}}? (?:was|of|is|being|stood at|reached|fell to|dropped "
    rf"to|rose to)(?: only| then)? (?P<v>{NUMBER})(?P<u> ?%)?(?![\d.]*\d)"
    rf"|(?:[,;] |\bbut )it was(?: only)? (?P<w>0?\.\d+|{NUMBER}(?= ?%))(?P<x> ?%)?",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"(?<![\w.,/<>≤≥-])(?<!\bof )(?<!\bthe )(?<!first )(?P<n>\d+|[Oo]ne|[Nn]one|[Nn]o)(?: ?(?:/|of|out of) "
    r"?(?:the )?(?:first )?(?P<all>\d+))?(?: \([^()]*\))?(?: (?!or\b|more\b)[a-z-]+){0,3}? "
    r"(?:responded|(?:had|achieved|showed|met|experienced|with) (?:an? )?(?:[a-z-]+ ){0,2}(?:response|remission|"
    r"success|toxicity|event)|successes\b|responses?\b(?! (?:were|was|are) (?:required|needed)| rate)"
    r"|responders\b|were (?:progression-free|alive|responders)|remissions\b|did\b(?! not))",
    re.IGNORECASE,
)
_SEEN_IN = re.compile(
    r"\b(?:responses?|remissions?) (?:was |were )?(?:seen|observed|achieved|documented|confirmed|occurred|"
    r"recorded)(?: only)? (?:in|by) (?P<n>\d+)(?: ?(?:/|of) ?(?:the )?(?:first )?(?P<all>\d+))?\b(?! ?%)"
)
_SHARE = re.compile(rf"(?<![\w.,-])(?P<v>{NUMBER}) ?%(?! ?(?:CI|confidence|power|credible))")
_BEFORE = 8
"""Sentences before an outcome in which its rule may stand."""


class _Goal(NamedTuple):
    """A condition on a share, a count or a probability, and whether what is true of it is good for the trial."""

    sort: str
    mark: Printed
    at: tuple[int, int]
    upward: bool
    strict: bool
    good: bool
    of: int | None
    passage: int

    def holds(self, value: Fraction) -> bool:
        mark = self.mark.value
        if value == mark:
            return not self.strict
        return (value > mark) == self.upward


def check_goals(case: Case) -> None:
    """Check each outcome that a rule of the sentences before decides."""
    goals: list[_Goal] = []
    for p in sentences_with(case, *_GATE):
        goals += _goals_in(case, p)
    for p in case.text.passages if goals else ():
        near = [g for g in goals if 0 <= p.index - g.passage <= _BEFORE]
        if near and p.table is None and (told := _told(case, p)) is not None:
            _outcome(case, p, told[0], near, good=told[1])


def _end(case: Case, p: Passage) -> int:
    """The end of a sentence and of those behind it that have no figure."""
    behind = case.text.passages[p.index + 1 : p.index + 2]
    return behind[0].start if behind else min(len(case.flat), p.end + _LAST)


_LAST = 160
_NOT = re.compile(r"\b(?:not|never)\b")
_DENIAL = re.compile(r"\b(?:not|never|neither|nor|cannot)(?: [a-z]+){0,2} ?$")


def _told(case: Case, p: Passage) -> tuple[re.Match[str], bool] | None:
    """Where a sentence says how it went, and whether it went well; nothing where it says both."""
    text = case.flat[p.start : _end(case, p)]
    well, badly = _WENT_WELL.search(text), _WENT_BADLY.search(text)
    if well is not None and badly is None and (_DENIAL.search(text[: well.start()]) or _NOT.search(well[0])):
        return well, False
    if badly is not None and well is not None and badly.start() <= well.start() < badly.end() + 40:
        well = None
    m = well or badly
    return None if m is None or (well is not None and badly is not None) else (m, badly is None)


_GATE = (
    *("if ", "when ", "provided", "requir", "needed", "necessary", " to ", "would", "rule", "criteri"),
    *("defined as", "set at", "prespecified", "predefined", "met", "stage", "null hypothesis", "declared"),
    *("futility", "goal", "target", "surpass", "halted", "went on", "stopped", "closed", "reached", "considered"),
    *("superiority", "efficacy", "end point", "endpoint"),
)


def _printed(text: str) -> Printed:
    word = WORD_VALUES.get(text.lower()) if text[0].isalpha() else None
    word = 0 if text.lower() in ("no", "none") else word
    return read_printed((text.lstrip("0") or "0" if text.isdigit() else text) if word is None else str(word))


_OF_A_LIMIT = re.compile(r"\b(?:confidence|lower|upper) (?:limit|bound)", re.IGNORECASE)
"""`a lower confidence limit above 15%`: what is compared is a limit, no share that is told."""


def _goals_in(case: Case, p: Passage) -> Iterator[_Goal]:
    """Conditions of a sentence that names a consequence of one side alone."""
    start = p.start
    for stop in [*re.finditer(r"; (?:otherwise|if)?|, otherwise|\. (?=[A-Z])", case.flat[p.start : p.end]), None]:
        end = p.end if stop is None else p.start + stop.start()
        clause = case.flat[start:end]
        found = list(_CONDITION.finditer(case.flat, start, end)) if _RULE.search(clause) else []
        chance = len(found) == 1 and _PROBABILITY.search(clause) is not None
        for m in found if len(found) == 1 and not _OF_A_LIMIT.search(clause) else ():
            which = next(k for k in "vwyz" if m[k])
            unit = m["u"] or m["x"]
            mark = _printed(m[which])
            bad = _BAD.search(clause) is not None and _FOR_EFFICACY.search(clause) is None
            if not (bad or _GOOD.search(clause) or _FOR_EFFICACY.search(clause) or unit):
                continue
            sort = "probability" if chance else "share" if unit else "count"
            if sort == "count" and (mark.digits or not re.search(rf"\b{_THING}\b", clause)):
                continue
            if chance and unit:
                mark = Printed(f"{mark.text} %", mark.value / 100, mark.digits + 2)
            of = _OF.match(case.flat, m.end(), end)
            number = of and (of["n"] or of["m"])
            upward, strict = bool(m["more"] or m["least"] or m["up"] or which in "yz"), bool(m["more"] or m["fewer"])
            whole = int(_printed(number).value) if number else None
            yield _Goal(sort, mark, m.span(which), upward, strict, not bad, whole, p.index)
        start = p.end if stop is None else p.start + stop.end()


def _outcome(case: Case, p: Passage, m: re.Match[str], goals: list[_Goal], *, good: bool) -> None:
    for sort in ("probability", "count", "share"):
        told = [g for g in goals if g.sort == sort and g.at[1] <= p.start + m.start() + (p.end - p.start)]
        if not told:
            continue
        begin = max(p.start, *(g.at[1] for g in told)) if any(g.passage == p.index for g in told) else p.start
        before = case.text.passages[p.index - 1] if p.index else p
        found = _values(case, begin, p.end, sort)
        if not found and before.paragraph == p.paragraph and before.index > max(g.passage for g in told):
            found = _values(case, before.start, p.end, sort)
        elif not found and begin > p.start + m.start():
            found = []
        if len(found) != 1 or _OTHER_REASON.search(case.flat, max(begin, p.start), _end(case, p)):
            continue
        value, at, of = found[0]
        of_it = [g for g in told if g.of is not None and g.of == of] or (
            [g for g in told if of is None or g.of is None]
        )
        if len(of_it) == 1 and _HARM.search(case.flat, p.start, _end(case, p)):
            rule = case.text.passages[of_it[0].passage]
            of_it = of_it if _HARM.search(case.flat, rule.start, rule.end) else []
        if len(of_it) != 1 or compared(case, at, "benchmark"):
            continue
        _judge(case, p, of_it[0], value, at, good=good)
        return


def _judge(case: Case, p: Passage, goal: _Goal, value: Printed, at: tuple[int, int], *, good: bool) -> None:
    places = [goal.at, at]
    holds = goal.holds(value.value)
    sign = " %" if goal.sort == "share" else ""
    if not holds and goal.sort == "share" and value.high_cut > goal.mark.value:
        return
    side = ("more than" if goal.strict else "at least") if goal.upward else ("less than" if goal.strict else "at most")
    shown = f"{value.text}{sign} is {'' if holds else 'not '}{side} {goal.mark.text}{sign}"
    if (holds == goal.good) == good:
        judge(case, p, "benchmark", places, "ok", f"{shown}, as the outcome says.", "comparison")
    else:
        meant = "for going on or for success" if goal.good else "for stopping"
        judge(case, p, "benchmark", places, "error-if", f"{shown}, the rule {meant} told before.", "comparison")


def _values(case: Case, start: int, end: int, sort: str) -> list[tuple[Printed, tuple[int, int], int | None]]:
    """What was found of a sort in a stretch: each value, its place, and of how many it is."""
    out: list[tuple[Printed, tuple[int, int], int | None]] = []
    if sort == "probability":
        for m in _CHANCE.finditer(case.flat, start, end):
            which, unit = ("v", m["u"]) if m["v"] else ("w", m["x"])
            value = read_printed(m[which])
            if unit:
                value = Printed(f"{value.text} %", value.value / 100, value.digits + 2)
            if value.value <= 1:
                out.append((value, m.span(which), None))
    elif sort == "count":
        found = (x for pattern in (_COUNT, _SEEN_IN) for x in pattern.finditer(case.figures, start, end))
        out = [(_printed(m["n"]), m.span("n"), int(m["all"]) if m["all"] else None) for m in found]
    else:
        out = [(read_printed(m["v"]), m.span("v"), None) for m in _SHARE.finditer(case.flat, start, end)]
    return out
