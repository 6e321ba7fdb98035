"""From text to findings: extract every statement, run every verifier, come to a verdict."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from codon12.check.grammar.extract import Text, extract
from codon12.check.statements import Denominator
from codon12.check.verdicts import Finding, Relation, overall
from codon12.check.verify.accuracy import check_accuracy
from codon12.check.verify.benchmarks import check_benchmarks
from codon12.check.verify.bounds import check_bounds
from codon12.check.verify.calendar import check_calendar
from codon12.check.verify.case import Case
from codon12.check.verify.categories import check_categories
from codon12.check.verify.comparisons import check_comparisons
from codon12.check.verify.copies import check_copies
from codon12.check.verify.counts import check_counts
from codon12.check.verify.grim import check_percents_alone
from codon12.check.verify.groups import check_groups
from codon12.check.verify.incidence import check_incidence
from codon12.check.verify.intervals import check_intervals
from codon12.check.verify.landmarks import check_landmarks
from codon12.check.verify.lists import check_lists
from codon12.check.verify.means import check_means
from codon12.check.verify.medians import check_medians
from codon12.check.verify.overlap import check_overlap
from codon12.check.verify.pairs import check_pairs
from codon12.check.verify.parts import check_parts
from codon12.check.verify.percentages import check_percentages
from codon12.check.verify.plain import check_plain
from codon12.check.verify.power import check_power
from codon12.check.verify.power_designs import check_designs
from codon12.check.verify.ratios import check_ratios
from codon12.check.verify.statistics import check_statistics
from codon12.check.verify.survival_order import check_survival_order
from codon12.check.verify.tables import check_tables
from codon12.check.verify.totals import check_totals
from codon12.check.verify.words import check_words

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
    case = Case(text)
    for verify in (
        check_bounds,
        check_statistics,
        check_incidence,
        check_percentages,
        check_percents_alone,
        check_intervals,
        check_landmarks,
        check_medians,
        check_means,
        check_ratios,
        check_words,
        check_calendar,
        check_power,
        check_designs,
        check_copies,
        check_parts,
        check_categories,
        check_tables,
        check_overlap,
        check_groups,
        check_survival_order,
        check_comparisons,
        check_counts,
        check_plain,
        check_totals,
        check_benchmarks,
        check_pairs,
        check_lists,
        check_accuracy,
    ):
        verify(case)
    findings = []
    for numbers in text.statements:
        s = numbers.whole_phrase(given)
        checks = case.checks.get(s.id, [])
        size = next((c.computed["N"] for c in checks if s.kind == "power_statement" and "N" in c.computed), None)
        if size is None:
            findings.append(overall(s, case.denominators.get(s.id), checks))
        else:
            sized = msgspec.structs.replace(s, quantities=msgspec.structs.replace(s.quantities, N=size))
            findings.append(overall(sized, Denominator(size, "context", "planned size"), checks))
    ordered = sorted(case.relations, key=lambda r: (r.places[0].start, r.places[-1].start))
    relations = tuple(msgspec.structs.replace(r, id=f"R{k:04}") for k, r in enumerate(ordered, 1))
    return Report(text, tuple(findings), relations)
