"""From text to findings: extract every statement, hear every verifier, come to a verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from codon12.check.grammar.extract import Text, extract
from codon12.check.statements import Quantities, Statement
from codon12.check.verdicts import PROBLEMS, Check, Finding, Relation, overall
from codon12.check.verify.case import Case
from codon12.check.verify.verifiers import listen
from codon12.check.verify.weighing import weigh

__all__ = ["Report", "check_text"]


class Report(msgspec.Struct, frozen=True):
    """All findings on one text, in its order."""

    text: Text
    findings: tuple[Finding, ...]
    relations: tuple[Relation, ...] = ()
    """Checks between several numbers, in order of the first of them; a problem among them is a finding as well."""

    @property
    def problems(self) -> list[Finding]:
        """Findings that are errors, errors-if or unlikely, and not accepted."""
        return [f for f in self.findings if f.is_problem]

    @property
    def has_error(self) -> bool:
        """Whether anything printed is impossible."""
        return any(f.verdict == "error" and not f.accepted for f in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for ``--json``."""
        return {
            "file": self.text.name,
            "statements": [f.as_json() for f in self.findings],
            "relations": [r.as_json() for r in self.relations],
            **self.as_json_about(),
        }

    def as_json_about(self) -> dict[str, Any]:
        """Plain values on the text as a whole: its name, how often each verdict fell, its coverage."""
        return {
            "file": self.text.name,
            "verdicts": dict(Counter(f.verdict for f in self.findings)),
            "coverage": self.text.coverage.as_json(),
        }


def check_text(given: str, *, name: str = "text") -> Report:
    """Find and judge every number printed in a text.

    Parameters
    ----------
    given
        The text, as read; spans of the findings are offsets into it.
    name
        What the report calls it.

    Returns
    -------
    Report
        A finding for every statement, in order of the text.

    Examples
    --------
    >>> report = check_text("Of the 40 patients, 10 (25%) had a response and 7 (19.5%) died.")
    >>> [(f.statement.quote, f.verdict) for f in report.findings][1:]
    [('10 (25%)', 'ok'), ('7 (19.5%)', 'error')]
    """
    text = extract(given, name=name)
    said = listen(Case(text))
    whole = msgspec.structs.replace(text, statements=[s.whole_phrase(given) for s in text.statements])
    findings, relations = weigh(whole.statements, said, whole.passages)
    unread = _of_no_statement(findings, relations)
    in_order = sorted((*findings, *unread), key=lambda f: f.statement.start)
    if in_order != list(findings):
        findings = tuple(in_order)
        whole = msgspec.structs.replace(whole, statements=[f.statement for f in findings])
    compared = [(x.start, x.end) for r in relations for x in r.places]
    whole = msgspec.structs.replace(whole, coverage=whole.coverage.with_compared(compared))
    return Report(whole, findings, relations)


def _of_no_statement(findings: Sequence[Finding], relations: Sequence[Relation]) -> list[Finding]:
    """A finding for each problem between numbers none of which is a statement by itself: nothing is said in silence."""
    spans = [(f.statement.start, f.statement.end) for f in findings]
    out: list[Finding] = []
    for r in relations:
        if r.verdict in PROBLEMS and not any(a < x.end and x.start < b for a, b in spans for x in r.places):
            place = r.places[-1]
            s = Statement(
                id=f"S{len(findings) + len(out) + 1:04}",
                kind="value",
                start=place.start,
                end=place.end,
                quote=place.quote,
                section="",
                quantities=Quantities(),
                passage=0,
                normal_start=place.start,
                normal_end=place.end,
            )
            out.append(overall(s, None, [Check(r.kind, r.verdict, r.sentence, r.method, r.computed, r.tie)]))
    return out
