"""Means and standard deviations of a manuscript against those of its study: `62.8 (SD, 9.3)`, `62.8 ± 9.3`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.comparing.equality import Row, prints, whose
from codon12.check.comparing.parts import Parts
from codon12.check.comparing.plain_words import restricting
from codon12.check.finding.wording import whole_words
from codon12.check.judge import Report
from codon12.numbers.rounding import printed as print_number
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["Mean", "means"]

_NUMBER = r"\d+(?:\.\d+)?"
_PAIR = re.compile(
    rf"(?<![\d.(-])(?P<mean>{_NUMBER})(?: (?:years?|months?|weeks?|days?|kg|cm|mm))? ?"
    rf"(?:± ?(?P<sd1>{_NUMBER})|[(\[] ?(?:(?P<said>SD|s\.d\.|standard deviation|±)[,:;=]? ?)?(?P<sd2>{_NUMBER})[)\]])"
    r"(?! ?%)"
)
_MEANS = re.compile(r"\bmeans?\b", re.IGNORECASE)
_BOTH = re.compile(r"\bmeans?\W{0,3}(?:\(|\[)?\W?(?:±|SD|s\.d\.|standard deviation)", re.IGNORECASE)
_FAMILY = ("baseline.", "exposure.")


class Mean(NamedTuple):
    """Where a mean with its standard deviation stands, those of the study, and whether they are."""

    start: int
    end: int
    mean: Printed
    deviation: Printed
    given: tuple[float, float]
    row: Row

    @property
    def shown(self) -> str:
        """Those of the study, with as many digits as printed."""
        value, deviation = (
            print_number(v, x.digits) for v, x in zip(self.given, (self.mean, self.deviation), strict=True)
        )
        return f"{value} (SD {deviation})"

    @property
    def agrees(self) -> bool:
        """Whether both are the study's, rounded."""
        return all(prints(p, v) for p, v in zip((self.mean, self.deviation), self.given, strict=True))


def means(report: Report, rows: Iterable[Row], parts: Parts) -> Iterator[Mean]:
    """Means with a standard deviation in sentences that name a variable the study has a mean of, in their order.

    Several in a row are of the arms in the order in which the sentence names them; a lone one is of the arm that its
    sentence names, or else of everybody.
    """
    rows = list(rows)
    deviations = {whose(r): r["value"] for r in rows if r["statistic"] == "sd" and r["value"] is not None}
    known: dict[str, list[Row]] = defaultdict(list)
    for r in rows:
        if r["statistic"] == "mean" and str(r["endpoint"]).startswith(_FAMILY) and whose(r) in deviations:
            known[str(r["variable"] or r["endpoint"].split(".")[-1])].append(r)
    if not known:
        return
    flat = report.text.normal.text
    for p in report.text.passages:
        text = flat[p.start : p.end].replace("\n", " ")
        if p.table is not None or (first := _MEANS.search(text)) is None:
            continue
        found = [m for m in _PAIR.finditer(text) if m.start() > first.start()]
        said = _BOTH.search(text) is not None
        found = [m for m in found if m["sd1"] or m["said"] or said]
        names = [v for v in known if re.search(rf"\b{re.escape(v)}s?\b", text, re.IGNORECASE)]
        if not found or len(names) != 1:
            continue
        before = whole_words(text[first.end() : found[0].start()])
        if restricting(before, parts.arm_words | whole_words(f"{names[0]} {names[0]}s deviation")):
            continue
        arms = parts.named_arms.of(text[first.start() :])
        of: list[str | None] = (
            list(arms) if len(arms) == len(found) else ["all"] if len(found) == 1 and not arms else []
        )
        for m, arm in zip(found, of, strict=False):
            row = next(
                (r for r in known[names[0]] if (r.get("arm") or "all") == arm and Parts.part_of(r) is None), None
            )
            if row is None:
                continue
            start, end = report.text.normal.span(p.start + m.start(), p.start + m.end())
            yield Mean(start, end, read_printed(m["mean"]), read_printed(m["sd1"] or m["sd2"]),
                       (row["value"], deviations[whose(row)]), row)  # fmt: skip
