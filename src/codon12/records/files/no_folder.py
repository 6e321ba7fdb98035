"""What to do where a path is no folder: a file has to be made a study first, a misspelt name is told."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from codon12.errors import InputError

__all__ = ["must_be_folder"]


def must_be_folder(path: Path) -> None:
    """Refuse a path that is no folder.

    Raises
    ------
    InputError
        It is a file, or is not there; the message names the next step, or the folder with nearly that name.
    """
    if path.is_dir():
        return
    if path.exists():
        raise InputError(
            f"{path}: is a file; give the folder it lies in, or let `codon12 init {path}` make a study of it"
        )
    beside = [p.name for p in path.parent.iterdir() if p.is_dir()] if path.parent.is_dir() else []
    near = get_close_matches(path.name, beside, n=1)
    meant = f"; did you mean {path.parent / near[0]}?" if near else "; give the folder that holds the study's tables"
    raise InputError(f"{path}: does not exist{meant}")
