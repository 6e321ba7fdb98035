"""A study to a folder that others can use: SDTM as read, ADaM as derived, each with its Define-XML."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

import polars as pl

from codon12.errors import UsageError
from codon12.records import Study, StudyConfig, write_csv
from codon12.records.config import CONFIG_FILE
from codon12.records.files.folder import files_below, files_listed, write_atomically
from codon12.report.findings import write_findings
from codon12.standards.adam import adam_datasets
from codon12.standards.ars import reporting_event
from codon12.standards.dataset_json import write_dataset_json
from codon12.standards.datasets import Dataset
from codon12.standards.define import write_define
from codon12.standards.fitted import fitted
from codon12.standards.given import given_findings
from codon12.standards.naming import Agreed
from codon12.standards.plain_toml import toml_text
from codon12.standards.sdtm import sdtm_datasets
from codon12.standards.settings import adam_config, named_files, sdtm_config
from codon12.standards.tlf import write_tlf
from codon12.standards.xpt import write_xpt

__all__ = ["FORMATS", "Exported", "export_study"]

FORMATS = {"xpt": ".xpt", "xptv8": ".xpt", "dataset-json": ".json", "ndjson": ".ndjson", "parquet": ".parquet",
           "csv": ".csv"}  # fmt: skip
_MARK = "export.json"
_POLICIES = {"ADRS": "response", "ADTR": "response", "ADTTE": "survival", "ADAE": "safety"}


@dataclass(frozen=True)
class Exported:
    """What was written where, and what was found on the way."""

    folder: Path
    datasets: tuple[tuple[str, str, int], ...]
    """Standard, name and number of records of each data set."""
    findings: pl.DataFrame


def export_study(
    study: Study,
    evidence: Any | None,
    out: str | Path,
    *,
    format: Literal["xpt", "xptv8", "dataset-json", "ndjson", "parquet", "csv"] = "xpt",  # noqa: A002 - users' word
    agreed: Agreed | None = None,
    created: dt.datetime,
    tlf: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Exported:
    """Write the data sets of a study: ``OUT/sdtm`` as read, ``OUT/adam`` as derived, ``OUT/ars.json``.

    Parameters
    ----------
    study
        An open study; SDTM is written where it is SDTM.
    evidence
        What ``codon12.analyses.assemble`` gives of it; None to write SDTM alone.
    out
        Folder to write; it appears complete or not at all. An earlier export is replaced, other people's files in it
        are kept, any other folder that is not empty is refused.
    format
        SAS transport version 5 or 8, Dataset-JSON 1.1 as one object or as lines, Parquet, or CSV.
    agreed
        Names and labels people have agreed on where the format is short of room.
    created
        Date written into headers; the same data and date give the same bytes.
    tlf
        Whether to write ``OUT/tlf`` too: every table as RTF and Word, with contents (needs codon12[documents]).
    progress
        Called with a few words as each stage begins.

    Returns
    -------
    Exported
        Beside the folders lie findings.csv and names.csv (what was shortened). Each folder has its ``define.xml`` and
        a ``codon12.toml`` with which `Study.open` reads the same numbers.

    Raises
    ------
    UsageError
        An unknown format, or a folder that holds somebody else's files.
    InputError
        The folder, or a data set in this format, cannot be written.
    """
    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}; known are {', '.join(FORMATS)}")
    say, agreed = progress or (lambda _: None), agreed or Agreed()
    with write_atomically(Path(out), wrote=_wrote) as folder:
        writer = _Export(folder, format, agreed, created, say, tlf=tlf)
        tabulations, found = sdtm_datasets(study)
        writer.findings += [found, given_findings(study)]
        if tabulations:
            writer.sdtm(study, tabulations)
        if evidence is not None:
            writer.adam(evidence)
        writer.finish(study)
    findings = pl.concat(writer.findings)
    return Exported(Path(out), tuple(writer.written), findings)


class _Export:
    """One export while it is being written."""

    def __init__(
        self, folder: Path, form: str, agreed: Agreed, created: dt.datetime, say: Callable[[str], None], *, tlf: bool
    ) -> None:
        self.tlf = tlf
        self.folder, self.format, self.agreed, self.created, self.say = folder, form, agreed, created, say
        self.findings: list[pl.DataFrame] = []
        self.written: list[tuple[str, str, int]] = []
        self.renamed: list[tuple[str, str, str, str]] = []

    def sdtm(self, study: Study, data: list[Dataset]) -> None:
        place = self.folder / "sdtm"
        place.mkdir()
        after = self._fit(data)
        config = sdtm_config(study.config, data, after, FORMATS[self.format])
        self._write(place, after, _study_name(study, data), study.config.title, {})
        for name in named_files(study.config):
            if (study.path / name).is_file():
                shutil.copyfile(study.path / name, place / name)
        self._config(place, config)

    def adam(self, evidence: Any) -> None:
        place = self.folder / "adam"
        place.mkdir()
        data, found = adam_datasets(evidence, agreed=self.agreed)
        self.findings.append(found)
        for one in data:
            self.renamed += [(one.name, c.source, c.name, c.label) for c in one.columns if c.source]
        policies = {
            name: " ".join(evidence.policies[kind].sentences().values())
            for name, kind in _POLICIES.items()
            if kind in evidence.policies
        }
        name = str(data[0].frame["STUDYID"].drop_nulls().first() or "STUDY") if data[0].frame.height else "STUDY"
        self._write(place, data, name, evidence.context.config.title, policies)
        if hasattr(evidence, "plan"):
            outputs = {}
            if self.tlf:
                self.say("Tables")
                outputs = write_tlf(evidence, self.folder / "tlf", created=self.created)
            made = reporting_event(evidence, datasets=data, outputs=outputs)
            event = json.dumps(made, ensure_ascii=False, indent=1)
            (self.folder / "ars.json").write_text(event + "\n", encoding="utf-8", errors="replace", newline="\n")
        self._config(place, adam_config(evidence, data))

    def _fit(self, data: list[Dataset]) -> list[Dataset]:
        version = {"xpt": 5, "xptv8": 8}.get(self.format)
        if version is None:
            return data
        after, found = fitted(data, version=version, agreed=self.agreed)
        self.findings.append(found)
        for one, old in zip(after, data, strict=True):
            if one.name != old.name:
                self.renamed.append((old.name, old.name, one.name, one.label))
            self.renamed += [(old.name, c.source, c.name, c.label) for c in one.columns if c.source]
        return after

    def _write(
        self, place: Path, data: Sequence[Dataset], study: str, title: str | None, policies: dict[str, str]
    ) -> None:
        suffix = FORMATS[self.format]
        files = {d.name: f"{d.name.lower()}{suffix}" for d in data}
        for one in data:
            self.say(f"Writing {files[one.name]}")
            self.findings.append(self._dataset(one, place / files[one.name], study))
            self.written.append((one.standard, one.name, one.frame.height))
        write_define(
            data,
            place / "define.xml",
            study=study,
            title=title or study,
            files=files,
            created=self.created,
            methods=policies,
            numeric_dates=suffix == ".xpt",
        )

    def _dataset(self, one: Dataset, path: Path, study: str) -> pl.DataFrame:
        if self.format in ("xpt", "xptv8"):
            return write_xpt(one, path, version=5 if self.format == "xpt" else 8, created=self.created)
        if self.format in ("dataset-json", "ndjson"):
            lines = self.format == "ndjson"
            return write_dataset_json(one, path, lines=lines, created=self.created, study=study)
        if self.format == "csv":
            write_csv(one.frame, path)
        else:
            one.frame.write_parquet(path, statistics=False)
        return pl.DataFrame(schema=self.findings[0].schema)

    def _config(self, place: Path, config: StudyConfig) -> None:
        (place / CONFIG_FILE).write_text(toml_text(config), encoding="utf-8", newline="\n")

    def finish(self, study: Study) -> None:
        columns = dict.fromkeys(("TABLE", "VARIABLE", "NAME", "LABEL"), pl.String)
        names = pl.DataFrame(sorted(set(self.renamed)), schema=columns, orient="row")
        write_csv(names, self.folder / "names.csv")
        write_findings(pl.concat(self.findings), study.sources, self.folder / "findings.csv")
        record = {
            "command": ["codon12", "export"],
            "format": self.format,
            "created": self.created.isoformat(),
            "version": metadata.version("codon12"),
            "inputs": study.sources.to_dicts(),
            "datasets": [{"standard": s, "name": n, "records": r} for s, n, r in self.written],
            "files": sorted([*files_below(self.folder), _MARK]),
        }
        text = json.dumps(record, indent=1, ensure_ascii=False, default=str) + "\n"
        (self.folder / _MARK).write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _study_name(study: Study, data: Sequence[Dataset]) -> str:
    for one in data:
        if "STUDYID" in one.frame.columns:
            name = one.frame["STUDYID"].drop_nulls().first()
            if name is not None:
                return str(name)
    return study.path.resolve().name


def _wrote(folder: Path) -> list[str] | None:
    """Files of an earlier export, by its export.json."""
    return files_listed(folder / _MARK, "files", command=["codon12", "export"])
