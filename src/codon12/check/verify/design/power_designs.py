"""Power statements of trials: read from the sentences about the sample size, then solved for what they leave out."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import Verdict
from codon12.check.verify.case import Case
from codon12.check.verify.design.power_formulas import (
    events_needed,
    power_of_events,
    power_of_one_proportion,
    power_of_two_proportions,
    simon_rejects,
)
from codon12.check.verify.prose import whole

__all__ = ["check_designs"]

_POWER_WORD = re.compile(r"\bpower(?:ed)?\b")
_POWER = re.compile(
    r"(?P<a>\d{2}(?:\.\d+)?) ?% (?:statistical )?power\b|\bpower(?:ed)?(?: level)?(?: of| was| is| at|:| =|,)? "
    r"(?:at least |approximately |about |set at )?(?:(?P<b>\d{2}(?:\.\d+)?) ?%|0?(?P<c>\.\d+))"
)
_ALPHA = re.compile(
    r"(?:alpha|α|type[ -](?:I|1)(?: error)?(?: rate)?|significance level|level of significance|significance)"
    r"[^.;%\d]{0,40}?(?:(?P<a>0?\.\d+)|(?P<b>\d+(?:\.\d+)?) ?%)"
    r"|(?:one|two|1|2)-?\s?(?:sided|tailed)[^.;%\d]{0,30}?(?:(?P<c>0?\.\d+)|(?P<d>\d+(?:\.\d+)?) ?%)",
    re.IGNORECASE,
)
_SIDES = re.compile(r"\b(?P<n>one|two|1|2)-?\s?(?:sided|tailed)", re.IGNORECASE)
_RATIO = re.compile(
    r"\b(?:hazard ratio|HR)\b[^.;\d]{0,40}?(?:(?:ln|log) ?\(?0?\.\d+\)? ?/ ?(?:ln|log) ?\(?0?\.\d+\)? ?= ?)?"
    r"(?P<hr>[01]?\.\d+)"
)
_EVENTS = re.compile(r"\b(?P<n>\d{1,3}(?:,\d{3})+|\d+) (?:[A-Za-z-]+ ){0,4}?(?:events|deaths)\b", re.IGNORECASE)
_RATES = re.compile(r"(?<![\d.])(?P<p>\d{1,2}(?:\.\d+)?) ?%(?! ?(?:statistical )?power| confidence| CI)")
_NOT_RATES = re.compile(
    r"power(?:ed)?(?: of| level| was| is| at| least| set| about| approximately)*\s*$"
    r"|(?:alpha|significance|error|sided|tailed|drop-?out|attrition|loss|lost|confidence|withdraw\w*|ineligib\w*|margin)"
    r"[^.;%\d]{0,40}$", re.IGNORECASE
)  # fmt: skip
_NULL = re.compile(r"\b(?:null|p0|uninteresting|unacceptable|historical|benchmark|inactive|control)\b", re.IGNORECASE)
_EACH = re.compile(
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d+) (?:[a-z-]+ ){0,2}(?:patients|participants|subjects)?(?: were| would be)? ?"
    r"(?:per|in each|for each|in either) (?:treatment )?(?:group|arm)", re.IGNORECASE
)  # fmt: skip
_SIZE = re.compile(
    r"(?P<n>\d{1,3}(?:,\d{3})+|\d{2,}) (?:[a-z-]+ ){0,3}?(?:patients|participants|subjects)\b"
    r"|sample size of (?P<m>\d+)\b",
    re.IGNORECASE,
)
_TWO_GROUPS = re.compile(
    r"\b(?:randomi[sz]\w+|per (?:group|arm)|each (?:group|arm)|both (?:groups|arms)|control)\b", re.IGNORECASE
)
_ONE_GROUP = re.compile(
    r"\b(?:null|single|one-stage|exact binomial|historical|benchmark|p0|uninteresting|A'Hern|Fleming)\b"
)
_TIMES_LARGER = re.compile(r"\b(?P<k>[2-4]) ?: ?1\b")
_SEEN = re.compile(r"[^.;,()]{0,12}\b(?:had (?:been )?|have )?(?:occurred|been (?:observed|recorded|reported))\b")
_STOPPED = re.compile(r"\b(?:stopped|terminated|closed|interim|had (?:been|occurred)|after)\b[^.;]*$", re.IGNORECASE)
"""What says of events that they were seen, not planned."""
_SMALL_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve"
_WORDS = {w: i for i, w in enumerate(_SMALL_NUMBERS.split())} | {"no": 0}
_AT_LEAST = re.compile(
    r"\b(?P<n>\d+|[a-z]+) or more (?:[a-z]+ ){0,2}(?:responses|responders|patients|successes)|\bat least (?P<m>\d+|"
    r"[a-z]+) (?:[a-z]+ ){0,2}(?:responses?|responders?|successes|patients (?:had|responded|with a response))|\bmore "
    r"than (?P<k>\d+|[a-z]+) (?:[a-z]+ ){0,2}(?:responses|responders)|\b(?P<l>\d+|[a-z]+) or (?:fewer|less) (?:[a-z]+ "
    r"){0,2}(?:responses|responders)",
    re.IGNORECASE,
)
_FIRST_STAGE = re.compile(
    r"(?P<n>\d+) (?:[a-z-]+ ){0,5}(?:in|for|during|at) (?:the )?(?:first stage|stage (?:1|I)\b)"
    r"|(?:first stage|stage (?:1|I)\b)[^.;\d]{0,50}?(?P<m>\d+) (?:[a-z-]+ ){0,2}(?:patients|subjects|participants)",
    re.IGNORECASE,
)  # fmt: skip
_IN_ALL = re.compile(
    r"total of (?P<n>\d+)|(?P<m>\d+) (?:[a-z-]+ ){0,2}patients (?:in total|overall)"
    r"|to (?:a total of )?(?P<k>\d+) patients",
    re.IGNORECASE,
)
_CLOSE = 0.02


class _Plan(msgspec.Struct, frozen=True):
    """What the sentences on the sample size say."""

    statement: Statement
    text: str
    power: float
    alphas: tuple[tuple[str, float], ...]
    """Convention in words and one-sided level; two where the text does not say how many sides."""
    alpha: float | None
    figures: str
    """The text with its number words in figures."""


def check_designs(case: Case) -> None:
    """Solve each power statement of a trial by the formulas its numbers call for."""
    for _, statements in case.prose(_POWER_WORD):
        plan = _plan(case, statements)
        if plan is None:
            continue
        for solve in (_simon, _hazard_ratio, _two_proportions, _one_proportion):
            if solve(case, plan):
                break


def _plan(case: Case, statements: list[Statement]) -> _Plan | None:
    first = statements[0]
    found = _POWER.search(case.sentence(first))
    if found is None or any(s.kind == "power_statement" for s in statements):
        return None
    p = case.text.passages[first.passage]
    number = next(g for g in ("a", "b", "c") if found[g])
    place = p.start + found.start(number)
    holder = next((s for s in statements if s.normal_start <= place < s.normal_end), None)
    if holder is None:
        return None
    power = float(found[number]) if number == "c" else float(found[number]) / 100
    around = [case.text.passages[i] for i in range(max(0, p.index - 2), min(len(case.text.passages), p.index + 3))]
    same = [x for x in around if x.paragraph == p.paragraph and x.table is None]
    text, figures = (" ".join(t[x.start : x.end] for x in same).replace("\n", " ") for t in (case.flat, case.figures))
    alpha = next((_rate(m) for m in _ALPHA.finditer(text)), None)
    sides = _SIDES.search(text)
    return _Plan(holder, text, power, tuple(_conventions(alpha, sides and sides["n"].lower())), alpha, figures)


def _rate(m: re.Match[str]) -> float:
    groups = m.groupdict()
    plain = groups.get("a") or groups.get("c")
    return float(plain) if plain else float(groups.get("b") or groups.get("d") or 0) / 100


def _conventions(alpha: float | None, sides: str | None) -> Iterator[tuple[str, float]]:
    level = 0.05 if alpha is None else alpha
    if not 0 < level < 0.5:
        return
    note = "" if alpha is not None else " (not printed)"
    if sides in (None, "two", "2"):
        yield f"two-sided {level:g}{note}", level / 2
    if sides in (None, "one", "1"):
        yield f"one-sided {level:g}{note}", level


def _number(text: str) -> int | None:
    return whole(text) if text[0].isdigit() else _WORDS.get(text.lower())


def _verdict(case: Case, plan: _Plan, powers: dict[str, float], of: str) -> bool:
    """Which convention reproduces the power; none, and far less, is unlikely."""
    if not powers:
        return False
    stated = plan.power
    best = min(powers, key=lambda k: abs(powers[k] - stated))
    computed = {"power": {k: round(v, 3) for k, v in powers.items()}}
    s = plan.statement
    if abs(powers[best] - stated) <= _CLOSE:
        sentence = f"{of}: power {powers[best]:.3f} by {best}."
        case.relate("power", (s,), "ok", sentence, best, computed, on=(s,))
    else:
        most = max(powers.values())
        verdict: Verdict = "unlikely" if most < stated - 0.08 else "cannot confirm"
        why = "" if most < stated else " (more subjects than needed, as for an allowance for losses)"
        sentence = f"{of}: the power nearest to the printed {stated:g} is {powers[best]:.3f}, by {best}{why}."
        case.relate("power", (s,), verdict, sentence, best, computed, on=(s,))
    return True


def _solved(case: Case, plan: _Plan, sentence: str, computed: dict[str, object]) -> bool:
    s = plan.statement
    case.relate("power", (s,), "cannot confirm", sentence, "solved for what is not printed", computed, on=(s,))
    return True


def _hazard_ratio(case: Case, plan: _Plan) -> bool:
    found = _RATIO.search(plan.text)
    hr = float(found["hr"]) if found else 0.0
    if not 0 < hr < 10 or hr == 1:
        return False
    larger = _TIMES_LARGER.search(plan.text)
    share = int(larger["k"]) / (1 + int(larger["k"])) if larger else 0.5
    counts = [
        whole(m["n"])
        for m in _EVENTS.finditer(plan.text)
        if _SEEN.match(plan.text, m.end()) is None
        and _STOPPED.search(plan.text[max(0, m.start() - 80) : m.start()]) is None
    ]
    counts = [n for n in counts if n >= 10]
    if not counts:
        needed = {name: round(events_needed(hr, a, plan.power, share=share)) for name, a in plan.alphas}
        listed = ", ".join(f"{n} at {name}" for name, n in needed.items())
        return _solved(case, plan, f"A hazard ratio of {hr:g} needs {listed} events (not printed).", {"events": needed})
    powers = {
        f"Schoenfeld, {name}, {n} events": power_of_events(n, hr, a, share=share)
        for n in counts[:4]
        for name, a in plan.alphas
    }
    return _verdict(case, plan, powers, f"Hazard ratio {hr:g}")


def _rates(plan: _Plan) -> list[tuple[float, bool]]:
    """Rates the sentences name, in order, and whether the words call each the null or control rate."""
    out: list[tuple[float, bool]] = []
    for m in _RATES.finditer(plan.text):
        before = plan.text[max(0, m.start() - 60) : m.start()]
        value = float(m["p"]) / 100
        if _NOT_RATES.search(before) or value == plan.alpha or (value == plan.power and "power" in before[-30:]):
            continue
        near = before[-40:].rpartition(" and ")[2] + plan.text[m.end() : m.end() + 25].partition(" and ")[0]
        if value not in [v for v, _ in out]:
            out.append((value, _NULL.search(near) is not None))
    return out


def _two_proportions(case: Case, plan: _Plan) -> bool:
    rates = _rates(plan)
    if len(rates) != 2 or not _TWO_GROUPS.search(plan.text):
        return False
    p1, p2 = rates[0][0], rates[1][0]
    each = [whole(m["n"]) for m in _EACH.finditer(plan.figures)]
    sizes = [(n, n) for n in each] or [(n / 2, n / 2) for n in _sizes(plan)]
    if not sizes:
        return False
    powers = {
        f"{name}, {conv}": power
        for n, m in sizes[:3]
        for conv, a in plan.alphas
        for name, power in power_of_two_proportions(n, m, p1, p2, a).items()
        if n >= 2
    }
    return _verdict(case, plan, powers, f"Rates of {100 * p1:g} % and {100 * p2:g} %")


def _sizes(plan: _Plan) -> list[int]:
    found = (m["n"] or m["m"] for m in _SIZE.finditer(plan.text))
    return [whole(x) for x in found]


def _one_proportion(case: Case, plan: _Plan) -> bool:
    rates = _rates(plan)
    sizes = _sizes(plan)
    if len(rates) != 2 or not sizes or not _ONE_GROUP.search(plan.text):
        return False
    low, high = sorted(v for v, _ in rates)
    powers = {
        f"{name}, {conv}": power
        for n in sizes[:3]
        for conv, a in plan.alphas
        for name, power in power_of_one_proportion(n, low, high, a).items()
    }
    return _verdict(case, plan, powers, f"A rate of {100 * high:g} % against {100 * low:g} %")


def _least(m: re.Match[str]) -> int | None:
    """The fewest responses that pass, from any of the ways to say it."""
    for name, more in (("n", 0), ("m", 0), ("k", 1), ("l", 1)):
        if m[name]:
            n = _number(m[name])
            return None if n is None else n + more
    return None


def _simon(case: Case, plan: _Plan) -> bool:
    """Simon's two stages: error rates of the printed boundaries."""
    if "Simon" not in plan.text:
        return False
    first, all_of_them = _FIRST_STAGE.search(plan.text), _IN_ALL.search(plan.text)
    passes = [x for x in map(_least, _AT_LEAST.finditer(plan.text)) if x is not None]
    rates = [v for v, _ in _rates(plan)]
    if first is None or all_of_them is None or len(passes) < 2 or len(rates) != 2:
        return True
    n1 = int(first["n"] or first["m"])
    n = int(all_of_them["n"] or all_of_them["m"] or all_of_them["k"])
    a1, a = passes[0], passes[-1]
    if not 0 < a1 <= a <= n or not a1 <= n1 < n:
        return True
    low, high = sorted(rates)
    alpha, power = (simon_rejects(n1, a1 - 1, n, a - 1, p) for p in (low, high))
    level = plan.alpha if plan.alpha is not None else 0.05
    computed = {"n1": n1, "n": n, "r1": a1 - 1, "r": a - 1, "alpha": round(alpha, 4), "power": round(power, 4)}
    says = f"{a1 - 1}/{n1}, then {a - 1}/{n}, has a type I error of {alpha:.3f} and a power of {power:.3f}"
    s = plan.statement
    if alpha <= level + 0.005 and abs(power - plan.power) <= 0.05 and power >= plan.power - 0.01:
        case.relate("power", (s,), "ok", f"{says}.", "Simon's two-stage design, exact", computed, on=(s,))
    else:
        far = alpha > 1.5 * level or power < plan.power - 0.08
        sentence = f"{says}; printed {level:g} and {plan.power:g}."
        verdict: Verdict = "unlikely" if far else "cannot confirm"
        case.relate("power", (s,), verdict, sentence, "Simon's two-stage design, exact", computed, on=(s,))
    return True
