"""Statements of running text: which atoms of a sentence belong together, and what they state."""

from __future__ import annotations

from typing import Any

import msgspec

from codon12.check import patterns as re
from codon12.check.finding.lexicon import COUNTED, TIME_UNITS
from codon12.check.grammar.counts import read_count, read_equals
from codon12.check.grammar.drafts import Draft, Reading
from codon12.check.grammar.estimates import mean_with_interval
from codon12.check.grammar.ratios import read_chi2, read_p, read_ratio
from codon12.check.grammar.rules import LINK, MEDIAN, OPEN, Read, Rule, level_of
from codon12.check.grammar.shares import read_percent, read_percent_pair
from codon12.check.grammar.times import read_value, read_values
from codon12.check.statements import Quantities
from codon12.numbers.unrounded import Printed

__all__ = ["read_sentence"]


def read_sentence(r: Reading) -> list[Draft]:
    """Drafts of the statements in one sentence, left to right."""
    out: list[Draft] = []
    k = 0
    while k < len(r.atoms):
        atom = r.atoms[k]
        rule = _RULES.get(atom.kind)
        drafts, used = rule(r, k) if rule else ([], 1)
        out += drafts
        k += used
    return _joined(r, out)


def _threshold(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    value = atom.data["value"]
    design = r.is_design
    if design and (atom.data["percent"] or atom.data["unit"]):
        q = Quantities(percent=value) if atom.data["percent"] else Quantities(value=value, unit=atom.data["unit"])
        return [Draft("design_number", atom.i, atom.j, q, approximate=True)], 1
    if atom.data["percent"]:
        return [Draft("threshold", atom.i, atom.j, Quantities(op=atom.data["op"], percent=value))], 1
    unit = atom.data["unit"] or next((w for w in r.words_after(atom.j, 2) if w in COUNTED), None)
    return [Draft("threshold", atom.i, atom.j, Quantities(op=atom.data["op"], value=value, unit=unit))], 1


def _pair(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    low, high = atom.data["low"], atom.data["high"]
    if not isinstance(low, Printed) or not isinstance(high, Printed):
        return [], 1
    before = r.before(atom.i, 8).lower()
    if re.search(r"\bscores?\b|\bscale\b|\bstatus\b|\(ps\)", before):
        return [Draft("scale", atom.i, atom.j, Quantities(low=low, high=high))], 1
    words = r.words_after(atom.j, 3)
    if any(w in COUNTED for w in words) and low.digits == 0:
        return [Draft("definition", atom.i, atom.j, Quantities(low=low, high=high))], 1
    return [], 1


def _range_of(kind: str) -> Rule:
    def rule(r: Reading, k: int) -> Read:
        atom = r.atoms[k]
        unit = "%" if kind == "percent_range" else atom.data["unit"]
        q = Quantities(low=atom.data["low"], high=atom.data["high"], unit=unit)
        return [Draft(kind, atom.i, atom.j, q, approximate=True)], 1

    return rule


def _dose(r: Reading, k: int) -> Read:
    if (mean := mean_with_interval(r, k)) is not None:
        return mean
    a = r.atoms[k]
    q = Quantities(value=a.data["value"], unit=a.data["unit"], text=a.data["freq"])
    return [Draft("dose", a.i, a.j, q)], 1


def _ci_label(r: Reading, k: int) -> Read:
    """Which method a text says it used for its intervals."""
    atom = r.atoms[k]
    level = level_of(atom)
    bracketed = r.low(atom.i - 1) in OPEN and r.low(atom.j) in (")", "]")
    if level is None or r.is_design or (r.method is None and (bracketed or r.passage.table is not None)):
        return [], 1
    return [Draft("ci_method_statement", atom.i, atom.j, Quantities(level=level, text=r.method or "unspecified"))], 1


def _interval_alone(r: Reading, k: int) -> Read:
    """An interval nothing stands before: the range of a scale, of percentages, of times, of what is counted."""
    atom = r.atoms[k]
    low, high = atom.data["low"], atom.data["high"]
    if atom.data["name"] == "ci":
        if isinstance(low, Printed) and isinstance(high, Printed) and low.value > high.value:
            q = Quantities(low=low, high=high, level=level_of(atom), interval="ci")
            return [Draft("value", atom.i, atom.j, q)], 1
        return _not_reached(r, k)
    if not isinstance(low, Printed) or not isinstance(high, Printed):
        return [], 1
    q = Quantities(low=low, high=high)
    if atom.data["percent"]:
        return [Draft("percent_range", atom.i, atom.j, msgspec.structs.replace(q, unit="%"), approximate=True)], 1
    unit = TIME_UNITS.get(r.low(atom.j))
    if unit is not None:
        return [Draft("duration", atom.i, atom.j + 1, msgspec.structs.replace(q, unit=unit), approximate=True)], 1
    scale = re.search(r"\bscale\b|\bscores?\b", r.before(atom.i, 12))
    return [Draft("scale" if scale else "definition", atom.i, atom.j, q)], 1


_NOT_REACHED = re.compile(r"\b(?:not (?:yet )?(?:been )?reached|not estimable|NR|NE)(?: \((?:NR|NE)\))?[ ,;([]*$")


def _not_reached(r: Reading, k: int) -> Read:
    """`median survival was not reached (95% CI, 21.4 to NE)`: limits of a median without a value."""
    atom = r.atoms[k]
    before = r.text[max(r.passage.start, r.tokens[atom.i].start - 40) : r.tokens[atom.i].start]
    found = _NOT_REACHED.search(before)
    if found is None or not MEDIAN.search(r.before(atom.i, 20)):
        return [], 1
    begin = r.tokens[atom.i].start - len(before) + found.start()
    first = next(i for i in range(atom.i, -1, -1) if r.tokens[i].start <= begin)
    q = Quantities(low=atom.data["low"], high=atom.data["high"], level=level_of(atom), interval="ci")
    return [Draft("median_ci", first, r.closed(atom.j), q)], 1


def _points(r: Reading, k: int) -> Read:
    """A difference in percentage points, with its interval."""
    atom, nxt = r.atoms[k], r.atom(k + 1)
    q = Quantities(value=atom.data["value"], unit="percentage points")
    if nxt is not None and nxt.kind == "interval" and nxt.data["name"] == "ci" and set(r.gap(k)) <= LINK:
        q = msgspec.structs.replace(q, low=nxt.data["low"], high=nxt.data["high"], level=level_of(nxt), interval="ci")
        return [Draft("value", atom.i, r.closed(nxt.j), q)], 2
    return [Draft("value", atom.i, atom.j, q)], 1


def _grades(r: Reading, k: int) -> Read:
    """`grade 3 or 4` in a sentence; in a table it is the head of a column."""
    atom = r.atoms[k]
    if r.passage.table is not None:
        return [], 1
    q = Quantities(low=atom.data["low"], high=atom.data["high"], unit="grade")
    return [Draft("definition", atom.i, atom.j, q)], 1


def _schedule(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    if r.passage.table is not None:
        return [], 1
    values, unit = atom.data["values"], atom.data["unit"]
    if atom.data["span"]:
        q = Quantities(low=values[0], high=values[1], unit=unit)
    elif len(values) == 1:
        q = Quantities(value=values[0], unit=unit)
    else:
        q = Quantities(values=values, unit=unit)
    return [Draft("design_number", atom.i, atom.j, q)], 1


def _none(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    return [Draft("count", atom.i, atom.j, Quantities(n=0))], 1


def _phase(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    words = r.after(atom.j, 8)
    end = next((n for n, w in enumerate(words) if w in ("trial", "study", "trials", "studies")), None)
    between = r.tokens[atom.j : atom.j + (end or 0)]
    # the phase 3 REVEL trial: known by its name, and spoken of
    named = r.low(atom.i - 1) in ("the", "in") and any(t.text.isupper() and len(t.text) > 2 for t in between)
    if end is None or named or not all(t.kind == "word" or t.text in (",", "-") for t in between):
        return [], 1
    again = r.low(atom.i - 1) not in ("a", "an", "another")
    last = atom.j + end + 1 if end < 4 else atom.j
    return [Draft("trial_phase", atom.i, last, Quantities(text=atom.data["text"]), approximate=again)], 1


def _simple(kind: str, **names: str) -> Rule:
    def rule(r: Reading, k: int) -> Read:
        atom = r.atoms[k]
        values: dict[str, Any] = {field: atom.data.get(source) for field, source in names.items()}
        q = Quantities(**values)
        return [Draft(kind, atom.i, atom.j, q)], 1

    return rule


def _identifier(r: Reading, k: int) -> Read:
    atom = r.atoms[k]
    text = atom.data["text"]
    found = re.match("[A-Za-z]+", text)
    name = found[0].lower() if found else "registry"
    return [Draft("identifier", atom.i, atom.j, Quantities(text=f"{name}:{text}"))], 1


_RULES: dict[str, Rule] = {
    "number": read_count,
    "fraction": read_count,
    "percent": read_percent,
    "percent_pair": read_percent_pair,
    "percent_range": _range_of("percent_range"),
    "value": read_value,
    "values": read_values,
    "value_range": _range_of("duration"),
    "ratio": read_ratio,
    "chi2": read_chi2,
    "equals": read_equals,
    "threshold": _threshold,
    "pair": _pair,
    "dose": _dose,
    "ci_label": _ci_label,
    "date": _simple("date", date="date"),
    "dates": _simple("date_range", date="start", date_end="end"),
    "interval": _interval_alone,
    "phase": _phase,
    "stage": _simple("stage", text="text"),
    "version": _simple("version", value="value"),
    "money": _simple("money", value="value", unit="unit"),
    "grades": _grades,
    "points": _points,
    "schedule": _schedule,
    "allocation": _simple("design_number", values="values"),
    "none": _none,
    "id": _identifier,
    "p": read_p,
}


def _joined(r: Reading, drafts: list[Draft]) -> list[Draft]:
    """Join what only the whole sentence shows: `25 patients completed 7 weeks`; a power statement."""
    sentence = r.text[r.passage.start : r.passage.end]
    if not r.is_design:
        return drafts
    out: list[Draft] = []
    for draft in drafts:
        last = out[-1] if out else None
        if draft.kind == "count" and draft.quantities.N is None and not re.search(r"includ|enrol", sentence):
            draft.kind = "design_number"
        if last is not None and draft.kind == "design_number" and last.kind == "design_number" and (
            last.quantities.n is not None and draft.quantities.unit and "completed" in r.after(last.j, draft.i - last.j)
        ):  # fmt: skip
            last.quantities = msgspec.structs.replace(
                last.quantities, value=draft.quantities.value, unit=draft.quantities.unit
            )
            last.j = draft.j
            continue
        out.append(draft)
    return _power(r, out, sentence)


def _power(r: Reading, drafts: list[Draft], sentence: str) -> list[Draft]:
    """`90% probability that the lower limit of the 95% interval would exceed 23%` is one statement."""
    if not re.search(r"lower (?:limit|bound|boundary)", sentence):
        return drafts
    power = next((d for d in drafts if d.kind == "design_number" and d.quantities.percent is not None), None)
    level = next((a for a in r.atoms if a.kind == "ci_label" and a.data["level"] is not None), None)
    if power is None or level is None:
        return drafts
    rate = next((d for d in drafts if d.i > power.i and d.kind in ("percent_only", "threshold", "design_number")), None)
    if rate is None or rate.quantities.percent is None:
        return drafts
    q = Quantities(percent=power.quantities.percent, value=rate.quantities.percent, level=level_of(level))
    joined = Draft("power_statement", power.i, rate.j, q, approximate=True)
    return [joined if d is power else d for d in drafts if d is not rate]
