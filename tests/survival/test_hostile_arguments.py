"""Whatever a caller gives, every public function answers rightly or with an error of codon12's own."""

from __future__ import annotations

import datetime as dt
import inspect
import math
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest

import codon12.survival as room
from codon12.errors import Codon12Error

N = 40
INDEX = np.arange(N)
TIME = np.round(1 + (INDEX * 53 % 97) / 4, 2)
EVENT = (INDEX * 7 % 10 < 7).astype(int)
CAUSE = np.where(INDEX * 7 % 10 < 4, 1, np.where(INDEX * 7 % 10 < 7, 2, 0))
ARM = np.where(INDEX % 2 == 0, "A", "B").tolist()
STRATUM = np.where(INDEX % 3 == 0, "x", "y").tolist()
MARKER = (INDEX * 37 % 101) / 10
FRAME = pl.DataFrame(
    {"time": TIME, "event": EVENT, "cause": CAUSE, "arm": ARM, "site": STRATUM, "marker": MARKER, "zero": np.zeros(N)}
)
DAY = dt.date(2024, 1, 1)
ADSL = pl.DataFrame({"USUBJID": ["1", "2"], "STARTDT": [DAY] * 2, "DTHDT": [dt.date(2024, 3, 1), None], "LSTALVDT": [None, dt.date(2024, 4, 1)]})  # fmt: skip
SEEN = pl.DataFrame({"USUBJID": ["1", "2"], "AVALC": ["PD", "SD"], "ADT": [dt.date(2024, 2, 1)] * 2})
RESPONSE = pl.DataFrame({"USUBJID": ["1"], "AVALC": ["PR"], "ADT": [dt.date(2024, 1, 20)]})
DEATH = room.Event(description="Death", frame=ADSL, date="DTHDT")
ALIVE = room.Censor(description="Alive", frame=ADSL, date="LSTALVDT")
CURVE = room.kaplan_meier(TIME, EVENT).curve()
SMALL = room.ImputationRules(imputations=2, iterations=1)
HOLES = FRAME.with_columns(pl.when(pl.int_range(pl.len()) % 5 > 0).then("marker").alias("marker"))

