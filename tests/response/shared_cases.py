"""Where the shared cases and data stand, and how the case files say a policy."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import polars as pl
import pytest

from codon12.response import RecistPolicy

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"
CASES = SHARED / "cases" / "response"
PHARMAVERSE = SHARED / "data" / "pharmaverse"


def need_file(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the checkout (shared/)", allow_module_level=True)
    return path


FIELDS = {
    "ref_start_window": "sd_min_days",
    "ref_confirm": "confirmation_min_days",
    "max_nr_ne": "max_ne",
    "accept_sd": "accept_sd",
    "missing_as_ne": "missing_as_ne",
    "cutoff_at_first_pd": "stop_at_first_pd",
    "clinben_vals": "benefit_values",
}


def policy_of(options: dict) -> RecistPolicy:
    values = {FIELDS[k]: v for k, v in options.items() if k in FIELDS}
    if "benefit_values" in values:
        values["benefit_values"] = tuple(values["benefit_values"])
    return msgspec.structs.replace(RecistPolicy.admiralonco(), **values)


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def assessments(rows: list[tuple[str, str, str | None]]) -> pl.DataFrame:
    return pl.DataFrame(
        {"USUBJID": [r[0] for r in rows], "ADT": [day(r[1]) for r in rows], "AVALC": [r[2] for r in rows]},
        schema={"USUBJID": pl.String, "ADT": pl.Date, "AVALC": pl.String},
    )
