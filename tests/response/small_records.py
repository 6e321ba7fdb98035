"""Small SDTM folders for the tests of response: a few rows each, written as CSV and read through `Study.open`."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from codon12.derive import derive
from codon12.records import Study

START = dt.date(2024, 1, 10)
TR = ("USUBJID", "TRSEQ", "TRGRPID", "TRLNKID", "TRTESTCD", "TRSTRESC", "TRSTRESN", "TRSTRESU", "TRSTAT", "TRMETHOD",
      "TREVAL", "TREVALID", "TRACPTFL", "VISITNUM", "VISIT", "TRDTC")  # fmt: skip
RS = ("USUBJID", "RSSEQ", "RSTESTCD", "RSCAT", "RSSCAT", "RSSTRESC", "RSSTAT", "RSEVAL", "RSEVALID", "RSACPTFL",
      "VISITNUM", "VISIT", "RSDTC")  # fmt: skip
CM = ("USUBJID", "CMSEQ", "CMTRT", "CMCAT", "CMSCAT", "CMDECOD", "CMOCCUR", "CMSTAT", "CMSTDTC")


def day(n: int) -> str:
    """Date `n` days after the first dose."""
    return (START + dt.timedelta(days=n)).isoformat()


def size(
    lesion: str, when: int | str | None, mm: float | str | None, visit: float | None = None, **more: object
) -> dict:
    """A TR row of a lesion: a size, or a text in its place. The group follows the name: T, NT, NEW."""
    group = "NEW" if lesion.startswith("NEW") else "NON-TARGET" if lesion.startswith("NT") else "TARGET"
    number = mm if isinstance(mm, int | float) else None
    row = {"USUBJID": "1", "TRGRPID": group, "TRLNKID": lesion, "TRTESTCD": "LDIAM", "TRSTRESC": mm, "TRSTRESN": number,
           "TRSTRESU": "mm", "TREVAL": "INVESTIGATOR", "VISITNUM": visit, "TRDTC": day(when) if isinstance(when, int) else when}  # fmt: skip
    return row | more


def state(lesion: str, when: int | str | None, text: str, visit: float | None = None, **more: object) -> dict:
    """A TR row that tells the state of a lesion."""
    return size(lesion, when, text, visit, TRTESTCD="TUMSTATE", TRSTRESU=None) | more


def response(when: int | str | None, value: str, visit: float | None = None, **more: object) -> dict:
    """An RS row: an overall response."""
    row = {"USUBJID": "1", "RSTESTCD": "OVRLRESP", "RSCAT": "RECIST 1.1", "RSSTRESC": value, "RSEVAL": "INVESTIGATOR",
           "VISITNUM": visit, "RSDTC": day(when) if isinstance(when, int) else when}  # fmt: skip
    return row | more


def therapy(when: str | None, category: str = "SUBSEQUENT ANTI-CANCER THERAPY", **more: object) -> dict:
    """A CM row."""
    return {"USUBJID": "1", "CMTRT": "DOCETAXEL", "CMCAT": category, "CMSTDTC": when} | more


class Derived:
    """What a small study gives, looked at in few words."""

    def __init__(self, folder: Path) -> None:
        self.study = Study.open(folder)
        self.derived = derive(self.study)
        self.frames = self.derived.frames

    def points(self, subject: str = "1", evaluator: str | None = None) -> list[tuple[int, str]]:
        """Day and overall response of each time point."""
        rows = self.frames["adrs"].filter(PARAMCD="OVRLRESP", USUBJID=subject)
        rows = rows if evaluator is None else rows.filter(EVAL=evaluator)
        return [
            ((d - START).days, v) for d, v in rows.sort("ADT").select("ADT", pl.col("AVALC").cast(pl.String)).rows()
        ]

    def best(self, subject: str = "1", parameter: str = "CBOR", evaluator: str | None = None) -> str:
        """Best overall response."""
        rows = self.frames["adrs"].filter(PARAMCD=parameter, USUBJID=subject)
        rows = rows if evaluator is None else rows.filter(EVAL=evaluator)
        return rows["AVALC"].cast(pl.String).item()

    def sums(self, subject: str = "1") -> list[tuple[int, float | None, str | None]]:
        """Day, sum and completeness of each visit."""
        rows = self.frames["adtr"].filter(USUBJID=subject).sort("ADT")
        return [((d - START).days, a, f) for d, a, f in rows.select("ADT", "AVAL", "ANL01FL").rows()]

    def time(self, parameter: str, subject: str = "1", evaluator: str | None = None) -> tuple[int, int] | None:
        """Day and CNSR of a time to event."""
        rows = self.frames["adtte"].filter(PARAMCD=parameter, USUBJID=subject)
        rows = rows if evaluator is None else rows.filter(EVAL=evaluator)
        return None if rows.is_empty() else ((rows["ADT"].item() - START).days, rows["CNSR"].item())

    def rules(self, rule: str) -> list[tuple[str, int | None, str | None]]:
        """Table, row and subject of each finding of a rule."""
        return self.frames["findings"].filter(RULE=rule).sort("ROW").select("TABLE", "ROW", "USUBJID").rows()


def small_study(
    folder: Path,
    tr: Sequence[dict] = (),
    rs: Sequence[dict] = (),
    cm: Sequence[dict] = (),
    *,
    tu: Sequence[dict] = (),
    subjects: Sequence[str] = ("1",),
    randomised: int | None = None,
    untreated: Sequence[str] = (),
    config: str = "",
) -> Derived:
    """Write the folder and derive it; every subject had the first dose on day 0, and may have been randomised before."""
    folder.mkdir(exist_ok=True)
    dm = [{"USUBJID": s, "RFSTDTC": day(0), "ARM": "X", "ACTARM": "X"} for s in subjects]
    ex = [{"USUBJID": s, "EXTRT": "X", "EXDOSE": 1, "EXSTDTC": day(0), "EXENDTC": day(200)}
          for s in subjects if s not in untreated]  # fmt: skip
    tables = {"dm": (("USUBJID", "RFSTDTC", "ARM", "ACTARM"), dm), "tr": (TR, tr), "rs": (RS, rs), "cm": (CM, cm),
              "ex": (("USUBJID", "EXTRT", "EXDOSE", "EXSTDTC", "EXENDTC"), ex),
              "tu": (("USUBJID", "TULNKID", "TUTESTCD", "TUSTRESC", "TULOC", "TUEVAL", "TUDTC", "VISITNUM"), tu)}  # fmt: skip
    if randomised is not None:
        drawn = {"DSDECOD": "RANDOMIZED", "DSCAT": "PROTOCOL MILESTONE", "DSSTDTC": day(randomised)}
        columns = ("USUBJID", "DSSEQ", "DSDECOD", "DSCAT", "DSSTDTC")
        tables["ds"] = (columns, [{"USUBJID": s} | drawn for s in subjects])
    for name, (columns, rows) in tables.items():
        if rows:
            with (folder / f"{name}.csv").open("w", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="")
                writer.writeheader()
                sequence = f"{name.upper()}SEQ"
                for i, row in enumerate(rows, 1):
                    number = {sequence: i} if sequence in columns else {}
                    writer.writerow({k: "" if v is None else v for k, v in (number | row).items()})
    if config:
        (folder / "codon12.toml").write_text(config)
    return Derived(folder)