# A right call of every public function: its arguments by name.
CALLS: dict[str, dict[str, Any]] = {
    "aalen_johansen": {"time": TIME, "event": CAUSE, "labels": ["r", "d"], "group": ARM, "weights": np.ones(N), "entry": np.zeros(N), "level": 0.95, "conf_type": "log"},
    "adjusted_p": {"p": [0.01, 0.04], "method": "holm"},
    "bootstrap": {"time": TIME, "event": EVENT, "statistic": "rmst", "group": ARM, "at": 10.0, "replicates": 10, "seed": 1},
    "compare_parametric": {"frame": FRAME, "time": "time", "event": "event", "distributions": ["weibull"]},
    "concordance_index": {"time": TIME, "event": EVENT, "score": MARKER, "strata": STRATUM, "weights": np.ones(N), "entry": np.zeros(N), "cluster": INDEX, "timewt": "n"},
    "cox": {"frame": FRAME, "time": "time", "event": "event", "terms": ["arm", "marker"], "strata": "site", "cluster": INDEX, "weights": np.ones(N), "entry": "zero", "level": 0.95, "ties": "efron"},
    "cumulative_incidence": {"time": TIME, "event": CAUSE, "labels": ["r", "d"], "group": ARM, "level": 0.95, "conf_type": "log"},
    "cut_point": {"frame": FRAME, "time": "time", "event": "event", "biomarker": "marker", "strata": "site", "entry": "zero", "permutations": 20, "resamples": 2, "seed": 1, "inner": (0.1, 0.9)},
    "cut_profile": {"frame": FRAME, "time": "time", "event": "event", "biomarker": "marker", "strata": "site", "inner": (0.1, 0.9)},
    "derive_time_to_event": {"subjects": ADSL, "events": [DEATH], "censors": [ALIVE], "start": "STARTDT"},
    "derive_duration_of_response": {"adsl": ADSL, "assessments": SEEN, "responses": RESPONSE, "cutoff": dt.date(2024, 6, 1)},
    "event_strings": {"n": 3, "landmarks": [room.PrintedLandmark(estimate="66.7", lower="5.4", upper="94.5")], "level": 0.95},
    "factor": {"column": "arm", "levels": ["A", "B"]},
    "fine_gray": {"frame": FRAME, "time": "time", "event": "cause", "terms": ["arm"], "strata": "site", "censoring_strata": "site", "weights": np.ones(N), "entry": "zero", "cluster": INDEX, "cause": 1, "censored": 0, "level": 0.95, "method": "crr"},
    "follow_up": {"time": TIME, "event": EVENT, "group": ARM, "weights": np.ones(N), "entry": np.zeros(N), "level": 0.95, "conf_type": "log"},
    "gray_test": {"time": TIME, "event": CAUSE, "group": ARM, "strata": STRATUM, "labels": ["r", "d"], "rho": 0.0},
    "immortal_time": {"time": TIME, "exposure_time": MARKER},
    "impute": {"frame": HOLES, "time": "time", "event": "event", "columns": ["marker"], "also": ["site"], "rules": SMALL},
    "imputed_cox": {"frame": HOLES, "time": "time", "event": "event", "terms": ["marker"], "strata": ["site"], "rules": SMALL, "level": 0.95},
    "interaction": {"frame": FRAME, "time": "time", "event": "event", "treatment": "arm", "biomarker": "marker", "level": 0.95, "at": [1.0, 2.0]},
    "kaplan_meier": {"time": TIME, "event": EVENT, "group": ARM, "strata": STRATUM, "weights": np.ones(N), "entry": np.zeros(N), "cluster": INDEX, "level": 0.95, "conf_type": "log"},
    "landmark": {"time": TIME, "event": EVENT, "exposure_time": MARKER, "at": 3.0},
    "logrank": {"time": TIME, "event": EVENT, "group": ARM, "strata": STRATUM, "entry": np.zeros(N), "weighting": "logrank", "rho": 0.0, "trend": [0.0, 1.0]},
    "max_combo": {"time": TIME, "event": EVENT, "group": ARM, "strata": STRATUM, "rho_gamma": [(0, 0), (0, 1)]},
    "missed_visits": {"intervals": ADSL.select("STARTDT", pl.col("DTHDT").alias("LASTADT"), pl.col("DTHDT").alias("ADT")), "schedule": room.VisitSchedule(every=42)},
    "months": {"days": "AVAL", "factor": 30.4375},
    "multi_state": {"start": np.zeros(N), "stop": TIME, "event": CAUSE, "states": ["a", "b", "c"], "subject": INDEX, "origin": np.zeros(N), "group": ARM, "weights": np.ones(N), "level": 0.95, "conf_type": "log"},
    "observed_range": {"time": TIME, "event": EVENT, "group": ARM},
    "overall_survival": {"adsl": ADSL, "cutoff": dt.date(2024, 6, 1)},
    "pairwise_logrank": {"time": TIME, "event": EVENT, "group": ARM, "strata": STRATUM, "adjust": "holm", "rho": 0.0},
    "parametric": {"frame": FRAME, "time": "time", "event": "event", "terms": ["arm"], "entry": "zero", "weights": np.ones(N), "cluster": INDEX, "distribution": "weibull", "level": 0.95},
    "piecewise_exponential": {"frame": FRAME, "time": "time", "event": "event", "cuts": [5.0, 10.0], "entry": "zero", "weights": np.ones(N), "level": 0.95},
    "pool": {"estimates": [1.0, 2.0], "variances": [1.0, 1.0], "complete_df": 10.0},
    "progression_free_survival": {"adsl": ADSL, "assessments": SEEN, "cutoff": dt.date(2024, 6, 1)},
    "rebuild_individual_data": {"coordinates": pl.DataFrame({"TIME": [0.0, 1.0, 2.0], "SURVIVAL": [1.0, 0.75, 0.5]}), "at_risk": pl.DataFrame({"TIME": [0.0], "N": [4]}), "total_events": 2},
    "restricted_mean": {"curve": CURVE, "tau": 5.0},
    "stepp": {"frame": FRAME, "time": "time", "event": "event", "treatment": "arm", "biomarker": "marker", "strata": "site", "permutations": 5, "seed": 1, "size": 10, "step": 5, "level": 0.95},
    "subgroup_effects": {"frame": FRAME, "time": "time", "event": "event", "treatment": "arm", "reference": "A", "subgroups": ["site"], "strata": ["zero"], "entry": "zero", "min_events": 2, "ties": "efron", "level": 0.95},
    "survival_limits": {"survival": np.array([0.5]), "std_error": np.array([0.2]), "level": 0.95, "conf_type": "log"},
    "switching_exposure": {"time": TIME, "event": EVENT, "exposure_time": MARKER},
    "derive_time_to_response": {"adsl": ADSL, "responses": RESPONSE, "assessments": SEEN},
}  # fmt: skip

