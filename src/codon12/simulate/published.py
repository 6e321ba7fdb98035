"""The numbers that the trial's publications print, as data."""

from __future__ import annotations

from importlib.resources import files

import polars as pl

__all__ = ["published_targets"]


def published_targets() -> pl.DataFrame:
    """Give the 411 published quantities of the KRAS p.G12C phase 2 trial that the reconstruction aims at.

    Returns
    -------
    polars.DataFrame
        One row a printed number: endpoint (orr, bor, pfs, ae.related, ...), statistic (rate, median, survival at
        6 months, grade 3, ...), part (n, value, lower, upper, censored, date), evaluator (central,
        investigator, or empty), population (enrolled, response, responders, safety), group and level (``all``
        where there is no subgroup), printed (text as printed; ``NE``: could not be evaluated; percentages
        without the sign, times in months), source (paper, or news: a later news article), note (why no data
        can give it; null for all but one).

    Notes
    -----
    Skoulidis et al., N Engl J Med 2021, doi 10.1056/NEJMoa2103695. 16 of 46 is 34.8 % (34.78), printed as
    34.7: the one number that no data set gives under the rounding that all others follow.

    Examples
    --------
    >>> targets = published_targets()
    >>> targets.height, targets.filter(pl.col("note").is_not_null())["printed"].to_list()
    (411, ['34.7'])
    """
    source = files("codon12.simulate").joinpath("published.csv").read_bytes()
    text = pl.read_csv(source, infer_schema=False).fill_null("")
    cut_off = (pl.col("endpoint") == "ongoing") & (pl.col("part") == "value")
    return text.with_columns(
        pl.when(cut_off).then(pl.lit("16 of 46 is 34.78 %: cut off, where every other number is rounded")).alias("note")
    )
