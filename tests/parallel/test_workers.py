"""The executor of a run."""

from __future__ import annotations

import sys

import pytest

from codon12.errors import UsageError
from codon12.parallel import Workers, cores, workers


def test_one_worker_is_this_process() -> None:
    with workers(1) as executor:
        assert executor is None


def test_many_are_processes() -> None:
    with workers(2) as executor:
        assert isinstance(executor, Workers)
        assert executor.count == 2


def test_cores_are_counted() -> None:
    assert cores() >= 1


@pytest.mark.parametrize("count", [0, -1])
def test_no_worker_is_refused(count: int) -> None:
    with pytest.raises(UsageError, match="give 1 or more"), workers(count):
        pass
    with pytest.raises(UsageError, match="give 1 or more"):
        Workers(count)


def test_dask_without_its_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"codon12\[cluster\]"), workers(dask="tcp://127.0.0.1:1"):
        pass
