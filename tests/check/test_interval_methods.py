"""Counts behind a percentage and its interval: those found are those whose interval, computed outright, prints so."""

import numpy as np
import pytest

from codon12.check.verify.intervals.interval_methods import solutions
from codon12.numbers.proportion import proportion_interval
from codon12.numbers.unrounded import counts_for_percent, read_printed

pytestmark = pytest.mark.requirement("R-CHEC-01")
LARGEST = 70


def outright(percent, limits, method):
    """Every count of every total, its interval computed and compared with what is printed, rounded once or twice."""
    pairs = [(x, total) for total in range(1, LARGEST + 1) for x in counts_for_percent(percent, total)]
    fits = np.ones(len(pairs), dtype=bool)
    for ends, limit in zip(proportion_interval(*np.array(pairs).T, method=method), limits, strict=True):
        if limit is not None:
            twice = 0.05 * float(limit.step) + 1e-9
            fits &= (100 * ends >= float(limit.low) - twice) & (100 * ends <= float(limit.high) + twice)
    return [pair for pair, fit in zip(pairs, fits, strict=True) if fit]


@pytest.mark.parametrize("method", ["clopper-pearson", "mid-p", "wilson"])
@pytest.mark.parametrize(("x", "total", "places"), [(3, 13, 0), (0, 21, 1), (21, 21, 1), (46, 62, 1), (1, 64, 0)])
@pytest.mark.parametrize("left_out", [None, 0, 1])
def test_all_and_only_counts_whose_interval_prints_so(method, x, total, places, left_out):
    ends = proportion_interval(np.array(x), np.array(total), method=method)
    limits = [read_printed(f"{100 * float(end):.{places}f}") for end in ends]
    if left_out is not None:
        limits[left_out] = None
    percent = read_printed(f"{100 * x / total:.{places}f}")
    found = solutions(percent, *limits, largest=LARGEST, method=method)
    assert (x, total) in found
    assert found == outright(percent, limits, method)
