"""The verbs; each is imported only when it is called."""

from __future__ import annotations

import importlib

import click

_VERBS: dict[str, str] = {}


class _Lazy(click.Group):
    """A group whose commands are imported when called, so that ``--help`` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the verbs."""
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one verb."""
        target = _VERBS.get(cmd_name)
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        return getattr(importlib.import_module(module), attribute)


@click.group(cls=_Lazy)
def main() -> None:
    """Turn the records of a biomarker-guided cancer study into its evidence."""
