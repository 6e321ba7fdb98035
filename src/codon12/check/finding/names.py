"""Atoms that bound or name: thresholds, and numbers that only name (grade 3, Table 2, codon 12)."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.finding.lexicon import COUNTED, LABELS, NAMES, TIME_UNITS
from codon12.check.finding.reader import OPS, Atom, TokenReader
from codon12.numbers.unrounded import Printed

__all__ = ["AT_LEAST", "MILLIONS", "grade_atom", "name_atom", "none_atom", "schedule_atom", "threshold_atom"]

AT_LEAST = (
    (("at", "least"), ">="),
    (("at", "most"), "<="),
    (("no", "more", "than"), "<="),
    (("not", "more", "than"), "<="),
    (("no", "fewer", "than"), ">="),
    (("more", "than"), ">"),
    (("greater", "than"), ">"),
    (("less", "than"), "<"),
    (("lower", "than"), "<"),
    (("fewer", "than"), "<"),
    (("up", "to"), "<="),
    (("over",), ">"),
    (("above",), ">"),
    (("below",), "<"),
    (("exceeding",), ">"),
    (("not", "exceed"), "<="),
)
_ROMAN = {*("i", "ii", "iii", "iv", "ia", "ib", "ic", "iia", "iib", "iic", "iiia", "iiib", "iiic", "iva", "ivb", "ivc")}
MILLIONS = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_STAGE = re.compile(r"[0-4](?:[a-c]\d?)?$")
_NONE_OF = {
    *("patient", "patients", "participant", "participants", "subject", "subjects", "death", "deaths", "event"),
    "events",
    *("response", "responses", "responder", "responders", "case", "cases", "discontinuation", "discontinuations"),
    *("fatality", "fatalities", "relapse", "relapses", "recurrence", "recurrences", "toxicities"),
}
_KIND_OF_NONE = {
    *("related", "fatal", "serious", "adverse", "toxic", "treatment", "drug", "complete", "objective", "partial"),
    "other",
    *("confirmed", "early", "postoperative", "perioperative", "septic", "grade", "or", "and", "limiting", "dose"),
    "such",
    *("study", "emergent", "infusion", "immune", "therapy", "chemotherapy", "additional", "further", "higher"),
    "severe",
}


def threshold_atom(t: TokenReader, i: int) -> Atom | None:
    """`at least 18 years`, `≥ 50%`, `>5%`."""
    op, j = None, i
    sign = t.low(i)
    if sign in OPS:
        op, j = OPS[sign], i + 1
        if t.low(j) == "=":
            op, j = op + "=", j + 1
    elif sign == "=":
        return None
    else:
        for words, meaning in AT_LEAST:
            if t.low(i) == words[0] and t.words(i, len(words)) == words:
                op, j = meaning, i + len(words)
                break
    if op is None:
        return None
    while t.low(j) in ("an", "a", "or", "equal", "to", "the"):
        j += 1
    number = t.number(j)
    if number is None:
        return None
    j += 1
    if t.low(j) in MILLIONS:
        number, j = Printed(number.text, number.value * MILLIONS[t.low(j)], 0), j + 1
    percent = t.low(j) == "%"
    unit = TIME_UNITS.get(t.low(j)) if len(t.low(j)) > 1 or t.low(j) == "y" else None
    if sign == "over" and unit:
        return Atom("value", j - 1, j + 1, value=number, unit=unit, plus=False)
    return Atom("threshold", i, j + (percent or unit is not None), op=op, value=number, percent=percent, unit=unit)


def _is_stage(word: str) -> bool:
    return all(part in _ROMAN for part in word.split("-")) or _STAGE.match(word) is not None


def _stage(t: TokenReader, i: int) -> Atom | None:
    """`stage IIIB or IV`, `stages I to IIIA`, `stage 3`: a list with commas, a span with a dash."""
    if not t.low(i + 1) or not _is_stage(t.low(i + 1)):
        return None
    text, j = t.t[i + 1].text, i + 2
    while True:
        k = j + 1 + (t.low(j) == "," and t.low(j + 1) in ("or", "and"))
        if t.low(j) not in ("-", "or", "to", ",", "and", "/") or not t.low(k) or not _is_stage(t.low(k)):
            break
        if t.low(k)[0].isdigit() and (not text[0].isdigit() or t.low(k + 1) in ("of", "(", "[", "%", "patients")):
            break  # stage I, 38 of 58
        text += ("-" if t.low(j) in ("-", "to") else ",") + t.t[k].text
        j = k + 1
    return Atom("stage", i, j, text=text)


def grade_atom(t: TokenReader, i: int) -> Atom | None:
    """`grade ≥3` is a threshold, `grade 3 or 4` and `grades 3-4` a range; one grade alone is only a name."""
    if t.low(i) not in ("grade", "grades"):
        return None
    op = OPS.get(t.low(i + 1))
    number = t.number(i + 1 + (op is not None))
    if number is None or number.digits or number.value > 5:
        return None
    j = i + 2 + (op is not None)
    if op is not None:
        return Atom("threshold", i, j, op=op, value=number, percent=False, unit="grade")
    if t.low(j) == "or" and t.low(j + 1) in ("higher", "greater", "more", "above", "worse"):
        return Atom("threshold", i, j + 2, op=">=", value=number, percent=False, unit="grade")
    k = j + 1
    k += t.low(k) in ("grade", "grades")
    second = t.number(k)
    if t.low(j) in ("or", "and", "to", "-", "/") and second is not None and number.value < second.value <= 5 and (
        not second.digits and t.low(k + 1) not in ("%", "patients", "of", "[")
    ):  # fmt: skip
        return Atom("grades", i, k + 1, low=number, high=second)
    return None


def schedule_atom(t: TokenReader, i: int) -> Atom | None:
    """`day 1`, `days 1-21`, `weeks 1, 3 and 5`: when something is given."""
    unit = {"day": "day", "days": "day", "weeks": "week"}.get(t.low(i))
    first = t.number(i + 1)
    if unit is None or first is None or first.digits or t.low(i + 2) in ("(", "%", "["):
        return None
    values, j = [first], i + 2
    sep = t.low(j)
    if sep in ("-", "to") and t.number(j + 1) is not None and t.low(j + 2) not in ("%", *TIME_UNITS):
        return Atom("schedule", i, j + 2, values=(first, t.number(j + 1)), unit=unit, span=True)
    while True:
        k = j + 1 + (t.low(j) == "," and t.low(j + 1) in ("and", "or"))
        value = t.number(k)
        if t.low(j) not in (",", "and", "or", "&") or value is None or value.digits or value.value <= values[-1].value:
            break
        if t.low(k + 1) in ("(", "%", "patients", "of", "[", *TIME_UNITS):
            break
        values.append(value)
        j = k + 1
    if unit == "week" and len(values) == 1:
        return None
    return Atom("schedule", i, j, values=tuple(values), unit=unit, span=False)


def none_atom(t: TokenReader, i: int) -> Atom | None:
    """`no treatment-related deaths`, `no adverse events of grade 5`, `5 [2%] vs none`: none counted."""
    if t.low(i) == "none":
        return Atom("none", i, i + 1) if t.low(i - 1) in ("vs", "versus", ".") and t.low(i - 2) != "." else None
    if t.low(i) != "no":
        return None
    for j in range(i + 1, i + 7):
        word = t.low(j)
        if word in _NONE_OF:
            end = j + 1
            if t.low(end) == "of" and t.low(end + 1) == "grade" and t.number(end + 2) is not None:
                end += 3
            return Atom("none", i, end)
        if t.number(j) is None and not all(part in _KIND_OF_NONE for part in word.split("-") if part):
            return None
    return None


COUNT_NOUN_NAMES = {"trial", "study", "group", "arm", "cohort", "lung", "file", "option", "line", "level", "type",
                    "position", "series", "cycle"}  # fmt: skip


def name_atom(t: TokenReader, i: int) -> Atom | None:
    """Numbers that only name something: grade 3, Table 2, codon 12, day 1, cycles 2-4."""
    word = t.low(i)
    if word == "phase":
        nxt = t.low(i + 1)
        if t.number(i + 1) is not None:
            j = i + 2
            if t.low(j) in ("/", "-", "or") and t.number(j + 1) is not None:
                j += 2
            return Atom("phase", i, j, text=" ".join(x.text for x in t.t[i + 1 : j]).replace(" ", ""))
        if nxt.rstrip("ab") in _ROMAN or all(part in _ROMAN for part in nxt.split("-")):
            j = i + 2
            if t.low(j) == "/" and t.low(j + 1) in _ROMAN:
                j += 2
            return Atom("phase", i, j, text="".join(x.text for x in t.t[i + 1 : j]))
        return None
    if word in ("stage", "stages"):
        return _stage(t, i)
    if word == "version" or (word == "v" and t.low(i + 1) == "."):
        k = i + 1 + (word == "v")
        return Atom("version", i, k + 1, value=t.number(k)) if t.number(k) is not None else None
    k = i + 1
    if word in ("no", "nos", "item") and t.low(k) != ".":
        return None
    if word in LABELS or word in NAMES:
        if t.low(k) == "." and word in ("fig", "figs", "ref", "refs", "no", "nos"):
            k += 1
        while t.low(k) in ("≥", ">=", ">", "≤", "<"):
            k += 1
        if t.number(k) is None or (t.parted(k) and t.low(k + 1) in ("(", "[")):  # Creatine kinase | 25 (35.2)
            return None
        told = word in ("cohort", "arm", "group") and t.low(i - 1) in ("in", "of", "from") and t.low(k + 1) == "("
        row = word in COUNT_NOUN_NAMES and not t.glued(k - 1) and t.low(k + 1) in ("(", "%")
        if (row and not told) or t.low(k + 1) == "%":
            return None
        if word in COUNT_NOUN_NAMES and t.low(i - 1) in ("this", "our") and t.low(k + 1) in COUNTED:
            return None  # in this trial 124 patients were enrolled
        of_a_total = t.low(k + 1) == "/" and t.number(k + 2) is not None and t.low(k + 3) in ("(", "[")
        if of_a_total and word in COUNT_NOUN_NAMES | {"death"}:  # Lung 35/71 (49.3): a row, no name
            return None
        j = k + 1
        while t.low(j) in ("or", "and", "to", "-", ",", "/") and t.number(j + 1) is not None and j - k < 12 and (
            t.low(j + 2) not in ("(", "%", "patients", "of", "[") and t.low(j + 2) not in TIME_UNITS
        ):  # fmt: skip
            j += 2
        if word in ("week", "weeks") and j == k + 1:
            return Atom("value", i, j, value=t.number(k), unit="weeks", plus=False)
        return Atom("label", i, j)
    return None
