"""ADRS as given: its parameters under the names used here, one best response a subject and evaluator."""

from __future__ import annotations

import polars as pl

from codon12.derive.adrs import Responses, shaped
from codon12.derive.given import given_evaluator
from codon12.records.findings import Finding, Severity, findings_frame, no_findings, row_findings, shown_expr
from codon12.response.terms import KNOWN, RESPONSES

__all__ = ["best_not_given", "given_responses", "no_best_response"]

_NAMES = {"BESRSPI": "CBOR", "BESRSP": "CBOR", "BOR": "BOR", "CBOR": "CBOR", "OVR": "OVRLRESP", "OVRLRESP": "OVRLRESP"}
"""Parameters of a given ADRS -> their names here."""
_READ_BY = r"^(C?BOR|BESRSPI?|OVR|OVRLRESP)_?(?:INVA?|IR[CFR]|BICR|ICR|CEN|CENTRAL)$"
"""Parameters that say in their name who read the scans (BORIRC, CBORINV)."""
_BEST = ("BOR", "CBOR")
_WORDS = {
    "COMPLETE RESPONSE": "CR",
    "PARTIAL RESPONSE": "PR",
    "STABLE DISEASE": "SD",
    "STABLE": "SD",
    "PROGRESSIVE DISEASE": "PD",
    "DISEASE PROGRESSION": "PD",
    "NOT EVALUABLE": "NE",
    "INEVALUABLE": "NE",
    "NOT DONE": "ND",
    "NON-CR/NON-PD": "NON-CR/NON-PD",
    "NON CR/NON PD": "NON-CR/NON-PD",
    **{k: k for k in (*KNOWN, "MISSING")},
}
"""Responses in words, in capitals -> the controlled term."""


def given_responses(adrs: pl.DataFrame) -> Responses | None:
    """ADRS as given, with its parameters and words under the names used here; None without a best overall response.

    Findings: a response in words that are not known counts as not evaluable (``given-response-unknown``); a best
    response that is said again counts once (``given-response-repeated``); of several that differ the worst counts, as
    no rule says which is meant (``given-responses-disagree``), those with ANL01FL = Y before others. Rows without a
    value are no best response (``given-response-missing``).
    """
    code = pl.col("PARAMCD").str.strip_chars().str.to_uppercase().str.replace(_READ_BY, "${1}")
    text = pl.col("AVALC").cast(pl.String).str.strip_chars()
    judged = code.replace(_NAMES).is_in([*_BEST, "OVRLRESP"])
    word = text.str.to_uppercase().str.replace_all(r"\s+", " ")
    value = word.replace_strict(_WORDS, default=None, return_dtype=pl.String)
    date = next((c for c in ("ADT", "ADTM") if c in adrs.columns), None)
    day = pl.col(date).cast(pl.Date) if date else pl.lit(None, dtype=pl.Date)
    rows = adrs if "SRCROW" in adrs.columns else adrs.with_row_index("SRCROW", offset=1)
    rows = rows.with_columns(
        _said=text,
        AVALC=pl.when(judged).then(pl.when(word != "").then(value.fill_null("NE"))).otherwise("AVALC"),
        PARAMCD=code.replace(_NAMES),
        EVAL=given_evaluator(adrs),
        ADT=day,
        ORIGIN=pl.lit("given"),
        _unknown=judged & (word != "") & value.is_null(),
    )
    best = pl.col("PARAMCD").is_in(_BEST)
    if not rows.select(best.any()).item():
        return None
    empty = rows.filter(best & pl.col("AVALC").is_null())
    kept, more = _one_best(rows.filter(best & pl.col("AVALC").is_not_null()))
    found = [
        _finding(rows.filter("_unknown"), "given-response-unknown", "is no response; it counts as not evaluable"),
        _finding(empty, "given-response-missing", "has no value; it is no best response"),
        _finding(more.filter("_same"), "given-response-repeated", "is said of the subject again; it counts once"),
        _finding(
            more.filter(~pl.col("_same")), "given-responses-disagree",
            "differs from another best response of the subject; the worst counts, this one does not", "error",
        ),
    ]  # fmt: skip
    frame = shaped(pl.concat([rows.filter(~best), kept.select(rows.columns)]).sort("SRCROW"))
    readers = kept["EVAL"].unique().to_list()
    return Responses(
        adrs=frame,
        adtr=None,
        evaluators=tuple(e for e in ("CENTRAL", "INVESTIGATOR") if e in readers),
        disagreements=pl.DataFrame(),
        findings=pl.concat([no_findings(), *found]),
    )