COLUMNS = (
    "time",
    "stop",
    "start",
    "event",
    "group",
    "strata",
    "weights",
    "entry",
    "cluster",
    "score",
    "subject",
    "origin",
    "exposure_time",
)
NUMBERS = ("time", "stop", "start", "event", "weights", "entry", "score", "origin", "estimates", "variances", "p")
OPTIONAL = {"group", "strata", "weights", "entry", "cluster", "subject", "origin", "cutoff", "labels", "level_", "trend", "at", "total_events", "complete_df", "size", "step", "rules", "reference", "levels", "assessments"}  # fmt: skip
FRAMES = ("frame", "subjects", "adsl", "assessments", "responses", "intervals", "coordinates", "at_risk")


def call(name: str, **changed: Any) -> Any:
    function = getattr(room, name)
    given = CALLS[name] | changed
    positional = [
        given.pop(p.name)
        for p in inspect.signature(function).parameters.values()
        if p.kind is p.POSITIONAL_OR_KEYWORD and p.name in given
    ]
    return function(*positional, **given)


def ways(predicate):
    return [(n, k) for n, given in CALLS.items() for k, v in given.items() if predicate(n, k, v)]


def test_every_public_function_is_called():
    functions = {n for n in room.__all__ if inspect.isfunction(getattr(room, n))}
    assert set(CALLS) == functions
    for name in CALLS:
        assert call(name) is not None


HOSTILE = {
    "text": "text", "bytes": b"x", "mapping": {"a": 1}, "empty mapping": {}, "number": 3.5, "set": {1, 2}, "empty": [],
    "nested": [[1, 2], [3]], "mixed": [1, "a"] * (N // 2), "mappings": [{"a": 1}] * N, "matrix": np.ones((2, 2, 2)),
    "bytes column": [b"x"] * N, "complex": np.ones(N) * 1j, "dates": [DAY] * N, "short": [1, 0, 1], "object": object(),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize(("name", "argument"), ways(lambda _, k, __: k in COLUMNS))
def test_what_is_no_column_is_refused(name, argument, kind):
    if kind == "empty" and argument in ("strata", "cluster") and "frame" in CALLS[name]:
        return  # a list of no columns
    with pytest.raises(Codon12Error):
        call(name, **{argument: HOSTILE[kind]})


@pytest.mark.parametrize(("name", "argument"), ways(lambda _, k, v: k in NUMBERS and not isinstance(v, str)))
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, -1.0, None, pd.NA], ids=str)
def test_numbers_that_cannot_be_are_refused(name, argument, bad):
    values = list(np.asarray(CALLS[name][argument], dtype=object))
    values[1] = bad
    if bad is not pd.NA and bad == -1 and argument in ("estimates", "score", "start", "entry"):
        return  # a log hazard ratio, a score and an entry may be negative
    if pd.isna(bad) and "frame" in CALLS[name]:
        assert call(name, **{argument: values}).dropped == 1
        return
    if pd.isna(bad) and argument == "exposure_time":
        return  # it never happened
    with pytest.raises(Codon12Error):
        call(name, **{argument: values})


@pytest.mark.parametrize(("name", "argument"), ways(lambda _, k, __: k in FRAMES))
@pytest.mark.parametrize(
    "bad",
    [None, "text", 3, [1, 2], {}, {"a": [1, 2], "b": [1]}, pl.DataFrame(), pd.DataFrame(), FRAME.lazy(), object()],
    ids=["None", "text", "number", "list", "empty mapping", "unequal", "empty frame", "pandas", "lazy", "object"],
)
def test_what_is_no_frame_is_refused(name, argument, bad):
    if bad is None and argument in OPTIONAL and name == "derive_time_to_response":
        return
    with pytest.raises(Codon12Error):
        call(name, **{argument: bad})


