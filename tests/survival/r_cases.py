"""Readers of the R answers that lie in a folder beside the checkout; tests skip where it is missing."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).resolve().parents[2] / ".." / "shared" / "cases" / "survival"


def cases(family: str) -> list:
    """Parameters of one family, or one that skips and says why."""
    path = FOLDER / f"{family}.json"
    if not path.is_file():
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"no R answers: {path} is missing"))]
    return [pytest.param(c, id=c["id"]) for c in json.loads(path.read_text())["cases"]]


@cache
def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def columns(case: dict, *names: str | list | None) -> list[np.ndarray | None]:
    """Columns of a case's data without the rows where any of them is empty (numbers where all are)."""
    wanted = [n if isinstance(n, list) else [n] for n in names]
    flat = [n for part in wanted for n in part if n]
    rows = [r for r in _rows(case["data"]) if all(r[n] not in ("", "NA") for n in flat)]

    def column(name: str) -> np.ndarray:
        text = [r[name] for r in rows]
        try:
            return np.array([float(v) for v in text])
        except ValueError:
            return np.array(text)

    out: list = []
    for name, part in zip(names, wanted, strict=True):
        if name is None:
            out.append(None)
        else:
            out.append([column(n) for n in part] if isinstance(name, list) else column(part[0]))
    return out


def level_order(case: dict, name: str) -> list[str]:
    """Levels of a text column in order of first appearance, as R's data set declares them."""
    return list(dict.fromkeys(r[name] for r in _rows(case["data"]) if r[name] not in ("", "NA")))


def close(got: object, want: object, *, rtol: float = 1e-9, atol: float = 1e-12, loose_null: bool = False) -> None:
    """Compare arrays; null must meet NaN, or with `loose_null` (and R's Inf) anything."""
    a = np.asarray(got, dtype=float)
    b = np.array([np.nan if v in (None, "Inf", "-Inf", "NaN", "NA") else v for v in np.ravel(_list(want))], dtype=float)
    a = np.ravel(a)
    assert a.shape == b.shape
    if loose_null:
        keep = ~np.isnan(b)
        a, b = a[keep], b[keep]
    np.testing.assert_allclose(a, b, rtol=rtol, atol=atol, equal_nan=True)


def _list(value: object) -> object:
    if isinstance(value, list) and value and isinstance(value[0], list):
        return [v for part in value for v in part]
    return value if isinstance(value, list) else [value]
