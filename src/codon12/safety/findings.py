"""What adverse-event records leave open, and how it was decided: one finding a row."""

from __future__ import annotations

import polars as pl

from codon12.parallel import of_all
from codon12.records.findings import Finding, findings_frame, no_findings, row_findings, shown_expr
from codon12.records.terms.events import DENIED, FATAL, YES, grade, occurred
from codon12.safety.policy import SafetyPolicy
from codon12.safety.terms import NOT_MODIFIED, NOT_RELATED, spelling, word

__all__ = ["adverse_event_findings"]

_OUTCOMES = (
    *FATAL,
    *("RECOVERED/RESOLVED", "RECOVERED", "RESOLVED", "RECOVERING/RESOLVING", "RECOVERING", "RESOLVING"),
    *("NOT RECOVERED/NOT RESOLVED", "NOT RECOVERED", "NOT RESOLVED", "ONGOING", "UNKNOWN", "UNK"),
    *("RECOVERED/RESOLVED WITH SEQUELAE", "RECOVERED WITH SEQUELAE", "RESOLVED WITH SEQUELAE"),
)


def adverse_event_findings(
    ae: pl.DataFrame, adae: pl.DataFrame, *, policy: SafetyPolicy | None = None, table: str = "AE"
) -> pl.DataFrame:
    """Find what was decided in deriving ADAE that the records do not say.

    Parameters
    ----------
    ae
        The records, with SRCROW and USUBJID.
    adae
        What `adverse_events` made of them: the same rows in the same order.
    policy
        As given to `adverse_events`.
    table
        AE or ADAE, as findings name it.

    Returns
    -------
    pl.DataFrame
        Findings (docs/house.md) by these rules. ``event-did-not-occur``: asked about and denied, or not asked; no
        event. ``event-word-unknown``: a word for relation, action, outcome or seriousness that codon12 and the policy
        do not know, so that it counts as no. ``event-word-missing``: no word for relation, action or seriousness, where
        other events have one. ``event-word-not-recorded``: no event has one, so that no table counts them.
        ``event-not-coded``: a term or class that other events have is missing.
        ``event-start-missing``: counts as treatment-emergent in who was treated.
        ``event-start-assumed``: a partial start that may lie before the first dose, taken on it. ``grade-missing``: the
        event counts without a grade. ``grade-raised``: a fatal event of another grade has grade 5. ``term-spelling``:
        a term written in several ways is counted as one. ``grade-from-severity``: the severity stood for a grade that
        is not given. ``severity-differs``, ``grades-differ``: severity or the grade collected is another than the grade
        that counts. ``emergence-differs``: AETRTEM says otherwise than the dates.

    Examples
    --------
    >>> from codon12.safety import adverse_events
    >>> ae = pl.DataFrame({"USUBJID": ["1"], "AETERM": ["Rash"], "AEOCCUR": ["N"], "SRCROW": [1]})
    >>> adsl = pl.DataFrame({"USUBJID": ["1"], "TRTSDT": [None], "TRTEDT": [None]}, schema_overrides={
    ...     "TRTSDT": pl.Date, "TRTEDT": pl.Date})
    >>> adverse_event_findings(ae, adverse_events(ae, adsl))["RULE"].to_list()
    ['event-did-not-occur']
    """
    policy = policy or SafetyPolicy()
    if "SRCROW" not in ae.columns or "USUBJID" not in ae.columns:
        return no_findings()
    made = [c for c in ("ASTDT", "ASTDTF", "ATOXGR", "TRTEMFL", "ANL01FL", "AEDECOD", "AEBODSYS") if c in adae.columns]
    both = ae.with_columns(occurred(ae).alias("_OCCURRED"), *(adae[c].alias(f"_{c}") for c in made))
    happened = both.filter("_OCCURRED")
    counted = happened.filter(pl.col("_ANL01FL") == "Y")
    parts = [
        _found(
            both.filter(~pl.col("_OCCURRED")), table, "event-did-not-occur", "AETERM", _first(ae, "AEDECOD", "AETERM"),
            "it did not occur (asked about and denied, not asked, grade 0, or the term says none); it is no event",
        ),
        *_unknown_words(happened, table, policy),
        *_missing_words(ae, counted, table, policy),
        *_spellings(happened, table),
        *_uncoded(counted, table),
    ]  # fmt: skip
    if "AESTDTC" in ae.columns:
        start = pl.col("AESTDTC")
        parts += [
            _found(
                counted.filter(pl.col("_ASTDT").is_null()), table, "event-start-missing", "AESTDTC", start,
                "the event has no start that can be read; it counts as begun on treatment",
            ),
            _found(
                counted.filter(_assumed(counted)), table, "event-start-assumed", "AESTDTC", start,
                "the start may lie before the first dose; it was taken as the day of the first dose",
            ),
        ]  # fmt: skip
    if {"AETOXGR", "AESEV", "ATOXGR", "ASEV"} & set(ae.columns):
        written = _first(ae, "ATOXGR", "AETOXGR", "ASEV", "AESEV")
        raised = (pl.col("_ATOXGR") == 5) & ~written.fill_null("").str.contains(r"5|(?i)^(fatal|grade v|v)$")
        parts += [
            _found(
                counted.filter(pl.col("_ATOXGR").is_null()), table, "grade-missing", "AETOXGR", written,
                "the event has no grade; it counts as an event of any grade alone",
            ),
            _found(
                counted.filter(raised), table, "grade-raised", "AETOXGR", written,
                "the outcome is fatal, so the grade is 5",
            ),
        ]  # fmt: skip
    parts += [*_severities(ae, counted, table), *_two_grades(ae, counted, table), *_emergence(happened, table)]
    return pl.concat([no_findings(), *(p for p in parts if p.height)])


