"""What definitions of resistance ask of a subject: doses, best response, progression and what followed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import polars as pl

from codon12.errors import DataError
from codon12.parallel import of_all
from codon12.records.dates import parse_dtc
from codon12.resistance.clinical_policy import ResistancePolicy

__all__ = ["as_days", "clinical_facts", "confirmed_column", "known_response", "progressed"]

_RANK = {"CR": 0, "PR": 1, "SD": 2, "NON-CR/NON-PD": 3, "PD": 4, "NE": 5}
_KNOWN = {
    **{k: k for k in _RANK},
    **{f"i{k}": k for k in ("CR", "PR", "SD")},
    "ICR": "CR", "IPR": "PR", "ISD": "SD", "IUPD": "IUPD", "ICPD": "ICPD", "POD": "PD", "INEVALUABLE": "NE",
    "NOT EVALUABLE": "NE", "UNKNOWN": "NE", "ND": "NE", "NON-ICR/NON-IUPD": "NON-CR/NON-PD", "CHECK": "NE",
    "COMPLETE RESPONSE": "CR", "PARTIAL RESPONSE": "PR", "STABLE DISEASE": "SD", "PROGRESSIVE DISEASE": "PD",
    "MISSING": "NE",
}  # fmt: skip
"""Response as written, upper case -> as counted."""
_ISO = "^[0-9]{4}-"
_CONFIRM_DAYS = 28
"""Days after which a second response confirms the first (RECIST 1.1)."""


def known_response(column: pl.Expr) -> pl.Expr:
    """Tell whether a text is a response that is known; an empty one is."""
    text = _spelled(column)
    return text.is_null() | (text == "") | text.is_in(list(_KNOWN))


def progressed(column: pl.Expr) -> pl.Expr:
    """Tell whether a text is a progression, an immune one where it was confirmed."""
    return _spelled(column).replace_strict(_KNOWN, default=None, return_dtype=pl.String).is_in(["PD", "ICPD"])


def _spelled(column: pl.Expr) -> pl.Expr:
    text = column.cast(pl.String).str.strip_chars().str.to_uppercase()
    return text.str.replace(r"^(?:POD|PD)\s*/.*$", "PD")  # as hospitals write it: POD/brain, POD/death


def as_days(frame: pl.DataFrame, column: str, *, impute: str = "first") -> pl.Expr:
    """A column of dates, ISO texts or day numbers as whole days; null where there is no such column or date."""
    if column not in frame.columns:
        return pl.lit(None, pl.Int64)
    kind = frame.schema[column]
    if kind == pl.Date:
        return pl.col(column).to_physical().cast(pl.Int64)
    if isinstance(kind, pl.Datetime):
        return pl.col(column).dt.date().to_physical().cast(pl.Int64)
    if kind.is_numeric():
        return pl.col(column).round(0).cast(pl.Int64)
    number = pl.col(column).cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False).round(0)
    iso = pl.col(column).cast(pl.String).str.contains(_ISO)
    how = "first" if impute == "first" else "last"
    dated = parse_dtc(column, impute=how).to_physical().cast(pl.Int64)
    return pl.when(iso).then(dated).otherwise(number.cast(pl.Int64)) if kind == pl.String else pl.lit(None, pl.Int64)


def clinical_facts(
    subjects: pl.DataFrame,
    assessments: pl.DataFrame,
    exposure: pl.DataFrame | None,
    *,
    policy: ResistancePolicy,
    confirm_weeks: Iterable[float] = (4.0,),
) -> pl.DataFrame:
    """One row a subject (and evaluator): BOR, PROGDT, SRCDOM, SRCROW; as days _first, _last, _pd; _undated, _unseen.

    Shapes as `classify_resistance`. Assessments before the first dose do not count. The best response is the best one
    up to the first progression, else as collected. For every interval of `confirm_weeks` there is a column
    (`confirmed_column`): true where the first evaluable assessment at least so many weeks after the progression still
    shows it, false where it does not, null where there is none.
    """
    _need(subjects, ("USUBJID",), "subjects")
    _need(assessments, ("USUBJID", "AVALC"), "assessments")
    people = subjects.select(pl.col("USUBJID").cast(pl.String))
    if people["USUBJID"].is_duplicated().any():
        first = people.filter(pl.col("USUBJID").is_duplicated())["USUBJID"][0]
        raise DataError(f"subjects: several rows of one subject, first {first}; give one a subject")
    doses = _doses(subjects, exposure)
    rows = _assessed(assessments, policy)
    readers = _readers(rows) if "EVAL" in rows.columns else None
    if readers is not None and readers.height:
        people = people.join(readers, how="cross").sort("USUBJID", "EVAL")
        keys = ["USUBJID", "EVAL"]
    else:
        keys = ["USUBJID"]
        rows = rows.drop("EVAL", strict=False)
    rows = rows.join(doses, on="USUBJID", how="left")
    overall = rows.filter(pl.col("_overall") & (pl.col("_day") >= pl.col("_first")).fill_null(value=True))
    facts = people.join(doses, on="USUBJID", how="left", maintain_order="left")
    progression = _progression(overall, keys)
    for part in (
        progression,
        _undated(overall, keys),
        _best(overall, progression, keys, policy),
        _given_best(rows, keys),
    ):
        facts = facts.join(part, on=keys, how="left", maintain_order="left")
    # A progression alone is no course of responses: there the best response as collected counts. Where a study holds
    # nothing but progressions, none is known.
    responses = overall.select(
        (pl.col("_code").is_not_null() & ~pl.col("_code").is_in(["PD", "IUPD", "ICPD"])).any()
    ).item()
    course = of_all("an assessment is more than a progression", bool(responses))
    alone = [pl.col("BOR")] if course else []
    # Where a study records responses, nobody knows of a subject without one whether the disease progressed.
    evaluable = ~pl.coalesce("BOR", pl.lit("NE")).eq("NE") | ~pl.coalesce("_given", pl.lit("NE")).eq("NE")
    facts = facts.with_columns(_unseen=~evaluable if course else pl.lit(value=False))
    facts = facts.with_columns(BOR=pl.coalesce(pl.when("_course").then("BOR"), "_given", *alone))
    for weeks in sorted(set(confirm_weeks)):
        told = _confirmation(overall, facts, keys, weeks)
        facts = facts.join(told, on=keys, how="left", maintain_order="left")
    return facts


def _readers(rows: pl.DataFrame) -> pl.DataFrame:
    found = of_all("readers of progressions", frozenset(rows["EVAL"].drop_nulls().cast(pl.String).unique()), sorted)
    return pl.DataFrame({"EVAL": found}, schema={"EVAL": pl.String}).cast({"EVAL": rows.schema["EVAL"]})


def confirmed_column(weeks: float) -> str:
    """Column that says whether a progression was seen again so many weeks later."""
    return f"_confirmed_{weeks:g}"


def _need(frame: pl.DataFrame, columns: Iterable[str], what: str) -> None:
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        raise DataError(f"{what}: no column {', '.join(missing)}; it has {', '.join(frame.columns[:40])}")


def _doses(subjects: pl.DataFrame, exposure: pl.DataFrame | None) -> pl.DataFrame:
    """USUBJID, _first, _last: the first and the last day of dosing."""
    given = subjects if exposure is None else exposure
    start = next((c for c in ("TRTSDT", "ASTDT", "EXSTDTC", "EXSTDT", "FIRST") if c in given.columns), "TRTSDT")
    end = next((c for c in ("TRTEDT", "AENDT", "EXENDTC", "EXENDT", "LAST") if c in given.columns), "TRTEDT")
    rows = given.select(
        pl.col("USUBJID").cast(pl.String), _first=as_days(given, start), _last=as_days(given, end, impute="last")
    )
    made = rows.group_by("USUBJID").agg(pl.col("_first").min(), pl.col("_last").max())
    if exposure is not None and "TRTSDT" in subjects.columns:
        own = subjects.select(
            pl.col("USUBJID").cast(pl.String), _f=as_days(subjects, "TRTSDT"), _l=as_days(subjects, "TRTEDT")
        )
        made = own.join(made, on="USUBJID", how="left").select(
            "USUBJID", _first=pl.coalesce("_first", "_f"), _last=pl.coalesce("_last", "_l")
        )
    return made


def _assessed(assessments: pl.DataFrame, policy: ResistancePolicy) -> pl.DataFrame:
    have = assessments.columns
    text = _spelled(pl.col("AVALC"))
    code = pl.col("PARAMCD").cast(pl.String) if "PARAMCD" in have else pl.lit("OVRLRESP")
    # Rows may be rare and words many times the same: each word is read once.
    rows = assessments.with_columns(
        USUBJID=pl.col("USUBJID").cast(pl.String),
        _day=as_days(assessments, "ADT", impute="last"),
        _code=text.replace_strict(_KNOWN, default=None, return_dtype=pl.String),
        _text=text,
        _overall=code.is_in(["OVRLRESP", "OVR"]),
        _bor=code.is_in(["CBOR"] if policy.confirmed_response else ["BOR"]),
    ).filter(pl.col("_overall") | pl.col("_bor"))
    strange = rows.filter(pl.col("_code").is_null() & pl.col("_text").is_not_null() & (pl.col("_text") != ""))
    if strange.height:
        words = ", ".join(sorted(strange["_text"].unique().to_list())[:5])
        raise DataError(
            f"assessments: {strange.height} row(s) hold no known response ({words}), first of subject "
            f"{strange['USUBJID'][0]}; map them to CR, PR, SD, NON-CR/NON-PD, PD or NE"
        )
    if policy.evaluator is not None and "EVAL" in have:
        rows = rows.filter(pl.col("EVAL") == policy.evaluator)
    if policy.cutoff is not None and "ADT" in have:
        dated = pl.lit(assessments.schema["ADT"].is_temporal()) | pl.col("ADT").cast(pl.String).str.contains(_ISO)
        late = dated & (pl.col("_day") > (policy.cutoff - dt.date(1970, 1, 1)).days)  # days of a study have no date
        rows = rows.filter(~late.fill_null(value=False))
    extra = [c for c in ("EVAL", "SRCDOM", "SRCROW", "ADT") if c in have]
    out = rows.select("USUBJID", "_day", "_code", "_overall", "_bor", *extra)
    none = {"SRCDOM": pl.String, "SRCROW": pl.Int64, "ADT": pl.Date}
    return out.with_columns(pl.lit(None, k).alias(c) for c, k in none.items() if c not in have)


def _progression(overall: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """First progression: _pd, PROGDT, SRCDOM, SRCROW; the unconfirmed immune one that was confirmed, else the first."""
    rows = overall.filter(pl.col("_code").is_in(["PD", "IUPD"]) & pl.col("_day").is_not_null())
    immune = overall.filter(pl.col("_code").is_in(["ICPD", "CR", "PR", "SD", "IUPD"]) & pl.col("_day").is_not_null())
    if (rows["_code"] == "IUPD").any():
        following = immune.filter(pl.col("_code") != "IUPD").sort("_day").select(*keys, "_day", _next="_code")
        rows = rows.sort("_day").join_asof(
            following.sort("_day"), on="_day", by=keys, strategy="forward", check_sortedness=False,
            allow_exact_matches=False,
        )  # fmt: skip
    else:
        rows = rows.with_columns(_next=pl.lit(None, pl.String))
    confirmed = pl.col("_next").eq_missing(pl.lit("ICPD")) | (pl.col("_code") == "PD")
    first = rows.with_columns(_sure=confirmed).sort(~pl.col("_sure"), "_day", "SRCROW", nulls_last=True)
    first = first.unique(keys, keep="first", maintain_order=True)
    return first.select(
        *keys, "SRCDOM", "SRCROW", PROGDT="ADT", _pd="_day",
        _immune=pl.when(pl.col("_code") == "IUPD").then(pl.col("_next").eq_missing(pl.lit("ICPD"))),
    )  # fmt: skip


def _undated(overall: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Who has a progression whose date is not known: _undated."""
    rows = overall.filter(pl.col("_code").is_in(["PD", "IUPD", "ICPD"]) & pl.col("_day").is_null())
    return rows.select(*keys, _undated=pl.lit(value=True)).unique()


