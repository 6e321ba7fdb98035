"""A study small enough to count by hand: six subjects, one arm, two evaluators.

S1 responds (PR at day 43, confirmed at day 85) and progresses at day 127; S2 is stable and dies at day 100; S3
progresses at day 43 and dies at day 200; S4 has no scan after baseline; S5 was treated and has no lesions (not
evaluable); S6 failed screening.
"""

import datetime as dt
from pathlib import Path

START = dt.date(2020, 1, 1)


def day(n: int) -> str:
    """ISO date of a study day (1 is the first dose)."""
    return (START + dt.timedelta(n - 1)).isoformat()


def table(folder: Path, name: str, header: str, *rows: str) -> None:
    (folder / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n")


def write_study(folder: Path) -> Path:
    table(
        folder,
        "dm",
        "STUDYID,DOMAIN,USUBJID,SUBJID,RFSTDTC,DTHDTC,DTHFL,AGE,SEX,RACE,ARMCD,ARM,ACTARM,RFICDTC",
        f"T,DM,S1,1,{day(1)},,,60,F,WHITE,A,Drug,Drug,{day(-9)}",
        f"T,DM,S2,2,{day(1)},{day(100)},Y,70,M,ASIAN,A,Drug,Drug,{day(-9)}",
        f"T,DM,S3,3,{day(1)},{day(200)},Y,50,M,WHITE,A,Drug,Drug,{day(-9)}",
        f"T,DM,S4,4,{day(1)},,,66,F,WHITE,A,Drug,Drug,{day(-9)}",
        f"T,DM,S5,5,{day(1)},,,44,F,WHITE,A,Drug,Drug,{day(-9)}",
        f"T,DM,S6,6,,,,80,M,WHITE,SCRNFAIL,Screen Failure,Screen Failure,{day(-9)}",
    )
    table(
        folder,
        "ex",
        "STUDYID,DOMAIN,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXSTDTC,EXENDTC",
        *(f"T,EX,S{i},1,DRUG,960,mg,{day(1)},{day(90)}" for i in range(1, 6)),
        f"T,EX,S1,2,DRUG,480,mg,{day(91)},{day(130)}",
    )
    visits = {1: -5, 2: 43, 3: 85, 4: 127}
    sizes = {"S1": (50, 30, 30, 60), "S2": (40, 40, 38, None), "S3": (30, 45, None, None), "S4": (20, None, None, None)}
    tu, tr, row = [], [], 0
    for subject, path in sizes.items():
        for evaluator in ("INVESTIGATOR", "INDEPENDENT ASSESSOR"):
            tu.append(f"T,TU,{subject},{len(tu) + 1},T01,TUMIDENT,TARGET,LIVER,{evaluator},{day(-5)},1")
            for visit, value in zip(visits, path, strict=True):
                if value is None:
                    continue
                row += 1
                # the investigator saw the first follow-up of S1 as less than a response
                size = 40 if (subject, visit, evaluator) == ("S1", 2, "INVESTIGATOR") else value
                tr.append(
                    f"T,TR,{subject},{row},T01,TARGET,LDIAM,{size},mm,{size},{size},mm,{evaluator},"
                    f"{visit},VISIT {visit},{day(visits[visit])}"
                )
    table(folder, "tu", "STUDYID,DOMAIN,USUBJID,TUSEQ,TULNKID,TUTESTCD,TUSTRESC,TULOC,TUEVAL,TUDTC,VISITNUM", *tu)
    table(
        folder,
        "tr",
        "STUDYID,DOMAIN,USUBJID,TRSEQ,TRLNKID,TRGRPID,TRTESTCD,TRORRES,TRORRESU,TRSTRESC,TRSTRESN,TRSTRESU,TREVAL,"
        "VISITNUM,VISIT,TRDTC",
        *tr,
    )
    table(
        folder,
        "ae",
        "STUDYID,DOMAIN,USUBJID,AESEQ,AETERM,AEDECOD,AEBODSYS,AETOXGR,AEREL,AEACN,AESER,AESTDTC,AEENDTC",
        f"T,AE,S1,1,Loose stool,Diarrhoea,Gut,1,RELATED,DOSE NOT CHANGED,N,{day(3)},{day(9)}",
        f"T,AE,S1,2,Loose stool,Diarrhoea,Gut,3,RELATED,DOSE REDUCED,Y,{day(20)},{day(25)}",
        f"T,AE,S2,1,Nausea,Nausea,Gut,2,NOT RELATED,DOSE NOT CHANGED,N,{day(10)},{day(12)}",
        f"T,AE,S3,1,Rash,Rash,Skin,2,RELATED,DRUG WITHDRAWN,N,{day(-3)},{day(-2)}",
    )
    return folder
