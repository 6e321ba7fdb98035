"""``codon12 resistance``: how responses ended, by which definition, and which mechanism explains it."""

from __future__ import annotations

import click

from codon12.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "command"]

COMMANDS: dict[str, str] = {
    "pair": "codon12.cli.resistance_pair:pair",
    "catalogue": "codon12.cli.resistance_catalogue:catalogue",
    "study": "codon12.cli.resistance_study:study",
}
"""Command -> "module:command"; what is none of them is a study folder."""


class _Commands(LazyGroup):
    """A first argument that is no command is a study."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            return "study", self.get_command(ctx, "study"), args
        return super().resolve_command(ctx, args)


@click.group(
    name="resistance",
    cls=_Commands,
    places=COMMANDS,
    epilog="Examples:  codon12 resistance examples/codebreak100;  "
    "codon12 resistance pair before.json after.json --drug sotorasib;  codon12 resistance catalogue osimertinib",
)
def command() -> None:
    """Say how a response ended and why: patterns of progression of a STUDY, mechanisms in paired samples.

    `codon12 resistance STUDY` answers for a whole study; `pair` compares two samples; `catalogue` prints the mechanisms
    that are known to it, with source and trust.

    Exit codes: 0 answered; 2 wrong use or unreadable input.
    """