def best_not_given(adsl: pl.DataFrame, found: Responses) -> pl.DataFrame:
    """``best-response-not-given``: subjects treated or randomised without a best response that others have.

    Without a row of ADRS they are in no denominator of responses; with other rows alone they are, without a response.
    """
    flags = [pl.col(c) == "Y" for c in ("SAFFL", "RANDFL") if c in adsl.columns]
    members = adsl.filter(pl.any_horizontal(flags)) if flags else adsl
    told = [no_findings()]
    for who in found.evaluators:
        mine = found.adrs.filter(EVAL=who).select(pl.col("USUBJID").cast(pl.String), "PARAMCD")
        best = mine.filter(pl.col("PARAMCD").is_in(_BEST)).select("USUBJID").unique()
        without = members.join(best, on="USUBJID", how="anti", maintain_order="left")
        other = pl.col("USUBJID").is_in(mine["USUBJID"].unique().implode())
        what = (
            pl.when(other)
            .then(pl.lit("counts as one without a response"))
            .otherwise(pl.lit("is in no denominator of responses"))
        )
        told.append(
            row_findings(
                without.with_columns(SRCROW=pl.lit(None, pl.Int64)), table="ADRS", rule="best-response-not-given",
                severity="warning", variable="PARAMCD", value=pl.lit(who), parts=[what],
                message=f"ADRS: the subject has no best response ({who.lower()}), which others have; it {{}}.",
            )
        )  # fmt: skip
    return pl.concat(told)


def no_best_response(adrs: pl.DataFrame) -> pl.DataFrame:
    """Finding that ADRS has no parameter of best overall response, and which it has."""
    names = adrs["PARAMCD"].cast(pl.String).drop_nulls().unique().sort().to_list()
    known = ", ".join(sorted(name for name, ours in _NAMES.items() if ours in _BEST))
    listed = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
    told = Finding(
        table="ADRS",
        rule="given-best-response-not-found",
        severity="warning",
        variable="PARAMCD",
        value=listed,
        message=f"ADRS has no parameter of best overall response ({known}); it has {listed or 'none'}. It is not used.",
    )
    return findings_frame([told])


def _one_best(best: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The best response of each subject, parameter and evaluator that counts, and the others with `_same`."""
    keys = ["USUBJID", "PARAMCD", "EVAL"]
    flag = pl.col("ANL01FL").eq("Y").fill_null(value=False) if "ANL01FL" in best.columns else pl.lit(value=False)
    rank = pl.col("AVALC").replace_strict(
        {v: i for i, v in enumerate((*RESPONSES, "ND"))}, default=len(RESPONSES), return_dtype=pl.Int64
    )
    best = best.with_columns(_flag=flag, _rank=rank)
    ordered = best.sort("_flag", "_rank", "SRCROW", descending=[True, True, False])
    first = ordered.unique(keys, keep="first", maintain_order=True)
    more = ordered.join(first.select("SRCROW"), on="SRCROW", how="anti", maintain_order="left")
    taken = first.select(*keys, _taken="AVALC", _settles="_flag")
    more = more.join(taken, on=keys, how="left", nulls_equal=True, maintain_order="left")
    settled = pl.col("_settles") & ~pl.col("_flag")  # the flag says which one counts
    return first, more.filter(~settled).with_columns(_same=pl.col("AVALC") == pl.col("_taken"))


def _finding(rows: pl.DataFrame, rule: str, what: str, severity: Severity = "warning") -> pl.DataFrame:
    return row_findings(
        rows,
        table="ADRS",
        rule=rule,
        severity=severity,
        variable="AVALC",
        value=pl.col("_said"),
        message=f"ADRS row {{}}: '{{}}' {what}.",
        parts=[pl.col("SRCROW"), shown_expr(pl.col("_said"))],
    )
