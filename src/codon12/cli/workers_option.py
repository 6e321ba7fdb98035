"""``--workers`` and ``--dask``, which every verb that works in blocks has alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

__all__ = ["worker_options"]

F = TypeVar("F", bound=Callable[..., Any])


def worker_options(command: F) -> F:
    """Add ``--workers`` (None: one a core) and ``--dask`` (address of a scheduler) to a command."""
    command = click.option(
        "--dask", metavar="ADDRESS", help="Work on a Dask cluster that is there (tcp://HOST:8786); extra 'cluster'."
    )(command)
    return click.option(
        "--workers", type=click.IntRange(1, 1024), help="Processes; the result is the same.  [default: one a core]"
    )(command)
