"""Cox regression and its tests on data that leave them little to say; golden values of R survival 3.5-3."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from codon12.errors import DataError
from codon12.survival import cox
from codon12.survival.cox.proportional_hazards import proportional_hazards_test

STRATA = pl.DataFrame(
    {
        "t": [1, 2, 3, 4, 5, 6] * 2,
        "e": [1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0],
        "s": [1] * 6 + [2] * 6,
        "x": [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8],
        "z": [1, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0],
    }
)


def test_a_covariate_constant_in_a_stratum_has_no_residuals_there():
    # cox.zph(coxph(Surv(t, e) ~ x + z + strata(s)), "identity")
    fit = cox(STRATA, time="t", event="e", terms=["x", "z"], strata="s")
    found = proportional_hazards_test(fit, transform="identity")
    assert found.statistic == pytest.approx([2.9580300812727827, 1.2042649100172962, 3.0060872489918813], rel=1e-8)
    assert np.isnan(found.residuals[:4, 1]).all()
    assert found.residuals[:4, 0] == pytest.approx(
        [0.79752528466796802, -1.06664509176691213, -1.02891625318729196, -1.02440698278655584], rel=1e-7
    )
    assert found.residuals[4] == pytest.approx([-4.10030228261987428, -10.3920086715196565], rel=1e-7)
    assert found.covariance == pytest.approx(
        np.array([[8.9784765358209402, 22.088945060513616], [22.088945060513616, 61.128101078709967]]), rel=1e-7
    )


def test_tied_events_with_late_entry_lie_as_in_r():
    # cox.zph(coxph(Surv(t0, t, e) ~ x), "identity")$y: the tied rows 3 and 2 in this order
    frame = pl.DataFrame(
        {"t0": [0, 0, 1, 0, 2, 1], "t": [2, 4, 4, 4, 5, 6], "e": [1, 1, 1, 0, 1, 1], "x": [1, 3, 2, 5, 4, 1]}
    )
    fit = cox(frame, time="t", event="e", entry="t0", terms="x")
    found = proportional_hazards_test(fit, transform="identity")
    want = [-0.7994310710686561849, -0.5932043651807821227, -0.0025321021370056096, 0.9232112864324986123]
    assert found.residuals[:4, 0] == pytest.approx(want, rel=1e-7)
    assert found.statistic == pytest.approx([1.731522945539457] * 2, rel=1e-9)


def test_weights_do_not_give_a_constant_covariate_information():
    """Within strata z is constant: what rounding leaves of its information is none."""
    rng = np.random.default_rng(5)
    n = 90
    stratum = np.arange(n) // 3
    frame = pl.DataFrame(
        {
            "t": rng.integers(1, 60, n),
            "e": rng.random(n) < 0.6,
            "x": rng.normal(size=n),
            "z": (stratum % 3) / 3,
            "s": stratum,
            "w": rng.uniform(0.3, 3, n),
        }
    )
    for weights in (None, "w"):
        with pytest.raises(DataError, match="'z' does not vary among subjects at risk together"):
            cox(frame, time="t", event="e", terms=["x", "z"], strata="s", weights=weights)
        kept = cox(frame, time="t", event="e", terms=["x", "z"], strata="s", weights=weights, collinear="drop")
        alone = cox(frame, time="t", event="e", terms="x", strata="s", weights=weights)
        assert kept.df == 1
        assert kept.coef[0] == pytest.approx(alone.coef[0], rel=1e-12)


def test_one_event_time_cannot_show_a_change_with_time():
    frame = pl.DataFrame({"t": [2, 2, 3, 4], "e": [1, 1, 0, 0], "x": [1.0, 4.0, 2.0, 3.0]})
    found = proportional_hazards_test(cox(frame, time="t", event="e", terms="x"))
    assert found.statistic.tolist() == [0, 0]
    assert found.df.tolist() == [0, 0]
    assert found.to_frame()["p"].to_list() == [1, 1]
