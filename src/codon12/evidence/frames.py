"""Derived frames by name, those of very many rows left on disk until rows of them are asked for."""

from __future__ import annotations

import tempfile
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.errors import InputError

__all__ = ["HELD_ROWS", "Frames", "Lying", "columns_of", "copied", "kinds_of", "laid", "rows_of"]

HELD_ROWS = 20_000
"""Rows of a frame that is held in memory where there is a folder for larger ones."""
_GROUP = 50_000


class Lying(Mapping[str, pl.DataFrame]):
    """Frames by name, rows and columns of which can be read without the rest."""

    @abstractmethod
    def rows(self, name: str) -> pl.LazyFrame:
        """A frame whose rows and columns are read as far as they are needed."""

    @abstractmethod
    def columns(self, name: str) -> list[str]:
        """Columns of a frame, nothing of which is read."""


class Frames(Lying, MutableMapping[str, pl.DataFrame]):
    """Frames in memory and on disk under their names; one on disk is read anew each time it is asked for, and not held.

    Parameters
    ----------
    held
        A `LazyFrame` stands for rows on disk, in their order.
    folder
        Where frames of more than `HELD_ROWS` rows are laid as they are put here; without it they are held.

    Examples
    --------
    >>> frames = Frames({"adsl": pl.DataFrame({"AGE": [60, 70]}).lazy()})
    >>> frames["adsl"].height, rows_of(frames, "adsl").select("AGE").filter(AGE=70).collect().height
    (2, 1)
    """

    def __init__(
        self, held: Mapping[str, pl.DataFrame | pl.LazyFrame] | None = None, *, folder: Path | None = None
    ) -> None:
        self._folder = folder
        self._held: dict[str, pl.DataFrame | pl.LazyFrame] = {}
        self._columns: dict[str, list[str]] = {}
        self._kinds: dict[tuple[str, str], pl.DataFrame] = {}
        self.positions: dict[tuple[str, str, str | None], NDArray[np.uint32]] = {}
        """Name of a frame and predicates -> where the rows are that satisfy them, as far as was asked."""
        for name, frame in (held or {}).items():
            self.put(name, frame)

    def put(self, name: str, frame: pl.DataFrame | pl.LazyFrame) -> None:
        """Add a frame, or rows on disk.

        Raises
        ------
        InputError
            A large frame cannot be written, as when the disk is full.
        """
        if self._folder is not None and isinstance(frame, pl.DataFrame) and frame.height > HELD_ROWS:
            frame = laid([frame], self._folder)
        self._held[name] = frame
        self._kinds = {key: kinds for key, kinds in self._kinds.items() if key[0] != name}
        if any(name in (key[0], "adsl") for key in self.positions):  # predicates look into ADSL too
            self.positions = {}
        self._columns[name] = frame.collect_schema().names() if isinstance(frame, pl.LazyFrame) else frame.columns

    def lay(self, name: str, parts: Iterable[pl.DataFrame]) -> None:
        """Add a frame that comes in parts, left on disk where there is a folder; errors as `put`."""
        self.put(name, pl.concat(parts) if self._folder is None else laid(parts, self._folder))

    def rows(self, name: str) -> pl.LazyFrame:
        """A frame whose rows and columns are read as far as they are needed."""
        return self._held[name].lazy()

    def columns(self, name: str) -> list[str]:
        """Columns of a frame, nothing of which is read."""
        return self._columns[name]

    def kinds(self, name: str, *columns: str | pl.Expr, **named: pl.Expr) -> pl.DataFrame:
        """The distinct values of columns, looked for once."""
        key = name, str((columns, sorted((k, str(e)) for k, e in named.items())))
        if key not in self._kinds:
            self._kinds[key] = _kinds(self.rows(name), *columns, **named)
        return self._kinds[key]

    def on_disk(self, name: str) -> bool:
        """Whether a frame is not held in memory."""
        return isinstance(self._held[name], pl.LazyFrame)

    def copy(self) -> Frames:
        """The same frames, to which others can be added."""
        return Frames(self._held, folder=self._folder)

    def __getitem__(self, name: str) -> pl.DataFrame:
        frame = self._held[name]
        # One chunk as if never divided: a median of several is interpolated another way, to the last digit.
        return frame.collect().rechunk() if isinstance(frame, pl.LazyFrame) else frame

    def __setitem__(self, name: str, frame: pl.DataFrame) -> None:
        self.put(name, frame)

    def __delitem__(self, name: str) -> None:
        del self._held[name], self._columns[name]

    def __contains__(self, name: object) -> bool:
        return name in self._held

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)


def laid(parts: Iterable[pl.DataFrame], folder: Path) -> pl.LazyFrame:
    """Write a frame, or its parts one after the other, into files of its own below a folder, to be read from there.

    Raises
    ------
    InputError
        It cannot be written, as when the disk is full.
    """
    files: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        own = Path(tempfile.mkdtemp(dir=folder))
        for part in parts:
            files.append(own / f"{len(files):06d}.parquet")
            part.write_parquet(files[-1], compression="lz4", statistics=True, row_group_size=_GROUP)
    except (OSError, pl.exceptions.PolarsError) as err:
        why = err.strerror if isinstance(err, OSError) and err.strerror else str(err)
        raise InputError(
            f"{folder.parent}: a frame cannot be kept: {why}; with room for it (--keep names another folder) run it"
            " again"
        ) from None
    return pl.scan_parquet(files, glob=False)


def rows_of(frames: Mapping[str, pl.DataFrame], name: str) -> pl.LazyFrame:
    """Rows of a frame, read as far as what is done with them needs them.

    Examples
    --------
    >>> rows_of({"adsl": pl.DataFrame({"AGE": [60, 70]})}, "adsl").filter(AGE=70).collect().height
    1
    """
    return frames.rows(name) if isinstance(frames, Lying) else frames[name].lazy()


def _kinds(rows: pl.LazyFrame, *columns: str | pl.Expr, **named: pl.Expr) -> pl.DataFrame:
    return rows.select(*columns, **named).unique().collect()


def kinds_of(frames: Mapping[str, pl.DataFrame], name: str, *columns: str | pl.Expr, **named: pl.Expr) -> pl.DataFrame:
    """Distinct values of columns of a frame, in no order.

    Examples
    --------
    >>> kinds_of({"adsl": pl.DataFrame({"SEX": ["F", "F"]})}, "adsl", "SEX").height
    1
    """
    if isinstance(frames, Frames):
        return frames.kinds(name, *columns, **named)
    return _kinds(frames[name].lazy(), *columns, **named)


def columns_of(frames: Mapping[str, pl.DataFrame], name: str) -> list[str]:
    """Columns of a frame."""
    return frames.columns(name) if isinstance(frames, Lying) else frames[name].columns


def copied(frames: Mapping[str, pl.DataFrame]) -> MutableMapping[str, pl.DataFrame]:
    """The same frames, to which others can be added; what lies on disk stays there."""
    return frames.copy() if isinstance(frames, Frames) else dict(frames)
