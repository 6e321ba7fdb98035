"""Replicates in blocks, here or on an executor: the same bytes."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import numpy as np
import polars as pl
import pytest

from codon12.parallel import Workers, spans, worth
from codon12.survival import ImputationRules, bootstrap, cut_point, impute, imputed_cox, stepp
from codon12.survival.curves import bootstrap as bootstrap_module
from codon12.survival.effects import cut_point as cut_module
from codon12.survival.effects import permutation as permutation_module
from codon12.survival.effects.permutation import permutation_p

RNG = np.random.default_rng(9)
N = 90
FRAME = pl.DataFrame(
    {
        "t": np.ceil(RNG.exponential(40, N)),
        "e": RNG.random(N) < 0.7,
        "arm": ["A", "B"] * (N // 2),
        "site": RNG.choice(["x", "y"], N),
        "m": RNG.normal(size=N).round(1),
    }
)
COLUMNS = {"time": "t", "event": "e"}
HOLES = FRAME.with_columns(
    m=pl.when(pl.int_range(pl.len()) % 4 > 0).then("m"), site=pl.when(pl.int_range(pl.len()) % 5 > 0).then("site")
)


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as two:
        yield two


def booted(statistic: Any, executor: Executor | None = None) -> bytes:
    at = 30.0 if statistic in ("survival", "rmst") else None
    found = bootstrap(
        FRAME["t"], FRAME["e"], group=FRAME["arm"], statistic=statistic, at=at, replicates=37, seed=4, executor=executor
    )
    return found.replicates.tobytes()


def first_subject(counts: np.ndarray) -> np.ndarray:
    return counts[:, 0]


@pytest.mark.parametrize("statistic", ["median", "survival", "rmst", "logrank", first_subject])
@pytest.mark.parametrize("cells", [1, 7 * N])
def test_bootstrap(statistic: Any, cells: int, pool: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = booted(statistic)
    assert booted(statistic, pool) == whole
    monkeypatch.setattr(bootstrap_module, "_CELLS", cells)
    assert booted(statistic) == whole


def searched(executor: Executor | None = None) -> tuple[Any, ...]:
    found = cut_point(
        FRAME, **COLUMNS, biomarker="m", strata="site", permutations=41, resamples=19, seed=4, executor=executor
    )
    return found.p, found.critical, found.optimism, found.resampled_cuts.tobytes(), found.resamples_failed


@pytest.mark.parametrize("cells", [1, 7 * N])
def test_cut_point(cells: int, pool: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = searched()
    assert searched(pool) == whole
    monkeypatch.setattr(cut_module, "_CELLS", cells)
    assert searched() == whole


def windows(executor: Executor | None = None) -> float:
    return stepp(
        FRAME, **COLUMNS, treatment="arm", biomarker="m", permutations=45, seed=4, executor=executor
    ).p  # fmt: skip


def test_windows(pool: Executor, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = windows()
    assert windows(pool) == whole
    monkeypatch.setattr(permutation_module, "_CELLS", 1)
    assert windows() == whole


def test_imputations(pool: Executor) -> None:
    rules = ImputationRules(imputations=5, iterations=2)
    options = {**COLUMNS, "columns": ["m", "site"], "rules": rules}
    pairs = zip(impute(HOLES, **options), impute(HOLES, **options, executor=pool), strict=True)
    assert all(a.equals(b) for a, b in pairs)
    one = imputed_cox(HOLES, **COLUMNS, terms=["m", "arm"], auxiliary=["site"], rules=rules)
    two = imputed_cox(HOLES, **COLUMNS, terms=["m", "arm"], auxiliary=["site"], rules=rules, executor=pool)
    assert one.coefficients.equals(two.coefficients)


@pytest.mark.slow
def test_in_processes() -> None:
    """Everything that is sent can be sent, and other processes give the same bytes."""
    rules = ImputationRules(imputations=3, iterations=2)
    with Workers(2) as two:
        assert booted("logrank", two) == booted("logrank")
        assert searched(two) == searched()
        assert windows(two) == windows()
        one = imputed_cox(HOLES, **COLUMNS, terms=["m", "site"], rules=rules)
        other = imputed_cox(HOLES, **COLUMNS, terms=["m", "site"], rules=rules, executor=two)
        assert one.coefficients.equals(other.coefficients)


def test_every_subject_is_drawn_as_often() -> None:
    """Means over replicates are those of drawing with replacement; each draws as many as there are."""
    seen: list[np.ndarray] = []

    def spy(counts: np.ndarray) -> np.ndarray:
        seen.append(counts)
        return counts[:, 0]

    bootstrap(np.arange(1.0, 9), np.ones(8), statistic=spy, replicates=4000, seed=11)
    counts = np.concatenate(seen[1:])
    assert (counts.sum(axis=1) == 8).all()
    assert counts.mean(axis=0) == pytest.approx(np.ones(8), abs=0.06)
    assert counts.var(axis=0) == pytest.approx(np.full(8, 7 / 8), abs=0.08)


def test_orders_are_all_alike() -> None:
    """Of three subjects each of the six orders comes up in a sixth of the permutations."""
    _, values = permutation_p(0, lambda o: 9 * o[0] + 3 * o[1] + o[2], 3, permutations=6000, seed=2)
    _, times = np.unique(values, return_counts=True)
    assert times.size == 6
    assert times == pytest.approx(np.full(6, 1000), abs=130)


def test_few_cells_are_done_here(pool: Executor) -> None:
    assert worth(pool, 10) is None
    assert worth(pool, 10**8) is pool
    assert list(spans(0, 5)) == []
    assert [n for _, n in spans(80, 99, executor=pool)] == [10] * 8
    assert list(spans(5, 0)) == [(k, 1) for k in range(5)]


def test_identifiers_are_not_sent() -> None:
    """What other columns the frame has stays here."""
    sent: list[bytes] = []

    class Seen(ThreadPoolExecutor):
        def submit(self, *args: Any, **kwargs: Any) -> Any:
            sent.append(pickle.dumps(args))
            return super().submit(*args, **kwargs)

    frame = HOLES.with_columns(USUBJID=pl.format("NAME-{}", pl.int_range(pl.len())))
    rules = ImputationRules(imputations=2, iterations=1)
    with Seen(1) as one:
        imputed_cox(frame, **COLUMNS, terms=["m", "arm"], auxiliary=["site"], rules=rules, executor=one)
        cut_point(frame, **COLUMNS, biomarker="m", permutations=2, resamples=2, executor=one)
    assert len(sent) >= 8
    assert not any(b"NAME-" in part for part in sent)


@pytest.mark.slow
def test_on_a_cluster() -> None:
    """Dask gives the same bytes."""
    distributed = pytest.importorskip("distributed")
    options: dict[str, Any] = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster, set_as_default=False) as client:
        far = client.get_executor(pure=False)
        assert booted("median", far) == booted("median")
        assert searched(far) == searched()
        assert windows(far) == windows()
