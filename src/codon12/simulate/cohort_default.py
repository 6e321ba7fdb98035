"""The default genes and panels of a generated cohort: lung adenocarcinoma, KRAS first.

Places are those of GRCh37; RAS substitutions take theirs from `codon12.biomarker.hotspot_table`. Prevalences and
dependences are round numbers of the order seen in lung adenocarcinoma, chosen here; they estimate nothing.
"""

from __future__ import annotations

from codon12.simulate.cohort_parts import AlleleModel, Chance, GeneModel, PanelModel

__all__ = ["DEFAULT_GENES", "DEFAULT_PANELS", "LOCI"]

LOCI: dict[str, tuple[str, int, int]] = {
    "APC": ("5", 112043195, 112181936),
    "ARID1A": ("1", 27022522, 27108601),
    "ARID2": ("12", 46123448, 46301823),
    "ATM": ("11", 108093559, 108239826),
    "BRCA2": ("13", 32889617, 32973809),
    "CREBBP": ("16", 3775055, 3930727),
    "EPHA3": ("3", 89156674, 89531284),
    "EPHA5": ("4", 66185281, 66536213),
    "EPHA7": ("6", 93949738, 94129300),
    "ERBB4": ("2", 212240446, 213403565),
    "FAT1": ("4", 187508937, 187644987),
    "GRIN2A": ("16", 9847265, 10276611),
    "KDR": ("4", 55944644, 55991756),
    "KMT2C": ("7", 151832010, 152133090),
    "KMT2D": ("12", 49412758, 49453557),
    "MGA": ("15", 41952610, 42062141),
    "NF1": ("17", 29421945, 29704695),
    "NOTCH1": ("9", 139388896, 139440314),
    "NTRK3": ("15", 88418230, 88799978),
    "POLE": ("12", 133200348, 133263951),
    "PTPRD": ("9", 8314246, 10612723),
    "PTPRT": ("20", 40701392, 41818557),
    "RB1": ("13", 48877887, 49056122),
    "RBM10": ("X", 47004617, 47046214),
    "SETD2": ("3", 47057898, 47205467),
    "TET2": ("4", 106067032, 106200973),
}
"""Loci (GRCh37) in which the mutations of the burden are laid; their positions and bases are invented."""


def _allele(protein: str, share: float, place: str, classification: str = "", ever: float = 1.0) -> AlleleModel:
    """One allele from ``coding chrom:start ref>alt``."""
    coding, where, change = place.split()
    chrom, _, start = where.partition(":")
    ref, _, alt = change.partition(">")
    return AlleleModel(
        protein=protein,
        share=share,
        ever=ever,
        coding=coding,
        chrom=chrom,
        start=int(start),
        ref=ref,
        alt=alt,
        classification=classification or "Missense_Mutation",
    )


