"""What limits are, told once before the estimates: `HR (95% CI): 0.61 (0.45-0.83)`, put where each has its own."""

from __future__ import annotations

from collections.abc import Iterator

from codon12.check import patterns as re
from codon12.check.documents.flattened.cells import Edit
from codon12.check.documents.lines import is_running

__all__ = ["told_ahead"]

_HEAD = re.compile(
    r"(?P<head>(?: ?[(\[]|[,;] )(?P<level>9\d(?:\.\d+)?%) ?(?:CI|confidence interval)s?(?:[)\]]|"
    r"(?= ?[:=])))"
)
_ESTIMATE = re.compile(
    r"(?:[^()\[\]\d.\n|\t]|\b(?:arm|group|cohort|grade|stage|phase|week|day|month|part|model|site|centre|center|region|class|type|"
    r"quartile|step|level|dose|ECOG|PS) ?\d{1,2}(?=[ ,:])|(?<=[ ,;:])\d[\d.]* ?(?:mg|kg|g|mL|ml|µg|IU)\b){0,60}?"
    r"(?<![A-Za-z\d-])(?P<value>-?\d+(?:\.\d+)?(?: ?%| months| years| weeks| days)?)"
    r"(?P<open> ?[(\[])-?\d[\d.]*%?(?: ?- ?| to |, ?|; ?)-?\d[\d.]*%?[)\]]"
)
_OTHERWISE = re.compile(r"\b(?:range|IQR|interquartile|SD|mean|aged?|P|p)\b")
_MOST = 12


def told_ahead(text: str) -> Iterator[Edit]:
    """Edits that put the level of limits into the bracket of each estimate of the sentence that follows it.

    Examples
    --------
    >>> [(e.start, e.end, e.new) for e in told_ahead("The HR (95% CI) was 0.61 (0.45-0.83).")]
    [(6, 15, ''), (25, 26, '(95% CI ')]
    """
    for m in _HEAD.finditer(text) if "CI" in text or "confidence interval" in text else ():
        at = m.end()
        if not is_running(text, at):
            continue  # the head of a column
        found: list[re.Match[str]] = []
        while len(found) < _MOST and (e := _ESTIMATE.match(text, at)) is not None:
            if _OTHERWISE.search(text, at, e.start("value")) is not None or (
                found and _decimals(e) != _decimals(found[0])
            ):
                break
            found.append(e)
            at = e.end()
        if found:
            yield Edit(*m.span("head"), "")
            for e in found:
                yield Edit(e.end("open") - 1, e.end("open"), f"({m['level']} CI ")
                if text[e.end() - 1] == "]":
                    yield Edit(e.end() - 1, e.end(), ")")


def _decimals(m: re.Match[str]) -> int:
    return len(m["value"].rstrip(" %monthsyeardwk").partition(".")[2])
