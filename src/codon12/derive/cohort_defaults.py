"""What a cBioPortal study is asked where its configuration names no biomarkers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import groupby
from typing import Annotated, Any, Literal

import msgspec
import polars as pl

from codon12.biomarker import read_scores, study_profiles
from codon12.biomarker.calls.frame import COUNTED_CLASSES
from codon12.policy import Policy
from codon12.records import Study
from codon12.records.config import StudyConfig
from codon12.records.config.biomarkers import Biomarker, MeasureSource

__all__ = ["CohortDefaults", "DefaultBiomarkers", "with_default_biomarkers"]


_COLUMN = r"^[A-Z][A-Z0-9_]*$"


class CohortDefaults(Policy, frozen=True):
    """Questions put to a cBioPortal study whose configuration has none."""

    mutated: Annotated[
        tuple[str, ...], msgspec.Meta(description="Unless asked otherwise, mutation of {value} was looked at,")
    ] = ("KRAS", "STK11", "KEAP1", "TP53", "EGFR")
    alleles: Annotated[tuple[str, ...], msgspec.Meta(description="the changes {value},")] = ("KRAS G12C",)
    instead: Annotated[
        int, msgspec.Meta(ge=1, description="the {value} most often mutated genes where none of these was called,")
    ] = 5
    expression_cuts: Annotated[
        tuple[float, ...], msgspec.Meta(description="and PD-L1 cut at {value} percent, where a column holds it.")
    ] = (1, 50)


@dataclass(frozen=True)
class DefaultBiomarkers:
    """A study with the biomarkers it is asked, its own or the defaults."""

    study: Study
    config: StudyConfig
    notes: tuple[str, ...] = ()


def with_default_biomarkers(study: Study, rule: CohortDefaults | None = None) -> DefaultBiomarkers:
    """Add default biomarkers, the score they need and the analyses of both to a cBioPortal study that names none.

    A study of another format, one with ``[biomarkers]`` of its own, or one without calls is left as it is; so are
    names that a covariate or analysis of the study already has.
    """
    config = study.config
    if study.format != "cbioportal" or config.biomarkers or not study.has("MUTATIONS"):
        return DefaultBiomarkers(study, config)
    settled = rule or CohortDefaults()
    taken = {n.upper() for n in config.covariates} | set(study.table("PATIENT").columns if study.has("PATIENT") else ())
    table = study.table("MUTATIONS")
    symbols = pl.col("HUGO_SYMBOL").drop_nulls().str.strip_chars().str.to_uppercase()
    called = set(table.select(symbols).to_series()) if "HUGO_SYMBOL" in table.columns else set()
    genes = [g for g in settled.mutated if g in called and g not in taken]
    frequent = () if genes else _most_mutated(study, settled.instead, taken)
    genes = genes or list(frequent)
    found: dict[str, str | Biomarker] = {g: Biomarker(question=f"{g} mutation", label=g) for g in genes}
    for change in settled.alleles:
        gene, _, name = change.partition(" ")
        if gene in found and name.upper() not in taken:
            found[name.upper()] = Biomarker(question=change, label=f"{gene} p.{name}")
    if not found:
        return DefaultBiomarkers(study, config)
    measures, notes = dict(config.measures), list(settled.sentences().values())
    if frequent:
        notes.append(
            f"None of {', '.join(settled.mutated)} was called: the genes looked at are {', '.join(frequent)}, chosen "
            "because they are mutated in most patients of these data, which says nothing of their importance."
        )
    column = _expression_column(study)
    if column is not None and "PDL1" not in taken and not measures:
        stated = next((s for s in ("TPS", "CPS") if s in column), None)
        scale: Literal["TPS", "CPS"] = "CPS" if stated == "CPS" else "TPS"
        measures["PDL1"] = MeasureSource(kind="PD-L1", value=column, scale=scale)
        words = stated or "scale not stated"
        found["PDL1"] = Biomarker(measure="PDL1", cuts=list(settled.expression_cuts), label=f"PD-L1 score, {words}")
        top = f"{settled.expression_cuts[-1]:g}"
        if "PDL1HIGH" not in taken:
            question = f"PD-L1 {scale} >= {top}"
            found["PDL1HIGH"] = Biomarker(question=question, levels=[f"<{top}%", f">={top}%"], label="PD-L1")
        notes.append(
            f"PD-L1 is column {column} of the samples; the file states no antibody"
            + ("." if stated else " and no scale: its cut-offs are those of a tumour proportion score (TPS).")
        )
    analyses = {**_analyses(found), **config.analyses}
    new = msgspec.structs.replace(config, biomarkers=found, measures=measures, analyses=analyses)
    return DefaultBiomarkers(replace(study, config=new), new, (" ".join(notes),))


def _most_mutated(study: Study, most: int, taken: set[str]) -> tuple[str, ...]:
    """Genes with a mutation that changes the protein, in most subjects first; only names that a column may have."""
    profiles = study_profiles(study)
    if profiles is None:
        return ()
    calls = profiles.calls.filter(pl.col("CLASS").is_in(COUNTED_CLASSES), pl.col("GENE").str.contains(_COLUMN))
    counts = calls.group_by("GENE").agg(n=pl.col("USUBJID").n_unique()).sort("n", "GENE", descending=[True, False])
    return tuple(g for g in counts["GENE"] if g not in taken)[:most]


def _expression_column(study: Study) -> str | None:
    """Column of the samples that holds PD-L1 in percent: named so, most of its texts scores; the fullest of them."""
    if not study.has("SAMPLE"):
        return None
    table = study.table("SAMPLE")
    best: tuple[int, str] | None = None
    for name in table.columns:
        upper = name.upper().replace("-", "").replace("_", "")
        if "PDL1" not in upper or not any(w in upper for w in ("SCORE", "TPS", "CPS", "PERCENT")):
            continue
        read = read_scores(table[name].cast(pl.String))
        known, unread = (int(read[c].is_not_null().sum()) for c in ("LOWER", "PROBLEM"))
        if known > unread and (best is None or known > best[0]):
            best = (known, name)
    return best[1] if best else None


def _analyses(found: Mapping[str, str | Biomarker]) -> dict[str, dict[str, Any]]:
    """Analyses of ``cohort_plan.toml`` that the biomarkers of a cohort allow, by name."""
    first = next(iter(found))
    genes = [g for g, b in found.items() if isinstance(b, Biomarker) and b.question == f"{g} mutation"]
    every = [first, *(g for g in genes[1:] if g != "EGFR"), *(["PDL1"] if "PDL1" in found else [])]
    there = {*found, *(["several"] if len(every) > 1 else [])}
    plan = tomllib.loads((files("codon12.derive") / "cohort_plan.toml").read_text(encoding="utf-8"))
    out: dict[str, dict[str, Any]] = {}
    asked = [entry for entry in plan["analyses"] if set(entry.pop("needs", ())) <= there]
    for entry, endpoint in _per_endpoint(asked):
        words = {"first": first, "first_": first.lower(), "endpoint": endpoint, "endpoint_": endpoint.lower()}
        own = {k: v.format(**words) if isinstance(v, str) else v for k, v in entry.items()}
        if "by" in own:
            own["by"] = [n for v in own["by"] for n in (every if v == "{every}" else [v.format(**words)])]
        out[own.pop("name")] = own
    return out


def _per_endpoint(entries: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every entry once, or once an endpoint; those that name the same endpoints take turns."""
    for endpoints, group in groupby(entries, key=lambda e: e.get("endpoints", [""])):
        held = [{k: v for k, v in entry.items() if k != "endpoints"} for entry in group]
        yield from ((entry, endpoint) for endpoint in endpoints for entry in held)