_FATAL = 5
_GRADES_OF = {"MILD": (1,), "MODERATE": (2,), "SEVERE": (3, 4, 5), "LIFE THREATENING": (4, 5), "FATAL": (5,)}


def _severities(ae: pl.DataFrame, counted: pl.DataFrame, table: str) -> list[pl.DataFrame]:
    """Events graded by their severity, as no grade is given, and grades that the severity contradicts."""
    severity = _first(ae, "ASEV", "AESEV")
    given = word(_first(ae, "ATOXGR", "AETOXGR"))
    known = word(severity).is_in(list(_GRADES_OF))
    taken = counted.filter((given == "") & known)
    what = "no grade is given; the severity was taken for it (mild 1, moderate 2, severe 3)"
    if of_all(f"a record of {table} has a grade", bool(ae.select((given != "").any()).item())):
        told = _found(taken, table, "grade-from-severity", "AESEV", severity, what)
    else:
        told = findings_frame([])
        if of_all(f"an event of {table} has a severity", bool(taken.height)):
            message = f"{table}: no event has a grade; AESEV was taken for it (mild 1, moderate 2, severe 3)."
            one = Finding(table=table, rule="grade-from-severity", severity="note", variable="AESEV", message=message)
            told = findings_frame([one])
    grades = pl.DataFrame(
        [(w, g) for w, every in _GRADES_OF.items() for g in every],
        schema={"_W": pl.String, "_G": pl.Int64},
        orient="row",
    )
    both = counted.filter((given != "") & known & pl.col("_ATOXGR").is_not_null()).with_columns(_W=word(severity))
    odd = both.join(grades, left_on=["_W", "_ATOXGR"], right_on=["_W", "_G"], how="anti", maintain_order="left")
    text = "the severity is not that of the grade; the grade counts"
    return [told, _found(odd, table, "severity-differs", "AESEV", severity, text)]


def _two_grades(ae: pl.DataFrame, counted: pl.DataFrame, table: str) -> list[pl.DataFrame]:
    """Events whose analysis grade is not the grade collected."""
    if not {"ATOXGR", "AETOXGR"} <= set(ae.columns):
        return []
    odd = counted.filter(grade("AETOXGR") != pl.col("_ATOXGR"))
    return [_found(odd, table, "grades-differ", "AETOXGR", pl.col("AETOXGR"), "ATOXGR is another grade; that counts")]


def _emergence(happened: pl.DataFrame, table: str) -> list[pl.DataFrame]:
    """Events that a flag of the sponsor (AETRTEM) calls treatment-emergent and we do not, or the other way round."""
    if "AETRTEM" not in happened.columns:
        return []
    said, ours = word(pl.col("AETRTEM")), pl.col("_TRTEMFL") == "Y"
    odd = happened.filter((said.is_in(YES) & ~ours.fill_null(value=False)) | (said.is_in(DENIED) & ours))
    text = "it says otherwise than the dates of the event and of the doses, which count"
    return [_found(odd, table, "emergence-differs", "AETRTEM", pl.col("AETRTEM"), text)]


def _assumed(rows: pl.DataFrame) -> pl.Expr:
    """Partial starts whose date was moved to the first dose: not the first day that they may mean."""
    from codon12.records.dates import parse_dtc

    partial = pl.col("_ASTDTF").is_not_null() if "_ASTDTF" in rows.columns else pl.lit(value=False)
    return partial & (parse_dtc("AESTDTC", impute="first") != pl.col("_ASTDT"))


