"""Rules across tables: subjects, dates of one record against those of another."""

from __future__ import annotations

from functools import partial

import polars as pl

from codon12.parallel import First, of_all
from codon12.records.config import StudyConfig
from codon12.records.dates import parse_dtc
from codon12.records.domains.exposure import doses, without_arm
from codon12.records.domains.tumour_tables import Held, tumour_domain
from codon12.records.terms.assessments import DIAMETER_TESTS
from codon12.records.terms.lesions import lesion_families, names_of_families
from codon12.records.terms.spelling import word
from codon12.records.validation.dosing import start_dates
from codon12.records.validation.rule import Breach, Check, Rule, Tables, breaches, dated

__all__ = ["ACROSS"]


def _subject_tables(tables: Tables, subject_table: str) -> list[str]:
    return [
        t for t, f in sorted(tables.items())
        if t != subject_table and "USUBJID" in f.columns
    ]  # fmt: skip


def _not_in(subject_table: str) -> Check:
    def check(tables: Tables, _: StudyConfig) -> list[Breach]:
        if subject_table not in tables or "USUBJID" not in tables[subject_table].columns:
            return []
        known = tables[subject_table]["USUBJID"].drop_nulls().unique()
        out = []
        for table in _subject_tables(tables, subject_table):
            if subject_table == "ADSL" and "DM" in tables:
                continue
            frame = tables[table]
            unknown = ~pl.col("USUBJID").is_in(known.implode())
            if not frame.select(unknown.any()).item():
                continue
            records = frame.group_by("USUBJID").agg(pl.len().alias("_RECORDS"))
            # one finding a subject, at the first of its records: a file of calls may hold thousands
            first = frame.join(records, on="USUBJID", how="left", maintain_order="left").with_columns(
                pl.col("USUBJID").is_first_distinct().alias("_FIRST")
            )
            out += breaches(table, first, unknown & pl.col("_FIRST"), "USUBJID", other=pl.col("_RECORDS"))
        return out

    return check