DEFAULT_GENES: tuple[GeneModel, ...] = (
    GeneModel(
        gene="KRAS",
        mutated=Chance(at_zero=0.13, terms={"EVER": 1.45}),
        alleles=(
            AlleleModel(protein="p.G12C", share=0.14, ever=3.0),
            AlleleModel(protein="p.G12D", share=0.32, ever=0.5),
            AlleleModel(protein="p.G12V", share=0.19),
            AlleleModel(protein="p.G12A", share=0.07),
            AlleleModel(protein="p.G12S", share=0.03),
            AlleleModel(protein="p.G12R", share=0.02),
            AlleleModel(protein="p.G13C", share=0.03),
            AlleleModel(protein="p.G13D", share=0.03),
            AlleleModel(protein="p.Q61H", share=0.05),
            AlleleModel(protein="p.Q61L", share=0.02),
        ),
    ),
    GeneModel(
        gene="STK11",
        mutated=Chance(at_zero=0.07, terms={"KRAS": 0.9, "EVER": 0.5}),
        alleles=(
            _allele("p.P281Rfs*6", 0.3, "c.842del 19:1221314 C>-", "Frame_Shift_Del"),
            _allele("p.D194Y", 0.2, "c.580G>T 19:1220487 G>T"),
            _allele("p.Q37*", 0.25, "c.109C>T 19:1207021 C>T", "Nonsense_Mutation"),
            _allele("p.X200_splice", 0.15, "c.598-2A>T 19:1220578 A>T", "Splice_Site"),
            _allele("p.L286R", 0.1, "c.857T>G 19:1221334 T>G"),
        ),
    ),
    GeneModel(
        gene="KEAP1",
        mutated=Chance(at_zero=0.08, terms={"STK11": 1.7, "KRAS": 0.3, "EVER": 0.4}),
        alleles=(
            _allele("p.R320W", 0.2, "c.958C>T 19:10602620 G>A"),
            _allele("p.R415L", 0.2, "c.1244G>T 19:10602334 C>A"),
            _allele("p.E493K", 0.2, "c.1477G>A 19:10600378 C>T"),
            _allele("p.E496*", 0.2, "c.1486G>T 19:10600369 C>A", "Nonsense_Mutation"),
            _allele("p.W544C", 0.2, "c.1632G>T 19:10599944 C>A"),
        ),
    ),
    GeneModel(
        gene="TP53",
        mutated=Chance(at_zero=0.48, terms={"KRAS": -0.5, "STK11": -0.5, "EVER": 0.25}),
        alleles=(
            _allele("p.R175H", 0.15, "c.524G>A 17:7578406 C>T"),
            _allele("p.V157F", 0.15, "c.469G>T 17:7578461 C>A", ever=2.0),
            _allele("p.R248L", 0.15, "c.743G>T 17:7577538 C>A", ever=2.0),
            _allele("p.R273C", 0.15, "c.817C>T 17:7577121 G>A"),
            _allele("p.R282W", 0.15, "c.844C>T 17:7577094 G>A"),
            _allele("p.Q192*", 0.15, "c.574C>T 17:7578275 G>A", "Nonsense_Mutation"),
            _allele("p.H179R", 0.1, "c.536A>G 17:7578394 T>C"),
        ),
    ),
    GeneModel(
        gene="SMARCA4",
        mutated=Chance(at_zero=0.06, terms={"STK11": 0.8, "EVER": 0.3}),
        alleles=(
            _allele("p.E525*", 0.4, "c.1573G>T 19:11105657 G>T", "Nonsense_Mutation"),
            _allele("p.E740*", 0.3, "c.2218G>T 19:11121151 G>T", "Nonsense_Mutation"),
            _allele("p.X954_splice", 0.3, "c.2860-1G>A 19:11134193 G>A", "Splice_Site"),
        ),
    ),
    GeneModel(
        gene="BRAF",
        mutated=Chance(at_zero=0.06, terms={"KRAS": -3.0}),
        alleles=(
            _allele("p.V600E", 0.5, "c.1799T>A 7:140453136 A>T", ever=0.6),
            _allele("p.G469A", 0.5, "c.1406G>C 7:140481402 C>G"),
        ),
    ),
    GeneModel(
        gene="ERBB2",
        mutated=Chance(at_zero=0.06, terms={"KRAS": -3.0, "EVER": -1.2}),
        alleles=(
            _allele("p.Y772_A775dup", 0.7, "c.2313_2324dup 17:37880981 ->GCATACGTGATG", "In_Frame_Ins"),
            _allele("p.S310F", 0.3, "c.929C>T 17:37868208 C>T"),
        ),
    ),
)

_NARROW = ("KRAS", "TP53", "STK11", "BRAF", "ERBB2", "APC", "ATM", "ERBB4", "KDR", "NOTCH1", "RB1")
_WIDE = tuple(dict.fromkeys((*(g.gene for g in DEFAULT_GENES), *LOCI, "CDKN2A", "EGFR", "MET", "MYC", "RET", "ROS1")))
_SEVEN = ("p.G12A", "p.G12C", "p.G12D", "p.G12R", "p.G12S", "p.G12V", "p.G13D")

DEFAULT_PANELS: tuple[PanelModel, ...] = (
    PanelModel(name="GP39", share=0.42, per_year=0.2, genes=_WIDE, megabases=1.1),
    PanelModel(name="GP11", share=0.42, genes=_NARROW, megabases=0.1),
    PanelModel(name="KRAS7", share=0.12, per_year=-0.2, targets=tuple(f"KRAS {p}" for p in _SEVEN)),
    PanelModel(name="", share=0.04),
)
"""GP39, a wide panel; GP11, a narrow one without KEAP1 and SMARCA4; KRAS7, a kit; and those never tested."""
