"""Whether a study in blocks is the study at once."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from codon12.analyses.assemble import evidence_of
from codon12.derive import derive
from codon12.derive.in_blocks import WorkedStudy
from codon12.records import Study


def same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    assert one.keys() == other.keys()
    for name, frame in one.items():
        assert frame.schema == other[name].schema, name
        assert frame.equals(other[name], null_equal=True), name


def whole_is(folder: Path, worked: WorkedStudy | None) -> None:
    assert worked is not None
    study = Study.open(folder)
    same(dict(study.tables), dict(worked.study.tables))
    assert study.findings.equals(worked.study.findings)
    assert study.accounting.equals(worked.study.accounting)
    assert study.sources.equals(worked.study.sources)
    one, other = derive(study), worked.derived()
    same(one.frames, other.frames)
    assert one.notes == other.notes
    evidence, in_parts = evidence_of(study, one), evidence_of(worked.study, other)
    assert evidence.numbers.equals(in_parts.numbers, null_equal=True)
    assert evidence.methods == in_parts.methods
