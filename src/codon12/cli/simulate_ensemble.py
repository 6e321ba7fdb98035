"""``codon12 simulate fit`` and ``what-if``: ensembles of parameter sets, and one change over them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from codon12.cli.design_options import text_table
from codon12.cli.simulate_options import chosen_set, parameter_options, plot, progress, said

__all__ = ["fit", "what_if"]

_File = click.Path(path_type=Path, exists=True, dir_okay=False)
_New = click.Path(path_type=Path, dir_okay=False)


@click.command(
    epilog="""\b
Example:
  codon12 simulate fit targets.toml --out ensemble.json --draws 1000
  codon12 simulate fit targets.toml --out ensemble.json --method sequential
where targets.toml holds, for each endpoint,
  [[target]]
  endpoint = "ORR"
  value = 37.1
  n = 124"""
)
@click.argument("targets", type=_File)
@click.option("--out", required=True, type=_New, help="JSON file to write.")
@parameter_options
@click.option(
    "--method",
    default="rejection",
    show_default=True,
    type=click.Choice(["rejection", "sequential"]),
    help="All draws from the priors, or rounds that close in (sequential Monte Carlo).",
)
@click.option("--draws", default=500, show_default=True, type=int, help="Sets drawn, in all rounds, at most.")
@click.option("--keep", default=50, show_default=True, type=int, help="Sets with which a round ends (sequential).")
@click.option("--patients", default=2000, show_default=True, type=int, help="Patients simulated for a set.")
@click.option("--within", default=1.0, show_default=True, type=float, help="Accepted distance in sampling SDs.")
@click.option("--seed", default=7, show_default=True, type=click.IntRange(min=0), help="Same seed, same ensemble.")
@click.option("--plot", "picture", type=_New, help="Draw the accepted ranges (svg, png, pdf).")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def fit(
    targets: Path, *, out: Path, parameters: str, sets: tuple[str, ...], method: Literal["rejection", "sequential"],
    draws: int, keep: int, patients: int, within: float, seed: int, picture: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Find an ensemble of parameter sets that all give the published endpoints in TARGETS.

    Exit codes: 0 found; 2 wrong use, targets that contradict, or no set accepted.
    """
    from codon12.simulate.switch.ensemble import as_plain, write_ensemble
    from codon12.simulate.switch.fit import fit_cost, fit_ensemble
    from codon12.simulate.switch.targets import read_targets

    base, wanted = chosen_set(parameters, sets), read_targets(targets)
    if draws > 0 and patients > 0:
        click.echo(f"codon12: {fit_cost(draws, patients)}", err=True)
    with progress("Drawing") as say:
        found = fit_ensemble(
            wanted,
            base,
            method=method,
            draws=draws,
            keep=keep,
            patients=patients,
            seed=seed,
            within=within,
            progress=say,
        )
    write_ensemble(found, out)
    if as_json:
        said(as_plain(found))
    else:
        click.echo("\n".join(found.sentences()))
        rows = found.ranges()
        click.echo()
        click.echo(
            text_table(
                {
                    "parameter": list(rows),
                    **{k: [r[i] for r in rows.values()] for i, k in enumerate(("5 %", "50 %", "95 %"))},
                }
            )
        )
    if picture is not None:
        from codon12.figures import ensemble_ranges
        from codon12.simulate.switch.figure_frames import ensemble_frame

        plot(ensemble_ranges(ensemble_frame(found)), picture)
    return 0


@click.command(
    name="what-if",
    epilog="""\b
Examples:
  codon12 simulate what-if dose=180
  codon12 simulate what-if "kdeg*2" --ensemble ensemble.json
  codon12 simulate what-if visits=21
  codon12 simulate what-if "err_a*2, err_b*2" --json""",
)
@click.argument("change")
@click.option("--ensemble", type=_File, help="Of `codon12 simulate fit`.  [default: the shipped one]")
@click.option("--patients", default=2000, show_default=True, type=click.IntRange(1, 1_000_000), help="Patients a set.")
@click.option("--seed", default=7, show_default=True, type=click.IntRange(min=0), help="Same seed, same patients.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def what_if(change: str, *, ensemble: Path | None, patients: int, seed: int, as_json: bool) -> int:
    """See what one CHANGE moves, as a range over an ensemble, with the same patients before and after.

    CHANGE is name=value, name*factor, name/factor or visits=days; several with commas.
    """
    from codon12.simulate.switch.ensemble import read_ensemble, shipped_ensemble
    from codon12.simulate.switch.what_if import read_change, sets_of
    from codon12.simulate.switch.what_if import what_if as run

    asked = read_change(change)
    company = shipped_ensemble() if ensemble is None else read_ensemble(ensemble)
    members = sets_of(company.base(), [m.values for m in company.members])
    with progress("Simulating") as say:
        found = run(
            asked, members, patients=patients, seed=seed, weights=[m.weight for m in company.members], progress=say
        )
    rows = found.rows()
    if as_json:
        said({"change": found.change.text, "sets": len(members), "patients": patients, "seed": seed, "endpoints": rows,
              "lessons": found.lessons})  # fmt: skip
        return 0
    click.echo(f"{found.change.text}: median (5 to 95 %) over {len(members)} sets, {patients:,} patients each")
    columns: dict[str, list[str]] = {"": [str(r["label"]) for r in rows]}
    for part in ("before", "after", "difference"):
        columns[part] = [
            f"{_number(r[f'{part}_median'])} ({_number(r[f'{part}_low'])} to {_number(r[f'{part}_high'])})"
            if r[f"{part}_sets"]
            else "none"
            for r in rows
        ]
    click.echo(text_table(columns))
    click.echo()
    click.echo("\n".join(found.lessons))
    return 0


def _number(value: object) -> str:
    return f"{value:z.1f}" if isinstance(value, float) else "not reached"
