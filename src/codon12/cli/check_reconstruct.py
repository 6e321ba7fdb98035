"""``codon12 check reconstruct``: the data behind printed survival estimates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from codon12.errors import InputError, UsageError

__all__ = ["reconstruct"]


@click.group("reconstruct")
def reconstruct() -> None:
    """Find the data behind printed survival estimates."""


@reconstruct.command("strings", epilog="Example:  codon12 check reconstruct strings 46 90.5,76.7,96.3 70.8,54.3,82.2")
@click.argument("n", type=click.IntRange(min=1))
@click.argument("landmarks", nargs=-1, required=True)
@click.option(
    "--conf-type",
    type=click.Choice(["log-log", "log", "plain"]),
    default="log-log",
    show_default=True,
    help="Scale of the printed limits.",
)
@click.option("--level", default=0.95, show_default=True, help="Level of the intervals.")
@click.option("--json", "as_json", is_flag=True, help="The strings as JSON.")
def strings(*, n: int, landmarks: tuple[str, ...], conf_type: str, level: float, as_json: bool) -> int:
    """Every order of events (E) and censorings (C) of N subjects that prints as LANDMARKS do.

    A landmark is an estimate with its limits in percent, in order of time: 90.5,76.7,96.3
    """
    from codon12.survival.published.event_orders import PrintedLandmark, event_strings

    printed = []
    for text in landmarks:
        parts = text.split(",")
        if len(parts) not in (1, 3):
            raise UsageError(f"a landmark is ESTIMATE or ESTIMATE,LOWER,UPPER in percent; got {text!r}")
        printed.append(PrintedLandmark(**dict(zip(("estimate", "lower", "upper"), parts, strict=False))))
    found = event_strings(n, printed, conf_type=conf_type, level=level)  # type: ignore[arg-type]
    if as_json:
        click.echo(json.dumps([{"text": s.text, "events": list(s.events)} for s in found]))
    else:
        click.echo(f"{len(found)} strings fit")
        for s in found:
            click.echo(f"{s.text}  events before each landmark: {', '.join(map(str, s.events))}")
    return 0 if found else 1


@reconstruct.command(
    "curve", epilog="Example:  codon12 check reconstruct curve curve.csv at_risk.csv --total-events 67"
)
@click.argument("coordinates", type=click.Path(path_type=Path, exists=True))
@click.argument("at_risk", type=click.Path(path_type=Path, exists=True))
@click.option("--total-events", type=int, help="Events in all, where printed.")
def curve(*, coordinates: Path, at_risk: Path, total_events: int | None) -> None:
    """Individual times, as CSV, from points of a Kaplan-Meier curve and the numbers at risk (Guyot 2012).

    COORDINATES is a CSV with TIME and SURVIVAL (0 to 1), AT_RISK one with TIME and N. What the rebuilt data do not meet
    is told on standard error.
    """
    click.echo(_rebuilt(coordinates, at_risk, total_events).write_csv(), nl=False)


def _rebuilt(coordinates: Path, at_risk: Path, total_events: int | None) -> Any:
    """Rebuild the data behind one curve, with remarks on standard error."""
    from codon12.survival.published.guyot import rebuild_individual_data, rebuilt_remarks

    frames = [_csv(path) for path in (coordinates, at_risk)]
    rebuilt = rebuild_individual_data(*frames, total_events=total_events)
    for remark in rebuilt_remarks(rebuilt, *frames, total_events=total_events):
        click.echo(f"{coordinates.name}: {remark}", err=True)
    return rebuilt


def _csv(path: Path) -> Any:
    import polars as pl

    try:
        return pl.read_csv(path)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as err:
        raise InputError(f"{path.name}: not a CSV file that can be read: {str(err).splitlines()[0]}") from None


@reconstruct.command(
    "compare", epilog="Example:  codon12 check reconstruct compare drug.csv drug_risk.csv placebo.csv placebo_risk.csv"
)
@click.argument("first", type=click.Path(path_type=Path, exists=True))
@click.argument("first_at_risk", type=click.Path(path_type=Path, exists=True))
@click.argument("second", type=click.Path(path_type=Path, exists=True))
@click.argument("second_at_risk", type=click.Path(path_type=Path, exists=True))
@click.option("--first-events", type=int, help="Events in all of the first curve, where printed.")
@click.option("--second-events", type=int, help="Events in all of the second curve, where printed.")
@click.option("--reading", default=0.005, show_default=True, help="How far a read survival may be off (0 to 1).")
@click.option("--json", "as_json", is_flag=True, help="The comparison as JSON.")
def compare(
    *,
    first: Path,
    first_at_risk: Path,
    second: Path,
    second_at_risk: Path,
    first_events: int | None,
    second_events: int | None,
    reading: float,
    as_json: bool,
) -> None:
    """Hazard ratio of two published curves, with its limits and with what reading the curves adds to its error.

    Each curve is a CSV with TIME and SURVIVAL (0 to 1) and one with TIME and N at risk.
    """
    from codon12.check.comparing.curves import compare_curves

    _rebuilt(first, first_at_risk, first_events)
    _rebuilt(second, second_at_risk, second_events)
    found = compare_curves(
        (_csv(first), _csv(first_at_risk)),
        (_csv(second), _csv(second_at_risk)),
        total_events=(first_events, second_events),
        reading=reading,
    )
    if as_json:
        import msgspec

        click.echo(json.dumps(msgspec.structs.asdict(found)))
    else:
        click.echo(found.sentence)
