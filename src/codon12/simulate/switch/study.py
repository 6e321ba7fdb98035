"""A simulated study as a folder: records that codon12 opens, samples, the truth apart, and what it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec
import polars as pl

from codon12.errors import InputError, UsageError
from codon12.parallel import in_order
from codon12.records.files.folder import files_below, files_listed, write_atomically
from codon12.simulate.switch.arms import Arm, check_arms
from codon12.simulate.switch.conduct import conduct
from codon12.simulate.switch.folder_texts import configuration, readme
from codon12.simulate.switch.parameters import ParameterSet, shipped_set
from codon12.simulate.switch.patients import draw_patients
from codon12.simulate.switch.records import trial_records
from codon12.simulate.switch.samples import paired_samples, sample_calls, truth_table

__all__ = ["LARGE", "cost_of", "simulate_block", "write_study"]

MOST = 1_000_000_000
BLOCK = 5_000
LARGE = 20_000_000


@dataclass(frozen=True)
class Made:
    """Tables of a block of patients."""

    records: dict[str, pl.DataFrame]
    samples: pl.DataFrame
    mutations: pl.DataFrame
    truth: pl.DataFrame


def cost_of(patients: int) -> str:
    """Say what a number of patients costs in time, memory and disk, roughly, on one core.

    Examples
    --------
    >>> cost_of(100_000)
    'about 1 min on one core, 1 GiB of memory and 0.5 GiB of files'
    """
    minutes = max(patients * 3.5e-4 / 60, 0.02)
    time = f"{minutes:.0f} min" if minutes < 90 else f"{minutes / 60:.0f} h"
    time = "1 min" if minutes < 1 else time
    disk = patients * 5e3 / 2**30
    return f"about {time} on one core, 1 GiB of memory and {disk:.1f} GiB of files"


def simulate_block(
    parameters: ParameterSet, *, arm: str, code: str, seed: int, first: int, n: int, readers: int = 1,
    randomised: bool = False, concentrations: bool = False,
) -> Made:  # fmt: skip
    """Simulate patients `first` to ``first + n - 1`` of an arm; the same whatever is simulated beside them.

    Examples
    --------
    >>> made = simulate_block(shipped_set(), arm="Drug", code="A", seed=7, first=0, n=3)
    >>> sorted(made.records)
    ['DM', 'DS', 'EX', 'GF', 'SC', 'SS', 'SV', 'TR', 'TU']
    """
    trial = conduct(parameters, draw_patients(parameters, seed=seed, n=n, first=first))
    samples, mutations = paired_samples(parameters, trial, code=code)
    return Made(
        records=trial_records(
            parameters, trial, arm=arm, code=code, readers=readers, randomised=randomised, concentrations=concentrations
        ),
        samples=samples,
        mutations=mutations,
        truth=truth_table(trial, code=code),
    )


def write_study(
    folder: str | Path,
    parameters: ParameterSet | None = None,
    *,
    patients: int = 124,
    seed: int = 7,
    arms: Sequence[Arm] = (),
    readers: int = 1,
    concentrations: bool = False,
    format: Literal["csv", "parquet"] = "csv",  # noqa: A002 - the word users know
    block: int = BLOCK,
    executor: Executor | None = None,
    allow_large: bool = False,
    progress: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write a simulated study: records, ``samples/``, ``truth/``, codon12.toml, parameters.md and README.md.

    Parameters
    ----------
    folder
        Written only when all is ready; one that exists is replaced only if it is empty or holds a simulated study.
    parameters, patients, seed, arms
        What to simulate, patients an arm; one arm of the set's own treatment where none is given.
    readers
        2 adds an investigator who reads the same scans.
    concentrations
        Add PC: plasma concentrations around a dose on day 8.
    format
        ``csv``: one file a table. ``parquet``: a folder ``part-00000`` ... a block, each a study of its own.
    block
        Patients that are made at once; the result does not depend on it but for the parts of ``parquet``.
    executor
        Any `concurrent.futures.Executor` for the blocks; the bytes are those of one process.
    allow_large
        Do not refuse more than 20 million patients.

    Returns
    -------
    list
        The files, sorted.

    Raises
    ------
    UsageError
        A number that cannot be, or so many patients that they are refused; or the folder holds other files.
    InputError
        The folder cannot be written.
    """
    p = parameters or shipped_set()
    chosen = list(arms) or [Arm(name=_arm_name(p))]
    check_arms(chosen)
    _refuse_sizes(patients, block, readers, allow_large=allow_large)
    if seed < 0 or seed >= 2**64:
        raise UsageError(f"seed {seed}: must be 0 to 2**64 - 1")
    sets = [p.changed(a.set) for a in chosen]
    say = progress or (lambda _: None)
    folder = Path(folder)
    with write_atomically(folder, wrote=_wrote) as home:
        try:
            tasks = _tasks(sets, chosen, patients, seed, block, {"readers": readers, "concentrations": concentrations})
            for k, made in enumerate(in_order(_made, tasks, executor=executor, ahead=5)):
                say(f"Patients {(k + 1) * block:,}")
                _write_block(home if format == "csv" else home / f"part-{k:05}", made, k, format)
                if format == "parquet":
                    (home / f"part-{k:05}" / "codon12.toml").write_text(
                        configuration(p, arms=chosen, ending="parquet"), encoding="utf-8"
                    )
            _write_texts(home, p, sets, chosen, patients=patients, seed=seed, readers=readers)
        except OSError as err:
            raise InputError(f"{folder}: cannot be written: {err.strerror or err}") from None
    return sorted(f for f in folder.rglob("*") if f.is_file())


