"""``codon12 simulate operating``: a design at a response rate and on a simulated population, beside each other."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from codon12.cli.design_options import WholeNumbers, text_table
from codon12.cli.simulate_options import chosen_set, parameter_options, said
from codon12.errors import UsageError

__all__ = ["operating"]


@click.command(
    epilog="""\b
Examples:
  codon12 design simon 0.23 0.38 --kind optimal --save design.json
  codon12 simulate operating --design design.json
  codon12 simulate operating -n 66 --responses 21 --looks 27 --stop 7 --set kdeg=0.0576"""
)
@click.option(
    "--design",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File of a single-arm design that `codon12 design ... --save` wrote.",
)
@click.option("-n", "n", type=int, help="Planned evaluable patients.")
@click.option("--responses", type=int, help="Success: at least this many responses.")
@click.option("--looks", type=WholeNumbers(), default=(), help="Evaluable patients at the looks: 10 or 25:95:10.")
@click.option("--stop", type=WholeNumbers(), default=(), help="Stop for futility at or below, for each look.")
@click.option("--trials", default=400, show_default=True, type=int, help="Trials drawn from the population.")
@click.option("--seed", default=7, show_default=True, type=click.IntRange(min=0), help="Same seed, same patients.")
@parameter_options
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def operating(
    *, design: Path | None, n: int | None, responses: int | None, looks: tuple[int, ...], stop: tuple[int, ...],
    trials: int, seed: int, parameters: str, sets: tuple[str, ...], as_json: bool,
) -> int:  # fmt: skip
    """Judge a single-arm design on a simulated population, beside its exact operating characteristics.

    What a rate does not have is progression-free survival under the schedule of visits. Not patient data.
    """
    from codon12.design.single_arm.boundaries import Boundaries
    from codon12.simulate.switch.operating import design_on_population

    if (design is None) == (n is None or responses is None):
        raise UsageError("say which design: --design FILE, or -n and --responses (with --looks and --stop)")
    if design is not None:
        if n is not None or responses is not None or looks or stop:
            raise UsageError("--design holds the whole design: leave out -n, --responses, --looks and --stop")
        from codon12.design.protocol.record import replay

        record, differences = replay(design)
        found = getattr(record.answer, "boundaries", None)
        if record.kind == "toxicity" or not isinstance(found, Boundaries):
            raise UsageError(f"{design.name}: holds no single-arm design with boundaries by number of responses")
        for difference in differences:
            click.echo(f"codon12: {design.name}: computed again it differs: {difference}", err=True)
        boundaries = found
    else:
        assert n is not None
        assert responses is not None
        if not 1 <= responses <= n:
            raise UsageError(f"success at {responses} responses cannot be judged among {n}; give 1 to {n}")
        boundaries = Boundaries(n=n, success_at_least=responses, looks=looks, stop_at_most=stop)
    chosen = chosen_set(parameters, sets)
    seen = design_on_population(boundaries, chosen, trials=trials, seed=seed)
    if as_json:
        said({**asdict(seen), "design": asdict(boundaries), "set": chosen.context.name, "changes": chosen.changes,
              "sentences": seen.sentences()})  # fmt: skip
        return 0
    click.echo(text_table(seen.columns()))
    click.echo()
    click.echo("\n".join(seen.sentences()))
    return 0
