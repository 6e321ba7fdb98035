"""``codon12 report``: a study folder in, the whole evidence out."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codon12.cli.report_blocks import begin_blocks, kept_blocks, opened_for_report
from codon12.cli.small_study import one_core_where_small
from codon12.cli.workers_option import worker_options

if TYPE_CHECKING:
    from codon12.drawing import Look

__all__ = ["command"]

_FORMATS = ("csv", "xlsx", "svg", "png", "pdf", "docx", "rtf")


def _print_kinds(ctx: click.Context, _: click.Parameter, value: object) -> None:
    """Print every kind of analysis with its options, and stop."""
    if not value or ctx.resilient_parsing:
        return
    from codon12.analyses import Analysis
    from codon12.analyses.kinds import kinds, options_of, sentence_of

    shared = ", ".join(o for o in options_of(Analysis, shared=True) if o != "name")
    click.echo(f"[analyses.NAME] of codon12.toml. Every kind has: {shared}.")
    for name, kind in kinds().items():
        click.echo(f"\n{name}: {sentence_of(kind)}")
        for option, said in options_of(kind).items():
            click.echo(f"  {option}: {said.sentence}")
    ctx.exit()


class _Report(click.Command):
    """The verb; its help names the kinds of analysis there are, those of other installed packages too."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from codon12.analyses.kinds import kinds

        formatter.write_paragraph()
        formatter.write_text(f"Kinds of analysis: {', '.join(kinds())}. More of them: codon12 report --kinds.")
        super().format_epilog(ctx, formatter)


@click.command(
    name="report", cls=_Report, epilog="Example:  codon12 report examples/codebreak100 --out out/codebreak100"
)
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write.  [default: ./STUDY-report]")
@click.option("--config", type=click.Path(path_type=Path), help="A configuration elsewhere, in place of codon12.toml.")
@click.option("--mask-ids", is_flag=True, help="Replace subject identifiers by pseudonyms everywhere.")
@click.option("--no-figures", is_flag=True, help="Tables and numbers only.")
@click.option(
    "--formats",
    metavar="LIST",
    default="csv,xlsx,svg,png,pdf",
    show_default=True,
    help="Files beside the page, of csv, xlsx, docx, rtf (tables) and svg, png, pdf (figures); 'none' for none.",
)
@click.option("--theme", type=click.Choice(["journal", "slide", "grey"]), default="journal", show_default=True,
              help="Look of the figures: journal; slide (heavier lines, 330 mm wide); grey.")  # fmt: skip
@click.option("--dpi", type=click.IntRange(36, 1200), default=300, show_default=True, help="Dots per inch of PNG.")
@click.option("--figure-width", type=click.FloatRange(30, 1000), metavar="MM",
              help="Width of a figure in mm; below 160 laid out for a journal's column.  [default: 180]")  # fmt: skip
@click.option("--kinds", is_flag=True, is_eager=True, expose_value=False, callback=_print_kinds,
              help="Print the kinds of analysis a plan may have, with their options, and stop.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Stop at warnings as well as at errors in the data.")
@click.option("--plan", is_flag=True, help="Say what the report takes in rows, memory and time, and stop.")
@click.option("--keep", type=click.Path(path_type=Path), metavar="FOLDER",
              help="Of a partitioned study: keep the blocks that are done there, to go on after a stop.")  # fmt: skip
@worker_options
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(
    study: Path,
    out: Path | None,
    *,
    config: Path | None,
    mask_ids: bool,
    no_figures: bool,
    formats: str,
    theme: str,
    dpi: int,
    figure_width: float | None,
    strict: bool,
    plan: bool,
    keep: Path | None,
    workers: int | None,
    dask: str | None,
    as_json: bool,
) -> int:
    """Write every table, figure and number of a STUDY folder, each traceable to its patients.

    STUDY is a folder of SDTM or ADaM tables, a cBioPortal study, or plain tables with a codon12.toml. The report is
    one page, report.html, that opens from disk; beside it lie the tables and figures as files, every number
    (evidence.parquet, evidence.json), the analysis frames, findings.csv and run.json.

    Errors among the findings stop the report: they are printed, an earlier report stays as it was, and the exit
    code is 1. Warnings are printed in the report.

    A study that `codon12 records partition` has written is derived a block of patients at a time, where its tables
    allow it; the report is the same. With --keep the blocks that are done stay in FOLDER until the report is there, and
    the same command goes on where it stopped.

    With --plan nothing is derived or written: printed are the rows of each table, the blocks that are worked in, and
    roughly the memory and time; what cannot fit is refused.

    Exit codes: 0 written; 1 errors in the data (with --strict also warnings); 2 wrong use or unreadable input.
    """
    from codon12.drawing import Look, Press
    from codon12.parallel import workers as opened

    wanted = () if formats.strip() == "none" else tuple(f.strip() for f in formats.split(",") if f.strip())
    unknown = [f for f in wanted if f not in _FORMATS]
    if unknown:
        raise click.BadParameter(f"{unknown[0]!r} is not one of {', '.join(_FORMATS)}", param_hint="--formats")
    from codon12.records.files.no_folder import must_be_folder

    must_be_folder(study)
    if plan:
        from codon12.cli.report_plan import print_plan

        return print_plan(study, config, workers=workers, as_json=as_json)
    look = Look(theme, dpi, figure_width)  # type: ignore[arg-type]  # click has looked at the choice
    if not no_figures and look.too_small is not None:
        click.echo(f"codon12: {look.too_small}", err=True)
    target = out or Path(f"{study.resolve().name}-report")
    asked = {"config": config, "mask_ids": mask_ids, "strict": strict, "as_json": as_json, "keep": keep}
    with opened(workers, dask=dask) as executor:
        begin_blocks(study, executor)
        with (
            nullcontext() if no_figures else Press() as press,  # the engine starts while the study is being read
            one_core_where_small(study),
        ):
            return _run(study, target, press, wanted, look, executor, **asked)


