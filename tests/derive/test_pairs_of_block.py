"""Paired samples compared block by block: as of the whole study at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from blocks_alike import whole_is

from codon12.analyses.assemble import evidence_of
from codon12.derive import derive
from codon12.derive.in_blocks import derive_in_blocks
from codon12.records import Study
from codon12.records.opening.partition import partition_records

DM = "STUDYID,DOMAIN,USUBJID,ARM,ARMCD,ACTARM,ACTARMCD,DTHFL,RFSTDTC\n"
EX = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXSTDTC,EXENDTC\n"
CONFIG = """
[tables.PAIRED]
file = "samples.csv"
[tables.CALLS]
file = "calls.csv"
[resistance]
drugs = { A = "sotorasib", B = "cetuximab" }
[resistance.samples]
table = "PAIRED"
calls = "CALLS"
time = "TIME"
date = "DTC"
specimen = "SPECIMEN"
assay = "ASSAY"
[resistance.samples.assays.Panel]
genes = ["BRAF", "KRAS", "NRAS", "MAP2K1"]
"""
# Pairs of one patient stand apart and among those of others; S-2 has three plasma samples; S-4 none to compare.
SAMPLES = """USUBJID,SAMPLE_ID,TIME,DTC,SPECIMEN,ASSAY
S-3,3a,baseline,2024-01-01,tissue,Panel
S-1,1a,,2024-01-01,tissue,Panel
S-2,2a,,2024-01-01,plasma,Panel
S-3,3p,baseline,2024-01-01,plasma,
S-1,1b,,2024-03-01,tissue,Panel
S-2,2b,,2024-02-01,plasma,Panel
S-3,3q,progression,2024-03-02,plasma,
S-2,2c,,2024-03-01,plasma,Panel
S-3,3b,progression,2024-03-01,tissue,Panel
S-3,3b,progression,2024-03-01,tissue,Panel
S-4,4a,,2024-03-01,tissue,Panel
"""
CALLS = """SAMPLE_ID,GENE,KIND,PROTEIN,VAF
1a,KRAS,mutation,p.G12C,0.3
2a,KRAS,mutation,p.G12C,0.2
3a,KRAS,mutation,p.G12C,0.3
3q,KRAS,mutation,p.G12C,0.1
3p,KRAS,mutation,p.G12C,0.1
1b,KRAS,mutation,p.G12C,0.4
1b,NRAS,mutation,p.Q61K,0.2
2c,MEK1,mutation,p.K57N,0.1
3b,MEK1,mutation,p.K57N,0.1
3b,KRAS,mutation,p.G12C,0.2
2b,KRAS,mutation,p.G12C,0.2
2c,KRAS,mutation,p.G12C,1.2
1b,KRAS,amplification,,
3b,EGFR,odd,,
9z,KRAS,mutation,p.G12C,0.2
"""


def written(folder: Path, *, samples: str = SAMPLES, calls: str = CALLS) -> Path:
    people = [f"S-{n}" for n in (1, 2, 3, 4)]
    arms = dict(zip(people, "ABAA", strict=True))
    dm = "".join(f"S,DM,{u},{a},{a},{a},{a},,\n" for u, a in arms.items())
    ex = "".join(f"S,EX,{u},1,A,1,mg,2024-01-02,2024-02-28\n" for u in people)
    folder.mkdir()
    for name, text in {
        "dm.csv": DM + dm, "ex.csv": EX + ex, "samples.csv": samples, "calls.csv": calls, "codon12.toml": CONFIG
    }.items():  # fmt: skip
        (folder / name).write_text(text)
    return folder


def in_parts_is_whole(study: Path, by: int) -> None:
    parts = study.with_name(f"parts-{by}")
    partition_records(study, parts, by=by)
    worked = derive_in_blocks(parts, study.with_name(f"kept-{by}"), stops=())
    whole_is(parts, worked)
    assert worked is not None
    opened = Study.open(parts)
    once, blocks = evidence_of(opened, derive(opened)), evidence_of(worked.study, worked.derived())
    for name in ("pair_alterations", "serial_samples"):
        assert once.frames[name].height
        assert once.frames[name].equals(blocks.frames[name], null_equal=True), name


@pytest.mark.parametrize("by", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_pairs_compared_in_blocks_are_those_of_the_whole(
    by: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = written(tmp_path / "study")
    opened = derive(Study.open(study))
    assert opened.frames["pairs"]["PAIR"].to_list() == ["S-3 tissue", "S-1", "S-2", "S-3 plasma"]
    rules = set(opened.frames["findings"]["RULE"])
    assert {"former-symbol", "unknown-kind", "same-sample-twice"} <= rules
    looked_at: list[bool] = []
    parts = tmp_path / "parts"
    partition_records(study, parts, by=by)
    with monkeypatch.context() as patched:
        patched.setattr("codon12.derive.study.study_pairs", lambda *_, **__: looked_at.append(True))
        worked = derive_in_blocks(parts, tmp_path / "kept", stops=())
        assert worked is not None
        assert worked.derived().frames["pairs"].height == 4
    assert not looked_at  # nothing of pairs is worked of the whole
    in_parts_is_whole(study, by)


@pytest.mark.slow
def test_samples_of_two_patients_in_two_blocks_are_compared_at_once(tmp_path: Path) -> None:
    samples = SAMPLES.replace("S-2,2c,", "S-2,1b,")
    in_parts_is_whole(written(tmp_path / "study", samples=samples), 1)


@pytest.mark.slow
def test_a_column_that_is_counted_over_all_rows_is_read_at_once(tmp_path: Path) -> None:
    lines = CALLS.splitlines()
    status = ["MUTATION_STATUS", *("UNKNOWN" for _ in lines[1:])]
    calls = "".join(f"{line},{word}\n" for line, word in zip(lines, status, strict=True))
    in_parts_is_whole(written(tmp_path / "study", calls=calls), 2)


@pytest.mark.slow
def test_an_assay_is_that_of_tissue_by_the_samples_of_all(tmp_path: Path) -> None:
    samples = SAMPLES + "".join(f"S-4,t{n},,2024-03-0{n},tissue,Panel\n" for n in range(1, 6))
    study = written(tmp_path / "study", samples=samples)
    assert "plasma-with-tissue-panel" in set(derive(Study.open(study)).frames["findings"]["RULE"])
    in_parts_is_whole(study, 1)
