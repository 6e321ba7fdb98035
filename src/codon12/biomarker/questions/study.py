"""The biomarker profiles of a whole study: calls, tests, assays and scores, and what they answer."""

from __future__ import annotations

import msgspec
import polars as pl

from codon12.biomarker.assays.assay import Assay
from codon12.biomarker.assays.cbioportal import panel_tests
from codon12.biomarker.assays.copy_numbers import copy_number_gaps
from codon12.biomarker.assays.study import described_assays, reach_of, tested_samples
from codon12.biomarker.assays.tests import frame_of_tests
from codon12.biomarker.calls.cbioportal import holds_fusions, study_calls
from codon12.biomarker.calls.codon_phase import join_codons
from codon12.biomarker.calls.frame import no_calls
from codon12.biomarker.questions.alleles import AlleleGroups, allele_groups
from codon12.biomarker.questions.definitions import GeneDefinitions
from codon12.biomarker.questions.measured import measure_answers
from codon12.biomarker.questions.parse import parse_criterion
from codon12.biomarker.questions.profile import is_measured, measured_kind
from codon12.biomarker.questions.status import biomarker_status
from codon12.biomarker.scores.study import study_scores
from codon12.records.findings import Finding, findings_frame, no_findings
from codon12.records.rows import rows_where
from codon12.records.study import Study

__all__ = ["StudyProfiles", "source_rows", "study_profiles"]

_SOURCES = ("MUTATIONS", "CNA", "GENE_PANEL", "PROFILED")


class StudyProfiles(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the biomarkers of all subjects of a study."""

    calls: pl.DataFrame
    tests: pl.DataFrame
    assays: dict[str, Assay]
    scores: pl.DataFrame
    findings: pl.DataFrame
    left_out: dict[str, int] = {}
    """Reason -> rows of table MUTATIONS that count in no question about the tumour."""
    germline: pl.DataFrame = msgspec.field(default_factory=no_calls)
    """Calls that are inherited: they answer questions that begin with ``germline`` and no other."""
    definitions: GeneDefinitions = GeneDefinitions()

    def status(self, question: str, subjects: pl.Series) -> pl.DataFrame:
        """Answer a question for every subject: USUBJID, ANSWER, STATE, REASON, DETECTED, COVERED; sorted by USUBJID.

        COVERED says that the tests could have said yes or no; a detection alone may come from a test that could not
        have denied it.

        Raises
        ------
        UsageError
            The question cannot be read.
        """
        if is_measured(question):
            found = measure_answers(self.scores, question, subjects)
            return found.with_columns(DETECTED=pl.lit(None, pl.String), COVERED=pl.col("ANSWER") != "unknown")
        asked = parse_criterion(question, definitions=self.definitions)
        calls = self.germline if asked.germline else self.calls
        found = biomarker_status(calls, self.tests, asked, assays=self.assays, subjects=subjects)
        return found.select("USUBJID", "ANSWER", "STATE", "REASON", "DETECTED", "COVERED")

    def deciding_rows(self, question: str) -> pl.DataFrame:
        """Source rows of the calls and scores that a question rests on: USUBJID, SRCDOM, SRCROW; sorted.

        Rows of calls that answer yes, or leave the question open; for a question about a score all scores of its kind.
        """
        if is_measured(question):
            kind = measured_kind(question)
            rows = self.scores.filter(KIND=kind)
        else:
            asked = parse_criterion(question, definitions=self.definitions)
            rows = rows_where(self.germline if asked.germline else self.calls, asked.matching() | asked.unsure())
        return source_rows(rows)

    def alleles(self, gene: str, subjects: pl.Series, *, groups: AlleleGroups | None = None) -> pl.DataFrame:
        """Group subjects by the allele of a gene: USUBJID, LEVEL (null where unknown), STATE, REASON, COVERED."""
        status = self.status(f"{gene} mutation", subjects)
        found = allele_groups(self.calls, gene=gene, groups=groups, status=status)
        rest = (groups or AlleleGroups()).rest
        # A gene reported as mutated without its change has no allele to group by.
        level = pl.coalesce("GROUP", pl.when(pl.col("ANSWER") == "yes").then(pl.lit(rest)))
        return status.join(found.select("USUBJID", "GROUP"), on="USUBJID", how="left", maintain_order="left").select(
            "USUBJID", level.alias("LEVEL"), "STATE", "REASON", "COVERED"
        )


def source_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """USUBJID, SRCDOM, SRCROW of calls or scores, each once; sorted."""
    keys = ["USUBJID", "SRCDOM", "SRCROW"]
    return rows.select(keys).drop_nulls().unique().sort(keys)


def study_profiles(study: Study) -> StudyProfiles | None:
    """Read the profiles of a study; None where it holds neither calls, tests, assays nor scores.

    Read are the tables MUTATIONS, CNA, SV and GENE_PANEL, gene panel files in the folder, and what ``[assays]`` and
    ``[measures]`` of ``codon12.toml`` name. Calls of one codon of RAS on one allele are joined (`join_codons`).

    Raises
    ------
    ConfigError
        An assay or a measure names a table, column or file that is not there.
    """
    config = study.config
    if not (config.assays or config.measures or holds_fusions(study) or any(study.has(t) for t in _SOURCES)):
        return None
    read, added = join_codons(study_calls(study)), tested_samples(study)
    calls = pl.concat([read.frame, added.calls])
    panels, assumed = panel_tests(study)
    tests = pl.concat([frame_of_tests(panels), added.tests])
    assays = reach_of(study, described_assays(study), calls, tests)
    tests = pl.concat([tests, copy_number_gaps(study, tests, assays)])
    scores, unread = study_scores(study, calls=calls, tests=tests, assays=assays)
    return StudyProfiles(
        calls=calls,
        tests=tests,
        assays=assays,
        scores=scores,
        findings=pl.concat([read.findings, assumed, added.findings, unread, _untested(study, tests)]),
        germline=read.germline,
        left_out=read.left_out,
    )


def _untested(study: Study, tests: pl.DataFrame) -> pl.DataFrame:
    """A finding where mutations were called and nothing says in whom they were looked for."""
    read = tests.filter(pl.col("KIND").eq("mutation").fill_null(value=True))
    if read.height or not study.has("MUTATIONS"):
        return no_findings()
    told = Finding(
        table="MUTATIONS",
        rule="tested-samples-unknown",
        severity="warning",
        message="Nothing says which samples were sequenced (no gene-panel matrix, column GENE_PANEL, case list "
        "cases_sequenced or #sequenced_samples in the MAF, no [assays] in codon12.toml): a gene without a call is "
        "not known, in anybody, to be without a mutation.",
    )
    return findings_frame([told])
