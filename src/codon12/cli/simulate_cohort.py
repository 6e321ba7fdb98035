"""``codon12 simulate cohort``: a generated registry cohort whose true hazard ratios are known."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

__all__ = ["cohort"]

_FLAWS = ("score-text", "score-over-100", "old-symbol", "repeated-sample", "unknown-patient")


@click.command(
    epilog="""\b
Examples:
  codon12 simulate cohort --out out/cohort
  codon12 simulate cohort --out out/large --patients 20000 --seed 3 --json
  codon12 simulate cohort --out out/dirty --flaw score-text --flaw old-symbol
  codon12 simulate cohort --out out/own --model mechanism.toml"""
)
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder to write.")
@click.option("--patients", type=click.IntRange(min=1), help="Patients in the registry.  [default: 400]")
@click.option(
    "--seed",
    default=17,
    show_default=True,
    type=click.IntRange(min=0),
    help="Which of the many cohorts; the same seed gives the same bytes.",
)
@click.option(
    "--model",
    "model_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="TOML file with the parts of the mechanism to change; truth.json of a cohort shows all of them.",
)
@click.option(
    "--flaw",
    "flaws",
    multiple=True,
    type=click.Choice(_FLAWS),
    help="Put in a flaw that registries have; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written, and the true hazard ratios, as JSON.")
def cohort(
    out: Path, *, patients: int | None, seed: int, model_file: Path | None, flaws: tuple[str, ...], as_json: bool
) -> int:
    """Generate a lung cancer registry with known truth: KRAS, PD-L1, treatment, survival; not patient data.

    Writes a cBioPortal study folder with a codon12.toml that asks for the effect of treatment by biomarker, a
    truth.json with the hazard ratios it was made with, and a README. Treatment is chosen by PD-L1, year and fitness,
    some tumours are sequenced late or by a kit that reads seven mutations, and PD-L1 is missing in some. A folder that
    exists is replaced only if it is empty or holds such a cohort.

    Exit codes: 0 written; 2 wrong use, or a mechanism that cannot be.
    """
    import msgspec

    from codon12.simulate import CohortModel, read_cohort_model, write_cohort

    model = CohortModel() if model_file is None else read_cohort_model(model_file)
    if patients is not None:
        model = msgspec.structs.replace(model, patients=patients)
    if flaws:
        model = msgspec.structs.replace(model, flaws=tuple(dict.fromkeys(flaws)))
    with _progress() as say:
        written, made = write_cohort(out, model, seed=seed, progress=say)
    if as_json:
        body = {
            "folder": str(out),
            "files": [str(p.relative_to(out)) for p in written],
            "seed": seed,
            "patients": made.patients.height,
            "patients_drawn": made.drawn,
            "hazard_ratios": made.truth()["hazard_ratios"],
        }
        click.echo(json.dumps(body, ensure_ascii=False))
    else:
        click.echo(f"{len(written)} files in {out}: {made.patients.height:,} generated patients; not patient data.")
    return 0


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """A line on a terminal that says what is being done; nothing where standard error is not one."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Drawing") as status:
        yield status.update
