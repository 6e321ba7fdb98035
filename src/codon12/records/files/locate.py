"""Which file of a study folder holds which table, and which kind of study it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import msgspec

from codon12.errors import InputError
from codon12.records.config import CONFIG_FILE, StudyConfig, TableSource, sources_of
from codon12.records.findings import Finding
from codon12.records.readers import FORMATS, format_of

__all__ = ["Located", "StudyFormat", "inside", "locate", "study_format"]

StudyFormat = Literal["sdtm", "adam", "tables", "cbioportal"]

_SDTM_NAME = re.compile(r"[a-z]{2}|supp[a-z]{2}|supp[a-z]{2}\d", re.IGNORECASE)
_ADAM_NAME = re.compile(r"ad[a-z0-9]{1,6}", re.IGNORECASE)
_CBIOPORTAL = frozenset(
    ("meta_study.txt", *(f"data_clinical_{w}.txt" for w in ("patient", "patients", "sample", "samples")))
)
_ANY_TEXT = (".txt", ".json", ".ndjson")
_TRIAL_DESIGN = ("TA", "TE", "TI", "TV", "TS", "TM", "TD")


class Located(msgspec.Struct, frozen=True, kw_only=True):
    """One file and the table it is read as."""

    table: str
    path: Path
    source: TableSource


def inside(folder: Path, name: str, *, where: str) -> Path:
    """Give the path of a file inside the study folder; anything outside is refused, symlinks included.

    Raises
    ------
    InputError
        The path leaves the folder or the file does not exist; the message names the key.
    """
    if "\0" in name or not name.strip():
        raise InputError(f"{where}: {name!r} is no file name")
    path = folder / name
    try:
        real, root = path.resolve(), folder.resolve()
    except (OSError, RuntimeError) as err:
        raise InputError(f"{where}: '{name}' cannot be followed: {err}") from None
    if not real.is_relative_to(root):
        raise InputError(f"{where}: '{name}' lies outside the study folder; copy the file into it and give its name")
    if real.is_file():
        return path
    same = [p for p in _files(folder) if p.name.lower() == name.lower()]
    if len(same) == 1:
        return inside(folder, same[0].name, where=where)
    raise InputError(f"{where}: no file '{name}' in the study folder; it holds {_listed(folder)}")


def study_format(folder: Path, config: StudyConfig) -> StudyFormat:
    """Recognise SDTM (DM is there), ADaM (ADSL), a cBioPortal study, or plain tables (named in codon12.toml).

    SDTM wins over ADaM where both are there; `format` in codon12.toml decides otherwise.

    Raises
    ------
    InputError
        None of them; the message says what was looked for and what the folder holds.
    """
    if config.format != "auto":
        return config.format
    names = {p.name.lower() for p in _files(folder)}
    if names & _CBIOPORTAL:
        return "cbioportal"
    tables = {t.upper() for t in config.tables}
    stems = {stem for p in _files(folder) if (stem := _stem(p.name))}

    def there(table: str) -> bool:
        low = table.lower()
        return table in tables or any(s == low or s.startswith(f"{low}_") for s in stems)

    if there("DM"):
        return "sdtm"
    if "ADSL" in tables and any(s.columns or s.times or s.derive for s in sources_of(config, "ADSL")):
        return "tables"
    if there("ADSL"):
        return "adam"
    if tables:
        return "tables"
    raise InputError(
        f"{folder.name or folder}: no study was recognised: no DM (SDTM), no ADSL (ADaM), no meta_study.txt "
        f"(cBioPortal), no [tables.ADSL] in {CONFIG_FILE}; the folder holds {_listed(folder)}. "
        f"`codon12 init {folder}` looks at the files and writes that file"
    )


def locate(folder: Path, config: StudyConfig, fmt: StudyFormat) -> tuple[list[Located], list[Finding]]:
    """Find the file of each table: as codon12.toml says, else by name; what cannot be decided is a finding.

    By name: ``tr.csv`` in any case and format, else the only ``tr_*.csv``. Several that fit are an error
    finding that says how to choose. Result in order of table name, independent of the order of the folder.
    """
    named: dict[str, list[Located]] = {}
    for table in config.tables:
        upper = table.upper()
        for source in sources_of(config, table):
            if source.file is not None:
                where = f"{CONFIG_FILE}, key tables.{table}.file"
                path = inside(folder, source.file, where=where)
                named.setdefault(upper, []).append(Located(table=upper, path=path, source=source))
    found, findings = _by_name(folder, config, fmt, set(named))
    out = [entry for entries in named.values() for entry in entries] + found
    strangers = _strangers(out, set(named))
    findings += [_stranger(entry) for entry in strangers]
    joined = {join.file for e in out for join in e.source.join.values()}
    named_too = {a.panel for a in config.assays.values() if a.panel is not None}
    rest = [] if fmt == "cbioportal" else _unread(folder, {e.path.name for e in out} | joined | named_too, findings)
    findings += [_not_read(rest, fmt)] if rest else []
    return sorted((e for e in out if e not in strangers), key=lambda e: e.table), findings


def _strangers(entries: list[Located], named: set[str]) -> list[Located]:
    """Supplemental files of another family than their parent: SUPPTR_ONCO does not qualify TR_ONCO_RECIST."""
    family = {e.table: (_stem(e.path.name) or "").partition("_")[2] for e in entries}
    return [
        e
        for e in entries
        if e.table.startswith("SUPP")
        and e.table not in named
        and family.get(e.table[4:6], family[e.table]) != family[e.table]
    ]


def _stranger(entry: Located) -> Finding:
    return Finding(
        table=entry.table,
        rule="supplemental-of-another-file",
        severity="note",
        value=entry.path.name,
        message=f"{entry.path.name} was not read: table {entry.table[4:6]} comes from a file with another suffix. "
        f'If they belong together, say so in {CONFIG_FILE}: [tables.{entry.table}] file = "{entry.path.name}".',
    )


def _by_name(
    folder: Path, config: StudyConfig, fmt: StudyFormat, named: set[str]
) -> tuple[list[Located], list[Finding]]:
    pattern = {"sdtm": _SDTM_NAME, "adam": _ADAM_NAME}.get(fmt)
    asked = {t.upper() for t in config.tables} - named
    exact: dict[str, list[Path]] = {}
    suffixed: dict[str, list[Path]] = {}
    for path in _files(folder):
        stem = _stem(path.name)
        if stem is None:
            continue
        head, _, tail = stem.partition("_")
        for name, group in ((stem, exact), (head, suffixed)):
            table = name.upper()
            if (group is exact or tail) and ((pattern and pattern.fullmatch(name)) or table in asked):
                group.setdefault(table, []).append(path)
    out, findings = [], []
    for table in sorted((exact.keys() | suffixed.keys()) - named):
        if table in _TRIAL_DESIGN and table not in asked and table != "TS":
            continue
        paths = exact.get(table) or suffixed[table]
        ranked = sorted(paths, key=lambda p: (_rank(p), p.name.lower(), p.name))
        if table not in exact and len({_stem(p.name) for p in paths}) > 1:
            findings.append(_choose(table, ranked))
            continue
        if len(ranked) > 1:
            findings.append(_also_there(table, ranked))
        inside(folder, ranked[0].name, where=f"table {table}")
        source = (sources_of(config, table) or [TableSource()])[0]
        out.append(Located(table=table, path=ranked[0], source=source))
    return out, findings


def _choose(table: str, paths: list[Path]) -> Finding:
    names = ", ".join(p.name for p in paths)
    return Finding(
        table=table,
        rule="file-to-choose",
        severity="error",
        value=names,
        message=f"Several files could be table {table}: {names}. Choose one in {CONFIG_FILE}: "
        f'[tables.{table}] file = "{paths[0].name}". None was read.',
    )


def _also_there(table: str, paths: list[Path]) -> Finding:
    others = ", ".join(p.name for p in paths[1:])
    return Finding(
        table=table,
        rule="file-also-there",
        severity="note",
        value=others,
        message=f"Table {table} was read from {paths[0].name}; {others} was not read.",
    )


def _unread(folder: Path, read: set[str], findings: list[Finding]) -> list[str]:
    """Files that hold tables and that nothing was read from or said of; texts and JSON where named like a table."""
    told = {name for f in findings for name in (f.value or "").split(", ")}
    out = []
    for path in _files(folder):
        stem = _stem(path.name)
        if stem is None or path.name in read or path.name in told or stem.upper() in _TRIAL_DESIGN:
            continue
        named = _SDTM_NAME.fullmatch(stem) or _ADAM_NAME.fullmatch(stem)
        if named or format_of(path.name) not in _ANY_TEXT:
            out.append(path.name)
    return out


def _not_read(names: list[str], fmt: StudyFormat) -> Finding:
    kinds = {"sdtm": "SDTM domains and their supp-- are", "adam": "ADaM data sets (ad--) are"}
    kind = kinds.get(fmt, f"the files that {CONFIG_FILE} names are")
    listed = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    return Finding(
        table="codon12",
        rule="file-not-read",
        severity="note",
        value=", ".join(names),
        message=f"No table is made of {listed}: of this folder {kind} read. Name a file that should count in "
        f'{CONFIG_FILE}: [tables.NAME] file = "{names[0]}".',
    )


def _rank(path: Path) -> int:
    return list(FORMATS).index(format_of(path.name) or ".ods")


def _stem(name: str) -> str | None:
    """File name without its ending, in lower case; None where no reader takes it."""
    ending = format_of(name)
    return name.lower().removesuffix(".gz").removesuffix(ending) if ending else None


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith((".", "_", "~$")))


def _listed(folder: Path) -> str:
    names = [p.name for p in _files(folder)]
    shown = ", ".join(names[:20]) + (f" and {len(names) - 20} more" if len(names) > 20 else "")
    return shown or "no files"
