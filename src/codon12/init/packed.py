"""Zipped folders: what is in them, and what to do with them."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from codon12.init.toml_text import comment
from codon12.records.readers import format_of

__all__ = ["packed"]

_SHOWN = 5


def packed(path: Path) -> str:
    """Say what a packed folder holds, and that it has to be unpacked; nothing is unpacked here.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     with zipfile.ZipFile(Path(home, "export.zip"), "w") as archive:
    ...         archive.writestr("export/patients.csv", "ID")
    ...     packed(Path(home, "export.zip"))
    'a zipped folder, not read; it holds 1 table(s): patients.csv. Unzip it, then run codon12 init on the folder.'
    """
    if path.suffix.lower() != ".zip":
        return "a packed folder, not read. Unpack it, then run codon12 init on the folder."
    try:
        with zipfile.ZipFile(path) as archive:
            names = [PurePosixPath(n).name for n in archive.namelist() if not n.startswith("__MACOSX")]
    except (zipfile.BadZipFile, OSError, NotImplementedError) as err:
        return f"a zipped folder that cannot be opened ({err}); copy it again."
    tables = [n for n in names if n and format_of(n) is not None]
    if not tables:
        return "a zipped folder without a table in it; left alone."
    more = f" and {len(tables) - _SHOWN} more" if len(tables) > _SHOWN else ""
    listed = comment(", ".join(tables[:_SHOWN]) + more)
    return (
        f"a zipped folder, not read; it holds {len(tables)} table(s): {listed}. Unzip it, then run codon12 init on the "
        "folder."
    )
