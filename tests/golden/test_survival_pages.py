"""The pages on survival say in Python what they say in R, and what R says of heart transplants."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from codon12.survival import cox, landmark, switching_exposure

ROOT = Path(__file__).resolve().parents[2]
JASA = ROOT.parent / "shared" / "cases" / "survival" / "data" / "jasa.csv"


def unit(text: str) -> float:
    """One in the last place shown."""
    return 10.0 ** -len(text.partition(".")[2])


@pytest.mark.parametrize(("page", "least"), [("survival.md", 60), ("coming-from/r.md", 6), ("coming-from/sas.md", 12)])
def test_python_and_r_on_the_page_print_the_same_numbers(page, least):
    """A number with four decimals or more in an R block stands, as far as both show it, in the Python block before."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    compared = 0
    for python, r in re.findall(r"```pycon\n(.*?)```\n+```r\n(.*?)```", text, re.DOTALL):
        ours = [x for x in re.findall(r"(?<![\d.])-?\d+\.\d+", python) if len(x.replace("0", "").strip("-.")) >= 2]
        ours += re.findall(r"\b\d+(?= df)", python)
        # `extend = TRUE` carries curves to 60 months, where codon12 says that nobody was seen
        kept = [line for line in r.splitlines() if line.startswith("## ") and " 60 " not in line]
        shown = [x.removesuffix(".00000") for line in kept for x in re.findall(r"-?\d+\.\d{4,}", line)]
        for theirs in shown:
            near = [o for o in ours if abs(float(o) - float(theirs)) <= 0.51 * (unit(o) + unit(theirs))]
            assert near, (theirs, r)
            compared += 1
    assert compared > least


@pytest.mark.skipif(not JASA.exists(), reason="the shared survival cases are not beside the checkout")
def test_heart_transplants():
    """Golden: R 4.2.2, survival 3.5-3, on jasa: coxph(Surv(futime, fustat) ~ transplant); tmerge with
    stop = pmax(futime, .5), tdc(pmin(wait.time, stop - .5)); for landmarks the subjects with futime > L."""
    data = pl.read_csv(JASA, infer_schema_length=None)
    text = (ROOT / "docs" / "immortal-time.md").read_text(encoding="utf-8")
    naive = cox(data, time="futime", event="fustat", terms=["transplant"])
    assert naive.coef[0] == pytest.approx(-1.323444848, abs=1e-9)
    assert naive.std_error[0] == pytest.approx(0.243802632, abs=1e-9)
    stop = data["futime"].cast(pl.Float64).clip(lower_bound=0.5)
    began = pl.select(
        pl.when(data["transplant"] == 1).then(pl.min_horizontal(data["wait.time"], stop - 0.5))
    ).to_series()
    rows = switching_exposure(stop, data["fustat"], exposure_time=began)
    assert rows.height == 170
    right = cox(rows, entry="start", time="stop", event="event", terms=["exposed"])
    assert right.coef[0] == pytest.approx(0.125151038, abs=1e-9)
    assert right.std_error[0] == pytest.approx(0.300786165, abs=1e-9)
    golden = {
        14: (88, 0.365095209, 0.292833487),
        30: (78, -0.088781088, 0.281532876),
        60: (63, -0.256180493, 0.352107842),
        90: (51, -0.556693626, 0.472760061),
    }
    fits = {"ever transplanted": naive, "time-dependent covariate | 103": right}
    for day, (n, coef, error) in golden.items():
        at = landmark(data["futime"], data["fustat"], exposure_time=data["wait.time"], at=day)
        fit = cox(time=at.time, event=at.event, terms=at.exposed.astype(float))
        assert fit.n == n
        assert (fit.coef[0], fit.std_error[0]) == pytest.approx((coef, error), abs=1e-9)
        fits[f"day {day}"] = fit
    for name, fit in fits.items():
        row = fit.coefficients.row(0, named=True)
        line = next(x for x in text.splitlines() if x.startswith("|") and name in x)
        assert f"{row['HR']:.2f} ({row['lower']:.2f}-{row['upper']:.2f})" in line, line
        assert np.isclose(row["p"], float(line.split("|")[4].strip(" <")), atol=0.005)
