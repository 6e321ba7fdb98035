"""Statements of a table row: its label and its cells, also where the text lost the columns."""

from __future__ import annotations

import msgspec

from codon12.check import patterns as re
from codon12.check.finding.atoms import Atom
from codon12.check.grammar.drafts import Draft, Reading
from codon12.check.grammar.places import LEVEL
from codon12.check.grammar.times import is_spread
from codon12.check.statements import Quantities
from codon12.numbers.unrounded import Printed

__all__ = ["read_row"]

_SIGNS = {"|", "\t", "‡", "†", "*", "§", "¶", "‖", "+"}


def read_row(r: Reading) -> list[Draft] | None:
    """Drafts of the cells of a table row; None where the row has no cell of a known shape."""
    out: list[Draft] = []
    k, column = 0, 0
    first: int | None = None
    while k < len(r.atoms):
        atom = r.atoms[k]
        draft, used = _cell(r, k)
        counts = first is not None or _gives_totals(r, atom)
        if draft is None and counts and atom.kind == "number" and _bare(r, k):
            value: Printed = atom.data["value"]
            draft = Draft("table_cell", atom.i, atom.j, Quantities(n=int(value.value)))
            used = 1
        if draft is not None:
            first = draft.i if first is None else first
            draft.column = column
            column += 1
            out.append(draft)
        k += max(used, 1)
    if not out or first is None:
        return None
    label = r.text[r.passage.start : r.tokens[first].start].strip(" |\t\n")
    for draft in out:
        draft.label = label or r.passage.heading.split("  ")[-1]
    if _grown_on(r, out[0], label):
        out[0].tie = "inferred"
    start = next((i for i, t in enumerate(r.tokens) if t.text not in _SIGNS), 0)
    out[0].i = min(start, out[0].i)
    return out


def _grown_on(r: Reading, draft: Draft, label: str) -> bool:
    """Whether the cells of a row stand without anything between them, so that a label in figures is part of the first.

    `24 (10.8)5 (16.1)` are those of ECOG 2, four of them.
    """
    end = r.tokens[draft.j - 1].end
    return r.text[end : end + 1].isdigit() and r.text[end - 1] in ")]" and not any(c.isalpha() for c in label)


_TOTALS = re.compile(
    r"\b(?:evaluable|assessable|evaluated|assessed|analy[sz]ed|tested|with (?:available )?(?:data|tissue|results?))\b|"
    r"^\W*(?:No\.|Number|N|n)(?: of (?:patients|participants|subjects))?\W*$",
    re.IGNORECASE,
)
"""Labels of rows of bare numbers that give the totals of the rows below them."""


def _gives_totals(r: Reading, atom: Atom) -> bool:
    label = r.text[r.passage.start : r.tokens[atom.i].start]
    return len(label) < 80 and "=" not in label and _TOTALS.search(label.strip(" |\t")) is not None


def _bare(r: Reading, k: int) -> bool:
    """Whether a number stands alone as a cell: whole, and between cells rather than in words."""
    atom = r.atoms[k]
    if atom.data["value"].digits:
        return False
    before, after = r.low(atom.i - 1), r.low(atom.j)
    around = {"", ")", "]", "|", "\t", "%"} | _SIGNS
    is_number = after[:1].isdigit() or after in around
    return (before in around or before[:1].isdigit()) and is_number


def _context(r: Reading, atom: Atom) -> str:
    return (
        r.passage.heading + " " + r.text[max(r.passage.start, r.tokens[atom.i].start - 200) : r.tokens[atom.i].start]
    ).lower()


_FIRST_CELL = re.compile(r"\d[\d.,]*\+?\s?%?\s?[(\[]\s?(?!\d\d\s?%\s?CI)-?\d")


def _said_of(r: Reading, k: int) -> str:
    """What a row says of one of its cells: its heading, its label, the words between the cell before and this one.

    `12.1 (8.5-13.9) 7.6 (5.6-8.0) Hazard ratio 0.65 (0.46-0.90)`: the ratio is the third.
    """
    atom, start = r.atoms[k], r.passage.start
    begin = r.tokens[atom.i].start
    heading = "" if _FIRST_CELL.search(r.passage.heading) else r.passage.heading  # cells above, a line each
    first = _FIRST_CELL.search(r.text, start, begin)
    if first is None or "|" in r.text[start : first.start()]:
        return f"{heading} {r.text[max(start, begin - 200) : begin]}".lower()
    before = r.recent(k)
    between = r.text[r.tokens[before[-1].j - 1].end : begin] if before else ""
    return f"{heading} {r.text[start : first.start()]} {between}".lower()