def _best(overall: pl.DataFrame, progression: pl.DataFrame, keys: list[str], policy: ResistancePolicy) -> pl.DataFrame:
    """Best response up to the progression that counts: BOR."""
    rows = overall.join(progression.select(*keys, "_pd"), on=keys, how="left", maintain_order="left")
    rows = rows.with_columns(_plain=pl.col("_code").replace({"IUPD": "PD", "ICPD": "PD"}))
    upto = rows.filter((pl.col("_day") <= pl.col("_pd")).fill_null(value=True) & pl.col("_plain").is_not_null())
    if policy.confirmed_response:
        upto = _confirmed_only(upto, keys)
    rank = pl.col("_plain").replace_strict(_RANK, default=None, return_dtype=pl.Int64)
    seen = pl.col("_plain") != "PD"
    best = upto.group_by(keys).agg(rank.min().alias("_rank"), _course=seen.any())
    words = {v: k for k, v in _RANK.items()}
    return best.select(
        *keys, "_course", BOR=pl.col("_rank").replace_strict(words, default=None, return_dtype=pl.String)
    )


def _confirmed_only(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Responses without another at least four weeks apart are stable disease; complete ones beside partial, partial."""

    def paired(kinds: list[str]) -> pl.Expr:
        own, day = pl.col("_plain").is_in(kinds), pl.col("_day")
        last, first = (getattr(day.filter(own), end)().over(keys) for end in ("max", "min"))
        # The confirming response itself needs none of its own.
        return ((last - day >= _CONFIRM_DAYS) | (day - first >= _CONFIRM_DAYS)).fill_null(value=False)

    word = pl.col("_plain")
    response, complete = paired(["CR", "PR"]), paired(["CR"])
    said = pl.when(word.is_in(["CR", "PR"]) & ~response).then(pl.lit("SD"))
    return rows.with_columns(_plain=said.when((word == "CR") & ~complete).then(pl.lit("PR")).otherwise(word))


def _given_best(rows: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Best response as collected: _given."""
    rank = pl.col("_code").replace_strict(_RANK, default=None, return_dtype=pl.Int64)
    own = rows.filter("_bor").with_columns(_rank=rank).sort("_rank", nulls_last=True)
    return own.unique(keys, keep="first", maintain_order=True).select(*keys, _given="_code")


def _confirmation(overall: pl.DataFrame, facts: pl.DataFrame, keys: list[str], weeks: float) -> pl.DataFrame:
    """Whether the first evaluable assessment at least so many weeks after the progression still shows it."""
    later = overall.join(facts.select(*keys, "_pd"), on=keys, how="inner").filter(
        (pl.col("_day") - pl.col("_pd") >= 7 * weeks) & pl.col("_code").is_not_null() & (pl.col("_code") != "NE")
    )
    shown = pl.col("_code").is_in(["PD", "IUPD", "ICPD"])
    day = later.filter(pl.col("_day") == pl.col("_day").min().over(keys)).group_by(keys)
    # Two readings of one day that differ leave it open.
    still = day.agg(_still=pl.when(shown.any() == shown.all()).then(shown.any()))
    rows = facts.select(*keys, "_immune").join(still, on=keys, how="left", maintain_order="left")
    # iRECIST: confirmed by iCPD; without one the progression is open.
    immune = pl.when("_immune").then(pl.lit(value=True))
    answer = pl.when(pl.col("_immune").is_not_null()).then(immune).otherwise("_still")
    return rows.select(*keys, answer.alias(confirmed_column(weeks)))
