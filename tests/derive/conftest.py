"""A small study in blocks, and what the tests of this folder share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from codon12.records.opening.partition import partition_records

sys.path.insert(0, str(Path(__file__).parent))

DM = "STUDYID,DOMAIN,USUBJID,ARM,ARMCD,ACTARM,ACTARMCD,DTHFL,RFSTDTC\n"
EX = "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXSTDTC,EXENDTC\n"
RS = "STUDYID,DOMAIN,USUBJID,RSSEQ,RSTESTCD,RSSTRESC,RSEVAL,RSDTC\n"
TR = "STUDYID,DOMAIN,USUBJID,TRSEQ,TRLNKID,TRGRPID,TRTESTCD,TRSTRESN,TRSTRESU,TREVAL,TRDTC\n"
AE = "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AEDECOD,AETOXGR,AESTDTC,AEREL,AESER\n"
SUPP = "STUDYID,RDOMAIN,USUBJID,IDVAR,IDVARVAL,QNAM,QVAL\n"


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven subjects of whom each tells something else, and a stranger to DM."""
    folder = tmp_path_factory.mktemp("study")
    who = [f"S-{n}" for n in (4, 2, 7, 1, 3, 6, 5)]
    dm = "".join(f"S,DM,{u},{'AB'[n % 2]},{'AB'[n % 2]},{'AB'[n % 2]},{'AB'[n % 2]},{'NA' if n == 3 else ''},\n"
                 for n, u in enumerate(who))  # fmt: skip
    ex = "".join(f"S,EX,{u},1,A,1,{'mg' if n < 5 else 'g'},2024-01-0{n + 1},{'2024-04-01' if n == 5 else ''}\n"
                 for n, u in enumerate(who))  # fmt: skip
    ex += "S,EX,S-3,2,A,1,mg,2024-01-25,2024-01-25\nS,EX,S-3,3,A,1,mg,2024-02-15,2024-02-15\n"
    ex += "S,EX,S-1,2,A,1,mg,2024-01-25,2024-01-25\nS,EX,S-1,3,A,1,mg,2024-02-15,2024-02-15\n"
    rs = "S,RS,S-5,1,BESTRESP,PR,INVESTIGATOR,2024-03-01\nS,RS,S-6,1,OVRLRESP,SD,CENTRAL,2024-03-01\n"
    rs += "S,RS,S-3,1,OVRLRESP,SD,,2024-03-01\nS,RS,S-1,2,OVRLRESP,SD,,2024-04-01\n"
    rs += "S,RS,S-9,1,OVRLRESP,PD,INVESTIGATOR,2024-03-01\nT,RS,S-1,1,OVRLRESP,PR,INVESTIGATOR,2024-03-01\n"
    tr = "".join(
        f"S,TR,{u},{k},T01,TARGET,LDIAM,{size},mm,INVESTIGATOR,{day}\n"
        for u in ("S-4", "S-7")
        for k, (size, day) in enumerate([("40", "2023-12-20"), ("20", "2024-02-20"), ("x", "2024-03-20")])
    )
    ae = "S,AE,S-4,1,rash,Rash,2,2024-02-01,,Y\nS,AE,S-2,1,rash,RASH,NA,2024-02-01,,\n"
    ae += "S,AE,S-3,1,rash,RASH,1,2024-02-03,,N\nS,AE,S-1,1,cough,Cough,6,NA,,N\n"
    supp = "S,AE,S-1,AESEQ,1,AETRTEM,Y\nS,AE,S-9,AESEQ,1,AEOTHER,Y\n"
    for name, text in {
        "dm": DM + dm, "ex": EX + ex, "rs": RS + rs, "tr": TR + tr, "ae": AE + ae, "suppae": SUPP + supp
    }.items():  # fmt: skip
        (folder / f"{name}.csv").write_text(text)
    return folder


@pytest.fixture(scope="session")
def parts(study: Path) -> Path:
    """In blocks of two subjects."""
    partition_records(study, study.parent / "parts", by=2)
    return study.parent / "parts"


@pytest.fixture(scope="session")
def halves(study: Path) -> Path:
    """All subjects of DM, and the stranger."""
    partition_records(study, study.parent / "halves", by=7)
    return study.parent / "halves"
