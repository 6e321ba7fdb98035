"""``codon12 serve``: the report of a study, live, on this machine only."""

from __future__ import annotations

from pathlib import Path

import click

from codon12.errors import UsageError

__all__ = ["command"]


@click.command(
    name="serve",
    epilog="Examples:  codon12 serve examples/codebreak100 --open\n\n"
    "codon12 serve examples/codebreak100 examples/cohort --port 8012 --mask-ids",
)
@click.argument("studies", nargs=-1, required=True, metavar="STUDY...", type=click.Path(path_type=Path))
@click.option("--config", type=click.Path(path_type=Path), help="A configuration elsewhere, in place of codon12.toml.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port; a free one when left out.")
@click.option("--open", "open_browser", is_flag=True, help="Open the link in the browser.")
@click.option("--mask-ids", is_flag=True, help="Pseudonyms in place of subject identifiers, as in a masked report.")
@click.option("--readonly", is_flag=True, help="Save nothing; files can still be downloaded.")
@click.option("--save", type=click.Path(path_type=Path), help="Folder for what is saved.  [default: ./codon12-saved]")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address; another needs --behind-proxy.")
@click.option("--behind-proxy", is_flag=True, help="A proxy that knows its users stands before the server.")
@click.option("--allow-host", "allow_hosts", multiple=True, metavar="NAME", help="Host name that browsers ask for.")
def command(
    studies: tuple[Path, ...],
    *,
    config: Path | None,
    port: int,
    open_browser: bool,
    mask_ids: bool,
    readonly: bool,
    save: Path | None,
    host: str,
    behind_proxy: bool,
    allow_hosts: tuple[str, ...],
) -> int:
    """Serve the pages of each STUDY's report, live: cohorts, cut-offs, patients, and what stands behind a number.

    The server listens on 127.0.0.1 and nowhere else; it needs no network, and reads nothing outside the STUDY folders.
    It prints one link that lets one browser in. Whatever departs from the study's own plan is marked exploratory, and
    every look is written down.

    Exit codes: 0 ended; 2 wrong use, or a folder that is none.
    """
    try:
        from codon12.serve import serve
    except ModuleNotFoundError as err:
        if err.name not in ("starlette", "uvicorn", "h11", "anyio"):
            raise
        raise UsageError("codon12 serve needs the extra: pip install 'codon12[serve]'") from None
    serve(
        studies,
        config=config,
        host=host,
        port=port,
        behind_proxy=behind_proxy,
        allow_hosts=allow_hosts,
        mask_ids=mask_ids,
        readonly=readonly,
        save=save,
        open_browser=open_browser,
    )
    return 0