def _cell(r: Reading, k: int) -> tuple[Draft | None, int]:
    atom, nxt = r.atoms[k], r.atom(k + 1)
    if atom.kind not in ("number", "percent", "value", "fraction") or nxt is None:
        return None, 1
    gap = r.gap(k)
    if gap not in (["("], ["["]):
        return None, 1
    if is_spread(r, atom):
        return _mean_with_range(r, k), 2
    if atom.kind == "fraction":
        if nxt.kind not in ("number", "percent") or r.low(nxt.j) not in (")", "]"):
            return None, 1
        share: Printed = nxt.data["percent"] if nxt.kind == "percent" else nxt.data["value"]
        q = Quantities(n=int(atom.data["n"].value), N=int(atom.data["N"].value), percent=share)
        return Draft("table_cell", atom.i, nxt.j + 1, q, explicit=True), 2
    value: Printed = atom.data["percent"] if atom.kind == "percent" else atom.data["value"]
    if nxt.kind in ("number", "percent") and r.low(nxt.j) in (")", "]") and atom.kind == "number":
        percent: Printed = nxt.data["percent"] if nxt.kind == "percent" else nxt.data["value"]
        spread = nxt.kind == "number" and (_no_percent(_context(r, atom)) or _MEASURED.search(own_label(r)))
        if value.digits or percent.value > 100 or spread:
            return None, 2
        return Draft("table_cell", atom.i, nxt.j + 1, Quantities(n=int(value.value), percent=percent)), 2
    if nxt.kind in ("pair", "interval"):
        return _interval_cell(r, k, value, nxt), 2
    return None, 1


def _mean_with_range(r: Reading, k: int) -> Draft | None:
    """`51 ± 11 (29-82)`: the limits are around the mean, not its standard deviation."""
    mean, nxt = r.atom(k - 1), r.atoms[k + 1]
    if mean is None or mean.kind != "number" or r.gap(k - 1) != ["±"] or nxt.kind not in ("pair", "interval"):
        return None
    q = Quantities(value=mean.data["value"], low=nxt.data["low"], high=nxt.data["high"], interval="range")
    return Draft("median_range", mean.i, r.closed(nxt.j), q)


_TIME_UNIT = re.compile(
    r"(?:\(|, )(?:days?|weeks?|wks?|months?|mos?|years?|yrs?|y|hours?|hrs?|h|min(?:utes)?)(?:\)|$|\W*$)"
)
"""At the end of a label, or in brackets: what the row measures in."""
_SHARES_SAID = re.compile(r"%|percent|proportion|prevalence|sensitivity|specificity|response|survival")
_PARTED = re.compile(r"\t|\||\s{3,}")
_PER_TIME = re.compile(r"inciden\w+ rates?|per 1,?000|person-years|patient-years", re.IGNORECASE)
"""A rate that is no percentage."""
_NO_SHARE = re.compile(r"likelihood ratio|diagnostic odds", re.IGNORECASE)
_NO_SHARE_OF_ROW = re.compile(r"kappa|κ|correlation|coefficient|\bICC\b|\bAUC\b|[Cc]-index|concordance index")
"""Measures of a row that are neither shares nor times, whatever stands above."""
_MEASURED = re.compile(
    r"[(,]\s?(?:mL/min|m?mol/L|[µμ]mol/L|g/d?L|mg/d?L|[np]g/mL|kg(?:/m[2²])?|cm|mm ?Hg|beats/min|bpm|I?U/L)\b"
    r"(?![^(]*%)",
    re.IGNORECASE,
)
"""A label with the unit of a measure: `eGFR (mL/min per 1.73 m²)`, not that of a limit."""


def own_label(r: Reading) -> str:
    """The words of a row before its first cell, where something parts them."""
    line = r.text[r.passage.start : min(r.passage.end, r.passage.start + 200)]
    return re.split(r"\t|\s{2,}|\|", line.strip(" |\t"), maxsplit=1)[0]


def _no_percent(context: str) -> bool:
    """Whether the row says that what stands in brackets is no percentage."""
    return re.search(r"\((?:sd|se|sem)\)|± ?sd|mean \(", context) is not None


def _interval_cell(r: Reading, k: int, value: Printed, nxt: Atom) -> Draft | None:
    """A number with limits by what its row says of it; a value with limits where only the cells beside it are named."""
    found = _by_its_words(r, k, value, nxt, _said_of(r, k))
    if found is None and (found := _by_its_words(r, k, value, nxt, _context(r, r.atoms[k]))) is not None:
        q = Quantities(value=value, low=nxt.data["low"], high=nxt.data["high"], interval="ci")
        found = Draft("value", found.i, found.j, q)
    if found is not None and found.quantities.interval == "ci" and (level := _level_said(r, k)) is not None:
        found.quantities = msgspec.structs.replace(found.quantities, level=level)
    return found


