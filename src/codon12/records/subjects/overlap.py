"""Patients who stand in more than one cohort: found by id and by fingerprint, before cohorts are pooled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
import polars as pl

from codon12.errors import UsageError
from codon12.records.findings import Severity, no_findings, row_findings

__all__ = ["Overlap", "overlap"]

Part = str | tuple[str, float]
_PAIRS = ("COHORT_1", "SUBJECT_1", "COHORT_2", "SUBJECT_2", "BY", "DIFFERS")


@dataclass(frozen=True, eq=False)
class Overlap:
    """What cohorts share."""

    duplicates: pl.DataFrame
    """One row a pair of entries that are or may be one patient: COHORT_1, SUBJECT_1, COHORT_2, SUBJECT_2, BY (``id``,
    ``fingerprint``, ``both``) and DIFFERS (fingerprint columns in which a pair found by id disagrees)."""
    pairs: pl.DataFrame
    """One row two cohorts: COHORT_1, COHORT_2, SUBJECTS_1, SUBJECTS_2, BY_ID, BY_FINGERPRINT (other ids), CLASHES. A
    cohort beside itself says how often the fingerprint meets by chance."""
    combinations: pl.DataFrame
    """One row a set of cohorts: COHORTS (joined by `` + ``) and SUBJECTS whose ids stand in exactly these."""
    keep: pl.DataFrame
    """COHORT and the id of every distinct patient once, in the first cohort that has it."""
    entries: int
    """Rows of all cohorts."""
    distinct: int
    """Patients told apart by id."""
    distinct_at_least: int
    """Patients left if every pair found by fingerprint is one patient."""
    findings: pl.DataFrame

    def sentence(self) -> str:
        """Say how many patients a pool would count twice."""
        told = f"{self.entries} entries are {self.distinct} distinct patients by id"
        if self.distinct_at_least < self.distinct:
            return f"{told}, or {self.distinct_at_least} if those with one fingerprint are the same."
        return f"{told}."


def overlap(cohorts: Mapping[str, pl.DataFrame], *, on: str = "USUBJID", fingerprint: Sequence[Part] = ()) -> Overlap:
    """Find the patients that several cohorts share.

    Parameters
    ----------
    cohorts
        Name -> one row a subject, with the column `on` and those columns of `fingerprint` that the cohort knows.
    on
        Column of the id. Rows without an id take part by fingerprint alone, as nobody's duplicate by id.
    fingerprint
        Columns that tell a patient without the id: ``"SEX"`` must be equal, ``("AGE", 1)`` may differ by at most 1.
        A list column (variants) is compared as a set. A missing value or an empty list never matches, and two
        cohorts are compared only where both have all columns.

    Raises
    ------
    UsageError
        No cohort, a cohort without the column `on`, a tolerance below 0, or a fingerprint column nobody has.

    Notes
    -----
    A fingerprint is a suspicion, not a proof: see `Overlap.pairs` for how often it meets within one cohort. Ids
    that are plain running numbers meet by chance too; where sex or age then disagree, the finding is ``id-clash``.

    Examples
    --------
    >>> a = pl.DataFrame({"USUBJID": ["P-1", "P-2"], "SEX": ["F", "M"], "AGE": [61, 70]})
    >>> b = pl.DataFrame({"USUBJID": ["P-2", "X-9"], "SEX": ["M", "F"], "AGE": [71, 62]})
    >>> found = overlap({"A": a, "B": b}, fingerprint=("SEX", ("AGE", 1)))
    >>> found.duplicates.select("SUBJECT_1", "SUBJECT_2", "BY").rows()
    [('P-1', 'X-9', 'fingerprint'), ('P-2', 'P-2', 'both')]
    >>> found.sentence()
    '4 entries are 3 distinct patients by id, or 2 if those with one fingerprint are the same.'
    """
    parts = [(p, None) if isinstance(p, str) else (p[0], float(p[1])) for p in fingerprint]
    _check(cohorts, on, parts)
    entries = _entries(cohorts, on, parts)
    by_id = entries.filter(pl.col("ID").is_not_null()).select("ROW", "ID")
    same_id = _pairs_on(by_id, by_id, ["ID"])
    alike = _alike(entries, parts)
    pairs = (
        pl.concat([same_id.with_columns(_BY=pl.lit(1)), alike.with_columns(_BY=pl.lit(2))])
        .group_by("ROW_1", "ROW_2")
        .agg(pl.col("_BY").sum())
        .sort("ROW_1", "ROW_2")
    )
    duplicates = _described(pairs, entries, parts)
    first = entries.filter(pl.col("ID").is_null() | pl.col("ID").is_first_distinct())
    return Overlap(
        duplicates=duplicates.select(_PAIRS),
        pairs=_pair_table(list(cohorts), entries, duplicates),
        combinations=_sets(entries),
        keep=first.select("COHORT", pl.col("ID").alias(on)),
        entries=entries.height,
        distinct=first.height,
        distinct_at_least=_components(entries.height, pairs),
        findings=_findings(duplicates, on),
    )


def _check(cohorts: Mapping[str, pl.DataFrame], on: str, parts: Sequence[tuple[str, float | None]]) -> None:
    if not isinstance(cohorts, Mapping) or not cohorts:
        raise UsageError("overlap needs at least one cohort: cohorts maps a name to a frame of subjects")
    for name, frame in cohorts.items():
        if not isinstance(frame, pl.DataFrame):
            raise UsageError(f"cohort {name} must be a polars data frame, not {type(frame).__name__}")
        if on not in frame.columns:
            raise UsageError(f"cohort {name} has no column {on!r}; it has {', '.join(frame.columns[:30])}")
    for column, within in parts:
        if within is not None and not within >= 0:
            raise UsageError(f"fingerprint: {column} may differ by {within!r}; a tolerance is 0 or more")
        if not any(column in frame.columns for frame in cohorts.values()):
            raise UsageError(f"fingerprint: no cohort has a column {column!r}")


def _entries(cohorts: Mapping[str, pl.DataFrame], on: str, parts: Sequence[tuple[str, float | None]]) -> pl.DataFrame:
    """Rows of all cohorts below each other: ROW, COHORT, ID, SRCROW, and the fingerprint columns as numbers or text."""
    frames = []
    for name, frame in cohorts.items():
        known = [_comparable(frame, c, near=bool(within)) for c, within in parts if c in frame.columns]
        row = pl.col("SRCROW").cast(pl.Int64) if "SRCROW" in frame.columns else pl.lit(None, pl.Int64)
        frames.append(
            frame.select(
                pl.lit(name, pl.String).alias("COHORT"),
                pl.col(on).cast(pl.String).alias("ID"),
                row.alias("SRCROW"),
                *known,
            )
        )
    return pl.concat(frames, how="diagonal_relaxed").with_row_index("ROW")


def _comparable(frame: pl.DataFrame, column: str, *, near: bool) -> pl.Expr:
    kind = frame.schema[column]
    if isinstance(kind, pl.List):
        items = pl.col(column).list.drop_nulls().cast(pl.List(pl.String)).list.unique().list.sort()
        return pl.when(items.list.len() > 0).then(items.list.join("\n")).alias(column)
    if kind.is_temporal():
        return pl.col(column).cast(pl.Date).to_physical().cast(pl.Float64)
    if near or kind.is_numeric():
        value = pl.col(column).cast(pl.Float64, strict=False)
        return pl.when(value.is_finite()).then(value).alias(column)
    return pl.col(column).cast(pl.String)


def _pairs_on(left: pl.DataFrame, right: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Pairs of rows with equal keys, each once, the earlier row first."""
    both = left.join(right, on=list(keys), suffix="_2").filter(pl.col("ROW") < pl.col("ROW_2"))
    return both.select(pl.col("ROW").alias("ROW_1"), "ROW_2").unique()


