"""Covariates whose rows are picked block by block: as of the whole study at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from blocks_alike import whole_is

from codon12.derive import derive
from codon12.derive.in_blocks import derive_in_blocks
from codon12.records import Study
from codon12.records.opening.partition import partition_records

DM = "STUDYID,DOMAIN,USUBJID,ARM,ARMCD,ACTARM,ACTARMCD,DTHFL,RFSTDTC\n"
LB = "STUDYID,DOMAIN,USUBJID,LBSEQ,LBTESTCD,LBSTRESC,LBSTRESU,LBDTC\n"
ROWS = """S,LB,S-3,1,LDH,200,U/L,2024-01-01
S,LB,S-3,2,LDH,300,U/L,2024-01-01
S,LB,S-1,1,LDH,3.4,ukat/L,2024-01-01
S,LB,S-2,1,LDH,x,U/L,2024-01-01
S,LB,S-2,2,ALB,40,g/L,2024-01-01
S,LB,S-9,1,LDH,9,ukat/L,2024-01-01
S,LB,S-9,2,LDH,8,ukat/L,2024-01-02
"""
CONFIG = """
[covariates.LDH]
table = "LB"
where = "LBTESTCD = 'LDH'"
value = "LBSTRESC"
cuts = [250]
[covariates.HIGHEST]
table = "LB"
where = "LBTESTCD = 'ALB'"
value = "LBSTRESC"
pick = "max"
[covariates.TESTED]
table = "LB"
where = "LBTESTCD = 'ALB'"
pick = "any"
[covariates.BOTH]
expression = "TESTED || LDH"
"""


@pytest.mark.parametrize("by", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_covariates_picked_in_blocks_are_those_of_the_whole(by: int, tmp_path: Path) -> None:
    study, parts = tmp_path / "study", tmp_path / "parts"
    study.mkdir()
    people = "".join(f"S,DM,{u},A,A,A,A,,2024-01-01\n" for u in ("S-3", "S-1", "S-2"))
    for name, text in {"dm.csv": DM + people, "lb.csv": LB + ROWS, "codon12.toml": CONFIG}.items():
        (study / name).write_text(text)
    at_once = derive(Study.open(study)).frames
    assert at_once["adsl"].select("LDH", "TESTED", "HIGHEST").rows() == [
        ("<250", "N", None),
        (None, "Y", 40),
        (">=250", "N", None),
    ]
    # the unit of most is found of all subjects of the study, and of nobody else
    found = at_once["findings"].filter(RULE="covariate-units-differ")
    assert found["USUBJID"].to_list() == ["S-1"]
    assert {"score-unread", "row-picked"} <= set(at_once["findings"]["RULE"])
    partition_records(study, parts, by=by)
    whole_is(parts, derive_in_blocks(parts, tmp_path / "kept", stops=()))
