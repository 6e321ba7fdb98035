"""Means and medians of a sentence against the row of a table under the same words."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.contrasts.values import values_in
from codon12.check.verify.labels import stems
from codon12.check.verify.prose import NUMBER, judge, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_in_rows"]

_CELL = re.compile(rf"^\W*(?P<v>-?{NUMBER})(?![\d.,]*\d)(?! ?%)")
_NOISE = stems(
    "mean median average SD IQR range number patients n no days years months hours score total interquartile age "
    "min max"
)
_CELLS = (2, 3)


def check_in_rows(case: Case) -> None:
    """Note a mean or median that is not in the row of its words, where all the others of the sentence are."""
    if not any(p.table is not None for p in case.text.passages):
        return
    told = list(sentences_with(case, "median", "mean ", "means", "average"))
    rows = _rows(case) if told else []
    for p in told if rows else ():
        said = stems(case.flat[p.start : p.end])
        values = [v for v in values_in(case, p.start, p.end) if v.unit != "%"]
        values = [
            v
            for v in values
            if not re.search(r"\b(?:[Tt]able|[Ff]ig\w*) $", case.flat[max(p.start, v.span[0] - 8) : v.span[0]])
        ]
        for words, cells in rows:
            if not words <= said or len(values) != len(cells):
                continue
            there = [read_printed(c[1]).value for c in cells]
            odd = [v for v in values if v.value.value not in there]
            left = [c for c in cells if read_printed(c[1]).value not in [v.value.value for v in values]]
            if len(odd) == 1 and len(left) == 1 and len({*there}) == len(there):
                if odd[0].value.digits < read_printed(left[0][1]).digits:
                    continue  # rounded
                sentence = f"The table prints {left[0][1]} where the text has {odd[0].value.text}."
                judge(
                    case, p, "text/table", [odd[0].span, left[0][0]], "unlikely", sentence, "comparison with the table"
                )


def _rows(case: Case) -> list[tuple[frozenset[str], list[tuple[tuple[int, int], str]]]]:
    """Rows of two or three cells that begin with a number, with the words of their label."""
    out = []
    for p in case.text.passages:
        if p.table is None:
            continue
        text = case.flat[p.start : p.end]
        parts = list(re.finditer(r"[^|\t]+", text))
        if len(parts) <= _CELLS[0]:
            continue
        label = parts[0][0]
        cells = [(m, x) for x in parts[1:] if (m := _CELL.match(x[0])) is not None]
        blank = [x for x in parts[1:] if x[0].strip()]
        words = stems(label) - _NOISE
        if words and len(cells) == len(blank) and _CELLS[0] <= len(cells) <= _CELLS[1] and _OF_A_MEAN.search(label):
            at = p.start
            out.append(
                (words, [((at + x.start() + m.start("v"), at + x.start() + m.end("v")), m["v"]) for m, x in cells])
            )
    return out


_OF_A_MEAN = re.compile(r"\b(?:mean|median|average|SD|IQR)\b|±", re.IGNORECASE)
