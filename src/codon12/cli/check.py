"""``codon12 check``: every number printed in a text, judged."""

from __future__ import annotations

import click

from codon12.cli.lazy import LazyGroup

__all__ = ["check"]


class _FileFirst(LazyGroup):
    """``codon12 check FILE`` needs no verb of its own; ``reconstruct`` is one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or args[0] not in self.places:
            args.insert(0, "file")
        return super().parse_args(ctx, args)


@click.group(
    cls=_FileFirst,
    places={"file": "codon12.cli.check_file:file", "reconstruct": "codon12.cli.check_reconstruct:reconstruct"},
)
def check() -> None:
    """Find, recompute and judge every number printed in a text."""