def _wrote(folder: Path) -> list[str] | None:
    """Files of an earlier simulated study, by its truth.json."""
    return files_listed(folder / "truth" / "truth.json", "files")


def _arm_name(p: ParameterSet) -> str:
    return f"{p.context.drug} {p['dose']:g} mg" if p["dose"] > 0 else "No drug"


def _refuse_sizes(patients: int, block: int, readers: int, *, allow_large: bool) -> None:
    if not 1 <= patients <= MOST:
        raise UsageError(f"patients: {patients:,}; give 1 to {MOST:,}")
    if patients > LARGE and not allow_large:
        raise UsageError(f"{patients:,} patients take {cost_of(patients)}; ask for it with --allow-large")
    if block < 1:
        raise UsageError(f"block: {block}; give 1 or more")
    if readers not in (1, 2):
        raise UsageError(f"readers: {readers}; 1 or 2")


def _tasks(
    sets: Sequence[ParameterSet], arms: Sequence[Arm], patients: int, seed: int, block: int, more: dict[str, Any]
) -> Iterator[tuple[ParameterSet, dict[str, Any]]]:
    for k, (p, arm) in enumerate(zip(sets, arms, strict=True)):
        for start in range(0, patients, block):
            yield p, {
                "arm": arm.name, "code": chr(ord("A") + k), "seed": seed, "first": arm.offset + start,
                "n": min(block, patients - start), "randomised": len(arms) > 1, **more,
            }  # fmt: skip


def _made(task: tuple[ParameterSet, dict[str, Any]]) -> Made:
    p, options = task
    return simulate_block(p, **options)


def _write_block(home: Path, made: Made, k: int, format: str) -> None:  # noqa: A002
    (home / "samples").mkdir(parents=True, exist_ok=True)
    (home / "truth").mkdir(exist_ok=True)
    tables: Mapping[str, pl.DataFrame] = {
        **{name.lower(): frame for name, frame in made.records.items()},
        "samples/samples": made.samples,
        "samples/mutations": made.mutations,
        "samples/calls": sample_calls(made.mutations),
        "truth/patients": made.truth,
    }
    for name, frame in tables.items():
        tab = name == "samples/mutations"
        if format == "parquet" and not tab:
            frame.write_parquet(home / f"{name}.parquet", statistics=False)
            continue
        path = home / f"{name}.{'maf' if tab else 'csv'}"
        with path.open("ab" if format == "csv" else "wb") as out:
            frame.write_csv(
                out, include_header=k == 0 or format == "parquet", separator="\t" if tab else ",", line_terminator="\n",
                null_value="",
            )  # fmt: skip


def _write_texts(
    home: Path, p: ParameterSet, sets: Sequence[ParameterSet], arms: Sequence[Arm], *, patients: int, seed: int,
    readers: int,
) -> None:  # fmt: skip
    (home / "codon12.toml").write_text(configuration(p, arms=arms), encoding="utf-8")
    (home / "parameters.md").write_text(p.provenance(), encoding="utf-8")
    (home / "README.md").write_text(readme(p, arms=arms, patients=patients, seed=seed), encoding="utf-8")
    truth = {
        "seed": seed,
        "patients_per_arm": patients,
        "readers": readers,
        "set": p.context.name,
        "schedule": msgspec.to_builtins(p.schedule),
        "arms": {a.name: {"offset": a.offset, "values": s.values()} for a, s in zip(arms, sets, strict=True)},
    }
    (home / "truth").mkdir(exist_ok=True)
    truth["files"] = sorted({*files_below(home), "truth/truth.json"})
    (home / "truth" / "truth.json").write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
