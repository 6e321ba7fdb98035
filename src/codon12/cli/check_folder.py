"""``codon12 check FOLDER``: every document of a folder, a line each, and a summary as a page or a table."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from codon12.cli.check_text import judged, write
from codon12.errors import Codon12Error, UsageError

__all__ = ["check_folder"]


def check_folder(
    folder: Path,
    *,
    as_json: bool,
    strict: bool,
    ignore: Path | None,
    jobs: int,
    largest: int,
    page: Path | None,
    table: Path | None,
) -> int:
    """Every document of a folder, some at a time in as many processes as asked for."""
    from codon12.check.documents.reading import SUFFIXES
    from codon12.check.showing.folder import Row, as_csv, as_page

    paths = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.is_file())
    if not paths:
        raise UsageError(f"{folder}: holds none of {', '.join(SUFFIXES)}")
    bad = 0
    rows: list[Row] = []
    with click.progressbar(
        _results(paths, ignore, jobs, largest),
        length=len(paths),
        label="Checking",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as results:
        for line, words, row, verdict in results:
            click.echo(line if as_json else words)
            rows.append(row)
            bad += verdict == 2 or (strict and verdict == 1)
    if page is not None:
        write(page, as_page(rows))
    if table is not None:
        write(table, as_csv(rows))
    return 1 if bad else 0


def _one(task: tuple[Path, Path | None, int]) -> tuple[str, str, Any, int]:
    """One document: a line of JSON, a line for people, its row, and 2 for an error, 1 for a lesser problem."""
    from codon12.check.showing.folder import Row, row_of

    path, ignore, largest = task
    try:
        report = judged(path, ignore, largest)
    except Codon12Error as err:
        line = json.dumps({"file": path.name, "unread": str(err)}, ensure_ascii=False)
        return line, f"{err}", Row(path.name, unread=str(err)), 0
    from codon12.check.showing.listing import summary

    line = json.dumps(report.as_json(), ensure_ascii=False)
    return line, summary(report), row_of(report), 2 if report.has_error else 1 if report.problems else 0


def _results(paths: list[Path], ignore: Path | None, jobs: int, largest: int) -> Iterator[tuple[str, str, Any, int]]:
    tasks = [(path, ignore, largest) for path in paths]
    if jobs < 2 or len(paths) < 64:
        yield from map(_one, tasks)
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(_one, tasks, chunksize=max(8, min(100, len(paths) // (jobs * 4))))