@pytest.mark.parametrize(("name", "argument"), ways(lambda _, k, __: k in FRAMES))
def test_a_frame_of_texts_is_refused(name, argument):
    given = CALLS[name][argument]
    frame = given.select(pl.lit("x").alias(c) for c in given.columns)
    with pytest.raises(Codon12Error):
        call(name, **{argument: pl.concat([frame] * given.height)})


OPTIONS = {
    "level": [None, "a", math.nan, 0, 1, 95, True, [0.95]],
    "conf_type": [None, "loglog", 3, ["log"]],
    "seed": [None, "a", -1, 1.5],
    "replicates": [None, "a", 0, 1.5, math.nan],
    "permutations": [None, "a", 0, 1.5],
    "resamples": [None, "a", -1, 1.5],
    "at": ["a", -1.0, math.nan, math.inf, {}, True, np.ma.masked, pd.NA, 1e300],
    "tau": [None, "a", 0, -1.0, math.nan, math.inf, [1]],
    "rho": [None, "a", -1.0, math.nan],
    "method": [None, "a", 3],
    "ties": [None, "a", 3],
    "timewt": [None, "a", 3],
    "adjust": [None, "a", 3],
    "weighting": [None, "a", 3],
    "distribution": [None, "a", 3],
    "distributions": [None, "weibull", ["a"], [None], 3],
    "statistic": [None, "a", 3],
    "labels": ["rd", {}, 3, ["one"], ["same", "same"]],
    "states": [None, "abc", {}, 3, ["a"], ["a", "a", "b"]],
    "terms": ["nope", ["nope"], {}, 3, [], [None], [1, 2], object()],
    "treatment": [None, "nope", 3, {}, ["arm"]],
    "biomarker": [None, "nope", 3, {}, "arm_"],
    "columns": [None, "marker", ["nope"], {}, 3, [None]],
    "also": [None, "site", ["nope"], {}, 3],
    "cuts": [None, "a", [-1.0], [3.0, 2.0], [math.nan], [math.inf], {}],
    "inner": [None, "a", (0.9, 0.1), (0.1,), (-1, 2), {}],
    "trend": ["a", [1.0], [math.nan, 1.0], [1.0, 1.0], {}, None],
    "rho_gamma": [None, "a", [], [(1,)], [(-1, 0)], 3, {}],
    "size": ["a", 0, -1, 1000, 1.5],
    "step": ["a", 0, -1, 1.5],
    "rules": ["a", 3, {}],
    "schedule": [None, "a", 3, {}],
    "cutoff": ["2024-01-01", 3, {}],
    "events": [None, "a", {}, 3, ["a"], [ALIVE]],
    "censors": [None, "a", {}, 3, ["a"], [DEATH]],
    "landmarks": [None, "a", {}, 3, ["a"], []],
    "n": [None, "a", 0, -1, 1.5],
    "curve": [None, "a", 3, TIME],
    "total_events": ["a", -1, 5, 1.5],
    "complete_df": ["a", 0, -1, math.nan],
    "cause": [None, 7, "a", [1], True, math.nan, math.inf, 1.5, pd.NA, np.ma.masked, b"1"],
    "censored": [None, "a", [0], False, math.nan, math.inf, 0.5, pd.NA, np.ma.masked, 1],
    "column": [None, 3, {}],
    "days": [None, 3, {}],
    "factor": [None, "a", 0, -1, math.nan],
    "survival": [None, "a", {}, [2.0], [-1.0]],
    "std_error": [None, "a", {}, [-1.0]],
}


@pytest.mark.parametrize(("name", "argument"), ways(lambda _, k, __: k in OPTIONS))
def test_options_that_mean_nothing_are_refused(name, argument):
    for bad in OPTIONS[argument]:
        if argument == "at" and name == "interaction" and type(bad) is float and bad == -1:
            continue  # a biomarker may be negative
        with pytest.raises(Codon12Error):
            call(name, **{argument: bad})


NAMES = ("time", "event", "strata", "entry", "treatment", "biomarker", "start")


@pytest.mark.parametrize(("name", "argument"), ways(lambda _, k, v: k in NAMES and isinstance(v, str)))
def test_a_column_that_is_not_there_is_named(name, argument):
    with pytest.raises(Codon12Error, match="nope"):
        call(name, **{argument: "nope"})


