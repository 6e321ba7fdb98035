"""The words that belong to a statement's numbers, as a reader would mark them: `median survival was 9.2 months`."""

from __future__ import annotations

from codon12.check.finding.lexicon import APPROXIMATE, COUNTED
from codon12.check.grammar.drafts import Draft, Reading

__all__ = ["phrase_of"]

_OPEN = {")": "(", "]": "["}
_TIMED = {"median_only", "median_ci", "median_range", "percent_only"}
_LINKS = {"was", "is", "of", "were", ":", "at", "="}
_MOVING = {"within", "over", "for", "after", "every", "at", "on", "during", "until"}
_TIMES = {"duration", "design_number", "threshold"}
_UNFINISHED = {"with", "to", "in", "did", "who", "had", "receiving", "received", "were", "was", "not", "of"}
_STOPS = {"and", "or", "but", "while", "whereas", "versus", "vs", "were", "was", "had", "who", "that", "which"}
_OUTCOMES = {
    *("survival", "response", "rate", "follow-up", "age", "pfs", "os", "dor", "orr", "benefit", "overall", "objective"),
    *("progression-free", "disease-free", "event-free", "relapse-free", "disease", "control", "complete", "partial"),
}
_FARTHEST = 14
"""No phrase reaches further than so many tokens before its numbers."""


def phrase_of(r: Reading, draft: Draft, first: int, last: int) -> tuple[int, int]:
    """Tokens of the phrase around a draft, between the drafts before and after it.

    Parameters
    ----------
    r
        The sentence.
    draft
        Which numbers.
    first, last
        The phrase begins at token `first` or later and ends before token `last`.
    """
    i, j = draft.i, draft.j
    first, last = min(first, i), max(last, j)
    if r.passage.table is None or draft.kind == "count":
        i, j = _brackets(r, i, j, first, last)
    if r.passage.table is not None or r.low(i) in _OPEN.values():
        return i, j
    return max(_begin(r, draft, i, first), first), min(_end(r, draft, j, last), last)


def _brackets(r: Reading, i: int, j: int, first: int, last: int) -> tuple[int, int]:
    """Both brackets around the numbers, or none."""
    inside = [r.low(k) for k in range(i, j)]
    for closing, opening in _OPEN.items():
        unmatched = inside.count(closing) - inside.count(opening)
        if unmatched == 1 and inside[-1] == closing:
            return (i - 1, j) if r.low(i - 1) == opening and i > first else (i, j - 1)
        if unmatched == -1 and r.low(j) == closing and j < last:
            return i, j + 1
        if unmatched == 0 and r.low(j) == closing and r.low(i - 1) == opening and i > first and j < last:
            return i - 1, j + 1
    return i, j


def _begin(r: Reading, draft: Draft, i: int, first: int) -> int:
    kind = draft.kind
    if r.low(i - 1) in APPROXIMATE and r.low(i - 1) != "some":
        i -= 1
    if kind in _TIMED and r.low(i - 1) in _LINKS:
        return _outcome(r, i, first)
    if kind == "date_range" and r.low(i - 1) in ("between", "from"):
        return i - (r.low(i - 1) == "between")
    if kind == "date" and r.low(i - 1) == "in" and len(draft.quantities.date or "") == 4:
        return i - 1
    if kind in _TIMES and r.low(i - 1) in _MOVING:
        return i - 1
    if kind == "count_percent":
        return _grade(r, i, first)
    if kind == "count" and not r.low(i).startswith("n"):
        return _whole(r, i)
    return i


def _outcome(r: Reading, i: int, first: int) -> int:
    """Where `median overall survival was` or `response rate of` begins."""
    for k in range(i - 2, max(first, i - _FARTHEST) - 1, -1):
        if r.low(k) in ("median", "medians"):
            return k
        if r.tokens[k].kind != "word" and r.low(k) not in ("(", ")", "-", "/"):
            break
    k = i - 1
    while k > first and r.low(k - 1) in _OUTCOMES:
        k -= 1
    return k if k < i - 1 else i


def _grade(r: Reading, i: int, first: int) -> int:
    """`grade 3 events in` before a count."""
    if r.low(i - 1) != "in":
        return i
    for k in range(i - 2, max(first, i - 6) - 1, -1):
        if r.low(k) == "grade":
            return k
        if r.tokens[k].kind not in ("word", "num"):
            break
    return i


def _whole(r: Reading, i: int) -> int:
    """`a total of`, `all`, `the remaining`, `among the` before a count."""
    before = [r.low(i - 3), r.low(i - 2), r.low(i - 1)]
    if before[1:] == ["total", "of"]:
        return i - 2 - (before[0] == "a")
    if before[1:] in (["among", "the"], ["the", "remaining"], ["the", "other"]):
        return i - 2
    return i - (before[2] in ("all", "only"))


def _end(r: Reading, draft: Draft, j: int, last: int) -> int:
    kind = draft.kind
    words = r.words_after(j, 5)
    if kind == "threshold":
        return j + next((n + 1 for n, w in enumerate(words[:4]) if w in COUNTED), 0)
    if kind == "percent_only" and words[:1] == ["of"]:
        return j + next((n + 1 for n, w in enumerate(words) if w in COUNTED), 0)
    if kind == "group_medians_p" and r.after(j, 2) == [",", "respectively"]:
        return j + 2
    if kind == "count" and r.low(j - 1) in _UNFINISHED:
        k = j
        while k < min(last, j + 4) and r.tokens[k].kind == "word" and r.low(k) not in _STOPS:
            k += 1
        return k
    return j
