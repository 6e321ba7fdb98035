"""Target x non-target x new lesions to overall response (RECIST 1.1, tables 1 and 2)."""

from __future__ import annotations

import polars as pl

from codon12.records.columns.needed import need
from codon12.response.keys import group_number, grouping
from codon12.response.policy import RecistPolicy
from codon12.response.running import any_before, any_in_group

__all__ = ["overall_response"]

_TERMS = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "CHECK")
_NONE = ("NONE", "N", "NO", "NA", "NOT APPLICABLE")


def overall_response(timepoints: pl.DataFrame, *, policy: RecistPolicy | None = None) -> pl.DataFrame:
    """Overall response at each time point from target response, non-target response and new lesions.

    Parameters
    ----------
    timepoints
        USUBJID, [EVAL, EVALID], [ADT, VISITNUM, VISIT], TRGRESP, NTRGRESP, NEWLRESP, as from ``timepoints`` or
        ``collected_timepoints``. A null TRGRESP or NTRGRESP means no such lesions, unless TRGEXP / NTRGEXP is Y or,
        without those columns, another row of the same subject and evaluator has a value: then it is missing.
        NEWLRESP: UNEQUIVOCAL, EQUIVOCAL or null.
    policy
        missing_non_target, reappearance_after_cr, visit_date.

    Returns
    -------
    DataFrame
        The rows given, in order of subject, evaluator and date, with PARAMCD (OVRLRESP), AVALC (CR, PR, SD,
        NON-CR/NON-PD, PD, NE, or CHECK), ADT by the policy, and the source of the deciding part.

    Notes
    -----
    PD is target PD, non-target PD or an unequivocal new lesion; an equivocal one does not count. CR asks for CR
    of all parts. PR is target CR or PR with any other non-target response; SD and NE follow the target. Without
    target disease the non-target response decides. A text that is no known response counts as NE (``SD`` with
    an unknown non-target state is SD, ``CR`` is PR), and so does a missing record of a subject with such disease:
    not all evaluated. With ``missing_non_target = 'check'`` the time point is then ``CHECK``, unless something else
    makes it PD.

    References
    ----------
    RECIST 1.1 (Eisenhauer 2009), tables 1 and 2; footnote a of table 3 for ``any-lesion``.

    Examples
    --------
    >>> points = pl.DataFrame({
    ...     "USUBJID": ["1", "2", "3"], "TRGRESP": ["CR", "SD", None], "NTRGRESP": ["NE", "CR", "NON-CR/NON-PD"],
    ...     "NEWLRESP": [None, "UNEQUIVOCAL", "EQUIVOCAL"]})
    >>> overall_response(points)["AVALC"].to_list()
    ['PR', 'PD', 'NON-CR/NON-PD']
    """
    policy = policy or RecistPolicy()
    need(timepoints, (*(grouping(timepoints)[:1] or ["USUBJID"]), "TRGRESP", "NTRGRESP", "NEWLRESP"), what="timepoints")
    keys = grouping(timepoints)
    order = [*keys, *(c for c in ("ADT", "VISITNUM") if c in timepoints.columns)]
    rows = timepoints.sort(order, nulls_last=True, maintain_order=True).with_columns(
        _part(timepoints["TRGRESP"]).alias("_t"),
        _part(timepoints["NTRGRESP"]).alias("_n"),
        group_number(keys),
    )
    rows = rows.with_columns(
        _expected(rows, "TRGRESP", "_t").alias("_texp"),
        _expected(rows, "NTRGRESP", "_n").alias("_nexp"),
        (_text("NEWLRESP").is_in(["UNEQUIVOCAL", "Y", "YES", "PD"])).fill_null(value=False).alias("_new"),
    )
    rows = rows.with_columns(_answer(policy).alias("AVALC"))
    if policy.reappearance_after_cr == "any-lesion" and "ADT" in rows.columns:
        rows = _reappearance(rows)
    rows = rows.with_columns(pl.lit("OVRLRESP").alias("PARAMCD"), *_source(rows))
    if policy.visit_date != "earliest" and {"ADTENDT", "ADT"} <= set(rows.columns):
        rows = rows.with_columns(_date(rows, policy).alias("ADT")).sort(order, nulls_last=True, maintain_order=True)
    return rows.drop(c for c in rows.columns if c.startswith("_") and c not in keys)


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).str.strip_chars().str.to_uppercase()


def _part(texts: pl.Series) -> pl.Expr:
    """The part as a known term; null where there is none; an unknown text as NE."""
    seen: dict[str, str | None] = {}
    for text in texts.unique().drop_nulls().cast(pl.String):
        term = text.strip().upper()
        seen[text] = None if term in ("", *_NONE) else term if term in _TERMS else "NE"
    return pl.col(texts.name).cast(pl.String).replace_strict(seen, default=None, return_dtype=pl.String)


