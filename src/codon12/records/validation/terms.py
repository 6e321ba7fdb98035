"""Rules on controlled terms: tests, groups, responses, states of lesions, evaluators, grades."""

from __future__ import annotations

import polars as pl

from codon12.parallel import First, of_all
from codon12.records.config import StudyConfig
from codon12.records.terms.assessments import DIAMETER_TESTS, STATE_TESTS, criterion, evaluator, response_term
from codon12.records.terms.events import grade, no_grade
from codon12.records.validation.rule import Breach, Rule, Tables, breaches

__all__ = ["TERM_RULES"]

RESPONSES = (
    *("CR", "PR", "SD", "PD", "NE", "ND", "NA", "NED", "UNK", "NON-CR/NON-PD", "NON-PD"),
    *("EQUIVOCAL", "UNEQUIVOCAL", "YES", "NO", "Y", "N"),
)
"""Responses of RECIST 1.1, and what is said of new lesions."""
NO_OVERALL = ("NA", "NED", "UNK", "NON-PD")
"""Those from which no overall response is made."""
IMMUNE = ("ICR", "IPR", "ISD", "IUPD", "ICPD", "INE", "NON-ICR/NON-IUPD")
"""Responses of iRECIST, in capitals."""

TERMS = {
    "TR": {
        "TRTESTCD": (
            *sorted({t for tests in DIAMETER_TESTS.values() for t in tests} | set(STATE_TESTS)),
            *("SUMDIAM", "SUMLDIAM", "SUMPDIAM", "SUMLPERP", "SUMNLNLD", "SUMPROD", "AREA", "PRODUCT", "VOLUME"),
            *("NUMLES", "LMAXSP", "PCBSD", "PCNSD", "ACNSD", "ACBSD"),
        ),
        "TRGRPID": ("TARGET", "NON-TARGET", "NEW"),
    },
    "TU": {"TUSTRESC": ("TARGET", "NON-TARGET", "NEW", "SPLIT TARGET", "MERGED TARGET", "BENIGN LESION")},
    "RS": {
        "RSTESTCD": (
            *("OVRLRESP", "TRGRESP", "NTRGRESP", "NEWLRESP", "NEWLPROG"),
            *("BESTRESP", "SYMPTDTR", "CLINRESP", "LIVERRES"),
        )
    },
    "DM": {"SEX": ("M", "MALE", "F", "FEMALE", "U", "UNKNOWN", "UNK", "UNDIFFERENTIATED", "INTERSEX")},
}
"""Controlled terms codon12 reads; another text is not wrong, but nothing is derived from it."""

STATES = (
    *("ABSENT", "PRESENT", "EQUIVOCAL", "UNEQUIVOCAL", "UNEQUIVOCAL PROGRESSION", "RESOLVED", "STABLE"),
    *("WORSENED", "IMPROVED", "INCREASED", "DECREASED", "MERGED", "COALESCED"),
    *("TOO SMALL TO MEASURE", "TOO SMALL", "NE", "NOT EVALUABLE", "NOT ASSESSED", "NOT DONE"),
)
"""States of a lesion that the response rules read."""


def _unknown_terms(tables: Tables, _: StudyConfig) -> list[Breach]:
    out = []
    for table, columns in TERMS.items():
        for column, terms in columns.items():
            if table in tables and column in tables[table].columns:
                frame = tables[table]
                out += breaches(table, frame, ~pl.col(column).str.to_uppercase().is_in(terms), column)
    return out


def _unknown_responses(tables: Tables, _: StudyConfig) -> list[Breach]:
    if "RS" not in tables or "RSSTRESC" not in tables["RS"].columns:
        return []
    text = pl.col("RSSTRESC")
    upper = response_term(text).str.to_uppercase()
    named = [pl.col(c) if c in tables["RS"].columns else pl.lit(None, pl.String) for c in ("RSCAT", "RSSCAT")]
    immune = (criterion(*named).str.to_uppercase() == "IRECIST").fill_null(value=False)
    bad = ~text.is_in(RESPONSES) & ~upper.is_in(RESPONSES) & ~(immune & upper.is_in(IMMUNE))
    if "RSTESTCD" in tables["RS"].columns:  # of a part they say that there is no such lesion
        bad |= upper.is_in(NO_OVERALL) & (pl.col("RSTESTCD").str.to_uppercase() == "OVRLRESP")
    test = pl.col("RSTESTCD") if "RSTESTCD" in tables["RS"].columns else pl.lit("a response")
    return breaches("RS", tables["RS"], bad, "RSSTRESC", other=test)


