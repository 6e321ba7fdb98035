"""One patient's biomarkers: what was tested, what was found, and what that answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

import msgspec
import polars as pl

from codon12.biomarker.assays.assay import Assay
from codon12.biomarker.assays.tests import TEST_SCHEMA
from codon12.biomarker.calls.frame import calls_of, no_calls
from codon12.biomarker.questions.definitions import GeneDefinitions
from codon12.biomarker.questions.measured import measure_status
from codon12.biomarker.questions.parse import parse_criterion
from codon12.biomarker.questions.status import Status, biomarker_status
from codon12.biomarker.scores.measure import Measure
from codon12.biomarker.variants.parse import parse_variant
from codon12.biomarker.variants.variant import Variant
from codon12.errors import UsageError

__all__ = ["Profile", "Test", "is_measured", "measured_kind"]

_MEASURED = re.compile(
    r"\s*(?:no\s+|not\s+)?(?:SP142|PD-?L1|TPS|CPS|TC\s?[0-3]?|IC\s?[0-3]?|TMB|MSI|MSS|[dp]?MMR|"
    r"mismatch[ -]repair|microsatellite)\b",
    re.IGNORECASE,
)


def is_measured(question: str) -> bool:
    """Tell whether a question is about expression, burden or microsatellites, not about genes.

    Examples
    --------
    >>> [is_measured(q) for q in ("PD-L1 TPS >= 50", "TC3 or IC3", "TMB >= 10", "KRAS G12C", "TP53 mutation")]
    [True, True, True, False, False]
    """
    return _MEASURED.match(question) is not None


def measured_kind(question: str) -> Literal["PD-L1", "TMB", "MSI"]:
    """What a question for which `is_measured` holds is about.

    Examples
    --------
    >>> [measured_kind(q) for q in ("PD-L1 TPS >= 50", "no TMB >= 10", "MSS")]
    ['PD-L1', 'TMB', 'MSI']
    """
    if re.search(r"\bTMB\b", question, re.IGNORECASE):
        return "TMB"
    return "PD-L1" if re.search(r"PD-?L1|TPS|CPS|\b(?:TC|IC)\s?[0-3]?\b|SP142", question, re.IGNORECASE) else "MSI"


class Test(msgspec.Struct, frozen=True, kw_only=True):
    """One test of one sample, and what it found."""

    __test__ = False  # not a test case of pytest

    assay: Assay
    state: Literal["valid", "not tested", "invalid", "indeterminate"] = "valid"
    found: tuple[str | Variant, ...] = ()
    """What it detected, as text or variants."""
    sample: str | None = None
    specimen: Literal["tissue", "plasma"] | None = None
    """What the sample was taken from."""
    reason: str | None = None
    """Why there is no result."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Biomarkers of one subject.

    Examples
    --------
    >>> from codon12.biomarker import hotspot_assay
    >>> kit = hotspot_assay("kit", ["KRAS G12C", "KRAS G12D"], kind="PCR kit")
    >>> profile = Profile.of("P-1", tests=[Test(assay=kit)])
    >>> profile.status("KRAS G12C").answer, profile.status("RAS wild type").answer
    ('no', 'unknown')
    """

    subject: str
    calls: pl.DataFrame = field(default_factory=no_calls)
    tests: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TEST_SCHEMA))
    assays: Mapping[str, Assay] = field(default_factory=dict)
    measures: tuple[Measure, ...] = ()
    definitions: GeneDefinitions = field(default_factory=GeneDefinitions)

    @classmethod
    def of(
        cls,
        subject: str,
        *,
        tests: Iterable[Test] = (),
        measures: Iterable[Measure] = (),
        definitions: GeneDefinitions | None = None,
    ) -> Profile:
        """Make a profile of tests and measures.

        Raises
        ------
        UsageError
            A finding cannot be read, a test without a result names findings, or two assays share a name.
        """
        rows, calls, assays = [], [no_calls()], {}
        for test in tests:
            name = test.assay.name
            if assays.setdefault(name, test.assay) != test.assay:
                raise UsageError(f"subject {subject}: two assays are called {name!r}; name them apart")
            if test.found and test.state != "valid":
                raise UsageError(f"subject {subject}: {name} is {test.state} and yet found {test.found[0]}")
            sample = test.sample or subject
            rows.append((subject, sample, name, None, None, test.state, test.reason, test.specimen))
            found = [parse_variant(f) if isinstance(f, str) else f for f in test.found]
            calls.append(calls_of(found, subject=subject, sample=sample, table=name))
        return cls(
            subject=subject,
            calls=pl.concat(calls),
            tests=pl.DataFrame(rows, schema=TEST_SCHEMA, orient="row"),
            assays=assays,
            measures=tuple(measures),
            definitions=definitions or GeneDefinitions(),
        )

    @classmethod
    def from_frames(
        cls,
        subject: str,
        *,
        calls: pl.DataFrame,
        tests: pl.DataFrame,
        assays: Mapping[str, Assay],
        definitions: GeneDefinitions | None = None,
    ) -> Profile:
        """Take one subject out of the frames of a cohort."""
        return cls(
            subject=subject,
            calls=calls.filter(pl.col("USUBJID") == subject),
            tests=tests.filter(pl.col("USUBJID") == subject),
            assays=assays,
            definitions=definitions or GeneDefinitions(),
        )

    def status(self, question: str) -> Status:
        """Answer a question with yes, no or unknown, and the reason.

        Questions about genes are those of `parse_criterion`; about expression and burden ``PD-L1 TPS >= 50``,
        ``TMB >= 10``, ``MSI-H``.

        Raises
        ------
        UsageError
            The question cannot be read.
        """
        if is_measured(question):
            return measure_status(question, self.measures)
        asked = parse_criterion(question, definitions=self.definitions)
        found = biomarker_status(
            no_calls() if asked.germline else self.calls,
            self.tests,
            asked,
            assays=self.assays,
            subjects=pl.Series([self.subject]),
            definitions=self.definitions,
        )
        answer, reason = found.select("ANSWER", "REASON").row(0)
        return Status(answer, reason)
