"""Made-up patients with everything that real records have switched on and off."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from random import Random

START = dt.date(2024, 1, 10)
COLUMNS = {
    "dm": "USUBJID RFSTDTC RFENDTC RFICDTC DTHDTC DTHFL ARM ACTARM",
    "ds": "USUBJID DSSEQ DSDECOD DSCAT DSSTDTC",
    "ex": "USUBJID EXSEQ EXTRT EXDOSE EXSTDTC EXENDTC",
    "ae": "USUBJID AESEQ AETERM AEDECOD AEBODSYS AETOXGR AEOUT AESDTH AEPRESP AEOCCUR AESTAT AESTDTC AEENDTC",
    "cm": "USUBJID CMSEQ CMTRT CMCAT CMSCAT CMDECOD CMOCCUR CMSTAT CMSTDTC",
    "tu": "USUBJID TUSEQ TULNKID TUTESTCD TUSTRESC TULOC TUEVAL VISITNUM TUDTC",
    "tr": "USUBJID TRSEQ TRGRPID TRLNKID TRTESTCD TRSTRESC TRSTRESN TRSTRESU TRSTAT TRMETHOD TREVAL TREVALID TRACPTFL "
    "VISITNUM VISIT TRDTC",
    "rs": "USUBJID RSSEQ RSTESTCD RSCAT RSSCAT RSSTRESC RSSTAT RSEVAL RSEVALID RSACPTFL VISITNUM VISIT RSDTC",
    "ss": "USUBJID SSSEQ SSTESTCD SSSTRESC SSDTC",
}
GRADES = ("1", "2", "3", "4", "2.0", "3.0", "GRADE 3", "Grade 2", "III", "IV", "13", "2-3", "SEVERE", "", "5")
RESPONSES = ("CR", "PR", "SD", "PD", "NE", "NON-CR/NON-PD")
Tables = dict[str, list[dict]]


def day(n: int) -> str:
    """Date `n` days after time zero."""
    return (START + dt.timedelta(days=n)).isoformat()


class Maker:
    """Makes one patient."""

    def __init__(self, seed: str, subject: str, *, randomised: bool) -> None:
        self.random, self.subject, self.randomised = Random(f"{seed} {subject}"), subject, randomised
        self.tables: Tables = {name: [] for name in COLUMNS}

    def on(self, chance: float) -> bool:
        """Whether a switch is on."""
        return self.random.random() < chance

    def add(self, table: str, **values: object) -> None:
        """A row."""
        self.tables[table].append({"USUBJID": self.subject, f"{table.upper()}SEQ": None} | values)

    def patient(self) -> Tables:
        """Rows of every table."""
        r = self.random
        self.treated = self.on(0.93) or not self.randomised
        self.dose = r.choice((0, 0, 1, 3, 6)) if self.randomised else 0
        self.visits = [(2 + i, 42 * (i + 1) + r.randint(-6, 6)) for i in range(r.randint(0, 6))]
        self.dates_and_doses()
        if self.on(0.85):
            self.lesions("INVESTIGATOR")
        self.responses_of_investigator()
        if self.on(0.5):
            self.central_readers()
        elif self.on(0.3):
            self.lesions("INDEPENDENT ASSESSOR")
        self.therapies()
        self.events()
        return self.tables

    def dates_and_doses(self) -> None:
        """DM, DS, EX, SS: deaths of several tables, dated, partly dated, undated."""
        r, last = self.random, max([d for _, d in self.visits], default=20)
        died = last + r.randint(-10, 60)
        table = r.choice(("", "", "", "dm", "dm", "ds", "both", "flag", "partial", "ss", "ds-undated"))
        dm = {"RFSTDTC": day(self.dose) if self.treated else "", "RFICDTC": day(-20), "ARM": "X", "ACTARM": "X"}
        dm["DTHDTC"] = day(died) if table in ("dm", "both") else day(died)[:7] if table == "partial" else ""
        dm["DTHFL"] = "Y" if table in ("dm", "both", "flag", "partial") else ""
        self.add("dm", **dm)
        self.tables["dm"][0].pop("DMSEQ")
        if self.randomised:
            self.add("ds", DSDECOD="RANDOMIZED", DSCAT="PROTOCOL MILESTONE", DSSTDTC=day(0))
        if table in ("ds", "both", "ds-undated"):
            shift = r.choice((0, 0, -2, 3)) if table == "both" else 0
            when = "" if table == "ds-undated" else day(died + shift)
            self.add("ds", DSDECOD="DEATH", DSCAT="DISPOSITION EVENT", DSSTDTC=when)
        if table == "ss":
            self.add("ss", SSTESTCD="SURVSTAT", SSSTRESC="DEAD", SSDTC=day(died + 9))
        elif self.on(0.3):
            self.add("ss", SSTESTCD="SURVSTAT", SSSTRESC="ALIVE", SSDTC=day(last + r.randint(-30, 30)))
        if self.treated:
            self.add("ex", EXTRT="X", EXDOSE=1, EXSTDTC=day(self.dose), EXENDTC=day(self.dose + 20))
            if self.on(0.4):
                end = "" if self.on(0.3) else day(self.dose + 30)
                self.add("ex", EXTRT="X", EXDOSE=1, EXSTDTC=day(self.dose + 21), EXENDTC=end)

    def size(self, lesion: str, when: int, mm: float | str, visit: float, **more: object) -> None:
        """A row of TR: a size or a text in its place."""
        group = "NEW" if lesion.startswith("NEW") else "NON-TARGET" if lesion.startswith("NT") else "TARGET"
        number = mm if isinstance(mm, int | float) else None
        self.add("tr", **({"TRGRPID": group, "TRLNKID": lesion, "TRTESTCD": "LDIAM", "TRSTRESC": mm, "TRSTRESN": number,
                 "TRSTRESU": "mm", "TREVAL": self.evaluator, "VISITNUM": visit, "TRDTC": day(when),
                 "VISIT": "UNSCHEDULED" if visit == 90 else f"VISIT {visit}", "TRMETHOD": "CT SCAN"}
                 | self.reader | more))  # fmt: skip

    def state(self, lesion: str, when: int, text: str, visit: float, **more: object) -> None:
        """A row of TR: the state of a lesion."""
        self.size(lesion, when, text, visit, TRTESTCD="TUMSTATE", TRSTRESU=None, **more)

    def lesions(self, evaluator: str) -> None:
        """TU and TR of one evaluator, at baseline and each visit."""
        r = self.random
        self.evaluator, self.reader = evaluator, {}
        if evaluator != "INVESTIGATOR":
            self.reader = {"TREVALID": "R1", "TRACPTFL": r.choice(("", "Y"))}
        self.axis = {}
        base = {}
        for i in range(r.choice((0, 1, 1, 2, 2, 3))):
            name, node = f"T0{i + 1}", r.choice(("LUNG", "LIVER", "LYMPH NODE", "AXILLA"))
            self.axis[name] = "LPERP" if node in ("LYMPH NODE", "AXILLA") else "LDIAM"
            base[name] = r.choice((10, 14, 20, 25, 30, 50, 27.5, 18.2))
            self.add("tu", TULNKID=name, TUTESTCD="TUMIDENT", TUSTRESC="TARGET", TULOC=node, TUEVAL=evaluator,
                     VISITNUM=1, TUDTC=day(-9))  # fmt: skip
        others = [f"NT0{i + 1}" for i in range(r.choice((0, 0, 1, 2)))]
        method = {name: r.choice(("CT SCAN", "CT SCAN", "X-RAY")) for name in base}
        zero = -9 if self.on(0.8) or not self.treated else self.dose  # scans between randomisation and first dose
        for name, mm in base.items():
            late = self.on(0.15)
            if late:
                self.size(name, zero - 3, mm + 3, 1, TRTESTCD=self.axis[name], TRMETHOD=method[name])
            self.size(name, min(zero + 4, self.dose) if late else zero, mm, 1.1 if late and self.on(0.5) else 1, TRTESTCD=self.axis[name],
                      TRMETHOD=method[name])  # fmt: skip
        for name in others:
            self.state(name, zero, "PRESENT", 1)
        factor = 1.0
        for number, planned in self.visits:
            factor = r.choice((0, factor * 0.7, factor * 0.5, factor, factor, factor * 1.1, factor * 1.2, 0.3))
            visit, when = 90 if self.on(0.08) else number, planned
            together = len(base) > 1 and self.on(0.06)
            if together:
                self.size(r.choice(("T01/T02", "T01+T02")), when, round(base["T01"] * factor, 1), visit,
                          TRTESTCD=self.axis[r.choice(("T01", "T02"))], TRMETHOD=method["T01"])  # fmt: skip
                if self.on(0.2):
                    self.size("T02", when + r.choice((0, 3)), r.choice((8, "NOT EVALUABLE")), visit,
                              TRTESTCD=self.axis["T02"], TRMETHOD=method["T02"])  # fmt: skip
            across = not together and bool(base) and bool(others) and self.axis["T01"] == "LDIAM" and self.on(0.06)
            if across:  # a target and a non-target lesion that merged, recorded in either group
                self.size(r.choice(("T01/NT01", "T01+NT01")), when,
                          r.choice((round(base["T01"] * factor + 8, 1), "PRESENT", "ABSENT", "NOT EVALUABLE")), visit,
                          TRGRPID=r.choice(("TARGET", "NON-TARGET")), TRMETHOD=method["T01"])  # fmt: skip
            for name, mm in list(base.items())[2 if together else 1 if across else 0 :]:
                self.target(name, when, round(mm * factor, 1), visit, method[name])
            if self.on(0.05):
                self.size("T09", when, 20, visit)  # not a target of baseline
            whole = not any(row["TRLNKID"] == "T01.1" for row in self.tables["tr"][-14:])
            if base and whole and self.on(0.08):  # scans of one visit that run on
                for days in (15, 30)[: r.randint(1, 2)]:
                    self.size("T01", when + days, r.choice((5, 12, 40)), visit, TRTESTCD=self.axis["T01"],
                              TRMETHOD=method["T01"])  # fmt: skip
            if base and visit != 90 and self.on(0.05):  # another visit number on the same day
                self.size("T01", when, r.choice((5, 12, 40)), number + 0.5, TRTESTCD=self.axis["T01"],
                          TRMETHOD=method["T01"])  # fmt: skip
            if len(others) > 1 and not across and self.on(0.06):
                group = {"TRGRPID": "TARGET"} if self.on(0.3) else {}
                self.state("NT01/NT02", when, r.choice(("ABSENT", "PRESENT", "NOT EVALUABLE")), visit, **group)
            else:
                for name in others[1 if across else 0 :]:
                    self.other(name, when, visit, gone=factor < 0.3)
            if self.on(0.08):
                self.state(
                    f"NEW0{r.choice((1, 1, 2))}", when, r.choice(("UNEQUIVOCAL", "EQUIVOCAL", "EQUIVOCAL", "")), visit
                )

    def target(self, name: str, when: int, mm: float, visit: float, method: str) -> None:
        """A target lesion at a visit, mostly plain, at times not."""
        r, more = self.random, {"TRTESTCD": self.axis[name], "TRMETHOD": method}
        kind = r.choice(("plain",) * 22 + ("later", "same day", "method", "methods", "split", "split", "missing", "not evaluable",
                        "number beside", "status", "state beside", "small", "less", "present", "far", "undated",
                        "month", "late"))  # fmt: skip
        if kind == "missing":
            return
        if kind in ("not evaluable", "number beside"):
            number = {} if kind == "not evaluable" else {"TRSTRESN": mm}
            self.size(name, when, "NOT EVALUABLE", visit, **more, **number)
        elif kind == "status":
            self.size(name, when, mm, visit, TRSTAT="NOT DONE", **more)
        elif kind in ("small", "less", "present"):
            self.size(name, when, {"small": "TOO SMALL", "less": "<5", "present": "PRESENT"}[kind], visit, **more)
        elif kind == "method":
            self.size(name, when, mm, visit, **(more | {"TRMETHOD": "MRI"}))
        elif kind == "split":
            self.size(f"{name}.1", when, round(mm * 0.4, 1), visit, **more)
            if self.on(0.9):
                self.size(f"{name}.2", when, "NOT EVALUABLE" if self.on(0.2) else round(mm * 0.6, 1), visit, **more)
            if self.on(0.25):
                self.size(name, when + r.choice((0, 3, 21)), round(mm, 1), visit, **more)
        elif kind == "undated":
            self.size(name, when, mm, visit, **more, TRDTC="")
        elif kind == "month":
            self.size(name, when, mm, visit, **more, TRDTC=day(when)[:7])
        elif kind == "late":
            self.size(name, when + 4, mm, visit, **more)
        else:
            self.size(name, when, mm, visit, **more)
        if kind == "state beside":
            self.state(name, when, "NOT EVALUABLE", visit)
        elif kind in ("later", "same day", "far"):
            shift = {"later": r.choice((1, 3, 21)), "same day": 0, "far": r.choice((22, 25, 60))}[kind]
            self.size(name, when + shift, r.choice((mm, mm + 5, 2 * mm)), visit, **more)
        elif kind == "methods":
            one, two = r.sample(("CT SCAN", "X-RAY", "MRI"), 2)
            self.tables["tr"][-1]["TRMETHOD"] = one
            self.size(name, when + r.choice((0, 0, 2)), mm + 6, visit, **(more | {"TRMETHOD": two}))

    def other(self, name: str, when: int, visit: float, *, gone: bool) -> None:
        """A non-target lesion at a visit."""
        kind = self.random.choice(
            ("plain",) * 12 + ("missing", "not evaluable", "worse", "split", "two states", "two methods")
        )
        text = "ABSENT" if gone else "PRESENT"
        if kind == "missing":
            return
        if kind == "split":
            self.state(f"{name}.1", when, text, visit)
            self.state(f"{name}.2", when, self.random.choice((text, "PRESENT", "NOT EVALUABLE")), visit)
            return
        self.state(name, when, {"not evaluable": "NOT EVALUABLE", "worse": "UNEQUIVOCAL"}.get(kind, text), visit)
        if kind == "two states":
            self.state(name, when, "ABSENT" if text == "PRESENT" else "PRESENT", visit)
        elif kind == "two methods":
            self.state(name, when, "NOT EVALUABLE", visit, TRMETHOD="X-RAY")

    def response(self, when: int, value: str, visit: float, **more: object) -> None:
        """A row of RS."""
        self.add("rs", **({"RSTESTCD": "OVRLRESP", "RSCAT": "RECIST 1.1", "RSSTRESC": value, "RSEVAL": "INVESTIGATOR",
                 "VISITNUM": visit, "VISIT": f"VISIT {visit}", "RSDTC": day(when)} | more))  # fmt: skip

    def responses_of_investigator(self) -> None:
        """RS of the investigator: beside the lesions, or at visits of its own; other criteria, odd words, two a day."""
        r = self.random
        if self.on(0.4):
            return
        for number, when in self.visits:
            if self.on(0.15):
                continue
            visit = number + 20 if self.on(0.15) else number
            value = r.choice(RESPONSES)
            more = {} if self.on(0.9) else r.choice(({"RSCAT": ""}, {"RSSTAT": "NOT DONE"}, {"RSSCAT": "mRECIST"},
                    {"RSDTC": day(when)[:7]}, {"RSDTC": ""}, {"RSCAT": "ONCOLOGY", "RSSCAT": "RECIST 1.1"}))  # fmt: skip
            later = r.choice((0, 12)) if visit > 20 else 0
            self.response(when + later, value, visit, **more)
            if self.on(0.1):
                self.response(when, r.choice(RESPONSES), visit, RSCAT=r.choice(("mRECIST", "iRECIST", "RECIST 1.1")))

    def central_readers(self) -> None:
        """RS of one or several central readers, with and without accepted flags and an adjudicator."""
        r = self.random
        way = r.choice(("one", "accepted", "refused", "agree", "disagree", "adjudicated", "at times"))
        late = r.choice((0, 0, 2))
        for number, when in self.visits:
            value = r.choice(RESPONSES)
            other = value if way in ("agree", "one") else r.choice(RESPONSES)
            flag = {"accepted": ("Y", ""), "refused": ("", "N"), "at times": (r.choice(("Y", "")), "")}.get(
                way, ("", "")
            )
            mine = {"RSEVAL": "INDEPENDENT ASSESSOR"}
            self.response(when, value, number, **mine, RSEVALID="R1", RSACPTFL=flag[0])
            if way != "one":
                self.response(when + late, other, number, **mine, RSEVALID="R2", RSACPTFL=flag[1])
            if way == "adjudicated" and value != other:
                self.response(
                    when, r.choice((value, other)), number, RSEVAL="INDEPENDENT ASSESSOR", RSEVALID="ADJUDICATOR"
                )

    def therapies(self) -> None:
        """CM: anti-cancer or not, occurred or not, before or after the first dose, partly dated."""
        r = self.random
        for _ in range(r.choice((0, 0, 1, 2))):
            when = r.choice((-30, self.dose, self.dose + 1, 60, 100, 100, 150, 200))
            text = r.choice((day(when), day(when), day(when), day(when)[:7], day(when)[:4], ""))
            more = r.choice(({"CMCAT": "SUBSEQUENT ANTI-CANCER THERAPY"}, {"CMSCAT": "ANTI-CANCER THERAPY"},
                             {"CMCAT": "PRIOR ANTI-CANCER THERAPY"}, {"CMCAT": "CONCOMITANT MEDICATION"}))  # fmt: skip
            more = more | r.choice(({}, {}, {}, {"CMOCCUR": "Y"}, {"CMOCCUR": "N"}, {"CMSTAT": "NOT DONE"}))
            self.add("cm", CMTRT="DOCETAXEL", CMSTDTC=text, **more)

    def events(self) -> None:
        """AE: grades written differently, not occurred, before treatment, partly dated, fatal."""
        r = self.random
        for _ in range(r.choice((0, 1, 2, 4))):
            start = r.choice((-15, -5, self.dose - 1, self.dose, 10, 40, 90))
            text = r.choice((day(start), day(start), day(start), day(start)[:7], day(start)[:4], ""))
            end = day(start + r.randint(0, 20)) if self.on(0.5) else ""
            more = {"AEPRESP": "Y", "AEOCCUR": "Y"}
            if self.on(0.15):
                more = r.choice(({"AEPRESP": "Y", "AEOCCUR": "N"}, {"AEPRESP": "Y", "AESTAT": "NOT DONE"}))
            if self.on(0.04):
                more |= r.choice(({"AEOUT": "FATAL"}, {"AESDTH": "Y"}))
            self.add("ae", AETERM="NAUSEA", AEDECOD=r.choice(("Nausea", "Rash")), AEBODSYS="X", AETOXGR=r.choice(GRADES[:-1] if self.on(0.95) else GRADES),
                     AESTDTC=text, AEENDTC=end, **more)  # fmt: skip


def study(seed: str, subjects: int) -> Tables:
    """Tables of a study; a patient's rows depend on seed and name alone."""
    randomised = Random(seed).random() < 0.5
    out: Tables = {name: [] for name in COLUMNS}
    for i in range(subjects):
        for name, rows in Maker(seed, f"{i + 1:03d}", randomised=randomised).patient().items():
            out[name] += rows
    return out


def write(tables: Tables, folder: Path) -> Path:
    """CSV files of the tables; numbers in sequence are given where a row has none."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name].split(), restval="")
            writer.writeheader()
            for i, row in enumerate(rows, 1):
                key = f"{name.upper()}SEQ"
                number = {key: row[key] or i} if key in COLUMNS[name] else {}
                writer.writerow({k: "" if v is None else v for k, v in (row | number).items()})
    return folder
