"""The controlled terms of response, their codes and the orders on them."""

from __future__ import annotations

import polars as pl

from codon12.errors import UsageError
from codon12.response.keys import refuse
from codon12.response.policy import RecistPolicy

__all__ = ["CODES", "KNOWN", "RESPONSES", "coded", "response_code"]

RESPONSES = ("CR", "PR", "SD", "NON-CR/NON-PD", "PD", "NE", "MISSING")
"""Best to worst, as best overall response ranks them."""

CODES: dict[str, int] = {value: code for code, value in enumerate(RESPONSES, start=1)}
"""AVAL of a response parameter; ND has none."""

ND = 8
_INTERNAL = {**{k: v for k, v in CODES.items() if k != "MISSING"}, "CHECK": CODES["NE"], "ND": ND}
KNOWN = tuple(_INTERNAL)
"""Values an assessment may have."""


def response_code(value: str) -> int | None:
    """AVAL of a response value: 1 (CR) to 7 (MISSING), None for ND.

    Raises
    ------
    UsageError
        The value is none of the controlled terms.

    Examples
    --------
    >>> response_code("NON-CR/NON-PD"), response_code("ND")
    (4, None)
    """
    if value == "ND":
        return None
    if value not in CODES:
        raise UsageError(f"a response must be one of {', '.join(RESPONSES)} or ND; got {value!r}")
    return CODES[value]


def coded(assessments: pl.DataFrame, *, policy: RecistPolicy) -> pl.DataFrame:
    """Add `_code` (CR 1, PR 2, SD 3, NON-CR/NON-PD 4, PD 5, NE and CHECK 6, ND 8); drop rows without a value.

    ``CHECK`` (a time point that could not be judged, see ``overall_response``) is no evaluable response and is
    ranked as NE. Rows without AVALC, or with MISSING, are no assessments.
    """
    texts = {t: t.strip() for t in assessments["AVALC"].unique().drop_nulls().cast(pl.String)}
    said = pl.col("AVALC") if assessments.schema["AVALC"] == pl.Categorical else pl.col("AVALC").cast(pl.String)
    rows = assessments.filter(pl.col("AVALC").is_not_null())
    if none := [t for t, word in texts.items() if word in ("", "MISSING")]:
        rows = rows.filter(~said.is_in(none))
    codes = {t: _INTERNAL.get(word) for t, word in texts.items()}
    rows = rows.with_columns(said.replace_strict(codes, default=None, return_dtype=pl.Int8).alias("_code"))
    if policy.unknown_values == "error":
        refuse(
            rows.filter(pl.col("_code").is_null()),
            "AVALC",
            what="assessments",
            advice=f"Use one of {', '.join(_INTERNAL)}, or set unknown_values = 'ne'.",
        )
    return rows.with_columns(pl.col("_code").fill_null(CODES["NE"]))
