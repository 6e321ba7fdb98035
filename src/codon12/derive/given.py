"""Who assessed, in analysis data as given."""

from __future__ import annotations

import polars as pl

__all__ = ["given_evaluator"]


_BY_NAME = r"^(?:C?BOR|BESRSPI?|OVR|OVRLRESP)_?(INV|INVA|IRC|IRF|IRR|BICR|ICR|CEN|CENTRAL)$"
"""Parameters of responses that say in their name who read the scans."""
_CENTRAL = r"INDEPENDENT|CENTRAL|BICR|\bIR[CFR]\b|\bICR\b"


def given_evaluator(frame: pl.DataFrame) -> pl.Expr:
    """Who assessed, by the first of PARAMCD (BORIRC), EVAL, PARCAT2 and PARAM that says it in a row.

    An investigator where nothing is said.
    """
    said = []
    if "PARAMCD" in frame.columns:
        reader = pl.col("PARAMCD").cast(pl.String).str.strip_chars().str.to_uppercase().str.extract(_BY_NAME)
        central = ~reader.str.starts_with("INV")
        said.append(pl.when(central).then(pl.lit("CENTRAL")).when(~central).then(pl.lit("INVESTIGATOR")))
    for column in ("EVAL", "PARCAT2", "PARAM"):
        if column in frame.columns:
            text = pl.col(column).cast(pl.String).str.to_uppercase()
            central, own = text.str.contains(_CENTRAL), text.str.contains("INVESTIGATOR")
            said.append(pl.when(central).then(pl.lit("CENTRAL")).when(own).then(pl.lit("INVESTIGATOR")))
    return pl.coalesce(*said, pl.lit("INVESTIGATOR"))