def _run(
    study: Path,
    target: Path,
    press: object,
    formats: tuple[str, ...],
    look: Look,
    executor: Executor | None,
    *,
    config: Path | None,
    mask_ids: bool,
    strict: bool,
    as_json: bool,
    keep: Path | None,
) -> int:
    from codon12.parallel.kept_frames import clear
    from codon12.report import write_report
    from codon12.report.history import append_history
    from codon12.report.write import told_of

    with progress() as say, kept_blocks(keep, target) as kept:
        records, assembled = opened_for_report(study, config, kept, strict=strict, say=say, executor=executor)
        if _stops(records.findings, records.sources, strict=strict):
            return 1
        evidence = assembled()
        findings = evidence.frames.get("findings", records.findings)
        if _stops(findings, records.sources, strict=strict):
            return 1
        page = write_report(
            evidence,
            target,
            mask_ids=mask_ids,
            figures=press is not None,
            formats=formats,
            look=look,
            progress=say,
            press=press,  # type: ignore[arg-type]  # Press is imported only when it is needed
        )
    if keep is not None:
        clear(keep)
    append_history(
        target,
        study=study,
        config=config,
        options={"mask_ids": mask_ids, "figures": press is not None, "formats": list(formats), "strict": strict}
        | told_of(look),
    )
    counts = dict(findings.group_by("SEVERITY").len().sort("SEVERITY").iter_rows())
    if as_json:
        body = {"report": str(page), "numbers": evidence.numbers.height, "findings": counts}
        click.echo(json.dumps(body, ensure_ascii=False))
    else:
        click.echo(str(page))
        if counts:
            words = ", ".join(f"{n:,} {s}{'s' if n != 1 else ''}" for s, n in counts.items())
            click.echo(f"codon12: {words} in the data, see findings.csv", err=True)
    for figure, letters in json.loads((page.parent / "run.json").read_bytes()).get("letters_without_font", {}).items():
        click.echo(
            f"codon12: figure {figure}: no font of this machine has {letters[:20]}, so that PNG and PDF show boxes; "
            "install one that has (such as Noto Sans CJK) and run again. SVG and page use the fonts of their reader",
            err=True,
        )
    return 0


def _stops(findings: object, sources: object, *, strict: bool) -> bool:
    """Print the findings that stop a report, the first twenty in full; say whether there are any."""
    import polars as pl

    from codon12.figures.lettering import shown

    assert isinstance(findings, pl.DataFrame)
    assert isinstance(sources, pl.DataFrame)
    files = dict(sources.select("TABLE", "FILE").iter_rows())
    severities = ["error", "warning"] if strict else ["error"]
    bad = findings.filter(pl.col("SEVERITY").is_in(severities))
    for found in bad.head(20).iter_rows(named=True):
        row = {**found, "FILE": files.get(found["TABLE"])}
        place = ", ".join(
            f"{word}{shown(row[key], 60)}"
            for key, word in (("FILE", ""), ("TABLE", "table "), ("ROW", "row "), ("USUBJID", "subject "))
            if row.get(key) is not None
        )
        click.echo(f"codon12: {row['SEVERITY']}: {shown(row['MESSAGE'], 400)} ({place})", err=True)
    if bad.height > 20:
        click.echo(f"codon12: and {bad.height - 20:,} more", err=True)
    if bad.height:
        click.echo("codon12: no report was written; correct the data or map them in codon12.toml", err=True)
    return bad.height > 0


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A line on a terminal that says what is being done; nothing where standard error is not one."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("Reading") as status:
        yield status.update
