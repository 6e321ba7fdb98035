"""Matching: one patient cold and warm, a hundred thousand against all statements, and row by row beside whole columns.

Run: python benchmarks/match.py [patients] [CIViC folder]
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np

from codon12.match import match_patient, patient_of, profiles_of, shipped_statements
from codon12.match.cohort import match_cohort
from codon12.match.profiles import Coded, MeasureRows, Profiles, Rows

DAY = date(2026, 6, 1)
KIT = ["KRAS G12A", "KRAS G12D", "KRAS G12R", "KRAS G12C", "KRAS G12S", "KRAS G12V", "KRAS G13D"]
GENES = ["KRAS", "NRAS", "BRAF", "EGFR", "STK11", "KEAP1", "TP53", "MET"]


def one(rng, i):
    """A patient of a made-up cohort."""
    found = [
        f
        for f, p in (("KRAS G12C", 0.13), ("KRAS G12D", 0.1), ("EGFR L858R", 0.1), ("STK11 Q37*", 0.15))
        if rng.random() < p
    ]
    panel = {
        "assay": "panel",
        "specimen": "tissue",
        "genes": GENES,
        "kinds": ["mutation"],
        "fusions": ["ALK"],
        "found": found,
    }
    kit = {"assay": "kit", "specimen": "tissue", "targets": KIT, "found": [f for f in found if f in KIT]}
    drugs = [["carboplatin", "pemetrexed"], ["pembrolizumab"], ["FOLFOX"], ["FOLFIRI"]]
    lines = [{"drugs": drugs[rng.integers(4)], "outcome": "progression"} for _ in range(rng.integers(3))]
    return {
        "id": f"P{i}",
        "tumour": {
            "type": ["NSCLC", "CRC"][rng.integers(2)],
            "stage": ["metastatic", "locally advanced"][rng.integers(2)],
        },
        "tests": [[panel], [kit], [panel, kit], []][rng.integers(4)],
        "measures": [{"marker": "PD-L1", "scale": "TPS", "value": int(rng.integers(101))}]
        if rng.random() < 0.7
        else [],
        "lines": lines,
    }


def widened(profiles: Profiles, times: int) -> Profiles:
    """The same profiles over and over, as columns: the cost of reading files is not measured here."""
    n = len(profiles)

    def people(person):
        return np.concatenate([person + i * n for i in range(times)])

    def coded(held):
        return Coded(np.tile(held.codes, times), held.values)

    m = profiles.measures
    return Profiles(
        subjects=tuple(f"{s}.{i}" for i in range(times) for s in profiles.subjects),
        single={k: coded(v) for k, v in profiles.single.items()},
        judgements={},
        calls=Rows(people(profiles.calls.person), np.tile(profiles.calls.codes, times), profiles.calls.values),
        call_table=profiles.call_table,
        tests=coded(profiles.tests),
        measures=MeasureRows(
            people(m.person), m.marker, np.tile(m.marker_code, times), np.tile(m.lower, times), np.tile(m.upper, times),
            np.tile(m.upper_in, times),
        ),
        lines=Rows(people(profiles.lines.person), np.tile(profiles.lines.codes, times), profiles.lines.values),
        line_end=np.tile(profiles.line_end, (times, 1)),
        lines_known=np.tile(profiles.lines_known, times),
        lines_complete=np.tile(profiles.lines_complete, times),
        radiotherapy=np.tile(profiles.radiotherapy, (times, 1)),
    )  # fmt: skip


def clocked(what):
    wall, cpu = time.perf_counter(), time.process_time()
    out = what()
    return out, time.perf_counter() - wall, time.process_time() - cpu


def main():
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rng = np.random.default_rng(12)
    given = [one(rng, i) for i in range(1000)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "patient.json"
        file.write_text(json.dumps(given[0]))
        command = [sys.executable, "-m", "codon12", "match", str(file), "--json"]
        _, wall, _ = clocked(lambda: subprocess.run(command, check=True, capture_output=True))
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"one patient, cold: {wall:.2f} s, {used.ru_utime + used.ru_stime:.2f} s CPU")
    patients = [patient_of(g) for g in given]
    match_patient(patients[0], as_of=DAY)
    _, wall, cpu = clocked(lambda: [match_patient(p, as_of=DAY) for p in patients[:50]])
    print(f"one patient, warm: {wall / 50 * 1e3:.1f} ms, {cpu / 50 * 1e3:.1f} ms CPU")
    held = profiles_of(patients)
    shipped = shipped_statements()
    _, _, rows = clocked(lambda: [match_cohort(profiles_of([p]), shipped, as_of=DAY) for p in patients[:200]])
    _, _, columns = clocked(lambda: match_cohort(held, shipped, as_of=DAY))
    print(
        f"row by row: {rows / 200 * 1e6:.0f} us a patient; "
        f"whole columns: {columns / 1000 * 1e6:.0f} us ({rows * 5 / columns:.0f} times)"
    )
    for n in (many // 10, many):
        wide = widened(held, n // 1000)
        _, wall, cpu = clocked(lambda wide=wide: match_cohort(wide, shipped, as_of=DAY))
        print(f"{n} patients x {len(shipped.statements)} statements: {wall:.2f} s, {cpu:.2f} s CPU")
    if len(sys.argv) > 2:
        from codon12.match.exchange.civic import import_civic
        from codon12.match.knowledge import Knowledge

        found = import_civic(Path(sys.argv[2]))
        civic = Knowledge(found.statements[:2000])
        _, wall, cpu = clocked(lambda: match_cohort(wide, civic, as_of=DAY))
        print(f"{many} patients x {len(civic.statements)} CIViC statements: {wall:.1f} s, {cpu:.1f} s CPU")
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()
