"""Which alterations occur together, and which avoid one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
import polars as pl

from codon12.errors import UsageError
from codon12.numbers.multiplicity import adjusted_p
from codon12.policy import Policy
from codon12.records.columns.needed import need

__all__ = ["CoOccurrenceRule", "alteration_matrix", "co_occurrence_table", "multiplicity_sentence"]


class CoOccurrenceRule(Policy, frozen=True):
    """How pairs of alterations are tested."""

    adjustment: Annotated[
        Literal["benjamini-hochberg", "holm", "bonferroni", "none"],
        msgspec.Meta(
            description="P values of all pairs are adjusted together ({value}).",
            extra={
                "benjamini-hochberg": "P values of all pairs are adjusted together (Benjamini-Hochberg).",
                "holm": "P values of all pairs are adjusted together (Holm).",
                "bonferroni": "P values of all pairs are adjusted together (Bonferroni).",
                "none": "P values are not adjusted for the number of pairs.",
            },
        ),
    ] = "benjamini-hochberg"
    level: Annotated[
        float,
        msgspec.Meta(
            gt=0,
            lt=1,
            description="Their intervals have level {value}.",
            extra={"0.95": "Their intervals have level 95%."},
        ),
    ] = 0.95
    min_altered: Annotated[
        int, msgspec.Meta(ge=1, description="Genes altered in at least {value} patient(s) enter.")
    ] = 1


def alteration_matrix(calls: pl.DataFrame, tested: pl.DataFrame) -> pl.DataFrame:
    """Cross what was tested with what was altered.

    Parameters
    ----------
    calls
        USUBJID, GENE: one row an alteration that counts.
    tested
        USUBJID, GENE: the pairs an assay covered. An altered pair counts as tested.

    Returns
    -------
    polars.DataFrame
        USUBJID, GENE, ALTERED: one row a tested pair, sorted.

    Examples
    --------
    >>> calls = pl.DataFrame({"USUBJID": ["1"], "GENE": ["KRAS"]})
    >>> alteration_matrix(calls, pl.DataFrame({"USUBJID": ["1", "2"], "GENE": ["KRAS", "KRAS"]}))["ALTERED"].to_list()
    [True, False]
    """
    for what, frame in (("calls", calls), ("tested", tested)):
        need(frame, ("USUBJID", "GENE"), what=what)
    pair = ["USUBJID", "GENE"]
    hit = calls.select(pl.col(pair).cast(pl.String)).drop_nulls().unique().with_columns(ALTERED=pl.lit(value=True))
    both = pl.concat([tested.select(pl.col(pair).cast(pl.String)), hit.select(pair)]).drop_nulls().unique()
    return both.join(hit, on=pair, how="left").with_columns(pl.col("ALTERED").fill_null(value=False)).sort(pair)


def co_occurrence_table(
    matrix: pl.DataFrame, *, genes: Sequence[str] = (), rule: CoOccurrenceRule | None = None
) -> pl.DataFrame:
    """Test every pair of genes by Fisher's exact test, among the patients tested for both.

    Parameters
    ----------
    matrix
        USUBJID, GENE, ALTERED, one row a tested pair (`alteration_matrix`).
    genes
        Genes in order; those altered in at least `rule.min_altered` patients, by falling number, when left out.

    Returns
    -------
    polars.DataFrame
        A, B, N (both altered), A_ONLY, B_ONLY, NEITHER, ODDS, LOWER, UPPER, P_RAW, P (adjusted for all pairs),
        TESTS (their number): one row a pair, in the order of `genes`. Pairs with no patient tested for both have
        P_RAW 1 and no odds ratio.

    Raises
    ------
    UsageError
        A row is given twice.

    Examples
    --------
    >>> rows = [(s, g, a) for s, k, e in [("1", True, False), ("2", False, True)] for g, a in [("K", k), ("E", e)]]
    >>> matrix = pl.DataFrame(rows, schema=["USUBJID", "GENE", "ALTERED"], orient="row")
    >>> co_occurrence_table(matrix).select("A", "B", "ODDS", "P").row(0)
    ('E', 'K', 0.0, 1.0)
    """
    need(matrix, ("USUBJID", "GENE", "ALTERED"), what="matrix")
    from codon12.numbers.fisher import fisher_exact

    settled = rule or CoOccurrenceRule()
    if matrix.select("USUBJID", "GENE").is_duplicated().any():
        raise UsageError("matrix: a subject and gene stand in more than one row; use alteration_matrix")
    order = list(dict.fromkeys(genes)) or _by_frequency(matrix, settled.min_altered)
    place = {gene: i for i, gene in enumerate(order)}
    rows = matrix.filter(pl.col("GENE").is_in(order)).select(
        "USUBJID", "ALTERED", i=pl.col("GENE").replace_strict(place, return_dtype=pl.Int64, default=None)
    )
    # Patients altered are counted by joins of the altered alone; those tested are few patterns, counted once each.
    hits = rows.filter("ALTERED").select("USUBJID", "i")
    grid = _grid(len(order))
    both = _pairs(hits, hits).rename({"n": "N"})
    first = _pairs(hits, rows.select("USUBJID", "i")).rename({"n": "first"})
    tested = _pairs(rows.select("USUBJID", "i"), rows.select("USUBJID", "i")).rename({"n": "tested"})
    counts = grid.join(both, on=["i", "j"], how="left").join(first, on=["i", "j"], how="left")
    second = first.rename({"i": "j", "j": "i", "first": "second"})
    counts = counts.join(second, on=["i", "j"], how="left").join(tested, on=["i", "j"], how="left")
    counts = counts.with_columns(pl.col("N", "first", "second", "tested").fill_null(0).cast(pl.Int64)).sort("i", "j")
    counts = counts.with_columns(A_ONLY=pl.col("first") - pl.col("N"), B_ONLY=pl.col("second") - pl.col("N"))
    counts = counts.with_columns(NEITHER=pl.col("tested") - pl.col("N") - pl.col("A_ONLY") - pl.col("B_ONLY"))
    found = fisher_exact(*(counts[c] for c in ("N", "A_ONLY", "B_ONLY", "NEITHER")), level=settled.level)
    adjusted = adjusted_p(found.p, method=settled.adjustment)
    names = {i: gene for gene, i in place.items()}
    return counts.select(
        pl.col("i").replace_strict(names, return_dtype=pl.String).alias("A"),
        pl.col("j").replace_strict(names, return_dtype=pl.String).alias("B"),
        "N",
        "A_ONLY",
        "B_ONLY",
        "NEITHER",
        pl.Series("ODDS", found.odds_ratio, dtype=pl.Float64).fill_nan(None),
        pl.Series("LOWER", found.lower, dtype=pl.Float64),
        pl.Series("UPPER", found.upper, dtype=pl.Float64),
        pl.Series("P_RAW", found.p, dtype=pl.Float64),
        pl.Series("P", adjusted, dtype=pl.Float64),
        pl.lit(counts.height, pl.Int64).alias("TESTS"),
    )


def _by_frequency(matrix: pl.DataFrame, least: int) -> list[str]:
    counted = matrix.filter("ALTERED").group_by("GENE").len().filter(pl.col("len") >= least)
    return counted.sort("len", "GENE", descending=[True, False])["GENE"].to_list()


def _grid(n: int) -> pl.DataFrame:
    one = pl.DataFrame({"i": list(range(n))}, schema={"i": pl.Int64})
    return one.join(one.rename({"i": "j"}), how="cross").filter(pl.col("i") < pl.col("j"))


def _pairs(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Subjects that have i in `left` and j in `right`."""
    joined = left.join(right.rename({"i": "j"}), on="USUBJID").filter(pl.col("i") != pl.col("j"))
    return joined.group_by("i", "j").len("n")


def multiplicity_sentence(table: pl.DataFrame, rule: CoOccurrenceRule | None = None) -> str:
    """Say how many pairs were tested and how their P values were adjusted: the note below a figure.

    Examples
    --------
    >>> multiplicity_sentence(pl.DataFrame({"TESTS": [3, 3, 3]}))
    'Fisher exact test, 3 pairs, P adjusted by Benjamini-Hochberg.'
    """
    method = (rule or CoOccurrenceRule()).adjustment
    names = {"benjamini-hochberg": "adjusted by Benjamini-Hochberg", "none": "not adjusted for their number"}
    return f"Fisher exact test, {table.height} pairs, P {names.get(method, f'adjusted by {method.capitalize()}')}."
