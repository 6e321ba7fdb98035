"""``codon12 simulate occupancy``, ``network`` and ``parameters``: the mechanism without patients."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codon12.cli.design_options import Numbers, text_table
from codon12.cli.simulate_options import chosen_set, parameter_options, plot, said
from codon12.errors import UsageError

if TYPE_CHECKING:
    from codon12.simulate.switch.parameters import ParameterSet

__all__ = ["network", "occupancy", "parameters"]

_Plot = click.Path(path_type=Path, dir_okay=False)


@click.command(
    epilog="""\b
Examples:
  codon12 simulate occupancy --dose 960 --every 24
  codon12 simulate occupancy --dose 480 --every 12 --json
  codon12 simulate occupancy --doses ex.csv
  codon12 simulate occupancy --set phi=0 --plot occupancy.svg"""
)
@click.option("--dose", type=float, help="mg.  [default: that of the set]")
@click.option("--every", type=float, help="Hours between doses.  [default: that of the set]")
@click.option(
    "--doses",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="CSV of dosing records shaped as EX: occupancy over each patient's course.",
)
@parameter_options
@click.option("--plot", "picture", type=_Plot, help="Draw drug and occupancy over four days (svg, png, pdf).")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def occupancy(
    *, dose: float | None, every: float | None, doses: Path | None, parameters: str, sets: tuple[str, ...],
    picture: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Show what a dose leaves of the GTP-bound protein in the typical patient.

    With --doses it is followed day by day over the doses that each patient was given, in a body and a tumour of the
    typical patient. Columns: USUBJID, EXDOSE, EXDOSU (mg), EXDOSFRQ or EVERY (h), EXSTDTC and EXENDTC, or START and
    END (h).
    """
    if doses is not None:
        if dose is not None or every is not None or picture is not None:
            raise UsageError("--doses holds doses and intervals: leave out --dose, --every and --plot")
        return _courses(doses, chosen_set(parameters, sets), as_json=as_json)
    from codon12.simulate.switch.figure_frames import occupancy_frame, typical
    from codon12.simulate.switch.occupancy import baseline_gtp, gtp_floor, periodic_occupancy
    from codon12.simulate.switch.pharmacokinetics import steady_exposure

    p = chosen_set(parameters, sets)
    values = {k: v for k, v in (("dose", dose), ("tau", every)) if v is not None}
    p = p.changed(values)
    cycle, regimen = typical(p)
    found = periodic_occupancy(cycle, regimen)
    seen = steady_exposure(
        dose=regimen.dose, tau=regimen.tau, F=regimen.F, ka=regimen.ka, V=regimen.V, CL=regimen.CL
    )  # fmt: skip
    relative = float(regimen.F)  # type: ignore[arg-type] - of one patient
    if not 0.25 <= relative <= 4:
        click.echo(
            f"codon12: relative bioavailability is {relative:.3g} at {p['dose']:g} mg: the rule of exposure is"
            f" stretched far from the dose it was set at, {p['reference_dose']:g} mg",
            err=True,
        )
    floor = float(gtp_floor(cycle) / baseline_gtp(cycle))
    body: dict[str, Any] = {
        "dose_mg": p["dose"],
        "interval_h": p["tau"],
        "cmax_mg_L": float(seen.cmax),
        "tmax_h": float(seen.tmax),
        "trough_mg_L": float(seen.trough),
        "auc_mg_h_L": float(seen.auc),
        "free_average_umol_L": float(seen.auc) / p["tau"] * p["fu"] / p["molar_mass"] * 1000,
        "gtp_without_drug": float(found.baseline),
        "mean_gtp_over_baseline": float(found.mean_over_baseline),
        "floor_over_baseline": floor,
        "bound_min": float(found.bound_min),
        "bound_max": float(found.bound_max),
        "feedback": float(found.feedback),
        "inhibition": float(found.inhibition),
    }
    if as_json:
        said({**body, "set": p.context.name, "changes": p.changes})
    else:
        click.echo(f"{p.context.drug}, {p['dose']:g} mg every {p['tau']:g} h, typical patient of {p.context.name}")
        click.echo(text_table({"": list(body), "value": [float(v) for v in body.values()]}))
    if picture is not None:
        from codon12.figures import occupancy_course

        plot(occupancy_course(occupancy_frame(p), floor=floor), picture)
    return 0


def _courses(file: Path, p: ParameterSet, *, as_json: bool) -> int:
    """Print occupancy over the courses of a file: each day of one patient, a line a patient of several."""
    from codon12.simulate.switch.dosed_occupancy import occupancy_of_courses
    from codon12.simulate.switch.dosing import read_doses

    courses = read_doses(file)
    frame = occupancy_of_courses(p, courses)
    undated = sum(c.undated for c in courses)
    if undated:
        click.echo(f"codon12: {undated} records without a time of day: taken to start at 08:00", err=True)
    if as_json:
        said({"set": p.context.name, "changes": p.changes, "patients": len(courses),
              "records_without_time": undated, "days": frame.to_dicts()})  # fmt: skip
        return 0
    several = len(courses) > 1
    click.echo(f"{p.context.drug}, {len(courses)} patient{'s' * several}, typical patient of {p.context.name}")
    if several:
        import polars as pl

        click.echo("One line a patient, over the whole course; --json gives every day.")
        frame = frame.group_by("USUBJID", maintain_order=True).agg(
            pl.len().alias("DAYS"), pl.col("DOSE").sum(), pl.col("BOUND").mean(), pl.col("BOUND_MIN").min(),
            pl.col("BOUND_MAX").max(), pl.col("GTP_OVER_BASELINE", "INHIBITION").mean(),
        )  # fmt: skip
    click.echo(text_table({k: v.to_list() for k, v in frame.to_dict().items()}))
    return 0