def _alike(entries: pl.DataFrame, parts: Sequence[tuple[str, float | None]]) -> pl.DataFrame:
    """Pairs of rows with one fingerprint, the ids set aside."""
    none = pl.DataFrame(schema={"ROW_1": entries.schema["ROW"], "ROW_2": entries.schema["ROW"]})
    if not parts:
        return none
    columns = [c for c, _ in parts]
    full = entries.drop_nulls(columns).select("ROW", *columns)
    if full.height < 2:
        return none
    equal = [c for c, within in parts if not within]
    near = [(c, within) for c, within in parts if within]
    if not near:
        return _pairs_on(full, full, equal)
    # The finest scale is cut into cells of the tolerance; a partner lies in the same cell or beside it.
    spread = {c: float(np.ptp(full[c].to_numpy())) / within for c, within in near}
    cell, width = max(near, key=lambda part: spread[part[0]])
    left = full.with_columns(_CELL=(pl.col(cell) / width).floor().cast(pl.Int64))
    right = left.with_columns(_CELL=pl.concat_list(pl.col("_CELL") + k for k in (-1, 0, 1))).explode("_CELL")
    both = left.join(right, on=[*equal, "_CELL"], suffix="_2").filter(pl.col("ROW") < pl.col("ROW_2"))
    # One part in 1e9 of the tolerance forgives decimals that binary numbers cannot hold (0.3 - 0.2 > 0.1).
    close = [(pl.col(c) - pl.col(f"{c}_2")).abs() <= within * (1 + 1e-9) for c, within in near]
    return both.filter(*close).select(pl.col("ROW").alias("ROW_1"), "ROW_2").unique()


