"""Writing the reconstructed study as a folder that codon12 opens."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

from codon12.records.files.folder import write_atomically
from codon12.simulate.codebreak100 import reconstruct_codebreak100
from codon12.simulate.resistance import paired_samples

__all__ = ["DEFAULT_SEED", "write_codebreak100"]

DEFAULT_SEED = 7
"""Seed where none is given; examples/codebreak100 is what an earlier search found from it."""


def write_codebreak100(folder: str | Path, *, seed: int = DEFAULT_SEED) -> list[Path]:
    """Write the study of a seed as CSV with its codon12.toml and README.md.

    The same seed gives the same bytes with the same versions of numpy and polars, whatever the processor.

    A folder that exists is replaced only if it is empty or holds a codon12.toml, and only when all is written.
    Returns the files, sorted.

    Raises
    ------
    DesignError
        The search met no solution from this seed.
    InputError, UsageError
        The folder cannot be written or holds other files.

    Examples
    --------
    >>> write_codebreak100(Path("out"), seed=7)  # doctest: +SKIP
    """
    tables = reconstruct_codebreak100(seed)
    pairs, truth = paired_samples(tables, seed=seed)
    tables |= pairs
    folder = Path(folder)
    with write_atomically(folder, wrote=lambda held: _wrote(held, [f"{n.lower()}.csv" for n in tables])) as temporary:
        for name, frame in tables.items():
            frame.write_csv(temporary / f"{name.lower()}.csv", line_terminator="\n")
        text = json.dumps(truth, ensure_ascii=False, indent=1) + "\n"
        (temporary / "truth_resistance.json").write_text(text, encoding="utf-8", newline="\n")
        for source, name in (("codebreak100.toml", "codon12.toml"), ("codebreak100.md", "README.md")):
            data = files("codon12.simulate").joinpath(source).read_bytes()
            (temporary / name).write_bytes(data)
    return sorted(folder.iterdir())


def _wrote(folder: Path, tables: list[str]) -> list[str] | None:
    """Files of an earlier run, by a configuration that is still the shipped one."""
    shipped = files("codon12.simulate").joinpath("codebreak100.toml").read_bytes()
    path = folder / "codon12.toml"
    if not path.is_file() or path.read_bytes() != shipped:
        return None
    return [*tables, "truth_resistance.json", "codon12.toml", "README.md"]
