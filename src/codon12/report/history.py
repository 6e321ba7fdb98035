"""``history.jsonl``: every run that wrote a report folder, a line each, with its inputs and the hash of each file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from codon12.errors import InputError
from codon12.records.files.folder import files_below

__all__ = ["HISTORY", "append_history", "file_hashes", "last_run"]

HISTORY = "history.jsonl"


def append_history(folder: Path, *, study: Path, config: Path | None, options: Mapping[str, Any]) -> None:
    """Append what was just written into a report folder to its history.

    The file is no part of the report (``run.json`` does not list it, no hash covers it): it alone holds the moment and
    the place of a run, and earlier lines stay when the report is written again. Places are told from the report's
    folder, so that the two may be moved or handed on together; of one that lies in another part of the machine the name
    alone is kept. What the records were is said by the hashes in ``run.json``.

    Raises
    ------
    InputError
        The line cannot be written.
    """
    line = {
        "at": dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
        "command": ["codon12", "report"],
        "study": _from(folder, study),
        "config": None if config is None else _from(folder, config),
        "options": dict(options),
        "files": file_hashes(folder),
    }
    try:
        with (folder / HISTORY).open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError as err:
        raise InputError(f"{folder / HISTORY}: cannot be written: {err.strerror or err}") from None


def _from(folder: Path, place: Path) -> str:
    """Path from a report's folder, with ``/``; a name alone where the way would lead over the machine's top folders."""
    here, there = folder.resolve(), place.resolve()
    if here.anchor != there.anchor:
        return there.name
    shared = Path(os.path.commonpath([here, there]))
    if shared == Path(here.anchor) or shared in Path.home().parents:
        return there.name
    return Path(os.path.relpath(there, here)).as_posix()


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder but its history, by its path with ``/``."""
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in files_below(folder)
        if name != HISTORY and not (folder / name).is_symlink()
    }


def last_run(folder: Path) -> dict[str, Any] | None:
    """Last line of a folder's history; None where there is none.

    Raises
    ------
    InputError
        The line is no JSON object.
    """
    path = folder / HISTORY
    if not path.is_file():
        return None
    lines = [x for x in path.read_text(encoding="utf-8", errors="replace").splitlines() if x.strip()]
    if not lines:
        return None
    try:
        held = json.loads(lines[-1])
    except ValueError:
        held = None
    if not isinstance(held, dict):
        raise InputError(f"{HISTORY}, line {len(lines)}: is no line of a history; remove it and give --study")
    return held
