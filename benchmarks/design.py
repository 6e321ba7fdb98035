"""Speed of the design room against its budget: python benchmarks/design.py"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

import numpy as np

from codon12.design import (
    PosteriorRule,
    basket,
    interim_looks,
    predictive_probability,
    search,
    simon_designs,
)


def best_of(function, times=5, clock=time.process_time):
    """Least CPU time of a few runs: what an idle machine takes, whatever else this one does."""
    spent = []
    for _ in range(times):
        start = clock()
        function()
        spent.append(clock() - start)
    return min(spent)


def children():
    """CPU time of the commands run so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def reference():
    return predictive_probability(
        105, looks=interim_looks(105, start=25, every=10), success=PosteriorRule(rate=0.23, threshold=0.8)
    )


def simulated(boundaries, rates, trials):
    """The usual way: trials simulated at every rate, as R packages do."""
    rng = np.random.default_rng(1)
    for p in rates:
        x = np.cumsum(rng.random((trials, boundaries.n)) < p, axis=1)
        alive = np.ones(trials, dtype=bool)
        for m, low in zip(boundaries.looks, boundaries.stop_at_most, strict=True):
            alive &= x[:, m - 1] > low


def main():
    plan, rates = reference(), np.linspace(0, 1, 101)
    exact = best_of(lambda: plan.operating_characteristics(rates).expected_n)
    peer = best_of(lambda: simulated(plan.boundaries, rates[:3], 10_000), 1) * 101 / 3
    command = [sys.executable, "-c", "from codon12.cli import main; main(['design', 'simon', '0.1', '0.3'])"]
    rows = [
        ("reference design, boundaries", best_of(reference), None),
        ("operating characteristics at 101 rates", exact, 0.010),
        ("threshold search N = 20..45", best_of(lambda: search(0.2, 0.4, alpha=0.1, power=0.9, n=range(20, 46)), 3), 1),
        ("Simon, all admissible, n up to 104", best_of(lambda: simon_designs(0.4, 0.55, power=0.9), 3), 0.1),
        (
            "exact basket k = 5, n = 15, Fujikawa",
            best_of(lambda: basket(15, 0.2, baskets=5, borrowing="fujikawa"), 3),
            1,
        ),
        (
            "cold command: design simon",
            best_of(lambda: subprocess.run(command, capture_output=True, check=True), 3, children),
            1,
        ),
    ]
    for name, seconds, budget in rows:
        limit = "" if budget is None else f"  budget {1000 * budget:7.0f} ms"
        print(f"{name:45s} {1000 * seconds:9.2f} ms{limit}")
    print(f"101 rates exact against 10,000 simulated trials a rate: {peer / exact:.0f} times faster")
    return 0 if all(budget is None or seconds <= budget for _, seconds, budget in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