def _described(pairs: pl.DataFrame, entries: pl.DataFrame, parts: Sequence[tuple[str, float | None]]) -> pl.DataFrame:
    """Pairs with their cohorts, subjects, source row, how they were found and in what they differ."""
    one = entries.rename({c: f"{c}_1" for c in entries.columns})
    two = entries.rename({c: f"{c}_2" for c in entries.columns})
    both = pairs.join(one, on="ROW_1", maintain_order="left").join(two, on="ROW_2", maintain_order="left")
    differs = [pl.when(_apart(c, within)).then(pl.lit(c)) for c, within in parts]
    joined = pl.concat_str(differs, separator=", ", ignore_nulls=True) if differs else pl.lit("")
    return both.with_columns(
        BY=pl.col("_BY").replace_strict({1: "id", 2: "fingerprint", 3: "both"}, return_dtype=pl.String),
        DIFFERS=pl.when(joined != "").then(joined),
    ).rename({"ID_1": "SUBJECT_1", "ID_2": "SUBJECT_2"})


def _apart(column: str, within: float | None) -> pl.Expr:
    one, two = pl.col(f"{column}_1"), pl.col(f"{column}_2")
    return (one - two).abs() > within * (1 + 1e-9) if within else one != two


def _sets(entries: pl.DataFrame) -> pl.DataFrame:
    known = entries.filter(pl.col("ID").is_not_null()).unique(["ID", "COHORT"], maintain_order=True)
    named = known.group_by("ID", maintain_order=True).agg(pl.col("COHORT").str.join(" + ").alias("COHORTS"))
    counts = named.group_by("COHORTS", maintain_order=True).agg(pl.len().cast(pl.Int64).alias("SUBJECTS"))
    return counts.sort(pl.col("COHORTS").str.count_matches(r" \+ "), maintain_order=True)


def _pair_table(names: Sequence[str], entries: pl.DataFrame, duplicates: pl.DataFrame) -> pl.DataFrame:
    counts = dict(entries.group_by("COHORT").agg(pl.col("ID").n_unique()).iter_rows())
    schema = {"COHORT_1": pl.String, "COHORT_2": pl.String, "SUBJECTS_1": pl.Int64, "SUBJECTS_2": pl.Int64}
    rows = [(a, b, counts.get(a, 0), counts.get(b, 0)) for a, b in combinations_with_replacement(names, 2)]
    other = (pl.col("BY") == "fingerprint").sum().cast(pl.Int64)
    found = duplicates.group_by("COHORT_1", "COHORT_2").agg(
        BY_ID=(pl.col("BY") != "fingerprint").sum().cast(pl.Int64),
        BY_FINGERPRINT=other,
        CLASHES=pl.col("DIFFERS").is_not_null().sum().cast(pl.Int64),
    )
    table = pl.DataFrame(rows, schema=schema, orient="row")
    return table.join(found, on=["COHORT_1", "COHORT_2"], how="left", maintain_order="left").with_columns(
        pl.col("BY_ID", "BY_FINGERPRINT", "CLASHES").fill_null(0)
    )


def _components(size: int, pairs: pl.DataFrame) -> int:
    """Count groups of rows that pairs connect."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = pairs["ROW_1"].to_numpy(), pairs["ROW_2"].to_numpy()
    links = coo_array((np.ones(pairs.height, dtype=np.int8), ends), shape=(size, size))
    return int(connected_components(links, directed=False, return_labels=False))


def _findings(duplicates: pl.DataFrame, on: str) -> pl.DataFrame:
    """One finding a pair, at its later entry."""
    rows = duplicates.with_columns(SRCROW=pl.col("SRCROW_2"), USUBJID=pl.col("SUBJECT_2"))
    within, by_id = pl.col("COHORT_1") == pl.col("COHORT_2"), pl.col("BY") != "fingerprint"
    differs = pl.col("DIFFERS").is_not_null()
    one, two = pl.col("SUBJECT_1").fill_null("(none)"), pl.col("SUBJECT_2").fill_null("(none)")
    where, columns = pl.col("COHORT_1"), pl.col("DIFFERS")
    twice = f"{on} {{}} stands in {{}} more than once."
    shared = f"{on} {{}} also stands in {{}}: a pool counts this patient twice."
    clash = f"{on} {{}} also stands in {{}} with another {{}}: one id of two patients, or an error."
    perhaps = f"{on} {{}} has the fingerprint of a patient of {{}}, {{}}: perhaps one patient."
    rules: tuple[tuple[str, Severity, pl.Expr, str, list[pl.Expr]], ...] = (
        ("subject-twice", "error", by_id & within, twice, [two, where]),
        ("patient-in-two-cohorts", "warning", by_id & ~within & ~differs, shared, [two, where]),
        ("id-clash", "warning", by_id & ~within & differs, clash, [two, where, columns]),
        ("patient-fingerprint", "warning", ~by_id, perhaps, [two, where, one]),
    )
    found = [no_findings()]
    for rule, severity, chosen, message, parts in rules:
        part = rows.filter(chosen)
        told = row_findings(
            part,
            table="",
            rule=rule,
            severity=severity,
            variable=on,
            value=pl.col("SUBJECT_2"),
            message=message,
            parts=parts,
        )
        found.append(told.with_columns(TABLE=part["COHORT_2"]))
    return pl.concat(found)
