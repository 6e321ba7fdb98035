"""``codon12 check FILE...``: documents judged, set beside each other and beside a study."""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path
from typing import Any

import click

from codon12.cli.check_output import print_reports, reports_json
from codon12.cli.check_text import judged, write
from codon12.cli.workers_option import worker_options
from codon12.errors import DataError, UsageError

__all__ = ["file"]


@click.command("file", hidden=True)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Findings as JSON; of a folder one line a document.")
@click.option(
    "--html", "page", type=click.Path(path_type=Path), help="Write a page: the text with coloured numbers, or a folder."
)
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Of a folder: write one row a document.")
@click.option("--annotate", type=click.Path(path_type=Path), help="Write a copy of a .docx or .pdf with comments.")
@click.option("--only", "only", help="Verdicts to list, with commas between; by default all but ok and not checkable.")
@click.option("--kind", "kinds", help="Kinds of statement or rule to list, with commas between (landmark,P/interval).")
@click.option("--explain", metavar="KIND", help="Print a rule, its source and its limits, and read nothing.")
@click.option("--largest", default=200_000_000, show_default=True, help="Most bytes read, also after inflating.")
@click.option("--strict", is_flag=True, help="Exit 1 also on error-if and unlikely, and on numbers that differ.")
@click.option(
    "--ignore", "ignore", type=click.Path(path_type=Path), help="File of quotes that are accepted, one a line."
)
@click.option(
    "--study",
    "study",
    type=click.Path(path_type=Path),
    help="Compare with the evidence of this study folder, or of its report.",
)
@click.option("--config", type=click.Path(path_type=Path), help="With --study: a configuration in place of its own.")
@click.option(
    "--keep", type=click.Path(path_type=Path), help="Of a folder: keep what is done here, to go on after a stop."
)
@worker_options
def file(
    *,
    paths: tuple[Path, ...],
    as_json: bool,
    page: Path | None,
    table: Path | None,
    annotate: Path | None,
    only: str | None,
    kinds: str | None,
    explain: str | None,
    largest: int,
    strict: bool,
    ignore: Path | None,
    study: Path | None,
    config: Path | None,
    keep: Path | None,
    workers: int | None,
    dask: str | None,
) -> int:
    """Find, recompute and judge every number of a text (txt, md, html, JATS xml, pdf, docx; - is standard input).

    Several files are compared with each other as well; of a folder every document is read. Exit 1 when a number is
    impossible. `codon12 check reconstruct --help` finds the data behind printed survival estimates.
    """
    if explain is not None:
        from codon12.check.showing.rules import explain as lines_of

        click.echo(lines_of(explain))
        return 0
    if not paths:
        raise UsageError("name a document, a folder, or - for standard input; --help shows how")
    if len(paths) == 1 and paths[0].is_dir():
        if annotate is not None:
            raise UsageError("--annotate writes comments into one document; name the document")
        from codon12.cli.check_folder import check_folder

        return check_folder(
            paths[0],
            as_json=as_json,
            strict=strict,
            ignore=ignore,
            largest=largest,
            workers=workers,
            dask=dask,
            keep=keep,
            page=page,
            table=table,
        )
    if keep is not None:
        raise UsageError("--keep is for the documents of a folder; name a folder")
    if table is not None:
        raise UsageError("--csv is a summary of a folder; name a folder")
    if config is not None and study is None:
        raise UsageError("--config is the configuration of a study; name the study with --study")
    if len(paths) > _MOST:
        raise UsageError(
            f"check compares up to {_MOST} documents, got {len(paths)}; name their folder to read them all"
        )
    if annotate is not None and len(paths) > 1:
        raise UsageError(f"--annotate writes comments into one document; got {len(paths)}")
    from codon12.check.verdicts import VERDICTS

    verdicts = _verdicts(only, VERDICTS)
    wanted = _kinds(kinds)
    reports = [judged(path, ignore, largest) for path in paths]
    against = None
    if study is not None:
        from codon12.check.comparing.study import counted_as_read

        against = _against_study(reports, study, config)
        reports = [counted_as_read(report, against) for report in reports]
    pairs = _compared(reports) if len(reports) > 1 else []
    if page is not None:
        from codon12.check.showing.page import annotated_page

        write(page, annotated_page(reports[0], against=_of_document(against, reports[0].text.name)))
    if annotate is not None:
        from codon12.check.showing.annotate import comments_of

        placed = _annotate(paths[0], annotate, reports[0], largest, against)
        click.echo(f"{annotate}: {placed} comment{'' if placed == 1 else 's'}", err=True)
        left = sum(1 for _ in comments_of(reports[0], against)) - placed
        if left > 0:
            click.echo(f"{annotate}: {left} more could not be placed in the document; the listing has them", err=True)
    if as_json:
        sys.stdout.writelines(reports_json(reports, pairs, against))
    else:
        print_reports(reports, pairs, against, verdicts, wanted)
    differs = strict and (any(p.verdict == "different" for p in pairs) or bool(against and against["disagree"]))
    return 1 if differs or any(r.has_error or (strict and r.problems) for r in reports) else 0


