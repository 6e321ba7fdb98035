"""What the covariates of ``codon12.toml`` decide about single values: texts that are not cut, rows picked by order."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from codon12.errors import ConfigError
from codon12.parallel import of_all
from codon12.records.config import CONFIG_FILE, Covariate
from codon12.records.findings import Finding, Severity, findings_frame, no_findings, row_findings, shown_expr
from codon12.records.sql import evaluate, expression
from codon12.records.study import Study
from codon12.records.subjects.covariates import covariate_rows, cut_places, picked_rows
from codon12.records.terms.spelling import spelling, word

__all__ = ["covariate_findings"]


def covariate_findings(study: Study, adsl: pl.DataFrame, *, of: Collection[str] | None = None) -> pl.DataFrame:
    """Findings on single values of covariates: texts that were not cut, and rows that were picked by their order alone.

    `adsl` is ADSL with STARTDT and the columns that expressions use; `of` names the covariates, all when left out.

    - ``score-unread`` (warning): a value under `cuts` is no number and no score; it has no category.
    - ``score-spans-cut`` (warning): a score such as ``>=1`` lies in several categories; it has none.
    - ``score-with-comma`` (note): a comma in a value under `cuts` was read as a decimal point.
    - ``row-picked`` (note): several rows of a subject hold different values and no date sets them apart; which row was
      taken, and what the others say.
    - ``level-spelling`` (note): a text differs in case or blanks from how its level is most often written.
    - ``covariate-units-differ`` (warning), ``covariate-specimens-differ`` (note): the value is in another unit
      (--STRESU, --ORRESU, AVALU), or of another specimen (--SPEC), than most of the values taken; it was
      taken as it stands.
    """
    found = [findings_frame([])]
    files = dict(study.sources.select("TABLE", "FILE").unique("TABLE", keep="first").iter_rows())
    for name, covariate in study.config.covariates.items():
        if of is not None and name not in of:
            continue
        where, column = f"{CONFIG_FILE}, key covariates.{name}", name.upper()
        if covariate.expression is not None:
            own = expression(covariate.expression, where=f"{where}.expression").meta.root_names()
            if not covariate.cuts or column in {n.upper() for n in own}:
                continue  # ADSL holds the categories of such a column, no longer its values
            try:
                value = evaluate(adsl, covariate.expression, where=f"{where}.expression")
            except ConfigError:
                continue  # said where the covariate is added
            rows = adsl.select("USUBJID", SRCDOM=pl.lit(None, pl.String), SRCROW=pl.lit(None, pl.Int64))
            rows = rows.with_columns(_VALUE=value.cast(pl.String))
        else:
            every = covariate_rows(study, covariate, where=where).with_columns(pl.col("_VALUE").cast(pl.String))
            every = every.join(adsl.select("USUBJID"), on="USUBJID", how="semi", maintain_order="left")
            found.append(_no_rows(every, name, covariate))
            picked = picked_rows(every, adsl, covariate, column, where=where)
            rows = picked.rename({column: "_VALUE", f"{column}_SRCDOM": "SRCDOM", f"{column}_SRCROW": "SRCROW"})
            if covariate.pick not in ("any", "only", "min", "max"):
                found.append(_picked_by_order(every, rows, name, files))
            if covariate.pick == "last-before-start":
                found.append(_perhaps_later(every, rows, adsl, name, files))
            if covariate.pick != "any":
                found += _of_several_kinds(study, rows, name, covariate, files)
            if covariate.pick != "any" and not covariate.labels and not covariate.cuts:
                found.append(_spelt(rows, name, covariate, files))
        if covariate.cuts:
            found += _uncut(rows, name, covariate, files)
    return pl.concat(found)


def _uncut(rows: pl.DataFrame, name: str, covariate: Covariate, files: dict[str, str]) -> list[pl.DataFrame]:
    low, high, why = cut_places(rows["_VALUE"], covariate.cuts)
    frame = rows.with_columns(_WHY=why, _SPANS=(low != high).fill_null(value=False))
    table = (covariate.table or "ADSL").upper()
    file = files.get(table, table)
    place = (
        pl.when(pl.col("SRCROW").is_not_null()).then(pl.format(f"{file}, row {{}}: ", "SRCROW")).otherwise(pl.lit(""))
    )
    text = shown_expr(pl.col("_VALUE"))
    unread = row_findings(
        frame.filter(pl.col("_WHY").is_not_null()), table=table, rule="score-unread", severity="warning",
        variable=name, value=pl.col("_VALUE"),
        message=f"{{}}{name} '{{}}' is no number and no score; it has no category.",
        parts=[place, text],
    )  # fmt: skip
    spans = row_findings(
        frame.filter("_SPANS"), table=table, rule="score-spans-cut", severity="warning", variable=name,
        value=pl.col("_VALUE"), message=f"{{}}{name} '{{}}' spans a cut-off; it has no category.", parts=[place, text],
    )  # fmt: skip
    commas = row_findings(
        frame.filter(pl.col("_WHY").is_null(), pl.col("_VALUE").str.contains(r"\d,\d")), table=table,
        rule="score-with-comma", severity="note", variable=name, value=pl.col("_VALUE"),
        message=f"{{}}{name} '{{}}': the comma was read as a decimal point.", parts=[place, text],
    )  # fmt: skip
    return [unread, spans, commas]


def _spelt(rows: pl.DataFrame, name: str, covariate: Covariate, files: dict[str, str]) -> pl.DataFrame:
    """Values in another spelling than the most frequent of their level."""
    table = (covariate.table or "").upper()
    spelt = rows.with_columns(_SPELT=spelling(rows, pl.col("_VALUE"), of=f"taken values of covariate {name}"))
    return row_findings(
        spelt.filter(pl.col("_VALUE") != pl.col("_SPELT")), table=table, rule="level-spelling", severity="note",
        variable=name, value=pl.col("_VALUE"),
        message=f"{files.get(table, table)}, row {{}}: {name} '{{}}' is written '{{}}' elsewhere; they are one level.",
        parts=[pl.col("SRCROW"), shown_expr(pl.col("_VALUE")), shown_expr(pl.col("_SPELT"))],
    )  # fmt: skip


_KINDS = {
    "covariate-units-differ": (
        ("STRESU", "ORRESU", "VALU"),
        "in {}, others are in {}; the number was used as it stands",
    ),
    "covariate-specimens-differ": (("SPEC",), "of {}, others are of {}; it was used"),
}
"""Rule -> endings of the columns that it looks at, and what it says."""


def _of_several_kinds(
    study: Study, rows: pl.DataFrame, name: str, covariate: Covariate, files: dict[str, str]
) -> list[pl.DataFrame]:
    """Values taken whose unit or specimen is not that of most values taken."""
    table = (covariate.table or "").upper()
    columns = study.columns(table)
    if "SRCROW" not in columns or not {"SRCROW", "SRCDOM"} <= set(rows.columns):
        return []
    taken = rows.drop_nulls("_VALUE") if rows["_VALUE"].null_count() else rows
    keys = ["SRCROW", *(c for c in ("SRCFILE",) if c in columns and c in taken.columns)]
    out = []
    for rule, (endings, text) in _KINDS.items():
        prefix = "A" if table.startswith("AD") else table
        original = "ORRES" in (covariate.value or "").upper()
        wanted = [f"{prefix}{e}" for e in endings if original or e != "ORRESU"]
        column = next((c for c in (wanted[::-1] if original else wanted) if c in columns), None)
        if column is None:
            continue
        said = pl.col(column).cast(pl.String)
        of = study.rows(table).select(*keys, _KIND=word(pl.col(column)), _SAID=said).collect()
        kinds = taken.join(of.unique(keys, keep="first"), on=keys, how="inner", maintain_order="left")
        kinds = kinds.filter(pl.col("_KIND") != "")
        counts = kinds.group_by("_KIND").agg(pl.len().alias("n"), pl.col("_SAID").min())
        usual: dict[str, str | None] = of_all(
            f"{column} of covariate {name}", {k: (n, frozenset([t])) for k, n, t in counts.iter_rows()}, _usual
        )
        odd = {kind: text for kind, text in usual.items() if text is not None}
        if not odd:
            continue
        out.append(
            row_findings(
                kinds.filter(pl.col("_KIND").is_in(list(odd))), table=table, rule=rule,
                severity="warning" if rule == "covariate-units-differ" else "note",
                variable=name, value=pl.col("_VALUE"),
                message=f"{files.get(table, table)}, row {{}}: {name} '{{}}' is {text}.",
                parts=[
                    pl.col("SRCROW"), shown_expr(pl.col("_VALUE")), shown_expr(pl.col("_SAID")),
                    shown_expr(pl.lit(next(iter(odd.values())))),
                ],
            )
        )  # fmt: skip
    return out


def _usual(counts: dict[str, tuple[int, frozenset[str]]]) -> dict[str, str | None]:
    """Kind -> how the kind of most values is written, None of that kind itself; of equals the first by alphabet."""
    most = min(counts, key=lambda kind: (-counts[kind][0], kind), default=None)
    return {kind: None if kind == most or most is None else min(counts[most][1]) for kind in counts}


def _picked_by_order(every: pl.DataFrame, picked: pl.DataFrame, name: str, files: dict[str, str]) -> pl.DataFrame:
    """Rows picked among others of the same day, or without a day, that say something else."""
    if every["USUBJID"].n_unique() == every.height:
        return no_findings()
    every = every.filter(every["USUBJID"].is_duplicated())
    own = every.join(picked.select("USUBJID", "SRCROW", "SRCDOM"), on=["USUBJID", "SRCROW", "SRCDOM"], how="semi")
    own = own.unique("USUBJID", keep="first", maintain_order=True)
    beside = every.join(own.select("USUBJID", _OWN="_VALUE", _OWNAT="_AT", _OWNDATE="_DATE"), on="USUBJID")
    apart = pl.col("_DATE").is_not_null() & (
        pl.col("_DATE").ne_missing(pl.col("_OWNDATE")) | pl.col("_AT").ne_missing(pl.col("_OWNAT"))
    )
    other = beside.filter(~apart & (pl.col("_VALUE") != pl.col("_OWN")))
    said = other.group_by("USUBJID").agg(_OTHER=pl.col("_VALUE").unique().sort().str.join("; "))
    rows = own.join(said, on="USUBJID", how="inner", maintain_order="left")
    table = str(rows["SRCDOM"][0]) if rows.height else "ADSL"
    return row_findings(
        rows, table=table, rule="row-picked", severity="note", variable=name, value=pl.col("_VALUE"),
        message=f"{files.get(table, table)}, row {{}}: {name} '{{}}' was taken of the subject by the order of records; "
        "others without a date to set them apart say {}.",
        parts=[pl.col("SRCROW"), shown_expr(pl.col("_VALUE")), shown_expr(pl.col("_OTHER"))],
    )  # fmt: skip


def _perhaps_later(
    every: pl.DataFrame, picked: pl.DataFrame, adsl: pl.DataFrame, name: str, files: dict[str, str]
) -> pl.DataFrame:
    """Values taken as of before the start whose partial date may lie after it."""
    own = every.join(picked.select("USUBJID", "SRCROW", "SRCDOM"), on=["USUBJID", "SRCROW", "SRCDOM"], how="semi")
    own = own.filter(pl.col("_LATEST") > pl.col("_DATE"))
    own = own.join(adsl.select("USUBJID", "STARTDT"), on="USUBJID", how="left", maintain_order="left")
    rows = own.filter(pl.col("_LATEST") > pl.col("STARTDT"))
    table = str(rows["SRCDOM"][0]) if rows.height else "ADSL"
    return row_findings(
        rows, table=table, rule="value-may-be-later", severity="warning", variable=name, value=pl.col("_VALUE"),
        message=f"{files.get(table, table)}, row {{}}: {name} '{{}}' was taken as of before the start; its date, {{}}, "
        "may lie after it.",
        parts=[pl.col("SRCROW"), shown_expr(pl.col("_VALUE")), pl.col("_AT")],
    )  # fmt: skip


def _no_rows(every: pl.DataFrame, name: str, covariate: Covariate) -> pl.DataFrame:
    """A covariate of which no row of its table holds a value."""
    if of_all(f"covariate {name} has a value", bool(every.height)):
        return no_findings()
    table = (covariate.table or "").upper()
    asked = f" where {covariate.where}" if covariate.where else ""
    given = "N" if covariate.pick == "any" else "missing"
    message = (
        f"{CONFIG_FILE}, covariates.{name}: no row of {table}{asked} holds a value; it is {given} of all subjects."
    )
    severity: Severity = "note" if covariate.pick == "any" else "warning"
    told = Finding(table=table, rule="covariate-without-rows", severity=severity, variable=name, message=message)
    return findings_frame([told])
