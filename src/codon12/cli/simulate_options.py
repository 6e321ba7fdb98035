"""Options that the commands of the switch share: a set of parameters, changes to it, a figure."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codon12.errors import UsageError

if TYPE_CHECKING:
    from codon12.simulate.switch.parameters import ParameterSet

__all__ = ["chosen_set", "parameter_options", "plain", "plot", "progress", "said"]


def parameter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --parameters and --set."""
    command = click.option(
        "--set", "sets", multiple=True, metavar="NAME=VALUE", help="Change a parameter; may be repeated."
    )(command)
    return click.option(
        "--parameters",
        default="sotorasib-nsclc",
        show_default=True,
        help="A shipped set (sotorasib-nsclc, no-drug) or a TOML file.",
    )(command)


def chosen_set(parameters: str, sets: tuple[str, ...]) -> ParameterSet:
    """Give the set with its changes."""
    from codon12.simulate.switch.parameters import SETS, read_set, shipped_set

    path = Path(parameters)
    is_file = parameters not in SETS and (path.suffix == ".toml" or path.is_file())
    base = read_set(path) if is_file else shipped_set(parameters)
    values = {}
    for text in sets:
        name, equals, value = text.partition("=")
        try:
            values[name.strip()] = float(value)
        except ValueError:
            equals = ""
        if not equals:
            raise UsageError(f"--set {text}: write NAME=VALUE with a number, such as kdeg=0.0576")
    return base.changed(values)


def plain(value: Any) -> Any:
    """Give values that JSON can hold: not-reached and undefined numbers become null."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):  # noqa: PLR0124
        return None
    return value


def said(body: dict[str, Any]) -> None:
    """Print a body as JSON."""
    click.echo(json.dumps(plain(body), ensure_ascii=False, indent=1, allow_nan=False))


def plot(spec: dict[str, Any], path: Path) -> None:
    """Draw a figure into a file whose ending says how."""
    from codon12.drawing import save
    from codon12.drawing.engine import FORMATS

    if path.suffix.lstrip(".") not in FORMATS:
        raise UsageError(f"--plot {path.name}: the ending must be one of {', '.join(FORMATS)}")
    save(spec, path)
    click.echo(f"codon12: figure in {path}", err=True)


@contextmanager
def progress(words: str) -> Iterator[Callable[[str], None]]:
    """A line on a terminal that says what is being done; nothing where standard error is not one."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(words) as status:
        yield status.update