_LEVEL_SAID = re.compile(r"(?<![\d.])([5-9]\d) ?% ?(?:CI|confidence)", re.IGNORECASE)
_USUAL = 95


def _level_said(r: Reading, k: int) -> int | None:
    """The level, other than 95, that the words of a row before a cell say, or those above it: `ORR, % (80% CI)`."""
    begin = r.tokens[r.atoms[k].i].start
    for said in (r.text[r.passage.start : begin], r.passage.heading):
        levels = _LEVEL_SAID.findall(said)
        if levels:
            return int(levels[-1]) if int(levels[-1]) != _USUAL else None
    return None


def _by_its_words(r: Reading, k: int, value: Printed, nxt: Atom, context: str) -> Draft | None:
    atom = r.atoms[k]
    low, high = nxt.data["low"], nxt.data["high"]
    j = r.closed(nxt.j)
    labelled = re.search(r"\bci\b|confidence", context) is not None or nxt.data.get("name") == "ci"
    unit = "years" if re.search(r"\byrs?\b|years|\bage\b", context) else None
    unit = "months" if re.search(r"\bmo\b|months?", context) and unit is None else unit
    plus = bool(nxt.data.get("plus"))
    if _PARTED.search(r.text, r.tokens[nxt.i].start, r.tokens[nxt.j - 1].end):
        return None  # the lower limit of one cell and a number of the next: the cell is wrapped
    if _NO_SHARE.search(r.text, r.passage.start, r.tokens[atom.i].start) or _NO_SHARE_OF_ROW.search(own_label(r)):
        return Draft("value", atom.i, j, Quantities(value=value, low=low, high=high, interval="ci"))
    own = LEVEL.sub("", own_label(r).lower())
    if re.search(r"hazard ratio|\bhr\b|odds ratio", context) and ("ratio" in own or "rate" not in context):
        measure = "OR" if "odds" in (own if "ratio" in own else context) else "HR"
        q = Quantities(measure=measure, value=value, low=low, high=high, interval="ci")
        return Draft("hr_ci_p", atom.i, j, q)
    if re.search(r"\b(?:risk|rate|prevalence) ratio|relative risk", context) and "%" not in own:
        return Draft("hr_ci_p", atom.i, j, Quantities(measure="RR", value=value, low=low, high=high, interval="ci"))
    if re.search(r"\d(?:st|nd|rd|th) percentile[^.;\n]*$", context):  # a quartile of times; no rule judges it
        return Draft("duration", atom.i, j, Quantities(value=value, low=low, high=high, unit=unit))
    when = next((a for a in r.recent(k) if a.kind == "value"), None)
    label = LEVEL.sub("", own_label(r))
    timed = _TIME_UNIT.search(label) is not None and "%" not in label and atom.kind != "percent"
    shared = not timed and re.search(r"%|percent|rate|estimate", context) and not _PER_TIME.search(context)
    above = isinstance(high, Printed) and high.value > 100 and atom.kind != "percent"
    if above and not _SHARES_SAID.search(LEVEL.sub("", context)):
        shared = None  # no word but that of the level says percent
    if shared and "median" not in LEVEL.sub("", context).rsplit("%", maxsplit=1)[-1] and (
        atom.kind == "percent" or value.value <= 100
    ):  # fmt: skip
        if when is not None or "kaplan" in context:
            at = when.data["value"] if when is not None else None
            q = Quantities(percent=value, low=low, high=high, at=at, unit=when.data["unit"] if when else None,
                           interval="ci")  # fmt: skip
            return Draft("landmark", atom.i, j, q)
        if "median" not in context or atom.kind == "percent":
            return Draft("percent_ci", atom.i, j, Quantities(percent=value, low=low, high=high, interval="ci"))
    if re.search(r"median|mean|duration|time|age", context):
        name = "ci" if labelled else "iqr" if "iqr" in context or "interquartile" in context else "range"
        q = Quantities(value=value, low=low, high=high, unit=unit, interval=name, max_censored=plus)
        return Draft("median_ci" if labelled else "median_range", atom.i, j, q)
    if _PER_TIME.search(context):
        return Draft("value", atom.i, j, Quantities(value=value, low=low, high=high, interval="ci"))
    return None
