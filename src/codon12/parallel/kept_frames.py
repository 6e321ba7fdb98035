"""What a block gave, kept in a folder: its frames as Parquet, the rest beside them."""

from __future__ import annotations

import os
import pickle
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl

from codon12.errors import InputError

__all__ = ["apart_of", "clear", "find_kept", "keep"]

_OBJECT = "block.pickle"
_APART = "table-"
_ROWS = 50_000
"""Rows of a group, of which statistics say whether it need be read."""
_OURS = re.compile(r"[0-9a-f]{32}(\.[0-9]+\.new)?")
_OWN = ("codon12.", "polars.", "datetime", "collections")
_PLAIN = frozenset(
    {
        *(("builtins", name) for name in ("frozenset", "set", "sorted")),
        ("functools", "partial"),
        ("msgspec._utils", "rebuild"),
        ("pathlib", "PosixPath"),
        ("pathlib", "WindowsPath"),
    }
)


class _Writer(pickle.Pickler):
    """Frames go into files of their own, beside the rest."""

    def __init__(self, file: Any, folder: Path) -> None:
        super().__init__(file, protocol=5)
        self._folder = folder
        self._seen: dict[int, tuple[str, pl.DataFrame]] = {}

    def persistent_id(self, obj: Any) -> Any:
        if not isinstance(obj, pl.DataFrame):
            return None
        if id(obj) not in self._seen:
            name = f"{len(self._seen):03d}.parquet"
            obj.write_parquet(self._folder / name, compression="lz4", statistics=False)
            self._seen[id(obj)] = (name, obj)
        return self._seen[id(obj)][0]


class _Reader(pickle.Unpickler):
    """Reads nothing but what codon12 writes."""

    def __init__(self, file: Any, folder: Path) -> None:
        super().__init__(file)
        self._folder = folder

    def persistent_load(self, pid: Any) -> pl.DataFrame:
        name = Path(str(pid)).name
        return pl.read_parquet(self._folder / name, glob=False)

    def find_class(self, module: str, name: str) -> Any:
        if module.startswith(_OWN) or (module, name) in _PLAIN:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is not of codon12")


def keep(folder: Path, made: Any, *, apart: Mapping[str, pl.DataFrame | pl.LazyFrame] | None = None) -> None:
    """Keep what a block gave in a folder, which appears whole or not at all; `apart` are frames read one by one.

    Raises
    ------
    InputError
        The folder cannot be written, as when the disk is full.
    """
    beside = folder.with_name(f"{folder.name}.{os.getpid()}.new")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True, mode=0o700)
        with (beside / _OBJECT).open("wb") as file:
            _Writer(file, beside).dump(made)
        for name, frame in (apart or {}).items():
            path = beside / f"{_APART}{name}.parquet"
            if isinstance(frame, pl.LazyFrame):
                frame = frame.collect()  # noqa: PLW2901 - one at a time is held
            frame.write_parquet(path, compression="lz4", statistics=True, row_group_size=_ROWS)
        shutil.rmtree(folder, ignore_errors=True)
        beside.replace(folder)
    except (OSError, pl.exceptions.PolarsError) as err:
        shutil.rmtree(beside, ignore_errors=True)
        why = err.strerror if isinstance(err, OSError) and err.strerror else str(err)
        raise InputError(
            f"{folder.parent}: a block cannot be kept: {why}. What was done before is kept; with room for the rest"
            " (--keep names another folder) run it again to go on"
        ) from None


def find_kept(folder: Path) -> Any:
    """What is kept in a folder; None where nothing is, or what cannot be read any more."""
    try:
        with (folder / _OBJECT).open("rb") as file:
            return _Reader(file, folder).load()
    except (OSError, pickle.UnpicklingError, EOFError, AttributeError, ImportError, pl.exceptions.PolarsError):
        return None


def apart_of(folder: Path, name: str) -> Path:
    """File of a frame that was kept apart."""
    return folder / f"{_APART}{name}.parquet"


def clear(folder: Path) -> None:
    """Remove the blocks that are kept in a folder, and the folder if nothing else is in it."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if _OURS.fullmatch(path.name) and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
    with suppress(OSError):
        folder.rmdir()