@click.command(
    epilog="""\b
Examples:
  codon12 simulate network --drug ars-853 --concentrations 1e-7,1e-6,1e-5
  codon12 simulate network --drug ars-853 --hours 0,1,4,24 --concentrations 1e-5
  codon12 simulate network --allele G12D
  codon12 simulate network --drug ars-853 --concentrations 1e-6 --multiply GEF=10"""
)
@click.option("--allele", default="G12C", show_default=True, help="Of the shipped table; an unknown one lists it.")
@click.option("--drug", help="An inhibitor of the shipped table.")
@click.option("--concentrations", type=Numbers(), default=(), help="Total drug, mol/L, separated by commas.")
@click.option("--hours", type=Numbers(), default=(), help="Follow the time after the drug, for one concentration.")
@click.option("--multiply", multiple=True, metavar="NAME=FACTOR", help="A constant, e.g. GEF=10 or kcat'=0.01.")
@click.option("--half", is_flag=True, help="Also the concentration that halves GTP-bound protein.")
@click.option("--plot", "picture", type=_Plot, help="Draw the dose response or the course (svg, png, pdf).")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def network(
    *, allele: str, drug: str | None, concentrations: tuple[float, ...], hours: tuple[float, ...],
    multiply: tuple[str, ...], half: bool, picture: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Solve the fourteen-state network: rest, dose response, course after the drug."""
    from codon12.simulate.switch.cycle_constants import CycleConstants
    from codon12.simulate.switch.network import dose_response, half_inhibition, network_course, steady_state

    factors = {}
    for text in multiply:
        name, _, value = text.partition("=")
        try:
            factors[name.strip()] = float(value)
        except ValueError:
            raise UsageError(f"--multiply {text}: write NAME=FACTOR with a number") from None
    if (concentrations or hours or half) and drug is None:
        raise UsageError("name the inhibitor with --drug")
    if hours and len(concentrations) != 1:
        raise UsageError("--hours needs one concentration")
    if picture is not None and not concentrations:
        raise UsageError("--plot needs --concentrations")
    c = CycleConstants.of(allele, drug=drug, multiply=factors)
    rest = steady_state(c)
    body: dict[str, Any] = {
        "allele": c.allele, "drug": drug, "mark": c.notes[0],
        "at_rest": {"mutant_gtp": rest.mutant_gtp, "wild_type_gtp": rest.wild_type_gtp, "total_gtp": rest.total_gtp,
                    "effector_bound": rest.effector_bound},
    }  # fmt: skip
    if concentrations and not hours:
        body["dose_response"] = dose_response(c, concentrations)
    if hours:
        course = network_course(c, hours, total_drug=concentrations[0])
        body["course"] = [
            {"hours": h, "bound": s.bound, "mutant_gtp_over_baseline": s.mutant_gtp / rest.mutant_gtp}
            for h, s in zip(hours, course, strict=True)
        ]
    if half:
        body["half_inhibition_M"] = half_inhibition(c)
    if as_json:
        said(body)
    else:
        click.echo(f"{c.allele} at rest ({c.notes[0]})")
        click.echo(text_table({"": list(body["at_rest"]), "share": list(body["at_rest"].values())}))
        for key in ("dose_response", "course"):
            if key in body:
                click.echo()
                click.echo(text_table({k: [row[k] for row in body[key]] for k in body[key][0]}))
        if half:
            value = body["half_inhibition_M"]
            click.echo(f"\nHalf inhibition: {'not below 1 mol/L' if value is None else f'{value:.4g} mol/L'}")
    if picture is not None:
        plot(_network_figure(c, concentrations, hours), picture)
    return 0


def _network_figure(c: Any, concentrations: tuple[float, ...], hours: tuple[float, ...]) -> dict[str, Any]:
    import numpy as np
    import polars as pl

    from codon12.figures import dose_response as drawn
    from codon12.figures import switch_states
    from codon12.simulate.switch.network import dose_response, network_course

    if hours:
        at = np.linspace(0, max(*hours, 1e-3), 100)
        rows = [
            {"HOURS": float(h), "STATE": state, "SHARE": share}
            for h, s in zip(at, network_course(c, at.tolist(), total_drug=concentrations[0]), strict=True)
            for state, share in zip(("GDP-bound", "GTP-bound", "inhibited"), s.mutant_shares, strict=True)
        ]
        return switch_states(pl.DataFrame(rows))
    found = dose_response(c, concentrations)
    return drawn(
        pl.DataFrame(
            {"DOSE": [r["total_drug_M"] for r in found], "GTP": [r["mutant_gtp_over_baseline"] for r in found]}
        )
    )


@click.command(
    epilog="""\b
Examples:
  codon12 simulate parameters
  codon12 simulate parameters --set kdeg=0.0576 --json"""
)
@parameter_options
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def parameters(*, parameters: str, sets: tuple[str, ...], as_json: bool) -> int:
    """Print every parameter with unit, source and mark; context of use, assumptions, calibration."""
    p = chosen_set(parameters, sets)
    if as_json:
        import msgspec

        said(msgspec.to_builtins(p))
    else:
        click.echo(p.provenance(), nl=False)
    return 0
