"""Results of blocks kept on disk under the hash of their input, so that a run goes on where it stopped."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from codon12.errors import InputError

__all__ = ["Kept", "build", "digest_of"]

_OURS = re.compile(r"[0-9a-f]+\.(block|[0-9]+\.new)")
"""Names of the files that are kept, and of those that a stop left half written."""

_PACKAGE, _SOURCE = Path(__file__).parents[1], (".py", ".toml", ".json")


def digest_of(parts: Iterable[str | bytes | Path]) -> str:
    """SHA-256 of texts, bytes and the content of files, in their order; each part's length counts too.

    Examples
    --------
    >>> from codon12.parallel import digest_of
    >>> digest_of(["a", "b"]) == digest_of(["ab"])
    False
    """
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            with part.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").digest()
        else:
            found = hashlib.sha256(part.encode() if isinstance(part, str) else part).digest()
        total.update(found)
    return total.hexdigest()


@cache
def build(source: Path = _PACKAGE) -> str:
    """Version of codon12 with a digest of its source: what another build has kept is not gone on with.

    Examples
    --------
    >>> from codon12.parallel import build
    >>> build() == build()
    True
    """
    files = sorted(p for p in source.rglob("*") if p.suffix in _SOURCE)
    return f"{version('codon12')} {digest_of(part for p in files for part in (p.relative_to(source).as_posix(), p))}"


class Kept:
    """Blocks that are done: one file a block, named by the hash of its input.

    A file is written beside its place and renamed, so that a block is whole or not there.

    Parameters
    ----------
    folder
        Made where it is missing, readable by its owner alone.

    Raises
    ------
    InputError
        The folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from codon12.parallel import Kept
    >>> with tempfile.TemporaryDirectory() as home:
    ...     kept = Kept(Path(home, "blocks"))
    ...     before = kept.find("0a")
    ...     kept.add("0a", b"result")
    ...     before, kept.find("0a")
    (None, b'result')
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as err:
            raise InputError(f"{folder}: blocks cannot be kept there: {err.strerror or err}") from None

    def place(self, digest: str) -> Path:
        """Where the block of an input is kept."""
        return self.folder / f"{digest}.block"

    def find(self, digest: str) -> bytes | None:
        """The result of an input, or None if it is not done."""
        try:
            return self.place(digest).read_bytes()
        except FileNotFoundError:
            return None

    def add(self, digest: str, result: bytes) -> None:
        """Keep the result of an input."""
        place = self.place(digest)
        beside = place.with_suffix(f".{os.getpid()}.new")
        try:
            beside.write_bytes(result)
            beside.replace(place)
        except OSError as err:
            beside.unlink(missing_ok=True)
            raise InputError(f"{self.folder}: a block cannot be kept: {err.strerror or err}") from None

    def clear(self) -> None:
        """Remove what is kept, and the folder if nothing else is in it."""
        for path in self.folder.iterdir():
            if _OURS.fullmatch(path.name):
                path.unlink(missing_ok=True)
        try:
            self.folder.rmdir()
        except OSError:
            return
