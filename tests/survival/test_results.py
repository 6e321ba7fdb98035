"""Every result becomes a frame, rows of the evidence table, and a short text."""

from __future__ import annotations

import dataclasses

import msgspec
import numpy as np
import polars as pl
import pytest

import codon12.survival as room
from codon12.evidence import NUMBERS
from codon12.survival.results.result import CurveResult, Result

KINDS = {"count", "fraction", "rate", "time", "value", "range", "ratio", "p", "text"}


def data() -> pl.DataFrame:
    n = 60
    i = np.arange(n)
    marker = (i * 37 % 101) / 10
    time = np.round(1 + (i * 53 % 97) / 4 + marker / 5, 2)
    return pl.DataFrame(
        {
            "time": time,
            "event": ((i * 7 % 10 < 7) & (time < 20)).astype(int),
            "cause": np.where(time >= 20, 0, np.where(i * 7 % 10 < 4, 1, np.where(i * 7 % 10 < 7, 2, 0))),
            "arm": np.where(i % 2 == 0, "A", "B"),
            "mutant": np.where(i % 3 == 0, "Y", "N"),
            "marker": marker,
        }
    )


def results() -> dict[str, Result]:
    d = data()
    t, e = d["time"], d["event"]
    km = room.kaplan_meier(t, e, group=d["arm"])
    fit = room.cox(d, time="time", event="event", terms=["arm", "marker"])
    holes = d.with_columns(pl.when(pl.int_range(pl.len()) % 5 > 0).then("marker").alias("marker"))
    columns = {"time": "time", "event": "event"}
    exposure = [None if v % 3 else float(v % 7) for v in range(d.height)]
    rules = room.ImputationRules(imputations=2, iterations=2)
    found = {
        "km": km,
        "curve": km["A"],
        "states": room.aalen_johansen(t, d["cause"], labels=["relapse", "death"], group=d["arm"]),
        "incidence": room.cumulative_incidence(t, d["cause"], labels=["relapse", "death"])[0],
        "follow-up": room.follow_up(t, e, group=d["arm"]),
        "range": room.observed_range(t, e)[0],
        "rmst": km.rmst_contrasts(10.0)[0],
        "logrank": room.logrank(t, e, d["arm"], trend=True),
        "max-combo": room.max_combo(t, e, d["arm"]),
        "gray": room.gray_test(t, d["cause"], d["arm"], labels=["relapse", "death"])[0],
        "cox": fit,
        "model test": fit.likelihood_ratio,
        "zph": fit.proportional_hazards_test(),
        "concordance": fit.concordance(),
        "baseline": fit.baseline_hazard(),
        "predicted": fit.predict_survival(pl.DataFrame({"arm": ["A", "B"], "marker": [1.0, 5.0]})),
        "fine-gray": room.fine_gray(d, time="time", event="cause", terms=["arm", "marker"]),
        "imputed": room.imputed_cox(holes, **columns, terms=["arm", "marker"], rules=rules),
        "pooled": room.pool([1.0, 2.0, 3.0], [1.0, 1.0, 1.0]),
        "cut": room.cut_point(d, **columns, biomarker="marker", permutations=50, resamples=10),
        "interaction": room.interaction(d, **columns, treatment="arm", biomarker="mutant"),
        "subgroups": room.subgroup_effects(
            d, **columns, treatment="arm", reference="A", subgroups=["mutant"], min_events=5
        ),
        "stepp": room.stepp(d, **columns, treatment="arm", biomarker="marker", permutations=20),
        "parametric": room.parametric(d, **columns, distribution="weibull", terms=["arm"]),
        "piecewise": room.piecewise_exponential(d, **columns, cuts=[5, 10]),
        "bootstrap": room.bootstrap(t, e, statistic="median", group=d["arm"], replicates=50),
        "landmark": room.landmark(t, e, exposure_time=exposure, at=3),
        "immortal": room.immortal_time(t, exposure_time=exposure),
    }
    return found | {"state curves": found["states"].curves[0]}


@pytest.fixture(scope="module", name="found")
def _found() -> dict[str, Result]:
    return results()


