"""What the panels of a generated cohort report: mutations, copy number and fusions, within their reach alone."""

from __future__ import annotations

import numpy as np
import polars as pl

from codon12.biomarker import RAS_GENES, hotspot_table
from codon12.biomarker.variants.ras import HOTSPOT_CODONS
from codon12.errors import UsageError
from codon12.simulate.cohort_default import LOCI
from codon12.simulate.cohort_model import CohortModel
from codon12.simulate.cohort_parts import AlleleModel, PanelModel

__all__ = ["copy_number", "fusions", "mutations", "reads"]

_SUBSTITUTIONS = ("C>A", "C>G", "C>T", "T>A", "T>C", "T>G")
_OTHER = {"A": "T", "C": "G", "G": "C", "T": "A"}
_CLASSES = ("Missense_Mutation", "Nonsense_Mutation", "Splice_Site")
_CLASS_SHARES = (0.86, 0.10)


def mutations(model: CohortModel, patients: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Rows of a MAF in GRCh37: the alleles of the model's genes, and the mutations of the burden.

    `patients` has SAMPLE beside the columns of `draw_patients`. A panel reports what it reads: the kit of seven
    mutations is silent about the others. Sorted by sample and place.
    """
    named = [_alleles(model, k, patients, rng) for k in range(len(model.genes))]
    rows = pl.concat([*named, _burden(model, patients, rng)])
    purity = patients.select("SAMPLE", "PURITY")
    rows = rows.join(purity, on="SAMPLE", how="left", maintain_order="left")
    depth = np.maximum(rng.poisson(model.burden.depth, rows.height), 1)
    fraction = rows["PURITY"].to_numpy() / 2 * rng.uniform(0.7, 1.1, rows.height)
    alternate = np.maximum(rng.binomial(depth, np.clip(fraction, 0, 1)), 1)
    inserted = pl.col("REF") == "-"
    length = pl.max_horizontal(pl.col("REF").str.len_chars(), pl.col("ALT").str.len_chars())
    end = pl.when(inserted).then(pl.col("POS") + 1).otherwise(pl.col("POS") + pl.col("REF").str.len_chars() - 1)
    kind = (
        pl.when(inserted)
        .then(pl.lit("INS"))
        .when(pl.col("ALT") == "-")
        .then(pl.lit("DEL"))
        .otherwise(
            pl.when(length == 1).then(pl.lit("SNP")).when(length == 2).then(pl.lit("DNP")).otherwise(pl.lit("ONP"))
        )
    )
    order = pl.col("CHROM").replace({"X": "23", "Y": "24"}).cast(pl.Int64)
    return (
        rows.with_columns(t_ref_count=pl.Series(depth - alternate), t_alt_count=pl.Series(alternate))
        .sort("SAMPLE", order, "POS", "ALT")
        .select(
            Hugo_Symbol="GENE",
            NCBI_Build=pl.lit("GRCh37"),
            Chromosome="CHROM",
            Start_Position="POS",
            End_Position=end,
            Strand=pl.lit("+"),
            Variant_Classification="CLASS",
            Variant_Type=kind,
            Reference_Allele="REF",
            Tumor_Seq_Allele1="REF",
            Tumor_Seq_Allele2="ALT",
            Tumor_Sample_Barcode="SAMPLE",
            Mutation_Status=pl.lit("SOMATIC"),
            t_ref_count="t_ref_count",
            t_alt_count="t_alt_count",
            HGVSc="CODING",
            HGVSp_Short="PROTEIN",
        )
    )


def reads(panel: PanelModel, gene: str, protein: str | None = None) -> bool:
    """Tell whether a panel reads a gene, or one change of it.

    Examples
    --------
    >>> kit = PanelModel(name="kit", share=1, targets=("KRAS p.G12C",))
    >>> reads(kit, "KRAS"), reads(kit, "KRAS", "p.G12C")
    (False, True)
    """
    return gene in panel.genes or (protein is not None and f"{gene} {protein}" in panel.targets)


def _alleles(model: CohortModel, place: int, patients: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """One allele of a gene for each mutated patient, where the panel reads it."""
    gene = model.genes[place]
    mutated = patients.filter(pl.col(gene.gene) == 1)
    ever = mutated["EVER"].to_numpy()
    weight = np.array([a.share * np.where(ever > 0, a.ever, 1.0) for a in gene.alleles])
    edges = np.cumsum(weight, axis=0) / weight.sum(axis=0)
    drawn = (rng.random(mutated.height) >= edges[:-1]).sum(axis=0)
    known = pl.DataFrame(
        [_place(gene.gene, a) for a in gene.alleles],
        schema=["GENE", "PROTEIN", "CODING", "CHROM", "POS", "REF", "ALT", "CLASS"],
        orient="row",
    ).with_columns(pl.col("POS").cast(pl.Int64))
    pairs = [(p.name, a.protein) for p in model.panels for a in gene.alleles if reads(p, gene.gene, a.protein)]
    seen = pl.DataFrame(pairs, schema={"PANEL": pl.String, "PROTEIN": pl.String}, orient="row")
    return (
        pl.concat([mutated.select("SAMPLE", "PANEL"), known[drawn.tolist()]], how="horizontal")
        .join(seen, on=["PANEL", "PROTEIN"], how="semi", maintain_order="left")
        .select(*_CALL)
    )


_CALL = ("SAMPLE", "GENE", "PROTEIN", "CODING", "CHROM", "POS", "REF", "ALT", "CLASS")


def _place(gene: str, allele: AlleleModel) -> tuple[str, str, str | None, str, int, str, str, str]:
    """Where an allele lies: as the model says, else as the RAS coordinates say."""
    if allele.chrom and allele.start and allele.ref and allele.alt:
        coding, kind = allele.coding or None, allele.classification
        return gene, allele.protein, coding, allele.chrom, allele.start, allele.ref, allele.alt, kind
    if gene in RAS_GENES:
        found = hotspot_table(gene, codons=HOTSPOT_CODONS).filter(PROTEIN=allele.protein)
        if found.height:
            row = found.row(0, named=True)
            place = (RAS_GENES[gene].chrom, row["POS37"], row["REF"], row["ALT"])
            return gene, allele.protein, row["CODING"], *place, allele.classification
    raise UsageError(f"genes, {gene} {allele.protein}: give chrom, start, ref and alt (GRCh37)")


def _burden(model: CohortModel, patients: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Substitutions in the loci that the panel reads; the base exchanged follows the signature."""
    size = {p.name: p.megabases for p in model.panels if p.name}
    megabases = patients["PANEL"].replace_strict(size, default=0.0, return_dtype=pl.Float64).to_numpy()
    count = rng.poisson(patients["BURDEN"].to_numpy() * megabases)
    row = np.repeat(np.arange(patients.height), count)
    panel, tobacco = patients["PANEL"].gather(row), patients["SIGNATURE"].to_numpy()[row] > 0
    at = rng.random(row.size)
    locus = np.zeros(row.size, dtype=np.int64)
    names = list(LOCI)
    for rule in model.panels:
        own = np.array([k for k, g in enumerate(names) if g in rule.genes])
        here = (panel == rule.name).fill_null(value=False).to_numpy()
        if own.size:
            locus[here] = own[(at[here] * own.size).astype(int)]
        elif rule.megabases and here.any():
            raise UsageError(f"panels, {rule.name}: reads {rule.megabases} megabases but none of {', '.join(LOCI)}")
    u = rng.random(row.size)
    exchange = np.where(
        tobacco,
        np.searchsorted(np.cumsum(model.burden.tobacco[:-1]) / sum(model.burden.tobacco), u, side="right"),
        np.searchsorted(np.cumsum(model.burden.ageing[:-1]) / sum(model.burden.ageing), u, side="right"),
    )
    flipped = rng.random(row.size) < 0.5
    low = np.array([LOCI[g][1] for g in names])[locus]
    high = np.array([LOCI[g][2] for g in names])[locus]
    kind = np.searchsorted(np.cumsum(_CLASS_SHARES), rng.random(row.size), side="right")
    pure = pl.Series([s.split(">") for s in _SUBSTITUTIONS]).gather(exchange)
    frame = pl.DataFrame(
        {
            "SAMPLE": patients["SAMPLE"].gather(row),
            "GENE": pl.Series(names).gather(locus),
            "CHROM": pl.Series([LOCI[g][0] for g in names]).gather(locus),
            "POS": low + np.floor(rng.random(row.size) * (high - low)).astype(np.int64),
            "PAIR": pure,
            "FLIPPED": flipped,
            "CLASS": pl.Series(_CLASSES).gather(kind),
        }
    )
    bases = [pl.col("PAIR").list.get(k) for k in (0, 1)]
    ref, alt = (pl.when("FLIPPED").then(b.replace(_OTHER)).otherwise(b) for b in bases)
    blank = pl.lit(None, pl.String)
    return frame.with_columns(REF=ref, ALT=alt, PROTEIN=blank, CODING=blank).select(*_CALL)


def copy_number(model: CohortModel, patients: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Discrete copy number, genes by samples, of the samples whose panel reads every gene of the model's list."""
    if not model.copy_number:
        return pl.DataFrame({"Hugo_Symbol": []})
    own = _read_in_full(model, patients, list(model.copy_number))
    columns = {}
    for gene, share in model.copy_number.items():
        hit = rng.random(own.len()) < abs(share)
        columns[gene] = np.where(hit, 2 if share > 0 else -2, 0)
    level = np.array(list(columns.values())).reshape(len(columns), own.len())
    wide = {sample: level[:, k] for k, sample in enumerate(own.to_list())}
    return pl.DataFrame({"Hugo_Symbol": list(columns), **wide}, strict=False)


def fusions(model: CohortModel, patients: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Fusions, as named 5' to 3', of tumours without the tobacco signature and without a mutation of the first gene."""
    parts = []
    for name, share in model.fusions.items():
        five, _, three = name.partition("-")
        own = _read_in_full(model, patients, [three])
        rare = patients.filter((pl.col("SIGNATURE") == 0) & (pl.col(model.genes[0].gene) == 0))
        hit = (rng.random(patients.height) < share) & patients["SAMPLE"].is_in(own.implode()).to_numpy()
        rows = patients.filter(pl.Series(hit)).join(rare.select("SAMPLE"), on="SAMPLE", how="semi")
        parts.append(
            rows.select(
                Sample_Id="SAMPLE",
                SV_Status=pl.lit("SOMATIC"),
                Site1_Hugo_Symbol=pl.lit(five),
                Site2_Hugo_Symbol=pl.lit(three),
                Site2_Effect_On_Frame=pl.lit("in frame"),
                Event_Info=pl.lit(f"{name} fusion"),
                DNA_Support=pl.lit("yes"),
            )
        )
    return pl.concat(parts).sort("Sample_Id", "Event_Info") if parts else pl.DataFrame({"Sample_Id": []})


def _read_in_full(model: CohortModel, patients: pl.DataFrame, genes: list[str]) -> pl.Series:
    names = [p.name for p in model.panels if p.name and set(genes) <= set(p.genes)]
    return patients.filter(pl.col("PANEL").is_in(names))["SAMPLE"]
