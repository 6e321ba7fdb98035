"""A report repeated from its own record: the same inputs, the same options, and every file compared by its hash."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from codon12.analyses import assemble
from codon12.drawing import Look
from codon12.errors import InputError
from codon12.records import Study
from codon12.report import write_report
from codon12.report.history import file_hashes, last_run
from codon12.report.manifest import run_record

__all__ = ["Difference", "replay"]

_UNSTABLE = ".pdf"
"""Pictures of this kind hold their own moment; they are not compared."""


class Difference(msgspec.Struct, frozen=True):
    """One thing that is not as it was."""

    what: str
    """input, version, file or record."""
    name: str
    then: str | None
    now: str | None


def replay(
    run: Path,
    *,
    study: Path | None = None,
    config: Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Difference]:
    """Repeat a report and give what differs; nothing where every byte is as it was.

    Parameters
    ----------
    run
        Folder of a report, with its ``run.json``; study, configuration and hashes are taken from the last line of its
        ``history.jsonl``.
    study, config
        Where the records and the configuration lie now, if elsewhere.
    progress
        Called with a few words as each stage begins.

    Returns
    -------
    list[Difference]
        Inputs whose hash changed, packages of another version, files that somebody changed after the run, and files
        that come out otherwise now. PDF is not compared: it holds the moment it was made.

    Raises
    ------
    InputError
        No report, or no study to be found.
    """
    record, line = _record(run), last_run(run)
    if study is None and line is None:
        raise InputError(f"{run}: has no history.jsonl, which says where the study lies; give it as --study")
    place = study or run / str((line or {}).get("study"))
    if not place.is_dir():
        raise InputError(f"{place}: the study is not there; give where it lies as --study")
    before = file_hashes(run)
    found = [] if line is None else _changed(line.get("files") or {}, before, "file")
    kept = (line or {}).get("config")
    settings = config if config is not None or study is not None or not kept else run / str(kept)
    opened = Study.open(place, config=settings, progress=progress)
    evidence = assemble(opened, progress=progress)
    options = record.get("options") or {}
    now = run_record(evidence, options=options)
    hashes = [{f"{i['TABLE']} {i['FILE']}": i["SHA256"] for i in r.get("inputs", [])} for r in (record, now)]
    found += _changed(hashes[0], hashes[1], "input")
    found += _changed(record.get("versions") or {}, now["versions"], "version")
    with tempfile.TemporaryDirectory() as temporary:
        write_report(
            evidence,
            Path(temporary, "report"),
            mask_ids=bool(options.get("mask_ids")),
            figures=bool(options.get("figures", True)),
            formats=options.get("formats", ()),
            look=Look(**{f: options[f] for f in Look.__struct_fields__ if f in options}),
            progress=progress,
        )
        after = file_hashes(Path(temporary, "report"))
    written = {name: before.get(name) for name in record.get("files", []) if not name.endswith(_UNSTABLE)}
    again = {name: digest for name, digest in after.items() if not name.endswith(_UNSTABLE)}
    told = {d.name for d in found if d.what == "file"}
    return found + [d for d in _changed(written, again, "file") if d.name not in told]


def _record(run: Path) -> dict[str, Any]:
    try:
        held = json.loads((run / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        held = None
    if not isinstance(held, dict) or held.get("command") != ["codon12", "report"]:
        lacks = "does not exist" if not run.exists() else "is no report of codon12 (no run.json that says so)"
        raise InputError(f"{run}: {lacks}; give the folder that `codon12 report` wrote")
    return held


def _changed(then: dict[str, Any], now: dict[str, Any], what: str) -> list[Difference]:
    names = sorted({*then, *now})
    return [Difference(what, n, then.get(n), now.get(n)) for n in names if then.get(n) != now.get(n)]