def _expected(rows: pl.DataFrame, name: str, part: str) -> pl.Expr:
    """Whether the subject has such lesions, so that a null part is a missing record."""
    flag = {"TRGRESP": "TRGEXP", "NTRGRESP": "NTRGEXP"}[name]
    stated = pl.col(name).is_not_null() & pl.col(part).is_null()  # "none", said in words
    if flag in rows.columns:
        return (pl.col(flag) == "Y").fill_null(value=False) & ~stated
    return pl.lit(any_in_group(rows[part].is_not_null(), rows["_g"])) & ~stated


def _answer(policy: RecistPolicy) -> pl.Expr:
    t, n = pl.col("_t"), pl.col("_n")
    if policy.missing_non_target == "ne":
        n = pl.when((n.is_null() & pl.col("_nexp")) | (n == "CHECK")).then(pl.lit("NE")).otherwise(n)
        t = pl.when((t.is_null() & pl.col("_texp")) | (t == "CHECK")).then(pl.lit("NE")).otherwise(t)
    missing = (n.is_null() & pl.col("_nexp")) | (t.is_null() & pl.col("_texp")) | (n == "CHECK") | (t == "CHECK")
    return (
        pl.when((t == "PD") | (n == "PD") | pl.col("_new"))
        .then(pl.lit("PD"))
        .when(missing)
        .then(pl.lit("CHECK"))
        .when(t.is_null() & n.is_null())
        .then(pl.lit("NE"))
        .when(t.is_null())
        .then(pl.when(n.is_in(["PR", "SD"])).then(pl.lit("NON-CR/NON-PD")).otherwise(n))
        .when((t == "CR") & (n.is_null() | (n == "CR")))
        .then(pl.lit("CR"))
        .when(t.is_in(["CR", "PR"]))
        .then(pl.lit("PR"))
        .when(t == "SD")
        .then(pl.lit("SD"))
        .otherwise(pl.lit("NE"))
    )


def _reappearance(rows: pl.DataFrame) -> pl.DataFrame:
    """After an overall CR any lesion seen again is PD (RECIST 1.1, table 3, footnote a)."""
    had = pl.lit(any_before(rows["AVALC"] == "CR", rows["_g"]))
    if "PRESENTFL" in rows.columns:
        seen = (pl.col("PRESENTFL") == "Y").fill_null(value=False)
    else:
        seen = pl.col("_t").is_in(["PR", "SD"]) | (pl.col("_n") == "NON-CR/NON-PD")
        seen = seen.fill_null(value=False)
    return rows.with_columns(
        pl.when(had & seen & (pl.col("AVALC") != "CR")).then(pl.lit("PD")).otherwise("AVALC").alias("AVALC")
    )


def _source(rows: pl.DataFrame) -> list[pl.Expr]:
    """Source of the part that decided: what made it PD, else target, else non-target."""
    out = []
    for name in ("SRCDOM", "SRCROW", "SRCSEQ", "SRCVAR"):
        have = {p: f"{p}{name}" for p in ("TRG", "NTRG", "NEWL") if f"{p}{name}" in rows.columns}
        if not have:
            continue
        dtype = next(rows.schema[c] for c in have.values())
        t, n, new = (
            pl.col(have[p]).cast(dtype) if p in have else pl.lit(None, dtype=dtype) for p in ("TRG", "NTRG", "NEWL")
        )
        other = ((pl.col("_t") == "CR") & (pl.col("_n") != "CR")).fill_null(value=False)
        out.append(
            pl.when(pl.col("_t") == "PD")
            .then(t)
            .when(pl.col("_n") == "PD")
            .then(n)
            .when("_new")
            .then(new)
            .when(other)
            .then(pl.coalesce(n, t))
            .otherwise(pl.coalesce(t, n, new))
            .alias(name)
        )
    return out


def _date(rows: pl.DataFrame, policy: RecistPolicy) -> pl.Expr:
    if policy.visit_date == "latest":
        return pl.col("ADTENDT")
    parts = (("_t", "TRGDT"), ("_n", "NTRGDT"))
    dated = [pl.when(pl.col(p) == "PD").then(pl.col(d)) for p, d in parts if d in rows.columns]
    dated += [pl.when("_new").then(pl.col("NEWLDT"))] if "NEWLDT" in rows.columns else []
    first = pl.coalesce(pl.min_horizontal(dated), "ADT") if dated else pl.col("ADT")
    return pl.when(pl.col("AVALC") == "PD").then(first).otherwise("ADTENDT")
