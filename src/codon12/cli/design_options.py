"""Options and output that the design commands share."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codon12.errors import UsageError

if TYPE_CHECKING:
    from codon12.design.protocol.record import DesignRecord

__all__ = [
    "Numbers",
    "WholeNumbers",
    "outputs",
    "refuse_idle",
    "show",
    "show_answer",
    "success_options",
    "success_rule",
    "text_table",
]


_MOST = 10_000


def typed(name: str) -> bool:
    """Whether an option was typed, and not left at its default."""
    source = click.get_current_context().get_parameter_source(name)
    return source is click.core.ParameterSource.COMMANDLINE


def refuse_idle(name: str, why: str, *, idle: bool) -> None:
    """Refuse an option that was typed and would change nothing: who typed it meant something by it."""
    if idle and typed(name):
        raise UsageError(f"--{name.replace('_', '-')} would change nothing: {why}")


class Numbers(click.ParamType):
    """Numbers as a list ``0.2,0.3`` or an even range ``0.1:0.5:0.05`` (both ends included)."""

    name = "numbers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, ...]:
        if isinstance(value, tuple):
            return value
        try:
            parts = [float(v) for v in re.split(r"[,\s]+|:", value.strip()) if v]
        except ValueError:
            parts = []
        ranged = ":" in value
        if not parts or not all(map(isfinite, parts)) or (ranged and ("," in value or len(parts) not in (2, 3))):
            self.fail(f"{value!r} is not a list (0.2,0.3) or a range (0.1:0.5:0.05)", param, ctx)
        if not ranged:
            return tuple(parts)
        if len(parts) == 2 and not all(v.is_integer() for v in parts):
            self.fail(f"{value!r} says no step: first:last:step (0.1:0.5:0.05)", param, ctx)
        low, high, step = (*parts, 1.0)[:3]
        if step <= 0 or low > high:
            self.fail(f"{value!r} holds no number: a range rises, first:last:step (0.1:0.5:0.05)", param, ctx)
        if (high - low) / step > _MOST:
            self.fail(f"{value!r} holds more than {_MOST:,} numbers; take a wider step", param, ctx)
        count = round((high - low) / step)
        return tuple(round(low + i * step, 12) for i in range(count + 1) if low + i * step <= high + 1e-9)


class WholeNumbers(Numbers):
    """Whole numbers as a list ``25,35`` or a range ``25:95:10``."""

    name = "whole numbers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        numbers = super().convert(value, param, ctx)
        if any(v != int(v) for v in numbers):
            self.fail(f"{value!r} must hold whole numbers", param, ctx)
        return tuple(int(v) for v in numbers)


def outputs(command: Callable) -> Callable:
    """Add ``--json`` and ``--save``."""
    save = click.option(
        "--save",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write question and answer to a file for `codon12 design replay`.",
    )
    as_json = click.option("--json", "as_json", is_flag=True, help="Print question and answer as JSON.")
    return save(as_json(command))


def success_options(command: Callable) -> Callable:
    """Add the three ways to say what success is."""
    options = [
        click.option("--p0", type=float, help="Response rate to be exceeded."),
        click.option("--posterior", type=float, help="Success: Pr(rate > p0 | data) reaches this."),
        click.option(
            "--interval",
            help="Success: the lower limit of this interval lies above p0 (clopper-pearson, wilson, ...).",
        ),
        click.option("--level", type=float, default=0.95, show_default=True, help="Two-sided level of --interval."),
        click.option("--responses", type=int, help="Success: at least this many responses."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def success_rule(
    *, p0: float | None, posterior: float | None, interval: str | None, level: float, responses: int | None
) -> dict[str, Any]:
    """Give the one success rule that was asked for, in plain values."""
    ways = {"--posterior": posterior, "--interval": interval, "--responses": responses}
    given = [name for name, value in ways.items() if value is not None]
    if len(given) != 1:
        raise UsageError("say what success is with one of --posterior, --interval and --responses")
    refuse_idle("level", "it is the level of --interval", idle=interval is None)
    if responses is not None:
        return {"type": "responses", "least": responses}
    if p0 is None:
        raise UsageError(f"{given[0]} needs the response rate to be exceeded: --p0")
    if posterior is not None:
        return {"type": "posterior", "rate": p0, "threshold": posterior}
    return {"type": "interval", "rate": p0, "method": interval, "level": level}


def show(
    record: DesignRecord,
    *,
    as_json: bool,
    save: Path | None,
    tables: Sequence[tuple[str, Mapping[str, Sequence]]] = (),
    extra: Mapping[str, Any] | None = None,
) -> None:
    """Print a record, and save it where asked; `extra` is only for JSON, beside the saved content."""
    if save is not None:
        record.save(save)
    if as_json:
        click.echo(json.dumps({**record.to_dict(), **(extra or {})}, indent=2, allow_nan=False))
        return
    click.echo(record.sentence)
    for title, columns in tables:
        click.echo()
        if title:
            click.echo(title)
        click.echo(text_table(columns))


def show_answer(kind: str, arguments: dict[str, Any], *, as_json: bool, save: Path | None) -> None:
    """Answer a question and print it with its table; `rates` among the arguments asks for the curves."""
    from codon12.design.protocol.record import answer

    rates = arguments.pop("rates", ())
    record = answer(kind, arguments, rates=rates)
    found: Any = record.answer
    tables = [("", found.columns())]
    if rates:
        tables.append(("Operating characteristics", found.operating_characteristics(rates).columns()))
    show(record, as_json=as_json, save=save, tables=tables)


def text_table(columns: Mapping[str, Sequence]) -> str:
    """Lay out columns as plain text, numbers to the right."""
    cells = {name: [_cell(v) for v in values] for name, values in columns.items()}
    widths = {name: max(len(name), *(len(c) for c in column), 0) for name, column in cells.items()}
    lines = ["  ".join(name.rjust(widths[name]) for name in cells)]
    rows = zip(*cells.values(), strict=True)
    lines += ["  ".join(c.rjust(w) for c, w in zip(row, widths.values(), strict=True)) for row in rows]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return "-" if value != value else f"{value:.6g}"  # noqa: PLR0124 - NaN
    return str(value)
