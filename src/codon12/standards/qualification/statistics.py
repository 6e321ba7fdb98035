"""Main statistics computed twice, by ways that share no code: the package, and the definition in fractions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np

from codon12.design.proof.selftest import Check

__all__ = ["checks"]

_CLOSE = 1e-10


def checks(*, trials: int = 0, seed: int = 12) -> Iterator[Check]:  # noqa: ARG001 - every area is called so
    """Proportions, curves, tests and models on data drawn from a seed, each in two ways."""
    rng = np.random.default_rng(seed)
    yield _clopper_pearson()
    yield _fisher()
    yield _rounding()
    time = rng.integers(1, 20, 60)
    event = rng.integers(0, 2, 60)
    group = rng.integers(0, 2, 60)
    yield _kaplan_meier(time, event)
    yield _logrank(time, event, group)
    yield from _cox(time, event, group)
    yield _response(rng)


def _clopper_pearson() -> Check:
    """Limits by the binomial tail itself: 2.5 % of the distribution beyond what was seen."""
    from codon12.numbers import proportion_interval

    worst = 0.0
    for x, n in ((0, 7), (1, 12), (46, 124), (30, 30)):
        lower, upper = (float(v) for v in proportion_interval(x, n))
        if x > 0:
            worst = max(worst, abs(_tail(x, n, lower, upward=True) - 0.025))
        if x < n:
            worst = max(worst, abs(_tail(x, n, upper, upward=False) - 0.025))
    return Check("Clopper-Pearson limits: beta quantiles and summed binomial terms", worst, _CLOSE)


def _tail(x: int, n: int, p: float, *, upward: bool) -> float:
    ks = range(x, n + 1) if upward else range(x + 1)
    return math.fsum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in ks)


def _fisher() -> Check:
    from codon12.numbers.fisher import fisher_exact

    worst = 0.0
    for a, b, c, d in ((3, 1, 1, 3), (12, 5, 29, 2), (0, 6, 4, 1)):
        first, second, chosen = a + b, c + d, a + c
        weights = [
            math.comb(first, k) * math.comb(second, chosen - k)
            for k in range(max(0, chosen - second), min(first, chosen) + 1)
        ]
        seen = math.comb(first, a) * math.comb(second, c)
        exact = Fraction(sum(w for w in weights if w <= seen), sum(weights))
        worst = max(worst, abs(float(fisher_exact(a, b, c, d).p[0]) - float(exact)))
    return Check("Fisher's exact test: the package and whole numbers", worst, _CLOSE)


def _rounding() -> Check:
    from codon12.numbers import percent

    wrong = 0
    for n in range(1, 60):
        for x in range(n + 1):
            exact = (Decimal(100 * x) / Decimal(n)).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
            wrong += Decimal(str(percent(x, n, 1))) != exact
    return Check("printed percentages: the package and decimal arithmetic, 1,829 of them", float(wrong), 0.0)


def _kaplan_meier(time: np.ndarray, event: np.ndarray) -> Check:
    from codon12.survival import kaplan_meier

    curve = kaplan_meier(time, event).curve()
    worst, survival, hazard = 0.0, Fraction(1), Fraction(0)
    for t in sorted({int(t) for t, e in zip(time, event, strict=True) if e}):
        at_risk = sum(int(u >= t) for u in time)
        died = sum(int(u == t and e == 1) for u, e in zip(time, event, strict=True))
        survival *= 1 - Fraction(died, at_risk)
        if at_risk > died:
            hazard += Fraction(died, at_risk * (at_risk - died))
        found = curve.at([t])[0]
        worst = max(worst, _far(found.value, float(survival)))
        if 0 < survival < 1:
            spread = 1.959963984540054 * math.sqrt(hazard) / math.log(survival)
            limits = [float(survival) ** math.exp(-sign * spread) for sign in (1, -1)]
            worst = max(worst, _far(found.lower, min(limits)), _far(found.upper, max(limits)))
    return Check("Kaplan-Meier curve and Greenwood limits: the package and fractions", worst, _CLOSE)


def _far(ours: float | None, exact: float) -> float:
    return math.inf if ours is None else abs(ours - exact)


def _logrank(time: np.ndarray, event: np.ndarray, group: np.ndarray) -> Check:
    from codon12.survival import logrank

    rows = list(zip(time.tolist(), event.tolist(), group.tolist(), strict=True))
    apart, variance = Fraction(0), Fraction(0)
    for t in sorted({t for t, e, _ in rows if e}):
        risk = [(u, e, g) for u, e, g in rows if u >= t]
        n, first = len(risk), sum(g for _, _, g in risk)
        died = [(g) for u, e, g in risk if u == t and e]
        d = len(died)
        apart += sum(died) - Fraction(d * first, n)
        if n > 1:
            variance += Fraction(d * first * (n - first) * (n - d), n * n * (n - 1))
    exact = float(apart * apart / variance)
    return Check("log-rank statistic: the package and fractions", abs(logrank(time, event, group).statistic - exact),
                 _CLOSE * max(1.0, exact))  # fmt: skip


def _cox(time: np.ndarray, event: np.ndarray, group: np.ndarray) -> Iterator[Check]:
    from codon12.survival import cox

    for ties in ("breslow", "efron"):
        fit = cox(time=time, event=event, terms=group.astype(float)[:, None], ties=ties)  # type: ignore[arg-type]
        low, high = -10.0, 10.0
        for _ in range(200):  # the root of the score, by halving
            middle = (low + high) / 2
            low, high = (middle, high) if _score(middle, time, event, group, ties) > 0 else (low, middle)
        name = f"Cox model, ties by {ties}: Newton's method and halving of the score"
        yield Check(name, abs(float(fit.coef[0]) - low), 1e-8)


def _score(beta: float, time: np.ndarray, event: np.ndarray, group: np.ndarray, ties: str) -> float:
    """First derivative of the log partial likelihood of one covariate of 0 and 1."""
    out = 0.0
    for t in np.unique(time[event == 1]):
        risk, died = time >= t, (time == t) & (event == 1)
        weight = np.exp(beta * group)
        total, first = weight[risk].sum(), (weight * group)[risk].sum()
        tied, tied_first = weight[died].sum(), (weight * group)[died].sum()
        d = int(died.sum())
        out += group[died].sum()
        for k in range(d):
            share = k / d if ties == "efron" else 0.0
            out -= (first - share * tied_first) / (total - share * tied)
    return float(out)


def _response(rng: np.random.Generator) -> Check:
    """Target response of random sums: the package, and the rule in whole tenths of a millimetre."""
    import datetime as dt

    import polars as pl

    from codon12.response import sum_of_diameters, target_response

    start = dt.date(2020, 1, 1)
    sizes = rng.integers(100, 900, (40, 4)) / 10
    rows = [
        {"USUBJID": f"S{i:02}", "EVAL": "INVESTIGATOR", "LESIONID": "T1", "GROUP": "TARGET", "LOC": "LIVER",
         "NODAL": False, "ADT": start + dt.timedelta(42 * k), "VISITNUM": float(k + 1), "VISIT": f"V{k + 1}",
         "AVAL": float(v), "AVALC": None, "SRCDOM": "TR", "SRCROW": 4 * i + k + 1}
        for i, path in enumerate(sizes) for k, v in enumerate(path)
    ]  # fmt: skip
    lesions = pl.DataFrame(rows, schema_overrides={"AVALC": pl.String})
    subjects = pl.DataFrame({"USUBJID": [f"S{i:02}" for i in range(40)], "ADT": [start] * 40})
    found = target_response(sum_of_diameters(lesions, subjects)).filter(pl.col("ADT") > start)
    ours = found.sort("USUBJID", "ADT").get_column("AVALC").to_list()
    theirs = []
    for path in sizes:
        tenths = [round(10 * v) for v in path]
        for k in range(1, 4):
            nadir = min(tenths[:k])
            grown = 5 * tenths[k] >= 6 * nadir and tenths[k] - nadir >= 50
            theirs.append("PD" if grown else "PR" if 10 * tenths[k] <= 7 * tenths[0] else "SD")
    wrong = sum(a != b for a, b in zip(ours, theirs, strict=True))
    return Check("RECIST target response of 120 sums: the package and the rule in whole numbers", float(wrong), 0.0)
