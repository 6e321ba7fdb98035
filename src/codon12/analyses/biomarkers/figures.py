"""Figures of biomarkers: oncoprint, lollipop and co-occurrence, from the frames of the evidence."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from codon12.analyses.plan import Analysis
from codon12.analyses.study_figure import EvidenceLike, StudyFigure
from codon12.figures.co_occurrence import co_occurrence
from codon12.figures.lollipop import lollipop
from codon12.figures.oncoprint import oncoprint

__all__ = ["PROTEIN_LENGTHS", "biomarker_figures"]

PROTEIN_LENGTHS = {
    "KRAS": 189,
    "NRAS": 189,
    "HRAS": 189,
    "STK11": 433,
    "KEAP1": 624,
    "TP53": 393,
    "EGFR": 1210,
    "BRAF": 766,
    "ERBB2": 1255,
    "MET": 1390,
    "PIK3CA": 1068,
}
"""Residues of the canonical protein (UniProt); KRAS in its longer form, 4A."""

_CLASSES = (
    "Grey: read and not altered; white: not tested. A high-level copy-number change fills the cell, any other "
    "alteration is a bar in its middle."
)


def biomarker_figures(evidence: EvidenceLike, analysis: Analysis, own: pl.DataFrame) -> Iterator[StudyFigure]:
    """Give the figure of an oncoprint, of each gene of a lollipop, or of co-occurrence."""
    name = analysis.kind.replace("-", "_")
    frame = evidence.frames.get(name)
    if frame is None:
        return
    part = frame.filter(pl.col("analysis") == analysis.name)
    if part.is_empty():
        return
    own = own.sort("order")
    if name == "oncoprint":
        tracks = evidence.frames.get("oncoprint_tracks")
        yield from _oncoprint(analysis, own, part, None if tracks is None else tracks.filter(analysis=analysis.name))
    else:
        yield from {"lollipop": _lollipops, "co_occurrence": _co_occurrence}[name](analysis, own, part)


def _oncoprint(
    analysis: Analysis, own: pl.DataFrame, cells: pl.DataFrame, tracks: pl.DataFrame | None
) -> Iterator[StudyFigure]:
    genes = list(dict.fromkeys(own["label"]))
    patients = cells["USUBJID"].unique().sort().to_list()
    tested = cells.drop_nulls("GENE").select("USUBJID", "GENE").unique()
    shares = own.filter((pl.col("kind") == "rate") & pl.col("value").is_not_null())
    percents = dict(shares.select("label", "value").iter_rows())
    levels: dict[str, list[str]] = {}
    above = ""
    if tracks is not None and tracks.height:
        for track, value in (
            tracks.select("TRACK", "VALUE", "RANK")
            .unique(maintain_order=True)
            .sort("RANK", maintain_order=True)
            .select("TRACK", "VALUE")
            .iter_rows()
        ):
            levels.setdefault(track, []).append(value)
        names = "; ".join(tracks["TRACK"].unique(maintain_order=True))
        above = f" Above the genes: {names}; white: no value. Patients are in the order of the first."
    yield StudyFigure(
        analysis.name,
        analysis.name,
        analysis.title,
        f"One column a patient ({len(patients):,}), one row a gene; percentages are of the patients in whom the gene "
        f"was read. {_CLASSES}{above}",
        oncoprint(
            cells.drop_nulls("CLASS"),
            genes=genes,
            patients=patients,
            tested=tested,
            percents=percents,
            tracks=tracks if above else None,
            track_levels=levels,
        ),
    )


def _lollipops(analysis: Analysis, own: pl.DataFrame, points: pl.DataFrame) -> Iterator[StudyFigure]:
    genes = list(dict.fromkeys(points["GENE"]))
    for gene in genes:
        part = points.filter(GENE=gene)
        last = int(part["POS"].max() or 1)  # type: ignore[arg-type]  # codons are integers
        known = PROTEIN_LENGTHS.get(gene)
        length = max(last, known or 0)
        end = "" if known else " The length of the protein is not held: the axis ends at the last codon changed."
        tested = own.filter(pl.col("section").str.starts_with(f"{gene} "))["N"].max()
        yield StudyFigure(
            analysis.name if len(genes) == 1 else f"{analysis.name}-{gene.lower()}",
            analysis.name,
            f"{gene} mutations by codon",
            f"Patients with each protein change of {gene}, of {tested:,} in whom the gene was read, each once a "
            f"change. Changes seen in one patient are not named.{end}",
            lollipop(part, length=length, gene=gene),
        )


def _co_occurrence(analysis: Analysis, own: pl.DataFrame, pairs: pl.DataFrame) -> Iterator[StudyFigure]:
    method = str(own["method"][0])
    note = method.partition(". ")[0] + "."
    yield StudyFigure(
        analysis.name,
        analysis.name,
        analysis.title,
        f"Odds ratio of every pair of genes in the patients tested for both: blue, altered together more often than by "
        f"chance; orange, less often. {method}",
        co_occurrence(pairs, note=note),
    )
