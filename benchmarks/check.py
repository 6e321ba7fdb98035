"""Speed of Check: one paper from a cold start, and a folder of abstracts in two processes.

Run: ``python benchmarks/check.py`` (the texts are read from the folder ``shared`` beside the checkout).
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PAPERS = Path(__file__).resolve().parents[1] / ".." / "shared" / "papers"
COMMAND = [sys.executable, "-c", "from codon12.cli import main; main()", "check"]
COUNT = int(os.environ.get("ABSTRACTS", "10000"))


def timed(*arguments):
    start = time.perf_counter()
    before = os.times()
    subprocess.run([*COMMAND, *map(str, arguments)], stdout=subprocess.DEVNULL, check=False)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, cpu


def main():
    runs = [timed(PAPERS / "sotorasib-phase2-paper.txt") for _ in range(5)]
    wall, cpu = min(runs)
    print(f"phase 2 paper, cold: {wall:.2f} s wall, {cpu:.2f} s CPU (best of 5)")
    abstracts = [p.read_text(encoding="utf-8") for p in sorted((PAPERS / "more").glob("PMC*.txt"))]
    with tempfile.TemporaryDirectory() as folder:
        for i in range(COUNT):
            (Path(folder) / f"{i:06}.txt").write_text(abstracts[i % len(abstracts)], encoding="utf-8")
        wall, cpu = timed(folder, "--json", "--jobs", 2)
    print(f"{COUNT} abstracts, two processes: {wall:.1f} s wall, {cpu:.1f} s CPU, {60 * COUNT / wall:.0f} a minute")


if __name__ == "__main__":
    main()
