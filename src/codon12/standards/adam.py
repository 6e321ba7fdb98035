"""The derived frames of a study as ADaM data sets that keep the ADaM Implementation Guide 1.3."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import polars as pl

from codon12.records.findings import Finding, findings_frame
from codon12.standards.adam_columns import long_exposure, with_adam_columns, with_moments
from codon12.standards.datasets import Dataset, described, plain
from codon12.standards.metadata import DATASETS, AdamDataset, Column, VariableRow, adam_table
from codon12.standards.naming import Agreed, name_findings, short_label, short_names
from codon12.standards.parameters import evaluator_letters, evaluator_word, parameters_of
from codon12.standards.sdtm_labels import sdtm_label

__all__ = ["adam_datasets", "column_uses"]

_POPULATIONS = ("ENRLFL", "RANDFL", "ITTFL", "SAFFL")
_TREATMENT = {"TRTP": "TRT01P", "TRTPN": "TRT01PN", "TRTA": "TRT01A", "TRTAN": "TRT01AN"}


def adam_datasets(evidence: Any, *, agreed: Agreed | None = None) -> tuple[list[Dataset], pl.DataFrame]:
    """ADaM data sets of a study, with findings on what was shortened, is missing, or does not conform.

    Parameters
    ----------
    evidence
        What ``codon12.analyses.assemble`` or ``codon12.derive.derive`` gives: `frames` and `context`.
    agreed
        Names and labels people have agreed on; others that do not fit are shortened by rule.

    Returns
    -------
    list[Dataset], pl.DataFrame
        ADSL, then those of ADTR, ADRS, ADTTE, ADAE, ADEX that the study has; names of at most 8 characters, labels of
        at most 40 bytes. Nothing is imputed: a required variable that the study has not is a finding. No value is
        computed anew but study days, sequence numbers and codes; AVAL, dates and flags are those of the frames.

    Notes
    -----
    Source: CDISC ADaM Implementation Guide 1.3, sections 3.2 (ADSL), 3.3 (BDS); OCCDS 1.1.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> adsl = pl.DataFrame({"STUDYID": ["S"], "USUBJID": ["S-1"], "TRT01P": ["A"], "SAFFL": ["Y"]})
    >>> context = SimpleNamespace(config=None, study=None, evaluators=(), arms=(), month=30.4375)
    >>> data, found = adam_datasets(SimpleNamespace(frames={"adsl": adsl}, context=context))
    >>> data[0].frame.columns
    ['STUDYID', 'USUBJID', 'TRT01P', 'TRT01PN', 'SAFFL']
    """
    agreed = agreed or Agreed()
    found: list[Finding] = []
    subjects = _subjects(evidence, agreed, found)
    out = [subjects]
    for name in DATASETS[1:]:
        table = adam_table().dataset(name)
        frame = evidence.frames.get(table.frame)
        if frame is None:
            continue
        frame = long_exposure(frame) if name == "ADEX" else frame
        out.append(_several(name, frame, evidence, subjects, agreed, found))
    return out, findings_frame(found)


def column_uses(name: str, columns: Iterable[str]) -> dict[str, str]:
    """What becomes of each column of a frame in its data set: the variable's name, or why it is left out.

    Columns that the table names nowhere are ``covariate`` where the data set takes others, else ``unknown``.
    """
    table = adam_table().dataset(name)
    sources = {v.source: v.name for v in adam_table().rows(name) if v.source}
    out = {}
    for column in columns:
        stem, _, rest = column.partition("_")
        if column in sources:
            out[column] = sources[column]
        elif rest and stem in table.by_evaluator:
            out[column] = table.by_evaluator[stem].name
        elif (why := _left_out(table, column)) is not None:
            out[column] = f"left out: {why}"
        elif name == "ADEX" and column in adam_table().parameters["ADEX"]:
            out[column] = "PARAMCD"
        else:
            out[column] = "covariate" if table.others else "unknown"
    return out


def _left_out(table: AdamDataset, column: str) -> str | None:
    return next((why for pattern, why in table.left_out.items() if re.fullmatch(pattern, column)), None)


def _subjects(evidence: Any, agreed: Agreed, found: list[Finding]) -> Dataset:
    table, context = adam_table().dataset("ADSL"), evidence.context
    adsl: pl.DataFrame = evidence.frames["adsl"]
    for flag in _POPULATIONS:  # Y or N in ADaM; where nobody has it, it is not known of anybody
        if flag in adsl.columns and adsl[flag].is_null().all():
            adsl = adsl.drop(flag)
    adsl = adsl.with_columns(pl.col(f).fill_null("N") for f in _POPULATIONS if f in adsl.columns)
    if "STUDYID" not in adsl.columns or adsl["STUDYID"].is_null().all():
        name = context.study.path.resolve().name if context.study is not None else "STUDY"
        adsl = adsl.with_columns(STUDYID=pl.lit(name))
        found.append(_missing("ADSL", "STUDYID", f"the name of its folder, {name}, stands for it"))
    order = _treatments(adsl, context)
    number = {"TRT01PN": "TRT01P", "TRT01AN": "TRT01A"}
    pieces: list[tuple[pl.Expr, Column]] = []
    for row in table.variables:
        if row.name in number and number[row.name] in adsl.columns and row.name not in adsl.columns:
            value = pl.col(number[row.name]).cast(pl.String).replace_strict(order, default=None, return_dtype=pl.Int64)
        elif row.source in adsl.columns:
            value = pl.col(str(row.source))
            if row.core == "Req" and adsl.height and adsl[str(row.source)].is_null().all():
                found.append(_missing("ADSL", row.name, "it is empty"))
        else:
            if row.core == "Req":
                found.append(_missing("ADSL", row.name, "it is left out"))
            continue
        pieces.append((value, _from_row(row, _origin_subject(row, context))))
    pieces += _by_evaluator(table, adsl, context)
    pieces += _others("ADSL", table, adsl, pieces, context, agreed, found)
    return _finish("ADSL", table, adsl, pieces, agreed, found)


def _by_evaluator(table: AdamDataset, adsl: pl.DataFrame, context: Any) -> list[tuple[pl.Expr, Column]]:
    letters = evaluator_letters(context.evaluators)
    out = []
    for stem, pattern in table.by_evaluator.items():
        for who in (c.removeprefix(f"{stem}_") for c in adsl.columns if c.startswith(f"{stem}_")):
            column = Column(
                name=pattern.name.format(letters.get(who, who[:1])),
                label=pattern.label.format(evaluator_word(who)),
                codelist=pattern.codelist,
                origin="Derived",
                derivation=pattern.derivation,
                source=f"{stem}_{who}",
            )
            out.append((pl.col(f"{stem}_{who}"), column))
    return out


def _others(
    name: str,
    table: AdamDataset,
    frame: pl.DataFrame,
    pieces: list[tuple[pl.Expr, Column]],
    context: Any,
    agreed: Agreed,
    found: list[Finding],
) -> list[tuple[pl.Expr, Column]]:
    """Columns that the table does not know: covariates, biomarkers, collected variables."""
    if table.others is None:
        return []
    rest = [c for c, use in column_uses(name, frame.columns).items() if use == "covariate"]
    taken = {c.name for _, c in pieces}
    rest = [c for c in rest if c not in taken]
    short = short_names(name, rest, agreed, fixed=taken)
    found += name_findings(name, short, {})
    config = context.config
    said = {r.name: r.label for r in adam_table().dataset("ADSL").variables}
    out = []
    for column in rest:
        covariate = None if config is None else config.covariates.get(column)
        biomarker = None if config is None else config.biomarkers.get(column)
        label = getattr(covariate, "label", None) or getattr(biomarker, "label", None) or said.get(column)
        label = label or sdtm_label(column) or column
        derivation = table.others.derivation
        made = covariate is not None or biomarker is not None
        if covariate is not None:
            rows = f" where {covariate.where}" if covariate.where else ""
            value = f"{covariate.table}.{covariate.value or 'a row'}{rows}"
            derivation = covariate.expression or f"{value}; row picked: {covariate.pick}."
        domain = None if made else _holder(column, ("DM", "ADSL") if name == "ADSL" else ("ADAE", "AE"), context)
        out.append(
            (
                pl.col(column),
                Column(
                    name=short[column],
                    label=label,
                    origin="Predecessor" if domain else "Derived",
                    predecessor=f"{domain}.{column}" if domain else None,
                    derivation=None if domain else derivation,
                    source=column if short[column] != column else None,
                ),
            )
        )
    return out


def _several(
    name: str, frame: pl.DataFrame, evidence: Any, subjects: Dataset, agreed: Agreed, found: list[Finding]
) -> Dataset:
    """Data set with several records a subject: what ADSL says of them, and parameters, beside its own columns."""
    table, context = adam_table().dataset(name), evidence.context
    frame = frame.with_columns(pl.col(c).cast(pl.String) for c, k in frame.schema.items() if _category(k))
    frame = frame.with_columns(pl.col("USUBJID").cast(pl.String))
    if table.class_.startswith("BASIC"):
        frame = parameters_of(name, frame, context)
    rows = adam_table().rows(name)
    wanted = {r.name for r in rows if r.from_ == "ADSL"} | {_TREATMENT[r.name] for r in rows if r.name in _TREATMENT}
    extra = [c for c in subjects.frame.columns if c in wanted]
    known = subjects.frame.select("USUBJID", *(pl.col(c).alias(f"_{c}") for c in extra))
    frame = frame.join(known, on="USUBJID", how="left", maintain_order="left")
    keys = [k for k in table.keys if k in frame.columns]
    frame = with_adam_columns(frame.with_columns(ASEQ=pl.lit(None)), name, context)
    source = [c for c in ("SRCDOM", "SRCROW", "SRCSEQ") if c in frame.columns]
    frame = frame.sort("USUBJID", *(k for k in keys if k not in ("USUBJID", "ASEQ")), *source, nulls_last=True)
    frame = frame.with_columns(ASEQ=pl.int_range(1, pl.len() + 1).over("USUBJID"))
    pieces: list[tuple[pl.Expr, Column]] = []
    for row in rows:
        behind = f"_{row.name}" if row.from_ == "ADSL" else f"_{_TREATMENT.get(row.name, '')}"
        if behind in frame.columns:
            predecessor = f"ADSL.{_TREATMENT.get(row.name, row.name)}"
            pieces.append((pl.col(behind), _from_row(row, "Predecessor", predecessor)))
        elif row.source in frame.columns or row.name in frame.columns:
            column = str(row.source) if row.source in frame.columns else row.name
            pieces.append((pl.col(column), _from_row(row, "Derived")))
        elif row.core == "Req":
            found.append(_missing(name, row.name, "it is left out"))
    pieces += _others(name, table, frame.select(pl.exclude("^_.*$")), pieces, context, agreed, found)
    return _finish(name, table, frame, pieces, agreed, found)


def _treatments(adsl: pl.DataFrame, context: Any) -> dict[str, int]:
    """Number of each treatment: in printing order, then those that are not shown, by name."""
    names = set()
    for column in ("TRT01P", "TRT01A"):
        if column in adsl.columns:
            names |= set(adsl[column].cast(pl.String).drop_nulls().unique().to_list())
    listed = list(dict.fromkeys([*context.arms, *(getattr(context, "arms_given", None) or ())]))
    return {t: i for i, t in enumerate([*(a for a in listed if a in names), *sorted(names - set(listed))], 1)}


def _category(kind: pl.DataType) -> bool:
    return isinstance(kind, pl.Categorical | pl.Enum)


def _origin_subject(row: VariableRow, context: Any) -> tuple[str, str | None]:
    if row.derivation is None and not row.name.startswith("SRC"):
        table = _holder(str(row.source), ("DM", "ADSL"), context)
        if table is not None:
            return "Predecessor", f"{table}.{row.source}"
    return "Derived", None


def _holder(column: str, tables: tuple[str, ...], context: Any) -> str | None:
    """First of some tables of the study that has a column."""
    held: Mapping[str, pl.DataFrame] = context.study.tables if context.study is not None else {}
    return next((t for t in tables if t in held and column in held[t].columns), None)


def _from_row(row: VariableRow, origin: Any, predecessor: str | None = None) -> Column:
    if isinstance(origin, tuple):
        origin, predecessor = origin
    return Column(
        name=row.name,
        label=row.label,
        type=row.type,
        codelist=row.codelist,
        origin=origin,
        derivation=row.derivation,
        predecessor=predecessor,
        core=row.core,
        source=row.source if row.source != row.name else None,
    )


def _finish(
    name: str,
    table: AdamDataset,
    frame: pl.DataFrame,
    pieces: list[tuple[pl.Expr, Column]],
    agreed: Agreed,
    found: list[Finding],
) -> Dataset:
    """Frame of the chosen columns, with their types, lengths and labels as they will be written."""
    data = with_moments(plain(frame.select(value.alias(column.name) for value, column in pieces)))
    columns, cut = [], {}
    for _, column in pieces:
        kind, length, fmt = described(data, column.name)
        said = agreed.labels.get((name, column.source or column.name))
        label = said or short_label(column.label)
        if label != column.label and said is None:
            cut[column.name] = column.label
        columns.append(msgspec.structs.replace(column, label=label, type=kind, length=length, format=fmt))
    found += name_findings(name, {}, cut)
    parameters = {}
    if "PARAMCD" in data.columns:
        parameters = dict(data.select("PARAMCD", "PARAM").unique(maintain_order=True).sort("PARAMCD").iter_rows())
    return Dataset(
        name=name,
        label=table.label,
        frame=data,
        columns=tuple(columns),
        class_=table.class_,
        subclass=table.subclass,
        structure=table.structure,
        keys=tuple(k for k in table.keys if k in data.columns),
        parameters=parameters,
    )


def _missing(table: str, variable: str, instead: str) -> Finding:
    return Finding(
        table=table,
        rule="adam-variable-missing",
        severity="warning",
        variable=variable,
        message=f"{table}: the records have no {variable}, which ADaM requires; {instead}.",
    )
