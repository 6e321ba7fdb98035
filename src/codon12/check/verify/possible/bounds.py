"""Numbers outside what they can be: rates above 100 %, an AUC of 1.12, limits that are reversed."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.statements import Quantities, Statement
from codon12.check.verdicts import Check
from codon12.check.verify.case import PERCENT_KINDS, Case
from codon12.check.verify.intervals.medians import are_two_cells
from codon12.check.verify.intervals.ranges import middle_of
from codon12.numbers.unrounded import Printed, just_outside, read_printed

__all__ = ["check_bounds"]

_RATE = re.compile(
    r"\b(?:rates?|respon\w+|remission|survival|prevalence|incidence|sensitivity|specificity|predictive value|"
    r"PPV|NPV|accuracy|ORR|DCR|"
    r"PFS|OS|proportion|mortality|patients|participants|women|men|tumou?rs|cases)\b[^.;%\d]{0,40}$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^\s*(?:of (?:the )?(?:control|baseline|expected|predicted|normal|target|goal)|higher|greater|more|"
    r"larger|increase|"
    r"longer|faster|above)|^-fold",
    re.IGNORECASE,
)
_CHANGE = re.compile(r"increas|change|improv|gain|rose|differ|than|relative|fold|expan", re.IGNORECASE)
_MORE_OR_LESS = re.compile(rf"{_CHANGE.pattern}|\b(?:higher|greater|lower|more)\b", re.IGNORECASE)
_NORMALISED = re.compile(
    r"normali[sz]ed|\b(?:of|than|to|from) (?:the )?(?:baseline|control|expected|predicted|pre-?\w+)|"
    r"\brecover(?:y|ies)\b|stimulat\w+|"
    r"\bexcess of|surplus|\bCV\b|coefficient of variation|bioequivalen|relative (?:to|bioavailability)|ratio of "
    r"(?:the )?(?:geometric )?means?|percent predicted",
    re.IGNORECASE,
)
"""Words of a percentage of what was before, of what is expected or of another: it may be above a hundred."""
_A_DOSE = re.compile(r"\b(?:dos(?:e|es|age)|intensity)\b[^.;()]{0,80}\b(?:was|were|of|to)\W*$", re.IGNORECASE)
"""Before a percentage of a dose: `the maximum tolerated dose of the regimen was 200%`."""
_LINKED = re.compile(r"(?:\b(?:was|were|of|in|rate)|[:=])\s*\(?$")
_LEAST = dict.fromkeys(
    ("kappa", "κ", "Kappa", "correlation coefficient", "Correlation coefficient", "correlation", "Correlation"), -1
)


def check_bounds(case: Case) -> None:
    """Check rates, measures of discrimination and intervals against what they can be at all."""
    for s in case.statements:
        q = s.quantities
        if s.kind == "statistic" and q.value is not None:
            _statistic(case, s, q.value)
        elif s.kind == "value":
            if not _reversed(case, s):
                _within(case, s)
        elif q.percent is not None and q.percent.value > 100:
            _rate(case, s, q.percent)
        elif s.kind in ("percent_ci", "count_percent_ci") and isinstance(q.high, Printed) and q.high.value > 100:
            _limit_above(case, s, q.high)


def _rate(case: Case, s: Statement, percent: Printed) -> None:
    before, after = case.around(s, 90, 40)
    if s.kind in PERCENT_KINDS or s.kind in ("percent_ci", "landmark"):
        if s.kind in PERCENT_KINDS or not (case.says(s, _NORMALISED) or case.says(s, _MORE_OR_LESS)):
            sentence = f"{percent.text} % of a group is more than all of it."
            case.add(s, Check("percent", "error", sentence, "percent <= 100"))
        return
    if s.kind != "percent_only" or s.approximate or _MORE.match(after):
        return
    if _OF_PEOPLE.match(after) and not case.says(s, _NORMALISED):
        sentence = f"{percent.text} % of a group is more than all of it."
        case.add(s, Check("percent", "error", sentence, "percent <= 100", {}, "inferred"))
        return
    if _OF_THEM.search(before) and _THEY.match(after) and not case.says(s, _NORMALISED):
        sentence = f"{percent.text} % of a group is more than all of it."
        case.add(s, Check("percent", "error-if", sentence, "percent <= 100", {}, "inferred"))
        return
    if _goes_on(case, s):
        sentence = f"{percent.text} % of a group is more than all of it."
        case.add(s, Check("percent", "error-if", sentence, "percent <= 100", {}, "inferred"))
        return
    if _CHANGE.search(before):
        return
    if _CAME_TO.search(before) and not case.says(s, _NORMALISED) and not case.says(s, _MORE_OR_LESS):
        sentence = f"{percent.text} % of a group is more than all of it."
        case.add(s, Check("percent", "error-if", sentence, "percent <= 100", {}, "inferred"))
        return
    if _REACHED.search(case.around(s, 170, 0)[0]) and not case.says(s, _NORMALISED) and not case.says(s, _CHANGE):
        sentence = f"{percent.text} % of a group is more than all of it."
        case.add(s, Check("percent", "error-if", sentence, "percent <= 100", {}, "inferred"))
        return
    if case.says(s, _NORMALISED) or _A_DOSE.search(before):
        return
    if _RATE.search(before) and _LINKED.search(before):
        sentence = f"{percent.text} % of a group is more than all of it."
        case.add(s, Check("percent", "error", sentence, "percent <= 100", {}, "inferred"))


_OF_PEOPLE = re.compile(
    r"^ of (?:the |all |these |those |our )?(?:\d+ )?(?:(?!controls?\b|normal\b|healthy\b|untreated\b|of\b|in\b|for\b|"
    r"with\b|reference\b)[a-z-]+ ){0,2}?(?:patients|participants|subjects|women|men|cases|children|adults|"
    r"infants|toddlers|"
    r"newborns|neonates|respondents|responders|recipients|volunteers|survivors|individuals|persons|people|specimens|"
    r"samples|pupils|students|mothers|smokers|vaccinees|households)\b(?!['’]| (?:values?|levels?|mean))"
)
_OF_THEM = re.compile(
    r"\b(?:Of|Among|of|among) (?:all |the |these |those |our |\d+ )*(?:[a-z-]+ ){0,2}?(?:patients|participants|"
    r"subjects|women|men|"
    r"cases|children|adults|individuals|respondents)(?: (?:enrolled|included|studied|randomi[sz]ed|analy[sz]ed|"
    r"assessed|"
    r"evaluated|tested|screened))?(?: (?:who|with|without|treated|receiving|in|"
    r"from)\b[^,;%\d]{0,40})?,? "
    r"(?:only |about |approximately )?$"
)
_THEY = re.compile(
    r"^ (?:(?:of them|of these|also|have) )?(?:had(?! been (?:set|chosen|used|taken|reached|given))|have|were|"
    r"experienced|developed|died|responded|survived|"
    r"achieved|received|"
    r"reported|discontinued|completed|underwent|relapsed|showed)\b(?! (?:above|over|more|higher|"
    r"an? (?:[a-z]+ )?(?:increase|rise)))"
)
"""Before and behind a percentage of people: `Of all patients, 130% had`."""
_REACHED = re.compile(
    r"\b(?:coverage|uptake|cure|attendance|participation|adherence|compliance|completion|survival|response|sensitivity|"
    r"specificity|prevalence|mortality|seropositivity|clearance|success)\b[^;%]{0,140}"
    r"\b(?:was|were|(?:reached|achieved|seen|observed|recorded|found) in)(?: only| about)? $",
    re.IGNORECASE,
)
"""Words of a share that cannot be above a hundred, whatever stands between them and its value."""
_CAME_TO = re.compile(
    r"\b(?:(?:response|remission|survival|cure|completion|success|complication|recurrence|relapse|mortality|disease "
    r"control|"
    r"control|participation|attendance|event|failure|detection|retention) rates?|ORR|DCR|prevalence|sensitivity|"
    r"specificity|mortality|proportion of [a-z ]{3,30})\b(?: at \d+ (?:year|month)s?)?[^.;%\d]{0,40} "
    r"(?:reached|is|(?:was|were) (?:as (?:high|much) as|(?:found|calculated|estimated|reported|computed|determined|"
    r"shown) (?:to be|as|at))|attained|hit|stood at|amounted to|"
    r"came to|climbed to|fell to|dropped to|rose to)(?: only| about| as much as)? $",
    re.IGNORECASE,
)
"""A share and a verb that gives it."""
_LEVEL = re.compile(
    r"\b(?:completion|adherence|compliance|coverage|attendance|retention|participation|response|survival|"
    r"detection|cure|"
    r"success|positivity|recovery) rates?\b[^.;%\d]{0,40}$|\b(?:prevalence|sensitivity|specificity|seroprevalence|"
    r"mortality|vaccination coverage|proportions?|percentage of patients)\b[^.;%\d]{0,50}$",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"\brelative\b|\brecover", re.IGNORECASE)
_OWN_SUBJECT = re.compile(r"\b(?:the|its|their) [a-z]+ (?:rose|fell|was|were|increased|reached|dropped|grew)\b")
_LISTED = re.compile(r"(?:,|,? and|,? or) ")
_ON = re.compile(r"^[^.;%\d]{0,40}\b(?:and|to|versus|vs\.?)\b[^.;%\d]{0,10}$", re.IGNORECASE)


def _goes_on(case: Case, s: Statement) -> bool:
    """`the completion rate was 97.1% at baseline and 117.9% at week 12`: the same rate, of another time or group."""
    earlier = [o for o in case.by_passage[s.passage] if o.normal_end <= s.normal_start and o.quantities.percent]
    if not earlier or case.says(s, _NORMALISED):
        return False
    first, listed = s, False
    for o in reversed(earlier):  # `70%, 55%, 62% and 118%`
        if not _LISTED.fullmatch(case.flat, o.normal_end, first.normal_start):
            break
        first, listed = o, True
    first = first if listed else earlier[-1]
    percent = first.quantities.percent
    level = first.kind == "percent_only" and percent is not None and percent.value <= 100
    between = "and" if listed else case.flat[first.normal_end : s.normal_start]
    ahead = case.around(first, 90, 0)[0] + re.split(r"\d", case.spelled(first), maxsplit=1)[0]
    if _RELATIVE.search(ahead) or _OWN_SUBJECT.search(between):
        return False
    return level and _LEVEL.search(ahead) is not None and _ON.match(between) is not None


def _limit_above(case: Case, s: Statement, high: Printed) -> None:
    """`98.2% (95% CI, 96.4 to 101.7)`: an interval that leaves the scale was made by a method that does not suit."""
    table = case.text.passages[s.passage].table
    drawn = (p for p in case.text.passages if table is not None and p.table == table)
    relative = any(_NORMALISED.search(case.flat, p.start, p.end) for p in drawn)
    if not (relative or case.says(s, _NORMALISED) or case.says(s, _MORE_OR_LESS)):
        sentence = f"A limit of {high.text} % is more than all: another method keeps it below 100 %."
        case.add(s, Check("percent", "unlikely", sentence, "percent <= 100"))


_TIMES = re.compile(r" ?(?:times|-?fold)\b")
_HEADING = re.compile(r" [A-Z][a-z]+ (?!et al\b)[A-Za-z]+")
"""Right behind the number of a section: `1 The concordance statistic 1.1 Overview`."""
_CONSTANT = re.compile(r"dielectric|permittivity|conductivity|curvature", re.IGNORECASE)
"""Words of a sentence whose kappa is no measure of agreement."""


def _in_percent(q: Quantities, value: Printed) -> bool:
    """`84.2 (78.9-89.5)`: a value and its limits that are all percentages."""
    low, high = q.low, q.high
    return (
        isinstance(low, Printed) and isinstance(high, Printed) and _TEN < low.value <= value.value <= high.value <= 100
    )


_TEN = 10


def _statistic(case: Case, s: Statement, value: Printed) -> None:
    q = s.quantities
    name = q.text or ""
    least = _LEAST.get(name, 0)
    if value.value > 1 or value.value < least:
        if (value.digits == 0 and value.value > 1) or case.says(s, _CONSTANT) or _in_percent(q, value):
            return  # an area under a concentration curve, or printed in percent
        sure = q.interval == "ci" or name.lower() != "auc" or value.value < 2
        verdict = "error" if sure else "cannot confirm"
        sentence = f"{name} {value.text}: it must lie between {least} and 1."
        if _TIMES.match(case.flat, s.normal_end) or _HEADING.match(case.flat, s.normal_end):
            return
        if re.search(r"\b(?:glucose|insulin|ng|µg|μg|mg|h|hr|hours?|mL|dose|steady)\b", case.sentence(s)):
            verdict, sentence = "cannot confirm", f"{sentence[:-1]}, unless it is an exposure."
        case.add(s, Check("statistic", verdict, sentence, "range of the statistic"))
        return
    if not isinstance(q.low, Printed) or not isinstance(q.high, Printed):
        return
    if _reversed(case, s):
        return
    if value.high_cut < q.low.low or value.low > q.high.high_cut or just_outside(value, q.low, q.high):
        sentence = f"{name} {value.text} lies outside its own interval, {q.low.text} to {q.high.text}."
        case.add(s, Check("interval", "error", sentence, "estimate within its interval"))
    elif q.high.value > 1 or q.low.value < least:
        sentence = f"A limit of {q.low.text} to {q.high.text} lies outside {least} to 1."
        case.add(s, Check("interval", "unlikely", sentence, "range of the statistic"))
    else:
        case.add(s, Check("interval", "ok", f"{value.text} lies within its interval.", "estimate within its interval"))


def _within(case: Case, s: Statement) -> None:
    """A difference or change lies within its interval."""
    q = s.quantities
    value, low, high = q.value, q.low, q.high
    if value is None or q.interval != "ci" or not isinstance(low, Printed) or not isinstance(high, Printed):
        return
    if case.flat[max(0, s.normal_start - 5) : s.normal_start].endswith((" per ", "each ")):
        return  # the step of a ratio: `2.1 per 5 g/L (95% CI, 1.3 to 3.4)`
    if value.value > 0 and case.flat[max(0, s.normal_start - 2) : s.normal_start] in (" -", "(-"):
        value = read_printed(f"-{value.text}")  # a minus left out of the statement
    if (value := middle_of(case, s.normal_start, value)) is None:
        return
    shown = f"{value.text} and its interval, {low.text} to {high.text}"
    if value.value <= 1 < low.value and "%" in case.spelled(s) and _IN_PARTS.match(case.spelled(s)):
        whole, step = 100 * value.value, 50 * value.step
        if not low.low - step <= whole <= high.high + step:
            sentence = f"{value.text} is {float(whole):g} %, outside {low.text} to {high.text} %."
            case.add(s, Check("interval", "error-if", sentence, "estimate within its interval"))
        else:
            case.add(s, Check("interval", "ok", f"{shown} %: it lies within.", "estimate within its interval"))
        return
    if value.low > high.high_cut and _is_in_fractions(case, s, value, low, high):
        sentence = f"{value.text} % lies within {low.text} to {high.text}, which are fractions."
        case.add(s, Check("interval", "ok", sentence, "estimate within its interval"))
        return
    if value.high_cut < low.low or value.low > high.high_cut or just_outside(value, low, high):
        size = abs(value.value)
        mirrored = min(abs(low.value), abs(high.value)) <= size <= max(abs(low.value), abs(high.value))
        doubted = mirrored or are_two_cells(s, low, high)  # its sign may stand in the words
        signs = mirrored and not are_two_cells(s, low, high) and _lost_sign(case, s, value, low, high)
        verdict = "error-if" if signs else "cannot confirm" if doubted else "error"
        case.add(s, Check("interval", verdict, f"{shown}: it lies outside.", "estimate within its interval"))
    else:
        case.add(s, Check("interval", "ok", f"{shown}: it lies within.", "estimate within its interval"))


_LOWER = re.compile(
    r"\b(?:lower\w*|less|fewer|reduc\w+|decreas\w+|declin\w+|fell|fall\w*|drop\w*|shorter|shorten\w*|loss|lost|decrement\w*|"
    r"smaller|worse\w*|sav(?:ed|ings?)|below|earlier|younger|improve\w*|deteriorat\w*|weaker|negative\w*|inverse\w*)\b",
    re.IGNORECASE,
)
"""Words that stand for a sign."""
_SIGNED = re.compile(r"\b(?:differences?|changes?|changed|coefficients?|effects?|slopes?|MD|SMD|WMD|beta)\b|[βΔ]")


def _lost_sign(case: Case, s: Statement, value: Printed, low: Printed, high: Printed) -> bool:
    """Whether a difference has a minus that both its limits lack, or lacks theirs, and no word stands for one."""
    before, inside = case.around(s, 120, 0)[0], case.spelled(s)
    if _SIGNED.search(before + inside) is None or (value.value < 0) == (low.value < 0) or low.value * high.value <= 0:
        return False
    return value.value < 0 or not case.says(s, _LOWER)


def _is_in_fractions(case: Case, s: Statement, value: Printed, low: Printed, high: Printed) -> bool:
    """Whether an estimate in percent has its interval in fractions: `4 percentage points (0.01 to 0.07)`."""
    decimals = min(low.digits, high.digits)
    if re.search(r"%|percent|points", case.spelled(s)) is None or decimals < 2 or not -1 <= low.value < high.value <= 1:
        return False
    return low.low <= value.value / 100 <= high.high


_IN_PARTS = re.compile(r"\D{0,30}(?:0?\.\d+|1\.0+|1)(?![\d.]| ?%)")
"""A value that is printed without its percent sign."""
_FALL = re.compile(r"\b(?:lower|less|fewer|reduc\w+|decreas\w+|declin\w+|fell|change|difference)\b", re.IGNORECASE)


def _by_size(case: Case, s: Statement, low: Printed, high: Printed) -> bool:
    """Whether limits of a fall stand the smaller first: `-33 % (-13.8 to -52.1)`, `27 % lower (40 to 11 %)`."""
    value = s.quantities.value
    if low.value < 0 and high.value < 0:
        return value is None or high.value <= value.value <= low.value or high.value <= -value.value <= low.value
    if not case.says(s, _FALL) or high.value <= 0:
        return False
    if (value is None or high.value <= value.value <= low.value) and _all_falling(case, s):
        return True
    before, after = case.around(s, 40, 0)[0], low
    printed = re.search(r"(\d+(?:\.\d+)?)\s?%?\s?(?:lower|less|fewer|reduction|decrease)\W*$", before)
    return printed is not None and high.value <= float(printed[1]) <= after.value


def _all_falling(case: Case, s: Statement) -> bool:
    """Whether two or more intervals of a sentence, and all of them, stand the larger limit first."""
    pairs = [
        (o.quantities.low.value, o.quantities.high.value)
        for o in case.by_passage[s.passage]
        if o.kind == "value" and isinstance(o.quantities.low, Printed) and isinstance(o.quantities.high, Printed)
    ]
    return len(pairs) > 1 and all(a > b for a, b in pairs)


def _reversed(case: Case, s: Statement) -> bool:
    q = s.quantities
    low, high = q.low, q.high
    if q.interval == "ci" and isinstance(low, Printed) and isinstance(high, Printed) and low.value > high.value:
        if re.match(r"-\d", case.flat[s.normal_end : s.normal_end + 2]):
            case.add(
                s, Check("order", "cannot confirm", f"{low.text} may be the estimate, {high.text} its lower limit.")
            )
            return True
        if _by_size(case, s, low, high):
            sentence = f"The limits {low.text} and {high.text} stand in the order of their size."
            case.add(s, Check("order", "cannot confirm", sentence))
            return True
        case.add(s, Check("order", "error", f"The lower limit {low.text} is above the upper {high.text}."))
        return True
    return False
