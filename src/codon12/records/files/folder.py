"""Writing whole folders, so that a failed run leaves the previous one, and nobody's other files are lost."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from codon12.errors import InputError, UsageError

__all__ = ["files_below", "files_listed", "folder_beside", "write_atomically"]

Wrote = Callable[[Path], Iterable[str] | None]
"""Files that codon12 wrote into a folder, as paths below it with ``/``; None where the folder is not its own."""
_TEMPORARY = re.compile(r"\.(?P<name>.+)-codon12-(?P<kind>new|old)-(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-\w+")


@contextmanager
def write_atomically(folder: Path, *, wrote: Wrote) -> Iterator[Path]:
    """Give a temporary folder that takes the place of `folder` when the block ends without an error.

    An error inside removes the temporary folder and leaves `folder` as it was. Of a folder that is there already only
    the files that `wrote` names are replaced; everything else in it is kept. What a killed run of this machine left
    beside `folder` is removed first, and an earlier folder that it had moved away comes back.

    Parameters
    ----------
    folder
        Folder to write.
    wrote
        Given a folder that is there and not empty, the files in it that codon12 wrote; None if it did not.

    Raises
    ------
    UsageError
        `folder` is a file, a folder that codon12 did not write, or holds a file of somebody's where a new one belongs.
    InputError
        The folder, or something in it, cannot be written (rights, a full disk).

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as home:
    ...     with write_atomically(Path(home, "report"), wrote=lambda _: None) as out:
    ...         _ = Path(out, "run.json").write_text("{}")
    ...     sorted(p.name for p in Path(home).iterdir())
    ['report']
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)  # as it is written: `new/../out` makes `new`, as mkdir -p
        target = folder.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        _clean(target.parent)
        _strangers(target, wrote)
        temporary = _temporary(target, "new")
    except OSError as err:
        raise InputError(f"{folder}: cannot write beside it: {err.strerror or err}") from None
    try:
        try:
            mask = os.umask(0)
            os.umask(mask)
            temporary.chmod(0o777 & ~mask)
            yield temporary
            _keep(_strangers(target, wrote), target, temporary)
            _swap(temporary, target)
        except OSError as err:
            raise InputError(
                f"{folder}: cannot be written: {err.strerror or err}; what was there before is as it was."
            ) from err
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def folder_beside(folder: Path) -> Iterator[Path]:
    """Give a folder for what a run needs while it writes `folder`; it goes with the run, of a killed one with the next.

    Raises
    ------
    InputError
        Nothing can be written beside `folder`.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)  # as it is written: `new/../out` makes `new`, as mkdir -p
        target = folder.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        _clean(target.parent)
        temporary = _temporary(target, "new")
    except OSError as err:
        raise InputError(f"{folder}: cannot write beside it: {err.strerror or err}") from None
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def files_listed(path: Path, key: str, **marks: Any) -> list[str] | None:
    """List of files under `key` of a JSON file that holds `marks` too; None where it is not such a file.

    Paths that lead out of the folder make the whole list invalid.
    """
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(held, dict) or any(held.get(k) != v for k, v in marks.items()):
        return None
    listed = held.get(key)
    if not isinstance(listed, list) or not all(isinstance(x, str) and _inside(x) for x in listed):
        return None
    return listed


def files_below(folder: Path) -> list[str]:
    """Every file and link below a folder as a sorted path with ``/``; links are not followed.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as home:
    ...     _ = Path(home, "a.txt").write_text("")
    ...     files_below(Path(home))
    ['a.txt']
    """
    out = []
    for place, folders, files in os.walk(folder):
        links = [f for f in folders if Path(place, f).is_symlink()]
        out += [Path(place, f).relative_to(folder).as_posix() for f in (*files, *links)]
    return sorted(out)


def _inside(path: str) -> bool:
    pure = PurePosixPath(path)
    return bool(path) and not pure.is_absolute() and ".." not in pure.parts and "\\" not in path


def _strangers(target: Path, wrote: Wrote) -> list[str]:
    """Files of somebody else in a folder that may be written.

    Raises
    ------
    UsageError
        The folder may not be written.
    """
    if not target.exists():
        return []
    if not target.is_dir():
        raise UsageError(f"{target}: is a file; give a folder to write to")
    if not any(target.iterdir()):
        return []
    ours = wrote(target)
    if ours is None:
        raise UsageError(f"{target}: holds files that codon12 did not write; give a new or an empty folder")
    return sorted(set(files_below(target)) - set(ours))


def _keep(strangers: list[str], target: Path, temporary: Path) -> None:
    """Put other people's files into the new folder too, at once the same file where the file system can do so."""
    for name in strangers:
        path, new = target / name, temporary / name
        above = [p for p in new.parents if p.is_relative_to(temporary)]
        if os.path.lexists(new) or any(os.path.lexists(p) and not p.is_dir() for p in above):
            raise UsageError(f"{path}: codon12 did not write this file and would replace it; move it elsewhere")
        new.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            new.symlink_to(path.readlink())
            continue
        try:
            os.link(path, new)
        except OSError:
            shutil.copy2(path, new)


def _swap(temporary: Path, target: Path) -> None:
    """Put the new folder in place of the old one; the old one comes back if that fails."""
    if not target.exists():
        temporary.rename(target)
        return
    old = _temporary(target, "old")
    target.rename(old / target.name)
    try:
        temporary.rename(target)
    except OSError:
        (old / target.name).rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)


def _temporary(target: Path, kind: str) -> Path:
    prefix = f".{target.name}-codon12-{kind}-{_machine()}-{os.getpid()}-"
    return Path(tempfile.mkdtemp(prefix=prefix, dir=target.parent))


def _clean(place: Path) -> None:
    """Remove what killed runs left, known by its name, this machine's and of a process that is no more."""
    for path in place.iterdir():
        found = _TEMPORARY.fullmatch(path.name)
        if found is None or found["machine"] != _machine() or _runs(int(found["process"])):
            continue
        if path.is_symlink() or not path.is_dir():
            continue
        moved, target = path / found["name"], place / found["name"]
        if found["kind"] == "old" and moved.is_dir() and not target.exists():
            moved.rename(target)
        shutil.rmtree(path, ignore_errors=True)


def _machine() -> str:
    """Eight digits for this machine and its numbering of processes (containers have one each)."""
    try:
        numbering = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        numbering = ""
    return f"{zlib.crc32(f'{platform.node()} {numbering}'.encode()):08x}"


def _runs(process: int) -> bool:
    if os.name == "nt":  # there a signal 0 would stop it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
