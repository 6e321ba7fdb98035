"""Scores of the patients, cut into categories where their bounds are usual: PD-L1, mutational burden, albumin, NLR."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from codon12.init.tables import Known
from codon12.init.toml_text import comment, string
from codon12.records.terms.scores import read_scores

__all__ = ["SCORES", "score_covariates"]


SCORES = ("PDL1", "TMB", "BTMB", "ALB", "NLR")
"""Roles of scores; the column of ADSL with the number is called ``TMBVALUE`` and so on."""


def score_covariates(main: Known) -> Iterator[str]:
    """Give the covariates that read the scores of a table of patients."""
    for role in SCORES:
        belief = main.column(role)
        if belief is None:
            continue
        cells = next((v.words for b, v in main.columns if b is belief), ())
        said = "tps" in belief.column.lower() or (bool(cells) and all("tps" in w.lower() for w in cells))
        scale = "TPS" if said else None
        cast = f"CAST({role} AS VARCHAR)"
        number = f"REPLACE({cast}, ',', '.')" if any(v.comma for b, v in main.columns if b is belief) else cast
        read = read_scores(pl.Series(cells, dtype=pl.String))["LOWER"]
        some = role != "PDL1" or not cells or bool(read.is_not_null().any())  # high and low have no place in percent
        cuts = {"PDL1": ("[1, 50]", '["<1", "1-49", ">=50"]'), "TMB": ("[10]", '["<10", ">=10"]')}.get(
            role if some else ""
        )
        name = {
            "PDL1": f"PD-L1{f' {scale}' if scale else ''}{', %' if some else ''}",
            "TMB": "Mutations per megabase",
        }.get(role, belief.column)
        yield ""
        if role == "PDL1" and scale is None:
            yield "# The scale (TPS, CPS, TC, IC) is not stated; say it in the label."
        yield f"[covariates.{role}VALUE]"
        # a score with a cut is read as such (<1, 1-49, 60 %); a plain number has to be one
        yield f"expression = {string(number if cuts or not some else f'TRY_CAST({number} AS DOUBLE)')}"
        if cuts:
            yield f"cuts = {cuts[0]}  # likely: the usual bounds"
            yield f"labels = {cuts[1]}"
        yield f"label = {string(comment(name))}"
