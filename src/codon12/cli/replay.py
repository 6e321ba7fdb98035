"""``codon12 replay``: a report repeated, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import click

__all__ = ["command"]


@click.command(name="replay", epilog="Example:  codon12 replay out/codebreak100 --study examples/codebreak100")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--study", type=click.Path(path_type=Path), help="Where the study lies now.  [default: as history.jsonl]")
@click.option("--config", type=click.Path(path_type=Path), help="The configuration, if elsewhere than in the study.")
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
def command(run: Path, *, study: Path | None, config: Path | None, as_json: bool) -> int:
    """Repeat the report in folder RUN by its run.json and compare the hash of every file.

    Nothing is written. Differences are listed: inputs that changed, packages of another version, files that somebody
    changed after the run, files that come out otherwise now. PDF is not compared: it holds the moment it was made.

    Exit codes: 0 every byte is as it was; 1 something differs; 2 wrong use, no report, or no study.
    """
    import msgspec

    from codon12.cli.report import progress
    from codon12.figures.lettering import shown
    from codon12.standards.replay import replay

    with progress() as say:
        found = replay(run, study=study, config=config, progress=say)
    if as_json:
        body = {"run": str(run), "same": not found, "differences": [msgspec.to_builtins(d) for d in found]}
        click.echo(json.dumps(body, ensure_ascii=False, indent=1))
        return 1 if found else 0
    for one in found:
        then, now = (shown((text or "none")[:16], 20) for text in (one.then, one.now))
        click.echo(f"{one.what}  {shown(one.name, 200)}: then {then}, now {now}")
    click.echo("Every file is as it was." if not found else f"{len(found):,} differences.")
    return 1 if found else 0
