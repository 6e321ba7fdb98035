"""What every program computes in every row of the survival benchmark: data in, a call that gives one number out.

- ``km``: estimate with standard error and pointwise limits, where the program has them (statsmodels and surpyval have
  none at this call). ``km, no limits``: the estimate alone, with whatever else the program cannot leave out.
- ``logrank``: two arms. ``rmst``: both arms to day 365 with standard errors, and their difference (lifelines: the
  means alone).
- ``cox``: 10 covariates, Efron, coefficients and standard errors (sksurv: coefficients), ``cox strata`` over
  8 strata, ``cox robust`` with the sandwich variance.
- ``bootstrap ...``: 1,000 replicates; where a program takes many seconds, a tenth of them, times ten.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Cell = Callable[[], float]
ROWS: dict[str, dict[str, Callable[[dict], Cell]]] = {}
DISTRIBUTIONS = {
    "lifelines": "lifelines",
    "statsmodels": "statsmodels",
    "surpyval": "surpyval",
    "sksurv": "scikit-survival",
    "rust": "survival",
}
R_ROWS = ("km", "logrank", "rmst", "cox", "cox strata", "cox robust", "bootstrap median", "bootstrap logrank")
LIMITS = {
    "statsmodels": 10_000_000,
    ("cox", "lifelines"): 100_000,
    ("cox strata", "lifelines"): 100_000,
    ("cox robust", "lifelines"): 1_000,
    ("cox", "statsmodels"): 1_000,
    ("cox strata", "statsmodels"): 1_000,
    ("cox", "sksurv"): 100_000,
    ("cox robust", "R"): 1_000,
}
"""Subjects beyond which a program is left out: it would take minutes."""
SHARE = {("bootstrap median", "lifelines"): 10, ("bootstrap logrank", "lifelines"): 10}
"""Cells that do a part of the work, and how often that makes the whole."""


def contender(row: str, program: str):
    """Register what makes a cell."""

    def register(make: Callable[[dict], Cell]) -> Callable[[dict], Cell]:
        ROWS.setdefault(row, {})[program] = make
        return make

    return register


def arms(d: dict) -> list[tuple[np.ndarray, np.ndarray]]:
    """Time and event of either arm."""
    return [(d["time"][d["arm"] == k], d["event"][d["arm"] == k]) for k in (0, 1)]


def resampled(d: dict, run: Callable[[np.ndarray], float], count: int = 1000) -> float:
    """Median of a statistic over resampled rows, one call each."""
    rng = np.random.default_rng(1)
    n = d["time"].size
    return float(np.median([run(rng.integers(0, n, n)) for _ in range(count)]))


# Kaplan-Meier


@contender("km", "codon12")
def _(d):
    from codon12.survival import kaplan_meier

    def run():
        curve = kaplan_meier(d["time"], d["event"]).curve()
        assert curve.lower.size == curve.std_error.size
        return curve.survival[-1]

    return run


@contender("km", "lifelines")
def _(d):
    from lifelines import KaplanMeierFitter

    return lambda: KaplanMeierFitter().fit(d["time"], d["event"]).survival_function_.iloc[-1, 0]


@contender("km", "statsmodels")
def _(d):
    from statsmodels.duration.survfunc import SurvfuncRight

    event = d["event"].astype(float)
    return lambda: SurvfuncRight(d["time"], event).surv_prob[-1]


@contender("km", "surpyval")
def _(d):
    import surpyval

    censored = (~d["event"]).astype(int)
    return lambda: surpyval.KaplanMeier.fit(d["time"], c=censored).R[-1]


@contender("km", "sksurv")
def _(d):
    from sksurv.nonparametric import kaplan_meier_estimator

    return lambda: kaplan_meier_estimator(d["event"], d["time"], conf_type="log-log")[1][-1]


@contender("km", "rust")
def _(d):
    from survival._survival import survfitkm

    event = d["event"].astype(float)
    return lambda: survfitkm(d["time"], event, conf_type="log-log").surv[-1]


@contender("km, no limits", "codon12")
def _(d):
    from codon12.survival import kaplan_meier

    return lambda: kaplan_meier(d["time"], d["event"]).curve().survival[-1]


ROWS["km, no limits"] |= {p: ROWS["km"][p] for p in ("statsmodels", "surpyval")}


@contender("km, no limits", "sksurv")
def _(d):
    from sksurv.nonparametric import kaplan_meier_estimator

    return lambda: kaplan_meier_estimator(d["event"], d["time"])[1][-1]


@contender("km, no limits", "rust")
def _(d):
    from survival._survival import survfitkm

    event = d["event"].astype(float)
    return lambda: survfitkm(d["time"], event, se_fit=False).surv[-1]


# Log-rank


@contender("logrank", "codon12")
def _(d):
    from codon12.survival import logrank

    return lambda: logrank(d["time"], d["event"], d["arm"]).statistic


@contender("logrank", "lifelines")
def _(d):
    from lifelines.statistics import logrank_test

    def run():
        (t0, e0), (t1, e1) = arms(d)
        return logrank_test(t0, t1, e0, e1).test_statistic

    return run


@contender("logrank", "statsmodels")
def _(d):
    from statsmodels.duration.survfunc import survdiff

    event = d["event"].astype(float)
    return lambda: survdiff(d["time"], event, d["arm"])[0]


@contender("logrank", "sksurv")
def _(d):
    from sksurv.compare import compare_survival
    from sksurv.util import Surv

    y = Surv.from_arrays(d["event"], d["time"])
    return lambda: compare_survival(y, d["arm"])[0]


@contender("logrank", "rust")
def _(d):
    from survival._survival import logrank_test

    event, arm = d["event"].astype(float), d["arm"].astype(float)
    return lambda: logrank_test(d["time"], event, arm).statistic


# Restricted means


@contender("rmst", "codon12")
def _(d):
    from codon12.survival import kaplan_meier

    def run():
        return kaplan_meier(d["time"], d["event"], group=d["arm"]).rmst_contrasts(365)[0].difference.value

    return run


@contender("rmst", "lifelines")
def _(d):
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time as mean

    def run():
        a, b = (mean(KaplanMeierFitter().fit(t, e), t=365) for t, e in arms(d))
        return b - a

    return run


@contender("rmst", "rust")
def _(d):
    from survival._survival import rmst_comparison

    event, arm = d["event"].astype(float), d["arm"].astype(float)
    return lambda: abs(rmst_comparison(d["time"], event, arm, 365.0).difference[0])


# Cox


def _codon12_cox(**which):
    def make(d):
        from codon12.survival import cox

        chosen = {k: d["stratum"] if k == "strata" else v for k, v in which.items()}

        def run():
            fit = cox(time=d["time"], event=d["event"], terms=d["x"], **chosen)
            return fit.coef[0] + fit.std_error[0]

        return run

    return make


def _lifelines_cox(strata=None, robust=None):
    def make(d):
        import pandas as pd
        from lifelines import CoxPHFitter

        frame = pd.DataFrame(d["x"], columns=[f"x{i}" for i in range(10)])
        frame["t"], frame["e"] = d["time"], d["event"]
        if strata:
            frame["s"] = d["stratum"]

        def run():
            fit = CoxPHFitter().fit(frame, "t", "e", strata=["s"] if strata else None, robust=bool(robust))
            return fit.params_.iloc[0] + fit.standard_errors_.iloc[0]

        return run

    return make


def _statsmodels_cox(strata=None):
    def make(d):
        from statsmodels.duration.hazard_regression import PHReg

        def run():
            own = d["stratum"] if strata else None
            fit = PHReg(d["time"], d["x"], status=d["event"], ties="efron", strata=own).fit()
            return fit.params[0] + fit.bse[0]

        return run

    return make


def _rust_cox(strata=None, robust=None):
    def make(d):
        from survival._survival import coxph_fit

        event = d["event"].astype(float)

        def run():
            fit = coxph_fit(d["time"], event, d["x"], strata=d["stratum"] if strata else None, robust=robust)
            return fit.coefficients[0] + np.sqrt(fit.var[0][0])

        return run

    return make


for _row, _own in (("cox", {}), ("cox strata", {"strata": True}), ("cox robust", {"robust": True})):
    contender(_row, "codon12")(_codon12_cox(**_own))
    contender(_row, "lifelines")(_lifelines_cox(**_own))
    if "robust" not in _own:
        contender(_row, "statsmodels")(_statsmodels_cox(**_own))
    contender(_row, "rust")(_rust_cox(**_own))


@contender("cox", "rust, fit alone")
def _(d):
    from survival._survival import coxph_fit_raw

    event = d["event"].astype(float)

    def run():
        fit = coxph_fit_raw(d["time"], event, d["x"], resid=False)
        return fit.coefficients[0] + np.sqrt(fit.var[0][0])

    return run


@contender("cox", "sksurv")
def _(d):
    from sksurv.linear_model import CoxPHSurvivalAnalysis
    from sksurv.util import Surv

    y = Surv.from_arrays(d["event"], d["time"])
    return lambda: CoxPHSurvivalAnalysis(ties="efron").fit(d["x"], y).coef_[0]


def _surpyval_cox(strata=None):
    def make(d):
        from surpyval import CoxPH

        censored = (~d["event"]).astype(int)

        def run():
            own = d["stratum"] if strata else None
            fit = CoxPH.fit(x=d["time"], Z=d["x"], c=censored, strata=own, tie_method="efron")
            return fit.beta[0] + np.sqrt(fit.covariance()[0, 0])

        return run

    return make


contender("cox", "surpyval")(_surpyval_cox())
contender("cox strata", "surpyval")(_surpyval_cox(strata=True))


# Bootstrap


@contender("bootstrap median", "codon12")
def _(d):
    from codon12.survival import bootstrap

    return lambda: np.median(bootstrap(d["time"], d["event"], statistic="median", seed=1).replicates)


@contender("bootstrap median", "lifelines")
def _(d):
    from lifelines import KaplanMeierFitter

    def one(i):
        return KaplanMeierFitter().fit(d["time"][i], d["event"][i]).median_survival_time_

    return lambda: resampled(d, one, 100)


@contender("bootstrap median", "statsmodels")
def _(d):
    from statsmodels.duration.survfunc import SurvfuncRight

    event = d["event"].astype(float)
    return lambda: resampled(d, lambda i: SurvfuncRight(d["time"][i], event[i]).quantile(0.5))


@contender("bootstrap median", "rust")
def _(d):
    from survival._survival import survfitkm

    event = d["event"].astype(float)

    def one(i):
        fit = survfitkm(d["time"][i], event[i], se_fit=False)
        at = np.searchsorted(-np.asarray(fit.surv), -0.5)
        return fit.time[at] if at < len(fit.time) else np.inf

    return lambda: resampled(d, one)


@contender("bootstrap logrank", "codon12")
def _(d):
    from codon12.survival import bootstrap

    def run():
        found = bootstrap(d["time"], d["event"], group=d["arm"], statistic="logrank", seed=1)
        return np.median(found.replicates**2)

    return run


@contender("bootstrap logrank", "lifelines")
def _(d):
    from lifelines.statistics import logrank_test

    def one(i):
        t, e, a = d["time"][i], d["event"][i], d["arm"][i] == 1
        return logrank_test(t[~a], t[a], e[~a], e[a]).test_statistic

    return lambda: resampled(d, one, 100)


@contender("bootstrap logrank", "statsmodels")
def _(d):
    from statsmodels.duration.survfunc import survdiff

    event = d["event"].astype(float)
    return lambda: resampled(d, lambda i: survdiff(d["time"][i], event[i], d["arm"][i])[0])


@contender("bootstrap logrank", "rust")
def _(d):
    from survival._survival import logrank_test

    event, arm = d["event"].astype(float), d["arm"].astype(float)
    return lambda: resampled(d, lambda i: logrank_test(d["time"][i], event[i], arm[i]).statistic)
