"""A study read by iRECIST: the same time points, best responses by the other criterion."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from codon12.derive.adrs import shaped
from codon12.derive.adsl import with_response_flags
from codon12.derive.adtr import with_responders
from codon12.derive.context import Context
from codon12.derive.study import Derived
from codon12.derive.study_context import agreement
from codon12.errors import UsageError
from codon12.response import RecistPolicy, best_immune_response, immune_response
from codon12.response.assessments import reference_dates

__all__ = ["immune_readings", "read_by_irecist"]

_PARTS = ("OVRLRESP", "TRGRESP", "NTRGRESP", "NEWLRESP")
_HOW = (
    "Best overall responses are read by iRECIST (Seymour 2017): iCR, iPR and iSD count as CR, PR and SD, and iUPD and "
    "iCPD as PD; responses after an unconfirmed progression count, and none needs confirmation. Times to event stay by "
    "RECIST 1.1."
)
_WORDS = {"iCR": "CR", "iPR": "PR", "iSD": "SD", "NON-iCR/NON-iUPD": "NON-CR/NON-PD", "iUPD": "PD", "iCPD": "PD",
          "CHECK": "NE"}  # fmt: skip


def immune_readings(context: Context) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Time points and best responses by iRECIST, of every evaluator; None where no target lesion was followed.

    Frames as of `codon12.response.immune_response` and `best_immune_response`.
    """
    policy = context.policies.response
    assert isinstance(policy, RecistPolicy)
    if "adrs" not in context.frames or "adtr" not in context.frames:
        return None
    adrs = context.frames["adrs"]
    rows = adrs.filter(pl.col("PARAMCD").is_in(_PARTS) & pl.col("ADT").is_not_null())
    if set(_PARTS) - set(rows["PARAMCD"].unique()):
        return None
    keys = [c for c in ("USUBJID", "EVAL", "ADT", "VISITNUM", "VISIT") if c in adrs.columns]
    points = rows.pivot(on="PARAMCD", index=keys, values="AVALC", aggregate_function="first")
    points = points.filter(pl.any_horizontal(pl.col("TRGRESP", "NTRGRESP").is_not_null()))
    if points.is_empty():
        return None
    sums = context.frames["adtr"].filter(PARAMCD="SDIAM")
    on = [c for c in ("USUBJID", "EVAL", "ADT") if c in sums.columns]
    points = points.join(sums.select(*on, "AVAL").unique(on, keep="first", maintain_order=True), on=on, how="left")
    immune = immune_response(points, policy=policy)
    return immune, best_immune_response(immune, reference_dates(context.adsl, policy=policy), policy=policy)


def read_by_irecist(derived: Derived) -> Derived:
    """Give a study with its best overall responses by iRECIST in place of those by RECIST 1.1.

    Subjects whose time points are as collected, without lesions, keep the best of these. Numbers of response,
    waterfall and swimmer follow; times to event and how responses ended stay by RECIST 1.1, whose time points ADRS
    still holds.

    Raises
    ------
    UsageError
        The study has no followed target lesions, or gives its best responses itself.

    References
    ----------
    Seymour 2017, Lancet Oncol 18:e143.
    """
    context = derived.context
    found = immune_readings(context) if "response" in derived.policies else None
    if found is None:
        raise UsageError("iRECIST reads measured target lesions at each visit (TR, TU); this study has none of them")
    adrs = context.frames["adrs"]
    best = found[1].with_columns(
        PARAMCD=pl.lit("BOR"), ORIGIN=pl.lit("derived"), AVALC=pl.col("AVALC").cast(pl.String).replace(_WORDS)
    )
    who = found[0].select("USUBJID", "EVAL").unique()
    given = adrs.filter(pl.col("PARAMCD") == "BOR").join(who, on=["USUBJID", "EVAL"], how="anti", maintain_order="left")
    seen = adrs.filter(pl.col("PARAMCD") == "OVRLRESP").select("USUBJID", "EVAL").unique()
    given = given.join(seen, on=["USUBJID", "EVAL"], how="semi", maintain_order="left")
    best = best.join(given.select("USUBJID", "EVAL"), on=["USUBJID", "EVAL"], how="anti", maintain_order="left")
    kept = pl.concat([adrs.filter(~pl.col("PARAMCD").is_in(["BOR", "CBOR"])), given])
    how = _HOW
    if given.height:
        how += (
            f" {given.height} best responses rest on time points as collected, without lesions, and stay as they are."
        )
    frames = dict(derived.frames) | {
        "adrs": pl.concat([kept, shaped(best)], how="vertical_relaxed").sort(
            "USUBJID", "EVAL", "PARAMCD", "ADT", nulls_last=True
        ),
        "adsl": derived.frames["adsl"].drop(_flags(derived.frames["adsl"])),
    }
    read = replace(context, frames=frames, best_response=("BOR", how))
    flagged = with_response_flags(frames["adsl"], read)
    frames["adsl"] = flagged.drop(c for c in flagged.columns if c.startswith(("RESPFIRSTFL", "RESPONGOFL")))
    frames["adtr"] = pl.concat(with_responders(frames["adtr"].lazy().drop("RESPONDERFL", strict=False), read))
    if "agreement" in frames:
        frames["agreement"] = agreement(read)
    return replace(derived, frames=frames, context=read, notes=[*derived.notes, how])


def _flags(adsl: pl.DataFrame) -> list[str]:
    return [c for c in adsl.columns if c.startswith(("RESPFL_", "RESPFIRSTFL", "RESPONGOFL"))]
