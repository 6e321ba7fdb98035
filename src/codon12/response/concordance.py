"""Agreement of two evaluators: cross table, agreement, Cohen's kappa plain and weighted."""

from __future__ import annotations

import dataclasses

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import UsageError
from codon12.records.columns.needed import need
from codon12.response.keys import refuse

__all__ = ["Concordance", "concordance"]

ORDER = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "ND", "MISSING", "Y", "N")
"""Order of the categories in the table; others follow by name."""


@dataclasses.dataclass(frozen=True, eq=False)
class Concordance:
    """Agreement of two evaluators over the subjects both judged."""

    table: pl.DataFrame
    """Counts: one row a category of the first evaluator (column A), one column a category of the second."""
    n: int
    """Subjects with a value from both."""
    agree: int
    """Of these, subjects with the same value."""
    agreement: float | None
    """Proportion with the same value."""
    kappa: float | None
    """Cohen's kappa; None where it does not exist (no subjects, or one category only)."""
    se: float | None
    """Its standard error (Fleiss, Cohen and Everitt 1969)."""
    lower: float | None
    upper: float | None
    """Confidence limits, kappa -/+ z se, within -1 and 1."""
    weighted_kappa: float | None
    """Kappa weighted by distance in the order of categories."""
    weighted_se: float | None
    weighted_lower: float | None
    weighted_upper: float | None
    conf_level: float
    only_a: int
    """Subjects judged by the first evaluator only."""
    only_b: int
    """Subjects judged by the second evaluator only."""


def concordance(a: pl.DataFrame, b: pl.DataFrame, *, weights: str = "linear", conf_level: float = 0.95) -> Concordance:
    """Compare two evaluators' responses, subject by subject.

    Parameters
    ----------
    a, b
        USUBJID, AVALC: one row a subject, e.g. best overall response by the investigator and by central review. Rows
        without AVALC are left out. Subjects that only one of them has are counted apart.
    weights
        ``linear`` or ``quadratic``: disagreement of the weighted kappa by distance in the order CR, PR, SD,
        NON-CR/NON-PD, PD, NE.
    conf_level
        Of the intervals, between 0 and 1.

    Returns
    -------
    Concordance
        Cross table, agreement and kappas.

    Raises
    ------
    DataError
        A subject has more than one row.
    UsageError
        Unknown weights, or a level outside (0, 1).

    References
    ----------
    Cohen 1960, 1968; Fleiss, Cohen and Everitt 1969, Psychol Bull 72:323 (standard errors).

    Examples
    --------
    >>> a = pl.DataFrame({"USUBJID": ["1", "2", "3", "4"], "AVALC": ["PR", "PR", "SD", "PD"]})
    >>> b = pl.DataFrame({"USUBJID": ["1", "2", "3", "4"], "AVALC": ["PR", "SD", "SD", "PD"]})
    >>> result = concordance(a, b)
    >>> result.agree, result.n, round(result.kappa, 4)
    (3, 4, 0.6364)
    """
    from scipy import special

    if weights not in ("linear", "quadratic"):
        raise UsageError(f"weights must be 'linear' or 'quadratic'; got {weights!r}")
    if not 0 < conf_level < 1:
        raise UsageError(f"conf_level must lie between 0 and 1; got {conf_level!r}")
    first, second = (_judged(f, what=w) for f, w in ((a, "a"), (b, "b")))
    both = first.join(second, on="USUBJID", how="inner", suffix="_b")
    names = sorted(set(both["AVALC"]) | set(both["AVALC_b"]), key=lambda v: (_place(v), v))
    counts = _counts(both, names)
    table = pl.DataFrame({"A": names, **{v: counts[:, j] for j, v in enumerate(names)}})
    k, agree = len(names), int(np.trace(counts))
    distance = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) / max(k - 1, 1)
    closeness = 1 - (distance if weights == "linear" else distance**2)
    z = float(-special.ndtri((1 - conf_level) / 2))
    plain = _kappa(counts, np.eye(k), z)
    weighted = _kappa(counts, closeness, z)
    n = both.height
    return Concordance(
        table, n, agree, agree / n if n else None, *plain, *weighted, conf_level,
        first.height - n, second.height - n,
    )  # fmt: skip


def _judged(frame: pl.DataFrame, *, what: str) -> pl.DataFrame:
    need(frame, ("USUBJID", "AVALC"), what=what)
    rows = frame.select(pl.col("USUBJID", "AVALC").cast(pl.String)).drop_nulls("AVALC")
    refuse(
        rows.filter(pl.col("USUBJID").is_duplicated()),
        "USUBJID",
        what=f"concordance, frame {what}: more than one row a subject",
        advice="Give one evaluator and one parameter at a time.",
    )
    return rows


def _place(value: str) -> int:
    return ORDER.index(value) if value in ORDER else len(ORDER)


def _counts(both: pl.DataFrame, names: list[str]) -> NDArray[np.int64]:
    code = {v: i for i, v in enumerate(names)}
    pairs = (
        both.select(pl.col("AVALC", "AVALC_b").replace_strict(code, return_dtype=pl.Int64)).to_numpy()
        if names
        else np.empty((0, 2), dtype=np.int64)
    )
    counts = np.zeros((len(names), len(names)), dtype=np.int64)
    np.add.at(counts, (pairs[:, 0], pairs[:, 1]), 1)
    return counts


def _kappa(
    counts: NDArray[np.int64], weight: NDArray[np.float64], z: float
) -> tuple[float | None, float | None, float | None, float | None]:
    """Kappa, its standard error and limits, for agreement weights with 1 on the diagonal."""
    n = counts.sum()
    if n == 0 or len(counts) < 2:
        return None, None, None, None
    p = counts / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    observed = float((weight * p).sum())
    chance = float((weight * np.outer(rows, columns)).sum())
    if np.isclose(chance, 1, rtol=0, atol=1e-15):
        return None, None, None, None
    kappa = (observed - chance) / (1 - chance)
    mean = (weight @ columns)[:, None] + (weight.T @ rows)[None, :]
    spread = float((p * (weight - mean * (1 - kappa)) ** 2).sum()) - (kappa - chance * (1 - kappa)) ** 2
    se = float(np.sqrt(max(spread, 0.0) / n)) / (1 - chance)
    return kappa, se, max(kappa - z * se, -1.0), min(kappa + z * se, 1.0)
