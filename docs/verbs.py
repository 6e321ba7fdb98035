"""Write docs/verbs.md from the help texts: ``python docs/verbs.py``; a test fails when the page is out of date."""

from __future__ import annotations

import re
from pathlib import Path

import click

from codon12.cli import _root

PAGE = Path(__file__).with_name("verbs.md")


def page() -> str:
    """The reference of every verb and option, as Markdown."""
    head = (
        "Written from the help texts by `docs/verbs.py`. Results go to stdout, messages to stderr. Exit code 0: done; "
        "1: the answer is no (errors in the data, an impossible number, a result that does not replay); 2: wrong use "
        "or unreadable input."
    )
    parts = ["# Verbs and options", head]
    parts += _group(_root, ("codon12",))
    return "\n\n".join(parts) + "\n"


def _group(group: click.Group, path: tuple[str, ...]) -> list[str]:
    context = click.Context(group)
    out = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            continue
        # a hidden command is what its group does when no other is named
        out += _command(command, path if command.hidden else (*path, name))
        if isinstance(command, click.Group):
            out += _group(command, (*path, name))
    return out


def _command(command: click.Command, path: tuple[str, ...]) -> list[str]:
    arguments = [p.make_metavar(click.Context(command)) for p in command.params if isinstance(p, click.Argument)]
    out = [f"{'#' * min(len(path), 4)} `{' '.join([*path, *arguments])}`", _prose(command.help or "")]
    if command.epilog:
        out.append(_prose(command.epilog))
    options = [o for o in command.params if isinstance(o, click.Option) and not o.hidden]
    if options:
        out.append("\n".join(_option(o) for o in options))
    return [part for part in out if part]


def _option(option: click.Option) -> str:
    name = max(option.opts, key=len)
    return f"- `{name}`: {' '.join((option.help or '').split())}"


def _prose(text: str) -> str:
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    out = []
    for block in blocks:
        lines = block.strip("\n").splitlines()
        if lines[0].strip() == "\b":
            out.append("```text\n" + "\n".join(line.strip() for line in lines[1:]) + "\n```")
        else:
            out.append(" ".join(line.strip() for line in lines))
    return "\n\n".join(out)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
