"""The folder that holds the study: the one given, or the only one below it that does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from codon12.errors import InputError
from codon12.records.config import CONFIG_FILE, StudyConfig
from codon12.records.files.locate import study_format
from codon12.records.findings import Finding
from codon12.records.readers import format_of

__all__ = ["study_folder"]

_DEPTH = 4
_NOT_A_STUDY = ("case_lists",)
_FEW = 12
_REPORT = ("run.json", "evidence.parquet")
"""Files of a report of ours, which is no study."""
_EXPORT = ("export.json", "names.csv")
"""Files of an export of ours."""


def study_folder(folder: Path, config: StudyConfig) -> tuple[Path, list[Finding]]:
    """Give the folder in which a study is recognised, and findings: which one was taken, which were not looked into.

    The folder itself where a study is recognised in it, or its configuration names tables or a format. Else the only
    folder below it, four levels deep, that holds one.

    Raises
    ------
    InputError
        No study, or several below; the message names them.
    """
    if config.format != "auto" or any(t for t in config.tables):
        return folder, _unread(folder)
    try:
        study_format(folder, config)
    except InputError as err:
        found = list(_below(folder, 1))
        if len(found) == 1:
            return found[0], [_taken(folder, found[0])]
        if not found:
            raise
        listed = ", ".join(_name(folder, p) for p in found[:_FEW])
        raise InputError(
            f"{folder.name or folder}: holds no study itself, but {len(found)} folders below it do: {listed}. "
            f"Give one of them, or copy their tables into one folder"
        ) from err
    return folder, _unread(folder)


def _below(folder: Path, depth: int) -> Iterator[Path]:
    """Folders in which a study is recognised, not looking below one that is."""
    for path in _folders(folder):
        if all((path / f).is_file() for f in _REPORT):
            continue
        try:
            own = path / CONFIG_FILE
            if not own.is_file():
                study_format(path, StudyConfig())
            yield path
        except InputError:
            if depth < _DEPTH:
                yield from _below(path, depth + 1)


def _folders(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        names = [e.name for e in entries if e.is_dir(follow_symlinks=False)]
    return [folder / n for n in sorted(names) if not n.startswith((".", "_")) and n not in _NOT_A_STUDY]


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _taken(folder: Path, found: Path) -> Finding:
    name = _name(folder, found)
    return Finding(
        table="codon12",
        rule="study-in-subfolder",
        severity="note",
        value=name,
        message=f"{folder.name or folder} holds no study itself; it was read from its folder {name}.",
    )


def _unread(folder: Path) -> list[Finding]:
    """A note where folders below hold files that a reader would take, and are no report or export of ours."""
    out = []
    for path in _folders(folder):
        if any(all((path / f).is_file() for f in files) for files in (_REPORT, _EXPORT)):
            continue
        with os.scandir(path) as entries:
            tables = sorted(e.name for e in entries if e.is_file(follow_symlinks=False) and format_of(e.name))
        if tables:
            shown = ", ".join(tables[:_FEW]) + (" ..." if len(tables) > _FEW else "")
            out.append(
                Finding(
                    table="codon12",
                    rule="folder-not-read",
                    severity="note",
                    value=path.name,
                    message=f"The folder {path.name} was not looked into; it holds {shown}. To read one of its files "
                    f'name it in {CONFIG_FILE}: [tables.NAME] file = "{path.name}/{tables[0]}".',
                )
            )
    return out