def _first(table: pl.DataFrame, *names: str) -> pl.Expr:
    have = [pl.col(n).cast(pl.String) for n in names if n in table.columns]
    return pl.coalesce(have) if have else pl.lit(None, pl.String)


_SEVERITY = ("event-word-unknown", "event-word-missing", "event-start-missing", "event-start-assumed")


def _found(rows: pl.DataFrame, table: str, rule: str, variable: str, value: pl.Expr, text: str) -> pl.DataFrame:
    return row_findings(
        rows,
        table=table,
        rule=rule,
        severity="warning" if rule in _SEVERITY else "note",
        variable=variable,
        value=value,
        message=f"{table} row {{}}: {variable} '{{}}': {text}.",
        parts=[pl.col("SRCROW"), shown_expr(value)],
    )


def _unknown_words(rows: pl.DataFrame, table: str, policy: SafetyPolicy) -> list[pl.DataFrame]:
    known = {
        "AEREL": ((*policy.related, *NOT_RELATED), "it counts as not related; name it in [safety] related if it is"),
        "AEACN": (
            (*policy.dose_modified, *policy.discontinued, *NOT_MODIFIED),
            "it counts as no change of dose; name it in [safety] dose_modified or discontinued if it is one",
        ),
        "AEOUT": (_OUTCOMES, "it counts as not fatal"),
        "AESER": ((*YES, *DENIED), "it counts as not serious"),
        "AEOCCUR": ((*YES, *DENIED), "it counts as an event that occurred"),
    }
    out = []
    for variable, (words, what) in known.items():
        column = "AREL" if variable == "AEREL" and "AREL" in rows.columns else variable
        if column in rows.columns:
            text = word(pl.col(column))
            unknown = (text != "") & ~text.is_in([w.upper() for w in words])
            odd = rows.filter(unknown)
            out.append(_found(odd, table, "event-word-unknown", column, pl.col(column).cast(pl.String), what))
    return out


def _missing_words(ae: pl.DataFrame, counted: pl.DataFrame, table: str, policy: SafetyPolicy) -> list[pl.DataFrame]:
    out = []
    some = of_all("an event is counted", bool(counted.height))
    grades = counted["_ATOXGR"]  # a fatal event has grade 5 whether or not one was collected
    graded = bool((grades < _FATAL).any()) or (bool(grades.len()) and not grades.null_count())
    if some and not of_all("a counted event is graded", graded):
        out.append(_not_recorded(table, "AETOXGR"))
    said = {
        "AEREL": f"no relation is given; the event counts as {policy.relation_missing} ([safety] relation_missing)",
        "AEACN": "no action is given; the event counts as no change of dose",
        "AESER": "it is not said whether the event was serious; it counts as not serious",
    }
    for variable, what in said.items() if some else ():
        value = _first(ae, *(("AREL", "AEREL") if variable == "AEREL" else (variable,)))
        if of_all(f"a record has a word for {variable}", bool(ae.select((word(value) != "").any()).item())):
            out.append(_found(counted.filter(word(value) == ""), table, "event-word-missing", variable, value, what))
            continue
        out.append(_not_recorded(table, variable))
    return out


def _not_recorded(table: str, variable: str) -> pl.DataFrame:
    what = "grade that can be read" if variable == "AETOXGR" else f"word for {variable}"
    message = f"{table}: no event has a {what}; no table counts events by it."
    none = Finding(table=table, rule="event-word-not-recorded", severity="warning", variable=variable, message=message)
    return findings_frame([none])


def _uncoded(counted: pl.DataFrame, table: str) -> list[pl.DataFrame]:
    """Events counted without a coded term or class, where others have one."""
    said = {
        "AEDECOD": "the event has no coded term; its verbatim term is counted",
        "AEBODSYS": "the event has no class; it is counted under NOT CODED",
    }
    out = []
    for variable, what in said.items():
        text = pl.col(variable) if variable in counted.columns else pl.lit(None, pl.String)
        if of_all(f"an event has {variable}", bool(counted.select((word(text) != "").any()).item())):
            rows = counted.filter(word(text) == "")
            out.append(_found(rows, table, "event-not-coded", variable, _first(counted, "AETERM"), what))
    return out


def _spellings(rows: pl.DataFrame, table: str) -> list[pl.DataFrame]:
    out = []
    for variable in ("AEDECOD", "AEBODSYS"):
        if variable not in rows.columns:
            continue
        other = pl.col(variable).is_not_null() & (
            pl.col(variable) != spelling(rows, pl.col(variable), of=f"{variable} of events that occurred")
        )
        text = f"it is counted with {variable} of another spelling"
        out.append(_found(rows.filter(other), table, "term-spelling", variable, pl.col(variable), text))
    return out
