"""``codon12 check FOLDER``: every document of a folder, a line each, and a summary as a page or a table."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from codon12.cli.check_text import judged, write
from codon12.errors import Codon12Error, UsageError
from codon12.parallel import Kept, build, cores, digest_of, in_order
from codon12.parallel import workers as opened

__all__ = ["check_folder"]

_FEW = 64
"""Documents for which no process is started."""
_MOST = 16
"""Documents of a block at most: the last blocks of a run end at nearly the same time."""
Block = tuple[list[Path], Path | None, int, bool]
"""Documents, the accepted quotes, the most bytes of one, and whether its whole report is wanted."""
Result = tuple[str, str, Any, int]


def check_folder(
    folder: Path,
    *,
    as_json: bool,
    strict: bool,
    ignore: Path | None,
    largest: int,
    workers: int | None,
    dask: str | None,
    keep: Path | None,
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
        _results(paths, ignore, largest, workers, dask, keep, whole=as_json or keep is not None),
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


def _one(path: Path, ignore: Path | None, largest: int, *, whole: bool) -> Result:
    """A line of JSON, where wanted, and one for people, the row, and 2 for an error, 1 for a lesser problem."""
    from codon12.check.showing.folder import row_of

    try:
        report = judged(path, ignore, largest)
    except Codon12Error as err:
        return _unread(path, str(err), 0)
    except Exception as err:  # noqa: BLE001  one document that breaks a rule must not cost the others
        says = f"{path.name}: an unexpected {type(err).__name__}; `codon12 --debug check` of it shows where"
        return _unread(path, f"{says}. Please report it.", 2)
    from codon12.check.showing.listing import summary

    line = json.dumps(report.as_json(), ensure_ascii=False) if whole else ""
    return line, summary(report), row_of(report), 2 if report.has_error else 1 if report.problems else 0


def _unread(path: Path, why: str, verdict: int) -> Result:
    """A document that gave no report, and why."""
    from codon12.check.showing.folder import Row

    line = json.dumps({"file": path.name, "unread": why}, ensure_ascii=False)
    return line, why, Row(path.name, unread=why), verdict


def _results(
    paths: list[Path],
    ignore: Path | None,
    largest: int,
    workers: int | None,
    dask: str | None,
    keep: Path | None,
    *,
    whole: bool,
) -> Iterator[Result]:
    """Every document in order, some a block, on as many processes as asked for; what was kept is not done again."""
    count = 1 if dask is None and len(paths) < _FEW else workers
    size = max(8, min(_MOST, len(paths) // ((count or cores()) * 4)))
    blocks = [(paths[k : k + size], ignore, largest, whole) for k in range(0, len(paths), size)]
    kept = None if keep is None else Kept(keep)
    names = [_digest(b) if kept else "" for b in blocks]
    held = [kept.find(name) if kept else None for name in names]
    with opened(count, dask=dask) as executor:
        made = in_order(_block, (b for b, done in zip(blocks, held, strict=True) if done is None), executor=executor)
        for name, done in zip(names, held, strict=True):
            result = done if done is not None else next(made)
            if kept and done is None:
                kept.add(name, result)
            yield from (_result(r) for r in msgspec.json.decode(result))
    if kept:
        kept.clear()


def _digest(block: Block) -> str:
    """What a block's result depends on: this build, the accepted quotes, the limit, the documents."""
    paths, ignore, largest, _ = block
    texts = [t for p in paths for t in (p.name, p if os.access(p, os.R_OK) else "cannot be read")]
    return digest_of([build(), str(largest), "" if ignore is None else ignore, *texts])


def _block(block: Block) -> bytes:
    """Some documents, as JSON: bytes go through any executor and into a file alike."""
    paths, ignore, largest, whole = block
    return msgspec.json.encode([_one(path, ignore, largest, whole=whole) for path in paths])


def _result(told: list[Any]) -> Result:
    from codon12.check.showing.folder import Row

    line, words, row, verdict = told
    return line, words, msgspec.convert(row, Row), verdict
