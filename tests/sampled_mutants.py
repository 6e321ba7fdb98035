"""Names of a few of the tens of thousands of mutants, the same on every run: what ``make mutants SAMPLE=200`` tries.

Reads what mutmut has made in ``mutants/``: ``python tests/sampled_mutants.py SAMPLE SEED [ROOM]``.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path


def sampled(folder: Path, *, sample: int, seed: int, room: str = "*") -> list[str]:
    """Up to `sample` mutants whose name begins with ``codon12.ROOM``, drawn by `seed` and their names alone."""
    names = {name for file in folder.rglob("*.py.meta") for name in json.loads(file.read_text())["exit_code_by_key"]}
    mine = sorted(name for name in names if room == "*" or name.startswith(f"codon12.{room}."))
    return sorted(random.Random(seed).sample(mine, min(sample, len(mine))))


if __name__ == "__main__":
    wanted = sampled(Path("mutants"), sample=int(sys.argv[1]), seed=int(sys.argv[2]), room=(*sys.argv[3:], "*")[0])
    sys.stdout.write("\n".join(wanted) + "\n")
