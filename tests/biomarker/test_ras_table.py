"""The RAS coordinates made from codon structure agree with every public row at hand."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.biomarker import RAS_GENES, check_reference, hotspot_table, parse_coding, parse_protein
from codon12.biomarker.variants.amino_acids import translate
from codon12.biomarker.variants.genomic import GenomicChange

from .shared_data import DATA, need, text_table

# UniProt P01116, P01111, P01112: the first 100 residues differ only from residue 95 on.
SHARED_START = "MTEYKLVVVGAGGVGKSALTIQLIQNHFVDEYDPTIEDSYRKQVVIDGETCLLDILDTAGQEEYSAMRDQYMRTGEGFLCVFAINN"


@pytest.mark.parametrize("gene", list(RAS_GENES))
def test_the_sequences_translate_to_ras(gene):
    made = translate(RAS_GENES[gene].sequence)
    assert all(a in (b, "X") for a, b in zip(made, SHARED_START, strict=False))
    assert made[116] == "K"
    assert made[145] == "A"


def test_all_41_published_kras_coordinates():
    given = pl.read_csv(need("kras_hotspot_coordinates.csv"))
    made = hotspot_table("KRAS", codons=tuple(given["codon"].unique()))
    keys = {"protein": "PROTEIN", "cds": "CODING", "codon_change": "CODONS", "grch37_pos": "POS37"}
    keys |= {"grch38_pos": "POS38", "ref": "REF", "alt": "ALT", "exon": "EXON"}
    found = given.join(made, left_on=list(keys), right_on=list(keys.values()), how="inner")
    assert (given.height, found.height) == (41, 41)


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("msk_mind_2022/data_mutations.txt", "HGVSp_Short"),
        ("rizvi_2018_nsclc_pd1/SNV.txt.gz", "HGVSp_Short"),
        ("samstein_2018_tmb/SNV.txt.gz", "HGVSp_Short"),
        ("tcga_luad_firehose/LUAD.nonsilent.maf.gz", "Protein_Change"),
    ],
)
def test_protein_changes_from_coordinates_are_those_of_real_tables(name, column):
    maf = text_table(name).filter(
        pl.col("Hugo_Symbol").is_in(list(RAS_GENES)),
        pl.col("Reference_Allele").str.len_chars() == pl.col("Tumor_Seq_Allele2").str.len_chars(),
        ~pl.col("Reference_Allele").eq("-") & ~pl.col("Tumor_Seq_Allele2").eq("-"),
        ~pl.col(column).str.contains("splice"),
        pl.col(column).str.extract(r"(\d+)").cast(pl.Int64) <= 150,  # the exons held
    )
    assert maf.height > 90
    for row in maf.unique(["Start_Position", "Reference_Allele", "Tumor_Seq_Allele2"]).to_dicts():
        change = GenomicChange(
            chrom=row["Chromosome"],
            pos=int(row["Start_Position"]),
            ref=row["Reference_Allele"],
            alt=row["Tumor_Seq_Allele2"],
            build="GRCh37",
        )
        found = check_reference(change)
        assert (found.gene, found.protein) == (row["Hugo_Symbol"], row[column])


@pytest.mark.parametrize("build", ["GRCh37", "GRCh38"])
def test_cancer_hotspots_in_both_builds(build):
    need(f"formats/maftools/cancerhotspots_v2_{build}.tsv")
    path = DATA / f"formats/maftools/cancerhotspots_v2_{build}.tsv"
    agree, other = 0, []
    for line in path.read_text().splitlines():
        chrom, pos, ref, alt, gene, _, change, *_ = line.split("\t")
        if gene in RAS_GENES and "-" not in (ref, alt):
            change = f"p.{change}"
            found = check_reference(GenomicChange(chrom=chrom, pos=int(pos), ref=ref, alt=alt, build=build))
            agree += found.protein == change
            other += [] if found.protein == change else [(change, found.protein)]
    assert agree == 82
    # The list names the second residue alone of a change of four bases.
    assert other == [("p.G60V", "p.A59_G60delinsGV")]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["msk_mind_2022/data_mutations.txt", "rizvi_2018_nsclc_pd1/SNV.txt.gz", "samstein_2018_tmb/SNV.txt.gz"]
)
def test_every_hgvs_text_of_real_tables_is_read_and_written_back(name):
    maf = text_table(name)
    for text in maf["HGVSc"].drop_nulls().unique():
        coding = parse_coding(text.split(":", 1)[-1])
        assert parse_coding(str(coding)) == parse_coding(str(parse_coding(str(coding))))
    for long, short in maf.select("HGVSp", "HGVSp_Short").drop_nulls().unique().iter_rows():
        assert parse_protein(long).same_change(parse_protein(short))
        assert parse_protein(parse_protein(short).three_letter) == parse_protein(short)