def _other_studies(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Records of another study than most subjects are in: the first row of each table and study."""
    subjects = next((tables[t] for t in ("DM", "ADSL") if t in tables and "STUDYID" in tables[t].columns), None)
    named = None if subjects is None else subjects["STUDYID"].drop_nulls()
    if named is None:
        return []
    own = of_all("subjects by STUDYID", dict(named.value_counts().iter_rows()), _most)
    if own is None:
        return []
    out = []
    for table, frame in sorted(tables.items()):
        if frame.schema.get("STUDYID") == pl.String:
            studies = frame["STUDYID"]
            seen = {
                study: (n, First(frame["SRCROW"][studies.index_of(study) or 0]))
                for study, n in studies.value_counts().iter_rows()
            }
            every: dict[str | None, tuple[int, int]] = of_all(
                f"studies of {table}", seen, partial(_with_others, own=own)
            )
            rows = {study: (n, at) for study, (n, at) in every.items() if study not in (None, own)}
            if not rows:
                continue
            told = pl.DataFrame(
                [(study, at, n) for study, (n, at) in rows.items()],
                schema={"STUDYID": pl.String, "SRCROW": frame.schema["SRCROW"], "_ROWS": pl.Int64}, orient="row",
            )  # fmt: skip
            first = frame.select("STUDYID", "SRCROW").join(
                told, on=["STUDYID", "SRCROW"], how="inner", maintain_order="left"
            )
            total = sum(n for n, _ in every.values())
            said = pl.format("{} of its {} rows, most subjects are in {}", "_ROWS", pl.lit(total), pl.lit(own))
            out += breaches(table, first, pl.lit(value=True), "STUDYID", other=said)
    return out


def _most(subjects: dict[str, int]) -> str | None:
    """The study that most subjects are in, of equals the first by its name."""
    return min(subjects, key=lambda study: (-subjects[study], study), default=None)


def _with_others(studies: dict[str | None, tuple[int, int]], *, own: str) -> dict[str | None, tuple[int, int]]:
    """Rows and first row of each study of a table; none where no other study is in it."""
    return studies if studies.keys() - {own, None} else {}


def _before(reference: str) -> Check:
    """Assessments (TU, TR, RS) before consent or before the study's start."""

    def check(tables: Tables, _: StudyConfig) -> list[Breach]:
        dm = tables.get("DM")
        if dm is None or not {"USUBJID", reference} <= set(dm.columns):
            return []
        dates = dm.select("USUBJID", parse_dtc(reference).alias("_DATE"))
        out = []
        for table in ("TU", "TR", "RS"):
            column = f"{table}DTC"
            if table in tables and {"USUBJID", column} <= set(tables[table].columns):
                rows = dated(tables[table], dates, "_DATE")
                bad = parse_dtc(column, impute="last") < pl.col("_REF")
                out += breaches(table, rows, bad, column, other=pl.col("_REF"))
        return out

    return check


def _response_before_start(tables: Tables, _: StudyConfig) -> list[Breach]:
    rs, dates = tables.get("RS"), start_dates(tables)
    if rs is None or dates is None or not {"USUBJID", "RSDTC"} <= set(rs.columns):
        return []
    rows = dated(rs, dates, "TRTSDT")
    return breaches("RS", rows, parse_dtc("RSDTC", impute="last") < pl.col("_REF"), "RSDTC", other=pl.col("_REF"))


def _no_baseline(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Target lesions first measured after the first dose, by any reader."""
    started = start_dates(tables)
    if started is None or "TR" not in tables or not {"USUBJID", "TRLNKID"} <= set(tables["TR"].columns):
        return []
    tests = {t for tests in DIAMETER_TESTS.values() for t in tests}
    every = tumour_domain(Held(tables), "TR")
    tr = every.filter(
        pl.col("TESTCD").is_in(tests)
        & (pl.col("GRPID").str.to_uppercase() == "TARGET")
        & (pl.col("STRESN").is_not_null() | pl.col("STRESC").is_not_null())
    )
    lesion = ["USUBJID", "EVAL", "EVALID", "LNKID"]
    on = dated(tr.with_columns(parse_dtc("DTC", impute="first").alias("_ADT")), started, "TRTSDT")
    begun = on.filter(pl.col("_ADT") <= pl.col("_REF")).select(lesion)
    late = on.filter(pl.col("_ADT") > pl.col("_REF")).join(begun, on=lesion, how="anti", nulls_equal=True)
    if late.is_empty():
        return []
    first = late.sort("_ADT", "SRCROW").unique(lesion, keep="first", maintain_order=True).sort("SRCROW")
    if names_of_families(tr, lesion="LNKID"):  # fragments and merged lesions had their baseline under other names
        reader = ["USUBJID", "EVAL", "EVALID"]
        for rows, kinds in ((tr, ["fragment", "merged"]), (every, ["merged"])):  # parts may be of another group
            dates = rows.with_columns(parse_dtc("DTC", impute="first").alias("_ADT"))
            families = lesion_families(dates, keys=reader, lesion="LNKID", day="_ADT")
            families = families.filter(pl.col("_kind").is_in(kinds))
            first = first.join(families, on=[*reader, "LNKID"], how="anti", nulls_equal=True, maintain_order="left")
    return breaches("TR", first.rename({"LNKID": "TRLNKID"}), pl.lit(value=True), "TRLNKID", other=pl.col("_ADT"))


def _not_identified(tables: Tables, _: StudyConfig) -> list[Breach]:
    tu, tr = tables.get("TU"), tables.get("TR")
    if tu is None or tr is None or "TULNKID" not in tu.columns or "TRLNKID" not in tr.columns:
        return []
    known = tu.select("USUBJID", pl.col("TULNKID").alias("TRLNKID")).drop_nulls().unique()
    lost = tr.filter(pl.col("TRLNKID").is_not_null()).join(
        known, on=["USUBJID", "TRLNKID"], how="anti", maintain_order="left"
    )
    return breaches("TR", lost, pl.lit(value=True), "TRLNKID")


def _after_cutoff(tables: Tables, config: StudyConfig) -> list[Breach]:
    """ADaM dates after the cut-off (SDTM records are left out and noted when the study is opened)."""
    if config.data_cutoff is None:
        return []
    out = []
    for table, frame in sorted(tables.items()):
        if table.startswith("AD") and frame.schema.get("ADT") == pl.Date:
            bad = pl.col("ADT") > config.data_cutoff
            out += breaches(table, frame, bad, "ADT", other=pl.lit(str(config.data_cutoff)))
    return out


def _treated_without_arm(tables: Tables, _: StudyConfig) -> list[Breach]:
    dm, ex = tables.get("DM"), tables.get("EX")
    if dm is None or ex is None or "USUBJID" not in ex.columns or "USUBJID" not in dm.columns:
        return []
    dosed = doses(ex)["USUBJID"].unique()
    arms = [pl.col(c) for c in ("ACTARM", "ARM", "ACTARMCD", "ARMCD") if c in dm.columns]
    if not arms:
        return []
    none = pl.coalesce(arms)
    blank = none.is_null() | without_arm(none)
    return breaches(
        "DM", dm, blank & pl.col("USUBJID").is_in(dosed.implode()), "ARM" if "ARM" in dm.columns else "ARMCD"
    )


def _treated_otherwise(tables: Tables, _: StudyConfig) -> list[Breach]:
    dm = tables.get("DM")
    if dm is None or "USUBJID" not in dm.columns:
        return []
    planned, actual = ("ARM", "ACTARM") if {"ARM", "ACTARM"} <= set(dm.columns) else ("ARMCD", "ACTARMCD")
    if not {planned, actual} <= set(dm.columns):
        return []
    none = [without_arm(pl.col(c)).fill_null(value=True) for c in (planned, actual)]
    other = (word(pl.col(planned)) != word(pl.col(actual))) & ~pl.any_horizontal(none)
    return breaches("DM", dm, other, actual, other=pl.col(planned))


def _another_arms_treatment(tables: Tables, _: StudyConfig) -> list[Breach]:
    """The first dose of each subject that has the name of another arm than its own."""
    dm, ex = tables.get("DM"), tables.get("EX")
    if dm is None or ex is None or not {"USUBJID", "EXTRT"} <= set(ex.columns) or "USUBJID" not in dm.columns:
        return []
    arm = next((c for c in ("ACTARM", "ARM") if c in dm.columns), None)
    if arm is None:
        return []
    own = dm.select("USUBJID", pl.col(arm).str.strip_chars().str.to_uppercase().alias("_ARM")).drop_nulls()
    arms = of_all("arms of DM", frozenset(own["_ARM"].unique()), sorted)
    given = doses(ex).with_columns(pl.col("EXTRT").str.strip_chars().str.to_uppercase().alias("_GIVEN"))
    rows = given.filter(pl.col("_GIVEN").is_in(arms)).join(own, on="USUBJID", how="inner", maintain_order="left")
    rows = rows.filter(~pl.col("_ARM").str.contains(pl.col("_GIVEN"), literal=True) & ~without_arm(pl.col("_ARM")))
    first = rows.unique("USUBJID", keep="first", maintain_order=True)
    return breaches("EX", first, pl.lit(value=True), "EXTRT", other=pl.col("_ARM"))


def _study_differs(tables: Tables, _: StudyConfig) -> list[Breach]:
    """The first record of each subject whose study is not that of DM."""
    dm = tables.get("DM")
    if dm is None or not {"USUBJID", "STUDYID"} <= set(dm.columns):
        return []
    own = dm.select("USUBJID", pl.col("STUDYID").cast(pl.String).alias("_STUDY")).drop_nulls().unique("USUBJID")
    single = own["_STUDY"][0] if own["_STUDY"].n_unique() == 1 else None
    out = []
    for table in _subject_tables(tables, "DM"):
        if tables[table].schema.get("STUDYID") == pl.String:
            if single is not None and not (tables[table]["STUDYID"] != single).any():
                continue
            rows = tables[table].join(own, on="USUBJID", how="inner", maintain_order="left")
            rows = rows.filter(pl.col("STUDYID") != pl.col("_STUDY"))
            first = rows.unique("USUBJID", keep="first", maintain_order=True)
            out += breaches(table, first, pl.lit(value=True), "STUDYID", other=pl.col("_STUDY"))
    return out


ACROSS: tuple[Rule, ...] = (
    Rule(id="subject-not-in-dm", scope="across", severity="warning", check=_not_in("DM"),
         sentence="{table} row {row}: the subject is not in DM; in no analysis. Records of it: {other}."),
    Rule(id="subject-not-in-adsl", scope="across", severity="warning", formats=("sdtm", "adam", "tables"),
         check=_not_in("ADSL"),
         sentence="{table} row {row}: the subject is not in ADSL; in no analysis. Records of it: {other}."),
    Rule(id="subject-not-in-patients", scope="across", severity="warning", formats=("cbioportal",),
         check=_not_in("PATIENT"),
         sentence="{table} row {row}: the patient is not in the clinical patient file; in no analysis. "
         "Records of it: {other}."),
    Rule(id="several-studies", scope="across", severity="warning", formats=("sdtm", "adam", "tables"),
         check=_other_studies,
         sentence="{table} row {row}: STUDYID {value} stands in {other}; the studies were pooled."),
    Rule(id="study-differs", scope="across", severity="warning", check=_study_differs,
         sentence="{table} row {row}: the record is of study {value}, its subject in DM of {other}; it was used."),
    Rule(id="assessment-before-consent", scope="across", severity="warning", check=_before("RFICDTC"),
         sentence="{table} row {row}: {variable} {value} is before informed consent on {other}."),
    Rule(id="response-before-start", scope="across", severity="warning", check=_response_before_start,
         sentence="{table} row {row}: a response on {value} is before the first dose on {other}."),
    Rule(id="lesion-without-baseline", scope="across", severity="warning", check=_no_baseline,
         sentence="{table} row {row}: target lesion {value} is first measured on {other}, after the first dose."),
    Rule(id="lesion-not-identified", scope="across", severity="warning", check=_not_identified,
         sentence="{table} row {row}: lesion {value} is not identified in TU."),
    Rule(id="date-after-cutoff", scope="across", severity="warning", formats=("adam",), check=_after_cutoff,
         sentence="{table} row {row}: {variable} {value} is after the data cut-off {other}; it was used as given."),
    Rule(id="treated-otherwise", scope="across", severity="warning", check=_treated_otherwise,
         sentence="{table} row {row}: treated with {value}, assigned to {other}; in efficacy as assigned, in safety as "
         "treated."),
    Rule(id="crossed-over", scope="across", severity="warning", check=_another_arms_treatment,
         sentence="{table} row {row}: a dose of {value}, the treatment of another arm than the subject's ({other}); "
         "events and times after it count in the subject's own arm."),
    Rule(id="treated-without-arm", scope="across", severity="warning", check=_treated_without_arm,
         sentence="{table} row {row}: the subject had a dose and no treatment arm."),
)  # fmt: skip
"""Rules that compare tables."""
