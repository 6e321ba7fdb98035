"""Write a folder as a whole: it appears complete, or the one that was there stays as it was."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codon12.errors import InputError, UsageError

__all__ = ["replaced_folder"]


@contextmanager
def replaced_folder(target: Path, *, mark: str) -> Iterator[Path]:
    """Give a temporary folder beside `target` that takes its place when the block ends well.

    A folder that is there already is replaced only if it is empty or holds the file `mark`, so that a mistyped
    ``--out`` never removes anything but an earlier report.

    Raises
    ------
    UsageError
        `target` is a file, or a folder with other things in it.
    InputError
        The folder cannot be written.
    """
    target = target.absolute()
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target}: is a file; name a folder to write to")
    if target.is_dir() and any(target.iterdir()) and not (target / mark).is_file():
        raise UsageError(f"{target}: holds other files than an earlier report (no {mark}); name another folder")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-new-", dir=target.parent))
    except OSError as err:
        raise InputError(f"{target}: cannot be written: {err.strerror}") from None
    try:
        yield fresh
        fresh.chmod(0o755)
        if target.is_dir():
            old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
            target.replace(old / "previous")
            try:
                fresh.replace(target)
            except OSError:
                (old / "previous").replace(target)
                raise
            finally:
                shutil.rmtree(old, ignore_errors=True)
        else:
            fresh.replace(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
