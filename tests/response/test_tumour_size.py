"""Real target-lesion diameters of five trials (Ghaffari Laleh 2022), against an answer written out visit by visit."""

from __future__ import annotations

import datetime as dt
import importlib.util
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from codon12.response import (
    assess_lesions,
    best_percent_change,
    depth_of_response,
    early_tumour_shrinkage,
    nadir,
    sum_of_diameters,
    time_to_nadir,
    tumour_growth_rate,
)

_spec = importlib.util.spec_from_file_location("shared_cases", Path(__file__).with_name("shared_cases.py"))
shared = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shared)
BOOK = shared.need_file(shared.SHARED / "data" / "plos_2022_tumour_size" / "journal.pcbi.1009822.s006.xlsx")
START = dt.date(2020, 1, 1)


@pytest.fixture(scope="module")
def lesions() -> pl.DataFrame:
    sheets = [
        frame.select(pl.all().cast(pl.String)).with_columns(SRCDOM=pl.lit(name)).with_row_index("SRCROW", offset=1)
        for name, frame in pl.read_excel(BOOK, sheet_id=0).items()
    ]
    rows = pl.concat(sheets)
    size = pl.col("TargetLesionLongDiam_mm")
    number = size.cast(pl.Float64, strict=False)
    return rows.select(
        USUBJID=pl.col("SRCDOM") + "." + pl.col("Patient_Anonmyized"),
        LESIONID=pl.lit("T01"), GROUP=pl.lit("TARGET"), AVAL=number,
        AVALC=pl.when(number.is_null()).then(size),
        ADT=pl.lit(START) + pl.duration(days=pl.col("Treatment_Day").cast(pl.Int64)),
        SRCDOM="SRCDOM", SRCROW="SRCROW",
    )  # fmt: skip


def by_hand(rows: list[tuple[dt.date, Decimal | None]]) -> list[str]:
    """Table 1 in exact decimals: the first measured visit is the baseline."""
    rows = sorted(rows, key=lambda r: r[0])
    first = next((i for i, (_, v) in enumerate(rows) if v is not None), None)
    if first is None:
        return ["NE"] * len(rows)
    base = low = rows[first][1]
    answers = []
    for _, now in rows[first + 1 :]:
        if now is None:
            answers.append("NE")
            continue
        if now == 0:
            answers.append("CR")
        elif now - low >= 5 and now * 5 >= low * 6:
            answers.append("PD")
        elif now * 10 <= base * 7:
            answers.append("PR")
        else:
            answers.append("SD")
        low = min(low, now)
    return answers


def test_every_visit_of_1472_patients(lesions):
    dated = lesions.filter(pl.col("ADT").is_not_null())
    twice = dated.filter(pl.struct("USUBJID", "ADT").is_duplicated())["USUBJID"].unique()
    once = dated.filter(~pl.col("USUBJID").is_in(twice.implode()))
    got = assess_lesions(once).group_by("USUBJID", maintain_order=True).agg("AVALC")
    found = dict(got.iter_rows())
    size = pl.coalesce(
        pl.col("AVAL").cast(pl.String),
        pl.when(pl.col("AVALC") == "TOO SMALL TO MEASURE").then(pl.lit("5")),
    )
    checked = 0
    for (subject,), rows in once.with_columns(size.alias("v")).group_by("USUBJID"):
        pairs = [(d, None if v is None else Decimal(v)) for d, v in rows.select("ADT", "v").iter_rows()]
        assert found.get(subject, []) == by_hand(pairs), subject
        checked += len(pairs)
    assert once["USUBJID"].n_unique() + len(twice) == 1472
    assert checked > 8000


def test_growth_metrics_of_all(lesions):
    sums = sum_of_diameters(lesions)
    low, best, depth = nadir(sums), best_percent_change(sums), depth_of_response(sums)
    assert low["USUBJID"].n_unique() == low.height
    assert (best["PCHG"] >= -100).all()
    assert (depth["AVAL"] == -best["PCHG"]).all()
    rate = tumour_growth_rate(sums)
    grew = rate.join(sums.select("USUBJID", "ADT", "AVAL"), on=["USUBJID", "ADT"], suffix="_now").join(
        sums.select("USUBJID", STARTDT="ADT", AVAL_then="AVAL"), on=["USUBJID", "STARTDT"]
    )
    known = grew.filter(pl.col("AVAL").is_not_null())
    assert known.height > 5000
    assert ((known["AVAL"] > 1e-9) == (known["AVAL_now"] > known["AVAL_then"])).all()
    assert (time_to_nadir(sums)["AVAL"] > 0).all()
    ets = early_tumour_shrinkage(sums)
    assert ets.height == low.height
    assert set(ets["AVALC"]) == {"Y", "N", "NE"}
