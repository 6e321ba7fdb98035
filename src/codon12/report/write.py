"""Evidence to a folder: the page, its tables and figures as files, the numbers, the derived frames, the run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from codon12.analyses import Analysis, Evidence, StudyFigure, study_figures
from codon12.drawing import Look, Press, picture
from codon12.drawing.engine import FORMATS, letters_without_font
from codon12.drawing.look import laid_out_mm
from codon12.errors import UsageError
from codon12.figures.page import page
from codon12.numbers import Rounding
from codon12.numbers.spelling import respelled, respelled_keys
from codon12.records.files.folder import files_below, files_listed, write_atomically
from codon12.report.findings import write_findings
from codon12.report.manifest import run_record
from codon12.report.masking import mask_subjects
from codon12.report.pages import page_html
from codon12.report.part import Part
from codon12.tables import Table, csv_text, docx_bytes, rtf_text, xlsx_bytes

__all__ = ["FORMATS_ALL", "FORMATS_DEFAULT", "part_of_page", "table_on_page", "write_report"]

FORMATS_DEFAULT = ("csv", "xlsx", "svg", "png", "pdf")
FORMATS_ALL = (*FORMATS_DEFAULT, "docx", "rtf")
_MARK = "run.json"


def write_report(
    evidence: Evidence,
    out: str | Path,
    *,
    mask_ids: bool = False,
    figures: bool = True,
    formats: Iterable[str] = FORMATS_DEFAULT,
    look: Look | None = None,
    progress: Callable[[str], None] | None = None,
    press: Press | None = None,
) -> Path:
    """Write the whole report of a study into a folder and give the path of its page.

    Parameters
    ----------
    evidence
        What ``codon12.analyses.assemble`` gives.
    out
        Folder to write. It appears complete or not at all: an earlier report stays until the new one is whole. Of an
        earlier report the files that it lists are replaced, any other file in it is kept; every other folder that
        is not empty is refused.
    mask_ids
        Replace subject identifiers by pseudonyms in everything written.
    figures
        Draw figures; without them only tables and numbers are written.
    formats
        Files beside the page: of csv, xlsx, docx, rtf (tables) and svg, png, pdf (figures).
    look
        Theme, width and dots per inch of the figures' files; the page draws in the theme too.
    progress
        Called with a few words as each stage begins.
    press
        A `codon12.drawing.Press` that has been started already; one is started here when left out.

    Returns
    -------
    Path
        ``OUT/report.html``. Beside it: ``evidence.parquet``, ``evidence.json``, ``run.json``, ``findings.csv``, the
        derived frames as Parquet, ``tables/`` and ``figures/``. The same evidence gives the same bytes, PDF excepted.

    Raises
    ------
    UsageError
        An unknown format, a folder that is not an earlier report, or somebody's file where a new one belongs.
    InputError
        The folder cannot be written.
    """
    look = look or Look()
    wanted = tuple(dict.fromkeys(formats))
    unknown = [f for f in wanted if f not in FORMATS_ALL]
    if unknown:
        raise UsageError(f"unknown format {unknown[0]!r}; known are {', '.join(FORMATS_ALL)}")
    say = progress or (lambda _: None)
    if mask_ids:
        say("Pseudonyms")
        evidence = mask_subjects(evidence)
    with write_atomically(Path(out), wrote=_wrote) as folder:
        if press is None and figures:
            with Press() as own:
                _fill(evidence, folder, own, mask_ids=mask_ids, formats=wanted, look=look, say=say)
        else:
            at = press if figures else None
            _fill(evidence, folder, at, mask_ids=mask_ids, formats=wanted, look=look, say=say)
    return Path(out) / "report.html"


def _fill(
    evidence: Evidence,
    folder: Path,
    press: Press | None,
    *,
    mask_ids: bool,
    formats: tuple[str, ...],
    look: Look,
    say: Callable[[str], None],
) -> None:
    from codon12.evidence.store import write_evidence

    rounding = evidence.rounding
    drawn: list[StudyFigure] = []
    if press is not None:
        say("Figures")
        with page(look.page):
            for figure in study_figures(evidence, rounding=rounding):
                press.order(figure.name, figure.spec, [f for f in FORMATS if f in formats], look=look)
                drawn.append(figure)
    say("Tables")
    tables = {a.name: t for a in evidence.plan if (t := table_on_page(evidence, a, rounding)) is not None}
    _write_tables(folder / "tables", list(tables.values()), formats)
    options = {"mask_ids": mask_ids, "figures": press is not None, "formats": list(formats)}
    record = run_record(evidence, options=options | told_of(look))
    say("Numbers and frames")
    described = {k: record[k] for k in ("title", "notice", "policies", "analyses")}
    write_evidence(evidence.numbers, evidence.frames, folder, description=described)
    write_findings(evidence.frames.get("findings"), evidence.frames.get("sources"), folder / "findings.csv")
    say("Page")
    parts = [part_of_page(evidence, a, tables.get(a.name), drawn, {}, formats, rounding) for a in evidence.plan]

    def pictures() -> dict[str, str]:
        if press is None:
            return {}
        say("Pictures")
        svgs = _write_pictures(folder / "figures", press, drawn, formats, look)
        if {"png", "pdf"} & {*formats}:
            without = {name: letters for name, svg in svgs.items() if (letters := letters_without_font(svg))}
            record.update({"letters_without_font": without} if without else {})
        return svgs

    shown = [p for p in parts if p is not None]
    text = page_html(evidence, shown, record=record, rounding=rounding, pictures=pictures)
    (folder / "report.html").write_text(text, encoding="utf-8", errors="replace", newline="\n")
    record["files"] = sorted([*files_below(folder), _MARK])
    (folder / _MARK).write_text(
        json.dumps(record, indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8", errors="replace"
    )


def told_of(look: Look) -> dict[str, object]:
    """Choices of a look that are not the default, for the record of a run."""
    default = Look()
    return {f: v for f in look.__struct_fields__ if (v := getattr(look, f)) != getattr(default, f)}


def _wrote(folder: Path) -> list[str] | None:
    """Files of an earlier report, by its run.json."""
    return files_listed(folder / _MARK, "files", command=["codon12", "report"])


def table_on_page(evidence: Evidence, analysis: Analysis, rounding: Rounding | None) -> Table | None:
    """Table of an analysis as the page shows it; None where it shows none."""
    if analysis.display not in ("table", "both"):
        return None
    return evidence.table_of(analysis, rounding)


def _write_pictures(
    folder: Path, press: Press, drawn: list[StudyFigure], formats: tuple[str, ...], look: Look
) -> dict[str, str]:
    """Wait for the figures, write their files, and give the SVG of each as it was drawn."""
    folder.mkdir()
    sizes = {f.name: laid_out_mm(f.spec) for f in drawn}
    svgs = {}
    for name, forms in press.collect().items():
        svgs[name] = forms["svg"].decode()
        for form in (f for f in FORMATS if f in formats):
            data = picture(svgs[name], "svg", look, laid_out=sizes[name]) if form == "svg" else forms[form]
            (folder / f"{name}.{form}").write_bytes(data)
    return svgs


def _write_tables(folder: Path, tables: list[Table], formats: tuple[str, ...]) -> None:
    if not {"csv", "xlsx", "docx", "rtf"} & set(formats):
        return
    folder.mkdir()
    for table in tables:
        if "csv" in formats:
            (folder / f"{table.name}.csv").write_text(csv_text(table), encoding="utf-8", newline="\n")
        if "rtf" in formats:
            (folder / f"{table.name}.rtf").write_text(rtf_text(table), encoding="ascii", errors="replace")
    if "xlsx" in formats:
        (folder / "tables.xlsx").write_bytes(xlsx_bytes(tables))
    if "docx" in formats:
        (folder / "tables.docx").write_bytes(docx_bytes(tables))


def part_of_page(
    evidence: Evidence,
    analysis: Analysis,
    table: Table | None,
    drawn: list[StudyFigure],
    pictures: dict[str, dict[str, bytes]],
    formats: tuple[str, ...],
    rounding: Rounding | None,
) -> Part | None:
    """One analysis on the page, with its figures and the files beside it; None where nothing is shown.

    A figure that is not among the pictures has an empty SVG: it is still being drawn.
    """
    figures = tuple(
        {
            "name": f.name,
            "title": f.title,
            "caption": f.caption,
            "svg": pictures[f.name]["svg"].decode() if f.name in pictures else "",
            "files": [(x.upper(), f"figures/{f.name}.{x}") for x in FORMATS if x in formats],
        }
        for f in drawn
        if f.analysis == analysis.name
    )
    if table is None and not figures:
        return None
    files = []
    if table is not None:
        files += [(x.upper(), f"tables/{table.name}.{x}") for x in ("csv", "rtf") if x in formats]
        files += [(x.upper(), f"tables/tables.{x}") for x in ("xlsx", "docx") if x in formats]
    own = evidence.own_numbers(analysis.name)
    steps = analysis.steps(own, rounding) if table is not None else ()
    flow = tuple(respelled_keys(list(steps), evidence.language, frozenset({"label"})))
    return Part(
        name=analysis.name,
        title=respelled(analysis.title, evidence.language),
        section=analysis.section,
        table=None if flow else table,
        flow=flow,
        figures=figures,
        files=tuple(files) if not flow else (),
    )
