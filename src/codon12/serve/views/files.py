"""What a page offers to take away: figures, tables, numbers, findings, the configuration."""

from __future__ import annotations

import json
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from codon12.drawing.engine import FORMATS
from codon12.errors import UsageError
from codon12.evidence import write_evidence
from codon12.records.config import CONFIG_FILE, StudyConfig
from codon12.report.findings import write_findings
from codon12.report.manifest import run_record
from codon12.report.pages import inline_svg
from codon12.report.write import table_on_page
from codon12.serve.changes import changes_of, cut_column
from codon12.serve.holding import Holding, Say
from codon12.serve.same_by import TOML_NAME
from codon12.serve.settings import Settings, settings_of
from codon12.serve.toml_text import toml_text
from codon12.serve.views.evidence_parts import TABLE_FORMATS, refuse_errors
from codon12.tables import csv_text, docx_bytes, rtf_text, xlsx_bytes

__all__ = [
    "evidence_json",
    "evidence_parquet",
    "figure_drawn",
    "figure_file",
    "findings_file",
    "run_file",
    "table_file",
    "toml_file",
]

_KINDS = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "rtf": "application/rtf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "parquet": "application/vnd.apache.parquet",
    "toml": "application/toml",
}
File = tuple[bytes, str, str]


def _settings(query: Any) -> Settings:
    found = query if isinstance(query, Settings) else settings_of(query)
    return msgspec.structs.replace(found, other=())


def figure_file(holding: Holding, where: dict[str, str], query: Any, say: Say) -> File:
    """A figure as SVG, PNG or PDF."""
    form = where["form"]
    if form not in FORMATS:
        raise UsageError(f"a figure is given as one of {', '.join(FORMATS)}")
    spec = _spec(holding, where, query, say)
    return holding.pictures.picture(spec, form), _KINDS[form], f"{where['name']}.{form}"  # type: ignore[arg-type]


def figure_drawn(holding: Holding, where: dict[str, str], query: Any, say: Say) -> File:
    """A figure as a page holds it, under its name there."""
    svg = holding.pictures.svg(_spec(holding, where, query, say))
    beside = "other-" if query.get("as") == "other-" else ""
    return inline_svg(svg, beside + where["name"]).encode(), _KINDS["svg"], f"{where['name']}.svg"


def _spec(holding: Holding, where: dict[str, str], query: Any, say: Say) -> Any:
    """Specification of a figure, with the numbers of the page that shows it where there is one."""
    settings, analysis = _settings(query), where["analysis"]
    evidence, only = holding.evidence_having(settings, analysis, say)
    refuse_errors(evidence)
    for figure in holding.figures(settings, only, say):
        if figure.analysis == analysis and figure.name in (where["name"], where["name"].removesuffix(f"-{analysis}")):
            return figure.spec
    raise UsageError("no such figure")


def table_file(holding: Holding, where: dict[str, str], query: Any, say: Say) -> File:
    """A table as CSV, XLSX, DOCX or RTF, every text inert in it."""
    form = where["form"]
    if form not in TABLE_FORMATS:
        raise UsageError(f"a table is given as one of {', '.join(TABLE_FORMATS)}")
    evidence, _ = holding.evidence_having(_settings(query), where["analysis"], say)
    refuse_errors(evidence)
    rounding: Any = evidence.policies["rounding"]
    own = [a for a in evidence.plan if a.name == where["analysis"]]
    tables = [t for a in own if (t := table_on_page(evidence, a, rounding)) is not None]
    if not tables:
        raise UsageError("no such table")
    if form == "csv":
        body = csv_text(tables[0]).encode()
    elif form == "rtf":
        body = rtf_text(tables[0]).encode("ascii", "replace")
    else:
        body = xlsx_bytes(tables) if form == "xlsx" else docx_bytes(tables)
    return body, _KINDS[form], f"{where['analysis']}.{form}"


def findings_file(holding: Holding, _: dict[str, str], query: Any, say: Say) -> File:
    """All findings, as in the report's folder."""
    evidence = holding.evidence(_settings(query), None, say)
    with tempfile.TemporaryDirectory(prefix="codon12-") as folder:
        path = Path(folder) / "findings.csv"
        write_findings(evidence.frames.get("findings"), evidence.frames.get("sources"), path)
        return path.read_bytes(), _KINDS["csv"], "findings.csv"


def evidence_json(holding: Holding, _: dict[str, str], query: Any, say: Say) -> File:
    """Every number, as in the report's folder."""
    return _stored(holding, _settings(query), "evidence.json", say), _KINDS["json"], "evidence.json"


def evidence_parquet(holding: Holding, _: dict[str, str], query: Any, say: Say) -> File:
    """Every number as Parquet."""
    return _stored(holding, _settings(query), "evidence.parquet", say), _KINDS["parquet"], "evidence.parquet"


def _stored(holding: Holding, settings: Settings, name: str, say: Say) -> bytes:
    evidence = holding.evidence(settings, None, say)
    refuse_errors(evidence)
    record = run_record(evidence, options={"mask_ids": holding.mask_ids})
    described = {k: record[k] for k in ("title", "notice", "policies", "analyses")}
    with tempfile.TemporaryDirectory(prefix="codon12-") as folder:  # mode 0700, gone at the end
        write_evidence(evidence.numbers, {}, Path(folder), description=described)
        return (Path(folder) / name).read_bytes()


def run_file(holding: Holding, _: dict[str, str], query: Any, say: Say) -> File:
    """What was run on what."""
    evidence = holding.evidence(_settings(query), None, say)
    record = run_record(evidence, options={"mask_ids": holding.mask_ids})
    return json.dumps(record, indent=1, ensure_ascii=False, default=str).encode(), _KINDS["json"], "run.json"


def toml_file(holding: Holding, _: dict[str, str], query: Any, say: Say) -> File:
    """The study's own configuration with the settings written into it: `codon12 report --config` gives the numbers."""
    settings = _settings(query).in_file
    study, base = holding.study(say), holding.derived(settings, say)
    holding.check_steps(base.context.adsl, settings.steps)
    column = cut_column(settings, base.context.adsl)
    changes = changes_of(study.config, settings, holding.planned(settings), base.context, column=column)
    own = holding.config or study.path / CONFIG_FILE
    if own.name in holding.changed_files:
        raise UsageError(f"{own.name} was changed since the study was read; start codon12 serve again")
    given: dict[str, Any] = tomllib.loads(own.read_text(encoding="utf-8-sig")) if own.is_file() else {}
    whole = given | {k: _plain(k, v, given) for k, v in changes.items()}
    msgspec.convert(tomllib.loads(text := toml_text(whole)), StudyConfig)
    return text.encode(), _KINDS["toml"], TOML_NAME


def _plain(key: str, value: Any, given: dict[str, Any]) -> Any:
    """A changed key as plain values; covariates of the study stay as its file has them."""
    if key != "covariates":
        return msgspec.to_builtins(value)
    kept = given.get(key, {})
    new = {k: v for k, v in value.items() if k not in {own.upper() for own in kept}}
    return kept | {
        k: {f: x for f in ("expression", "labels", "label") if (x := getattr(v, f)) is not None} for k, v in new.items()
    }
