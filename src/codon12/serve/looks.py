"""The looks taken: a look at data is an analysis, and a reader of its result may ask how many there were."""

from __future__ import annotations

import datetime as dt
import json
import threading
from pathlib import Path

import msgspec

__all__ = ["Look", "Looks", "write_whole"]

_MOST = 10_000


class Look(msgspec.Struct, frozen=True):
    """One look: when, at what, of which study, by which settings; no subject is named."""

    when: str
    page: str
    study: str
    departures: tuple[str, ...]
    query: str
    """The settings as an address holds them."""
    path: str = ""
    """Page of this server that took it."""


class Looks:
    """The looks of one run, in order; the same look twice in a row is one.

    Examples
    --------
    >>> looks = Looks()
    >>> looks.add("cohort", study="S", departures=["Only subjects with AGE >= 65"], query="step=AGE+%3E%3D+65")
    >>> len(looks.taken), looks.exploratory
    (1, 1)
    """

    def __init__(self) -> None:
        self._taken: list[Look] = []
        self._lock = threading.Lock()
        self.dropped = 0

    @property
    def taken(self) -> tuple[Look, ...]:
        """All looks so far."""
        return tuple(self._taken)

    @property
    def exploratory(self) -> int:
        """How many departed from the plan."""
        return sum(bool(look.departures) for look in self._taken)

    def add(
        self, page: str, *, study: str = "", departures: list[str] | None = None, query: str = "", path: str = ""
    ) -> None:
        """Write a look down."""
        now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        look = Look(now, page, study, tuple(departures or ()), query, path)
        with self._lock:
            last = self._taken[-1] if self._taken else None
            if last is not None and (last.page, last.study, last.query) == (page, study, query):
                return
            if len(self._taken) >= _MOST:
                self.dropped += 1
                return
            self._taken.append(look)

    def text(self) -> str:
        """One JSON object a line."""
        lines = [json.dumps(msgspec.to_builtins(look), ensure_ascii=False) for look in self.taken]
        if self.dropped:
            lines.append(json.dumps({"not_written_down": self.dropped}))
        return "".join(f"{line}\n" for line in lines)


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all, for its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.partial")
    try:
        beside.touch(mode=0o600)
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
