"""The command line. A verb is one module of this room, imported only when it is called."""

from __future__ import annotations

import gc
import io
import os
import sys

import click

from codon12.cli.lazy import LazyGroup
from codon12.errors import Codon12Error

__all__ = ["VERBS", "main"]

VERBS: dict[str, str] = {
    "init": "codon12.cli.init:command",
    "validate": "codon12.cli.validate:command",
    "records": "codon12.cli.records:records",
    "report": "codon12.cli.report:command",
    "trace": "codon12.cli.trace:command",
    "export": "codon12.cli.export:command",
    "replay": "codon12.cli.replay:command",
    "serve": "codon12.cli.serve:command",
    "overlap": "codon12.cli.overlap:command",
    "check": "codon12.cli.check:check",
    "design": "codon12.cli.design:design",
    "match": "codon12.cli.match:match",
    "selftest": "codon12.cli.selftest:selftest",
    "resistance": "codon12.cli.resistance:command",
    "simulate": "codon12.cli.simulate:command",
    "docs": "codon12.cli.docs:command",
}
"""Verb -> "module:command", in the order the help shows them."""


@click.group(cls=LazyGroup, places=VERBS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="codon12")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def _root(*, debug: bool) -> None:
    """Turn the records of a biomarker-guided cancer study into its evidence."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; exit 0 when all is well, 1 when the answer is no, 2 for wrong use or input."""
    own_process = arguments is None
    arguments = sys.argv[1:] if arguments is None else arguments
    if own_process:
        for stream in (sys.stdout, sys.stderr):  # a name that the terminal has no letters for is told in escapes
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        gc.set_threshold(200_000, 20, 50)  # a verb holds what it made to its end: there is little to be freed before
    try:
        plain = False if os.environ.get("NO_COLOR") else None
        code = _root.main(arguments, prog_name="codon12", standalone_mode=False, color=plain)
    except click.ClickException as err:
        err.show()
        code = 2
    except click.Abort:
        click.echo("codon12: stopped.", err=True)
        code = 2
    except Codon12Error as err:
        if "--debug" in arguments:
            raise
        click.echo(f"codon12: {err}", err=True)
        code = 2
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 2
    except OSError as err:
        if "--debug" in arguments:
            raise
        place = f"{err.filename}: " if err.filename is not None else ""
        click.echo(f"codon12: {place}cannot be read or written: {err.strerror or err}.", err=True)
        code = 2
    except Exception as err:
        if "--debug" in arguments:
            raise
        kind = type(err).__name__
        click.echo(f"codon12: an unexpected {kind}; `codon12 --debug ...` shows where. Please report it.", err=True)
        code = 2
    if own_process:
        gc.freeze()  # what is left goes with the process; to look it all through once more takes a third of a second
    sys.exit(code if isinstance(code, int) else 0)
