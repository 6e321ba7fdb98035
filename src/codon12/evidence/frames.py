"""Derived frames by name, those of very many rows left on disk until rows of them are asked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, MutableMapping

import polars as pl

__all__ = ["Frames", "Lying", "columns_of", "copied", "rows_of"]


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

    Examples
    --------
    >>> frames = Frames({"adsl": pl.DataFrame({"AGE": [60, 70]}).lazy()})
    >>> frames["adsl"].height, rows_of(frames, "adsl").select("AGE").filter(AGE=70).collect().height
    (2, 1)
    """

    def __init__(self, held: Mapping[str, pl.DataFrame | pl.LazyFrame] | None = None) -> None:
        self._held: dict[str, pl.DataFrame | pl.LazyFrame] = {}
        self._columns: dict[str, list[str]] = {}
        for name, frame in (held or {}).items():
            self.put(name, frame)

    def put(self, name: str, frame: pl.DataFrame | pl.LazyFrame) -> None:
        """Add a frame, or rows on disk."""
        self._held[name] = frame
        self._columns[name] = frame.collect_schema().names() if isinstance(frame, pl.LazyFrame) else frame.columns

    def rows(self, name: str) -> pl.LazyFrame:
        """A frame whose rows and columns are read as far as they are needed."""
        return self._held[name].lazy()

    def columns(self, name: str) -> list[str]:
        """Columns of a frame, nothing of which is read."""
        return self._columns[name]

    def on_disk(self, name: str) -> bool:
        """Whether a frame is not held in memory."""
        return isinstance(self._held[name], pl.LazyFrame)

    def copy(self) -> Frames:
        """The same frames, to which others can be added."""
        return Frames(self._held)

    def __getitem__(self, name: str) -> pl.DataFrame:
        frame = self._held[name]
        return frame.collect() if isinstance(frame, pl.LazyFrame) else frame

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


def rows_of(frames: Mapping[str, pl.DataFrame], name: str) -> pl.LazyFrame:
    """Rows of a frame, read as far as what is done with them needs them.

    Examples
    --------
    >>> rows_of({"adsl": pl.DataFrame({"AGE": [60, 70]})}, "adsl").filter(AGE=70).collect().height
    1
    """
    return frames.rows(name) if isinstance(frames, Lying) else frames[name].lazy()


def columns_of(frames: Mapping[str, pl.DataFrame], name: str) -> list[str]:
    """Columns of a frame."""
    return frames.columns(name) if isinstance(frames, Lying) else frames[name].columns


def copied(frames: Mapping[str, pl.DataFrame]) -> MutableMapping[str, pl.DataFrame]:
    """The same frames, to which others can be added; what lies on disk stays there."""
    return frames.copy() if isinstance(frames, Frames) else dict(frames)
