"""All published quantities, recounted from the CSV files of a study."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import polars as pl
from recount import (
    CUTOFF,
    MONTH,
    at,
    best_response,
    clopper_pearson,
    half,
    kaplan_meier,
    overall_from_measurements,
    read,
)

ICR, INV = "INDEPENDENT ASSESSOR", "INVESTIGATOR"


class Recount:
    """Values by (endpoint, statistic, part, evaluator, population, group, level)."""

    def __init__(self, folder: Path) -> None:
        self.tables = read(folder)
        self.values: dict[tuple, object] = {}
        dm = self.tables["DM"]
        self.subjects = dm["USUBJID"].to_list()
        self.start = dict(zip(self.subjects, dm["RFSTDTC"].to_list(), strict=True))
        supp = self.tables["SUPPDM"].filter((pl.col("QNAM") == "MEASCRFL") & (pl.col("QVAL") == "Y"))
        self.evaluable = sorted(supp["USUBJID"])
        self.deaths = dict(zip(self.subjects, dm["DTHDTC"].to_list(), strict=True))
        self.measured = overall_from_measurements(self.tables)
        self.best = {s: best_response(self.measured.get((s, ICR), []), self.start[s]) for s in self.subjects}
        self.responders = [s for s in self.evaluable if self.best[s][0] in {"CR", "PR"}]
        self.baseline()
        self.response()
        self.times()
        self.conduct()
        self.markers()
        self.safety()

    def put(
        self, value, endpoint, statistic, part="value", evaluator="", population="enrolled", group="all", level="all"
    ):
        self.values[endpoint, statistic, part, evaluator, population, group, level] = value

    def share(self, x, n, endpoint, statistic, *rest, **more):
        self.put(x, endpoint, statistic, "n", *rest, **more)
        self.put(100 * x / n, endpoint, statistic, "value", *rest, **more)

    def baseline(self):
        n = len(self.subjects)
        self.put(n, "population", "count", "n")
        self.put(len(self.evaluable), "population", "count", "n", population="response")
        ages = self.tables["DM"]["AGE"].cast(int)
        for name, f in (("median", median), ("min", min), ("max", max)):
            self.put(f(ages.to_list()), "baseline", name, group="AGE")
        for column in ("SEX", "RACE"):
            for level, k in self.tables["DM"][column].value_counts().rows():
                self.share(k, n, "baseline", "count", group=column, level=level)
        sc = self.tables["SC"]
        for code in sc["SCTESTCD"].unique():
            values = sc.filter(pl.col("SCTESTCD") == code)["SCSTRESC"]
            for level, k in values.value_counts().rows():
                self.share(k, n, "baseline", "count", group=code, level=level)
            self.share(n - len(values), n, "baseline", "count", group=code, level="MISSING")
            if code == "SMOKSTAT":
                ever = int((values != "NEVER").sum())
                self.share(ever, n, "baseline", "count", group=code, level="CURRENT OR FORMER")
            if code == "PRLINES":
                self.put(median(values.cast(int).to_list()), "baseline", "median", group="PRLINES")
        cm = self.tables["CM"].filter(pl.col("CMCAT") == "PRIOR ANTI-CANCER THERAPY")
        has = {c: set(cm.filter(pl.col("CMCLAS") == c)["USUBJID"]) for c in cm["CMCLAS"].unique()}
        platinum, pd1 = has["PLATINUM-BASED CHEMOTHERAPY"], has["ANTI-PD-1 OR ANTI-PD-L1"]
        sets = {
            "PRCHEMO": platinum | has["NON-PLATINUM CHEMOTHERAPY"],
            "PRPLAT": platinum,
            "PRCKPT": pd1 | has["ANTI-CTLA-4"],
            "PRPD1": pd1,
            "PRBOTH": platinum & pd1,
            "PRANGIO": has["ANTIANGIOGENIC MONOCLONAL ANTIBODY"],
            "PRTARG": has["TARGETED SMALL MOLECULE"],
            "PROTHER": has["OTHER"],
        }
        for name, members in sets.items():
            self.share(len(members), n, "baseline", "count", group=name, level="Y")
        bare = pd1 - platinum
        self.put(len(bare), "orr", "assessed", "n", "central", "response", "PD1NOPLAT", "Y")
        self.rate("PD1NOPLAT", "Y", bare)

    def rate(self, group, level, members):
        x, n = len(set(self.responders) & set(members)), len(members)
        key = {"evaluator": "central", "population": "response", "group": group, "level": level}
        self.share(x, n, "orr", "rate", **key)
        low, high = clopper_pearson(x, n)
        self.put(low, "orr", "rate", "lower", **key)
        self.put(high, "orr", "rate", "upper", **key)

    def response(self):
        key = {"evaluator": "central", "population": "response"}
        n = len(self.evaluable)
        for level in ("CR", "PR", "SD", "PD", "NE", "MISSING"):
            self.share(sum(self.best[s][0] == level for s in self.evaluable), n, "bor", "count", level=level, **key)
        self.rate("all", "all", self.evaluable)
        control = sum(self.best[s][0] in {"CR", "PR", "SD"} for s in self.evaluable)
        self.share(control, n, "dcr", "rate", **key)
        for part, value in zip(("lower", "upper"), clopper_pearson(control, n), strict=True):
            self.put(value, "dcr", "rate", part, **key)
        own = {s: best_response(self.measured.get((s, INV), []), self.start[s])[0] for s in self.subjects}
        for level in ("CR", "PR", "SD", "PD"):
            x = sum(v == level for v in own.values())
            self.share(x, len(own), "bor", "count", "investigator", level=level)
        change = {
            s: min(c)
            for s in self.evaluable
            if (c := [x for d, _, x in self.measured.get((s, ICR), []) if x is not None and d > self.start[s]])
        }
        self.put(len(change), "bestchange", "count", "n", **key)
        self.share(sum(c < 0 for c in change.values()), n, "shrinkage", "count", **key)
        among = {"evaluator": "central", "population": "responders"}
        self.put(-median(change[s] for s in self.responders), "bestchange", "median", **among)

    def times(self):
        among = {"evaluator": "central", "population": "responders"}
        first = {s: self.best[s][1] for s in self.responders}
        ttr = {s: ((first[s] - self.start[s]).days + 1) / MONTH for s in self.responders}
        for name, f in (("median", median), ("min", min), ("max", max)):
            self.put(f(ttr.values()), "ttr", name, **among)
        early = sum(self.measured[s, ICR][0][0] == first[s] for s in self.responders)
        self.share(early, len(self.responders), "ttr.firstassessment", "count", **among)
        cm = self.tables["CM"].filter(pl.col("CMCAT") == "SUBSEQUENT ANTI-CANCER THERAPY")
        new = dict(zip(cm["USUBJID"], cm["CMSTDTC"], strict=True))
        pfs = {s: self.progression_free(s, new.get(s)) for s in self.evaluable}
        self.pfs = {s: ((d - self.start[s]).days + 1, e) for s, (d, e) in pfs.items()}
        dor = [((pfs[s][0] - first[s]).days + 1, pfs[s][1]) for s in self.responders]
        for name, data, landmarks, where in (
            ("dor", dor, (3, 6, 9), among),
            ("pfs", list(self.pfs.values()), (6, 9), {"evaluator": "central", "population": "response"}),
        ):
            steps = kaplan_meier(data)
            for m in landmarks:
                for part, v in zip(("value", "lower", "upper"), at(steps, m), strict=True):
                    self.put(100 * v, name, f"survival at {m} months", part, **where)
            for part, v in zip(("value", "lower", "upper"), half(steps), strict=True):
                self.put(v, name, "median", part, **where)
        ss = self.tables["SS"]
        last = dict(zip(ss["USUBJID"], ss["SSDTC"], strict=True))
        self.os = {s: ((last[s] - self.start[s]).days + 1, self.deaths[s] is not None) for s in self.subjects}
        for part, v in zip(("value", "lower", "upper"), half(kaplan_meier(list(self.os.values()))), strict=True):
            self.put(v, "os", "median", part)
        self.put(half(kaplan_meier([(t, not e) for t, e in self.os.values()]))[0], "followup", "median")
        self.put(min(t for t, _ in self.os.values()) / MONTH, "followup", "min")
        longest = max(self.os.values())
        self.put(longest[0] / MONTH, "followup", "max")
        self.put(str(not longest[1]), "followup", "max", "censored")

    def progression_free(self, subject, new):
        """Progression or death, unless a new therapy began before: then the last scan until then."""
        series = self.measured.get((subject, ICR), [])
        scans = [d for d, r, _ in series]
        happened = [d for d, r, _ in series if r == "PD"][:1] or [d for d in [self.deaths[subject]] if d]
        if happened and not (new and new < happened[0]):
            return happened[0], True
        seen = [d for d in scans if not (new and d > new)]
        return (seen[-1] if seen else self.start[subject]), False

    def conduct(self):
        n = len(self.subjects)
        ex = self.tables["EX"].with_columns(pl.col("EXDOSE").cast(int))
        ends = dict(ex.group_by("USUBJID").agg(pl.col("EXENDTC").max()).rows())
        days = {s: (ends[s] - self.start[s]).days + 1 for s in self.subjects}
        for name, f in (("median", median), ("min", min), ("max", max)):
            self.put(f(days.values()) / MONTH, "trtdur", name)
        for m in (3, 6, 9):
            self.share(sum(d >= m * MONTH for d in days.values()), n, "trtdur", f"at least {m} months")
        drops = ex.group_by("USUBJID").agg((pl.col("EXDOSE").min() < pl.col("EXDOSE").max()).alias("r"))
        self.share(int(drops["r"].sum()), n, "dosereduction", "count")
        ds = self.tables["DS"].filter(pl.col("DSSCAT") == "STUDY TREATMENT")
        self.share(ds.height, n, "discontinuation", "count")
        for reason, k in ds["DSDECOD"].value_counts().rows():
            self.share(k, n, "discontinuation", "count", group="DCTREAS", level=reason)
        self.put(min(self.start.values()), "enrolment", "first", "date")
        self.put(max(self.start.values()), "enrolment", "last", "date")
        stopped = set(ds["USUBJID"])
        kept = [s for s in self.responders if s not in stopped and all(r != "PD" for _, r, _ in self.measured[s, ICR])]
        self.share(len(kept), len(self.responders), "ongoing", "count", evaluator="central", population="responders")
        assert all(d <= CUTOFF for d in ends.values())

    def markers(self):
        mi, gf = self.tables["MI"], self.tables["GF"]
        tps = {s: float(v) for s, v in mi.select("USUBJID", "MISTRESN").rows()}
        tmb = {s: float(v) for s, v in gf.filter(pl.col("GFTESTCD") == "TMB").select("USUBJID", "GFSTRESC").rows()}
        gene = {
            (s, g): v[0]
            for s, g, v in gf.filter(pl.col("GFTESTCD") == "MUTSTAT").select("USUBJID", "GFSYM", "GFSTRESC").rows()
        }
        both = {s: (gene[s, "STK11"] + gene[s, "KEAP1"]) for s, g in gene if g == "STK11"}
        for group, values in (("PDL1", tps), ("TMB", tmb), ("STK11KEAP1", both)):
            self.put(len(values), "orr", "assessed", "n", "central", "response", group)
            self.rate(group, "all", list(values))
        self.rate("PDL1", "<1%", [s for s, v in tps.items() if v < 1])
        self.rate("TMB", "LOW", [s for s, v in tmb.items() if v < 10])
        self.rate("TMB", "HIGH", [s for s, v in tmb.items() if v >= 10])
        for level, text in (("MT/WT", "MW"), ("MT/MT", "MM"), ("WT/MT", "WM")):
            members = [s for s, v in both.items() if v == text]
            self.rate("STK11KEAP1", level, members)
            if level == "MT/WT":
                key = ("STK11KEAP1", level)
                self.put(
                    half(kaplan_meier([self.pfs[s] for s in members]))[0],
                    "pfs",
                    "median",
                    "value",
                    "central",
                    "response",
                    *key,
                )
                self.put(
                    half(kaplan_meier([self.os[s] for s in members]))[0], "os", "median", "value", "", "response", *key
                )

    def safety(self):
        ae = self.tables["AE"].with_columns(pl.col("AETOXGR").cast(int))
        related = ae.filter(pl.col("AEREL") == "RELATED")
        self.worst("ae", ae)
        self.worst("ae.related", related)
        self.worst("ae.related.modified", related.filter(pl.col("AEACN").is_in(["DOSE REDUCED", "DRUG INTERRUPTED"])))
        self.worst("ae.related.discontinued", related.filter(pl.col("AEACN") == "DRUG WITHDRAWN"))
        for name, frame in (("ae", ae), ("ae.related", related)):
            for term in frame["AEDECOD"].unique():
                self.worst(name, frame.filter(pl.col("AEDECOD") == term), "AEDECOD", term)

    def worst(self, endpoint, frame, group="all", level="all"):
        grades = frame.group_by("USUBJID").agg(pl.col("AETOXGR").max())["AETOXGR"].to_list()
        n = len(self.subjects)
        key = {"population": "safety", "group": group, "level": level}
        self.share(len(grades), n, endpoint, "any grade", **key)
        self.share(sum(g <= 2 for g in grades), n, endpoint, "grade 1-2", **key)
        for g in (3, 4, 5):
            self.share(grades.count(g), n, endpoint, f"grade {g}", **key)
