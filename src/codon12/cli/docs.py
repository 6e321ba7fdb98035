"""``codon12 docs``: the manual of this installation, in the browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

__all__ = ["command"]


@click.command()
@click.argument("topic", required=False)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder for the pages.  [default: a cache]"
)
@click.option("--no-open", is_flag=True, help="Write the pages and say where they are; open nothing.")
@click.option("--print-path", is_flag=True, help="Print the path of the page alone, for scripts; open nothing.")
def command(*, topic: str | None, out: Path | None, no_open: bool, print_path: bool) -> None:
    """Open the manual of this version; nothing is fetched.

    TOPIC is a page, a heading, a verb, the rule of a finding or a kind of analysis; without it the first page opens.

    \b
    codon12 docs
    codon12 docs time-to-event
    codon12 docs --out manual --no-open
    """
    from codon12.manual import find_page, write_manual

    place = find_page(topic) if topic else "index.html"
    folder = (out or _cache()).absolute()
    write_manual(folder)
    file, _, heading = place.partition("#")
    if print_path:
        click.echo(folder / file)
        return
    if not no_open:
        import webbrowser

        link = (folder / file).as_uri() + (f"#{heading}" if heading else "")
        if webbrowser.open(link):
            click.echo(f"codon12: opened {folder / file}", err=True)
            return
        click.echo("codon12: no browser could be opened; open this page yourself.", err=True)
    click.echo(folder / file)


def _cache() -> Path:
    """Folder of this version's manual among what programs keep for a user."""
    from importlib.metadata import version

    if sys.platform == "win32":
        home = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Caches"
    else:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "codon12" / f"manual-{version('codon12')}"