@pytest.mark.parametrize(("name", "argument"), ways(lambda _, k, __: k in FRAMES))
def test_pandas_frames_are_frames(name, argument):
    def shown(value):
        value = value[0] if isinstance(value, (tuple, list)) else value
        return value if isinstance(value, pl.DataFrame) else value.to_frame()

    given = CALLS[name][argument]
    frame = pd.DataFrame({c: pd.Series(given[c].to_list(), dtype="object" if given[c].dtype == pl.Date else None) for c in given.columns})  # fmt: skip
    assert shown(call(name, **{argument: frame})).equals(shown(call(name)))


@pytest.mark.parametrize(("name", "argument"), ways(lambda _, k, v: k in COLUMNS and len(v) == N))
def test_columns_of_any_kind_give_the_same(name, argument):
    values = CALLS[name][argument]
    text = isinstance(values, list)
    series = pl.Series(values)
    kinds = [
        list(values),
        tuple(values),
        np.asarray(values),
        np.asarray(values, dtype=object),
        series,
        pd.Series(values),
    ]
    kinds += [np.ma.masked_array(values), iter(list(values)), Arrow(series)]
    kinds += [pd.Series(values, dtype="string"), pd.Series(values, dtype="category")] if text else []
    kinds += [pd.Series(values).astype("Int64")] if np.asarray(values).dtype.kind == "i" else []
    want = repr(call(name))
    for given in kinds:
        assert repr(call(name, **{argument: given})) == want, type(given)


class Arrow:
    """A column that speaks Arrow's C interface and nothing else, as one of pyarrow does."""

    def __init__(self, series: pl.Series) -> None:
        self.series = series

    def __iter__(self):
        return iter(self.series)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.series.__arrow_c_stream__(requested_schema)


def methods():
    km, fit = call("kaplan_meier"), call("cox")
    plain = room.cox(FRAME, time="time", event="event", terms=["arm", "marker"])
    curve, states, model = km.curves[0], call("aalen_johansen").curves[0], call("parametric")
    return {
        "km.at": km.at,
        "km.at_risk": km.at_risk,
        "km.quantile": km.quantile,
        "km.rmst": km.rmst,
        "km[]": km.__getitem__,
        "km.contrasts": km.rmst_contrasts,
        "km.evidence": lambda v: km.evidence(times=v),
        "curve.at": curve.at,
        "curve.at_risk": curve.at_risk,
        "curve.quantile": curve.quantile,
        "curve.limits": lambda v: curve.limits(level=v or "none"),
        "states.at": lambda v: states.at(v, "r"),
        "states.state": lambda v: states.at([1.0], v),
        "states.restricted_mean": states.restricted_mean,
        "states.evidence": lambda v: states.evidence(times=v),
        "incidence.at": call("cumulative_incidence")[0].at,
        "cox.predict_survival": fit.predict_survival,
        "cox.residuals": fit.residuals,
        "cox.proportional_hazards_test": fit.proportional_hazards_test,
        "cox.concordance": lambda v: fit.concordance(timewt=v),
        "cox.profile_limits": lambda v: plain.profile_limits(level=v or "none"),
        "cox.smooth": lambda v: plain.proportional_hazards_test().residuals_frame(df=v),
        "baseline.evidence": lambda v: fit.baseline_hazard().evidence(times=v),
        "fine_gray.predict_incidence": call("fine_gray").predict_incidence,
        "parametric.survival": lambda v: model.survival(v, FRAME[:2]),
        "parametric.new": lambda v: model.survival([1.0], v),
        "parametric.quantile": lambda v: model.quantile(v, FRAME[:2]),
        "parametric.restricted_mean": lambda v: model.restricted_mean(v, FRAME[:2]),
        "piecewise.survival": call("piecewise_exponential").survival,
        "bootstrap.interval": call("bootstrap").interval,
        "pooled.limits": call("pool").limits,
        "concordance.limits": call("concordance_index").limits,
    }


@pytest.mark.parametrize("name", methods())
def test_methods_of_results_refuse_too(name):
    method = methods()[name]
    for bad in (None, "a", math.nan, math.inf, -1.0, {}, object(), [None], ["a"], [math.nan], True):
        with pytest.raises(Codon12Error):
            method(bad)