def _unknown_states(tables: Tables, _: StudyConfig) -> list[Breach]:
    tr = tables.get("TR")
    if tr is None or not {"TRTESTCD", "TRSTRESC"} <= set(tr.columns):
        return []
    rows = tr.filter(pl.col("TRTESTCD").is_in(STATE_TESTS))
    return breaches("TR", rows, ~pl.col("TRSTRESC").str.to_uppercase().is_in(STATES), "TRSTRESC")


def _unknown_evaluators(tables: Tables, _: StudyConfig) -> list[Breach]:
    out = []
    for table in ("RS", "TR", "TU"):
        column = f"{table}EVAL"
        if table in tables and column in tables[table].columns:
            values = tables[table][column].unique().to_frame()
            known = evaluator(pl.col(column)).is_in(["INVESTIGATOR", "CENTRAL"])
            strange = values.filter(~known)[column]
            out += breaches(table, tables[table], pl.col(column).is_in(strange.implode()), column)
    return out


def _no_evaluators(tables: Tables, _: StudyConfig) -> list[Breach]:
    """Records that do not say who assessed, in a table where others do: the first of each, and how many there are."""
    out = []
    for table in ("RS", "TR", "TU"):
        column = f"{table}EVAL"
        if table not in tables or column not in tables[table].columns:
            continue
        said = of_all(f"{column} is filled", bool(tables[table][column].is_not_null().any()))
        blank = tables[table].filter(pl.col(column).is_null())
        seen = {column: (blank.height, First(blank["SRCROW"].sort()[0]))} if blank.height else {}
        every: dict[str, tuple[int, int]] = of_all(f"{column} is blank", seen)
        if said and seen:
            total, row = every[column]
            out += breaches(
                table,
                blank.filter(pl.col("SRCROW") == int(row)).head(1),
                pl.lit(value=True),
                column,
                other=pl.lit(total),
            )
    return out


def _parts_alone(tables: Tables, _: StudyConfig) -> list[Breach]:
    """The first record of each subject whose target or non-target response is collected, and no overall response."""
    rs, tr = tables.get("RS"), tables.get("TR")
    if rs is None or not {"USUBJID", "RSTESTCD"} <= set(rs.columns):
        return []
    test = pl.col("RSTESTCD").str.to_uppercase()
    rows = rs.filter(test.is_in(["TRGRESP", "NTRGRESP", "NEWLRESP", "NEWLPROG"]))
    rows = rows.join(rs.filter(test == "OVRLRESP").select("USUBJID"), on="USUBJID", how="anti", maintain_order="left")
    if tr is not None and "USUBJID" in tr.columns:
        rows = rows.join(tr.select("USUBJID"), on="USUBJID", how="anti", maintain_order="left")
    return breaches("RS", rows.unique("USUBJID", keep="first", maintain_order=True), pl.lit(value=True), "RSTESTCD")


def _grades(tables: Tables, _: StudyConfig) -> list[Breach]:
    out = []
    for table, column in (("AE", "AETOXGR"), ("ADAE", "ATOXGR"), ("ADAE", "AETOXGR")):
        if table in tables and column in tables[table].columns:
            unread = pl.col(column).is_not_null() & grade(column).is_null() & ~no_grade(pl.col(column))
            out += breaches(table, tables[table], unread, column)
    return out


TERM_RULES: tuple[Rule, ...] = (
    Rule(id="term-unknown", scope="within", severity="warning", check=_unknown_terms,
         sentence="{table} row {row}: {variable} '{value}' is no term codon12 derives anything from."),
    Rule(id="response-unknown", scope="within", severity="warning", check=_unknown_responses,
         sentence="{table} row {row}: '{value}' is no response of {other}; it counts as not evaluable or is refused."),
    Rule(id="lesion-state-unknown", scope="within", severity="error", check=_unknown_states,
         sentence="{table} row {row}: '{value}' is no known state of a lesion."),
    Rule(id="evaluator-unknown", scope="within", severity="warning", check=_unknown_evaluators,
         sentence="{table} row {row}: {variable} '{value}' is neither investigator nor central review."),
    Rule(id="evaluator-missing", scope="within", severity="warning", check=_no_evaluators,
         sentence="{table} row {row}: {variable} does not say who assessed, as other records do; the investigator was "
         "taken. Such records: {other}."),
    Rule(id="overall-response-missing", scope="within", severity="warning", check=_parts_alone,
         sentence="{table} row {row}: {value} is collected of the subject and no overall response (OVRLRESP), nor a "
         "lesion in TR: no response is derived from it."),
    Rule(id="grade-unknown", scope="within", severity="warning", formats=("sdtm", "adam"), check=_grades,
         sentence="{table} row {row}: {variable} '{value}' is no single grade from 1 to 5; the event has none."),
)  # fmt: skip
"""Rules on what words mean."""