def test_every_public_result_is_here(found):
    classes = {getattr(room, name) for name in room.__all__ if isinstance(getattr(room, name), type)}
    assert {c for c in classes if issubclass(c, Result)} == {type(v) for v in found.values()}
    # Whatever else is frozen is an input, a rule, a term, a possible string of events, or one number.
    others = {c.__name__ for c in classes if not issubclass(c, Result)}
    assert others == {
        "Estimate", "Event", "Censor", "CensorRules", "VisitSchedule", "ImputationRules",
        "FactorTerm", "Interaction", "EventString", "PrintedLandmark",
    }  # fmt: skip


def test_results_are_frozen(found):
    for result in found.values():
        field = next(iter(getattr(result, "__dataclass_fields__", None) or result.__struct_fields__))
        with pytest.raises((dataclasses.FrozenInstanceError, AttributeError)):
            setattr(result, field, None)


def test_evidence_has_the_columns_of_the_schema(found):
    for name, result in found.items():
        rows = result.evidence(endpoint="os", analysis="x")
        assert rows, name
        frame = pl.DataFrame(rows, schema_overrides={k: NUMBERS[k] for k in rows[0]}, infer_schema_length=None)
        assert set(frame.columns) <= set(NUMBERS), name
        assert set(frame["kind"]) <= KINDS, name
        assert frame["method"].is_not_null().all(), name
        assert frame["label"].is_not_null().all(), name
        assert (frame["endpoint"] == "os").all(), name
        told = frame["status"].is_null() | frame["value"].is_null()
        assert told.all(), name
        bare = frame.filter(pl.col("value").is_null() & pl.col("status").is_null() & (pl.col("kind") != "range"))
        assert bare.is_empty(), name
        assert not any(isinstance(v, float) and np.isnan(v) for row in rows for v in row.values()), name


def test_frames_are_frames(found):
    for name, result in found.items():
        frame = result.to_frame()
        assert isinstance(frame, pl.DataFrame), name
        assert frame.height, name
        for column in frame.select(pl.selectors.float()).columns:
            if name != "piecewise":  # the last interval has no end
                assert frame[column].drop_nulls().is_finite().all(), (name, column)


def test_text_is_short_and_has_no_array(found):
    for name, result in found.items():
        shown = repr(result)
        assert str(result) in {shown, result.text() if name == "range" else shown}
        assert len(shown.splitlines()) < 30, name
        assert "array(" not in shown, name
        assert "shape:" not in shown, name


def test_curves_give_values_at_times(found):
    for name, result in found.items():
        if isinstance(result, CurveResult):
            rows = result.evidence(times=[2.0, 1e6])
            at = [r for r in rows if r["statistic"].endswith(("_2", "_1e+06"))]
            assert len(at) >= 2, name
            assert any(r["status"] == "beyond last follow-up" for r in at), name


def test_text_reads_like_the_trade():
    km = room.kaplan_meier([1, 2, 3, 4], [1, 1, 0, 0], group=list("aabb"))
    assert repr(km).splitlines()[1].split() == ["group", "n", "events", "median", "lower", "95%", "upper", "95%"]
    assert repr(km).splitlines()[3].split()[:4] == ["b", "2", "0", "not"]
    test = repr(room.logrank([1, 2, 3, 4], [1, 1, 1, 0], list("aabb")))
    assert test.splitlines()[-1] == "chi-square = 2.882 on 1 df, p = 0.0896"


def test_an_empty_test_says_so():
    rows = room.logrank([1, 2], [0, 0], list("ab")).evidence()
    assert (rows[0]["value"], rows[0]["status"]) == (None, "not estimable")


def test_options_of_evidence_go_before_its_columns():
    [row] = room.kaplan_meier([1, 2], [1, 1]).evidence(id="os.median", unit="months", group="all")
    assert (row["id"], row["unit"], row["value"]) == ("os.median", "months", 1.5)
    assert msgspec.json.encode(row)


def test_who_weighs_nothing_ends_no_range_and_an_empty_text_is_a_level():
    [ends] = room.follow_up([1, 2, 3, 4], [1, 1, 0, 1], weights=[0, 1, 1, 0]).ranges
    assert str(ends) == "2 to 3+"
    frame = pl.DataFrame({"t": [2.0, 5, 6, 3, 8, 4], "e": [1, 1, 0, 1, 1, 1], "k": ["", "b", "", "b", "b", ""]})
    [row] = room.cox(frame, time="t", event="e", terms=[room.factor("k", reference="b")]).evidence()
    assert (row["group"], row["level"]) == ("k", "")