def _compared(reports: list[Any]) -> list[Any]:
    """What the numbers of each two documents come to, set beside each other."""
    from codon12.check.comparing.documents import compare_reports

    return [p for a, b in combinations(reports, 2) for p in compare_reports(a, b)]


def _annotate(source: Path, target: Path, report: Any, largest: int, against: dict[str, Any] | None) -> int:
    """How many comments were written into a copy of a Word file or a PDF."""
    if source.suffix.lower() == ".pdf":
        from codon12.check.showing.annotate_pdf import annotate_pdf

        return annotate_pdf(source, target, report, against=against)
    from codon12.check.showing.annotate import annotate_docx

    return annotate_docx(source, target, report, largest=largest, against=against)


def _verdicts(only: str | None, known: tuple[Any, ...]) -> tuple[Any, ...]:
    if only is None:
        return known[:4]
    chosen = tuple(v.strip() for v in only.split(","))
    wrong = [v for v in chosen if v not in known]
    if wrong:
        raise UsageError(f"--only: no verdict {', '.join(wrong)}; there are: {', '.join(known)}")
    return chosen


_MOST = 6
"""Most documents set beside each other."""


def _kinds(given: str | None) -> frozenset[str]:
    """Kinds of statements and rules to list; empty for all."""
    if given is None:
        return frozenset()
    from codon12.check.showing.rules import RULES
    from codon12.check.statements import KINDS

    chosen = frozenset(k.strip() for k in given.split(","))
    known = {*KINDS, *(r.name for r in RULES)}
    wrong = sorted(chosen - known)
    if wrong:
        raise UsageError(f"--kind: no kind {', '.join(wrong)}; there are: {', '.join(sorted(known))}")
    return chosen


def _of_document(against: dict[str, Any] | None, name: str) -> dict[str, Any] | None:
    """What the comparison says of one of several documents, and what all of them leave out."""
    if against is None:
        return None
    own = {k: [x for x in against[k] if x.get("document", name) == name] for k in ("agree", "disagree")}
    return against | own


def _against_study(reports: list[Any], study: Path, config: Path | None) -> dict[str, Any]:
    from codon12.check.comparing.study import against_evidence

    stored = study / "evidence.parquet"
    if stored.is_file() and (study / "run.json").is_file():  # a report of ours: its frames are no study to read anew
        if config is not None:
            raise UsageError(f"--config is of a study; {study} is a report, whose numbers are made")
        import polars as pl

        return against_evidence(reports, pl.read_parquet(stored))
    from codon12.analyses import assemble
    from codon12.records import Study

    opened = Study.open(study, config=config)
    evidence = assemble(opened)
    errors = evidence.frames["findings"].filter(SEVERITY="error").height
    if errors:
        words = f"{errors:,} errors in the data leave" if errors != 1 else "1 error in the data leaves"
        raise DataError(f"{study}: {words} no right answer to compare with; `codon12 validate` lists them")
    return against_evidence(reports, evidence.numbers, cutoff=opened.config.data_cutoff)
