"""VCF: builds, consequences, several alleles, several samples, phase."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.biomarker import join_codons, read_vcf
from codon12.errors import InputError, UsageError

from .shared_data import need

pytest.importorskip("vcfpy", reason="the genomics extra is not installed")

HEAD = """##fileformat=VCFv4.2
##contig=<ID=12,length=133851895,assembly=GRCh37>
##FILTER=<ID=PASS,Description="All filters passed">
##FILTER=<ID=LowQ,Description="low">
##INFO=<ID=ANN,Number=.,Type=String,Description="ann">
##INFO=<ID=CSQ,Number=.,Type=String,Description="VEP. Format: Allele|Consequence|SYMBOL|Feature|HGVSc|HGVSp|CANONICAL|PICK">
##FORMAT=<ID=GT,Number=1,Type=String,Description="g">
##FORMAT=<ID=AD,Number=R,Type=Integer,Description="d">
##FORMAT=<ID=PS,Number=1,Type=Integer,Description="p">
"""
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t"


def vcf(tmp_path, *records, samples="TUMOR", head=HEAD):
    path = tmp_path / "x.vcf"
    path.write_text(
        head + COLUMNS + samples.replace(" ", "\t") + "\n" + "".join(r.replace(" ", "\t") + "\n" for r in records)
    )
    return path


def test_an_unannotated_record_of_kras_is_named_from_its_coordinate(tmp_path):
    found = read_vcf(vcf(tmp_path, "chr12 25398285 . C A . PASS . GT:AD 0/1:60,20"), subject="P1")
    assert found.frame.select("USUBJID", "SAMPLE", "GENE", "PROTEIN", "CLASS", "VAF", "BUILD").row(0) == (
        ("P1", "TUMOR", "KRAS", "p.G12C", "missense", 0.25, "GRCh37")
    )
    assert found.findings.height == 0


def test_csq_of_each_allele(tmp_path):
    info = "CSQ=A|missense_variant|KRAS|ENST1|c.34G>T|ENSP1:p.Gly12Cys||,A|intron_variant|X|ENST2||||1,"
    info += "T|missense_variant|KRAS|ENST1|c.34G>A|ENSP1:p.Gly12Ser|YES|"
    found = read_vcf(vcf(tmp_path, f"12 25398285 . C A,T . PASS {info} GT:AD 1/2:10,30,60"))
    assert found.frame.select("GENE", "ALT", "VAF").rows() == [("X", "A", 0.3), ("KRAS", "T", 0.6)]
    found = read_vcf(vcf(tmp_path, f"12 25398285 . C A,T . PASS {info} GT:AD 1/2:10,30,60"), genes=["KRAS"])
    assert found.frame.select("PROTEIN", "CODING", "TRANSCRIPT").row(0) == ("p.G12C", "c.34G>T", "ENST1")
    found = read_vcf(vcf(tmp_path, f"12 25398285 . C A,T . PASS {info} GT:AD 0/2:10,0,60"), genes=["KRAS"])
    assert found.frame["PROTEIN"].to_list() == ["p.G12S"]


def test_ann(tmp_path):
    info = "ANN=T|missense_variant|MODERATE|EGFR|E|transcript|NM_5|protein_coding|1/1|c.2573T>G|p.Leu858Arg|||||"
    found = read_vcf(vcf(tmp_path, f"7 55259515 . T G . PASS {info} GT 0/1"))
    assert found.frame.select("GENE", "PROTEIN", "CODING", "CLASS").row(0) == (
        "EGFR",
        "p.L858R",
        "c.2573T>G",
        "missense",
    )


def test_filtered_records_are_counted(tmp_path):
    path = vcf(tmp_path, "12 25398285 . C A . LowQ . GT 0/1", "12 25398281 . C T . . . GT 0/1")
    found = read_vcf(path)
    assert found.frame["PROTEIN"].to_list() == ["p.G13D"]
    assert found.findings["RULE"].to_list() == ["filtered-record"]
    assert read_vcf(path, passed_only=False).frame.height == 2


def test_the_tumour_among_several_samples(tmp_path):
    record = "12 25398285 . C A . PASS . GT 0/0 0/1"
    assert read_vcf(vcf(tmp_path, record, samples="NORMAL TUMOR")).frame["SAMPLE"].to_list() == ["TUMOR"]
    with pytest.raises(UsageError, match=r"several samples.*A, B"):
        read_vcf(vcf(tmp_path, record, samples="A B"))
    assert read_vcf(vcf(tmp_path, record, samples="A B"), sample="B").frame.height == 1
    assert read_vcf(vcf(tmp_path, record, samples="A B"), sample="A").frame.height == 0
    with pytest.raises(UsageError, match="no sample 'C'"):
        read_vcf(vcf(tmp_path, record, samples="A B"), sample="C")
    named = HEAD + "##tumor_sample=B\n"
    assert read_vcf(vcf(tmp_path, record, samples="A B", head=named)).frame["SAMPLE"].to_list() == ["B"]


@pytest.mark.parametrize(
    ("cell", "calls"), [("GT 0/1", 1), ("GT ./.", 0), ("GT:AD ./.:90,0", 0), ("GT:AD ./.:90,10", 1), ("AD 90,10", 1)]
)
def test_a_sample_without_a_genotype_carries_what_its_reads_show(tmp_path, cell, calls):
    assert read_vcf(vcf(tmp_path, f"12 25398285 . C A . PASS . {cell}")).frame.height == calls


def test_structural_variants_are_told_and_the_rest_is_read(tmp_path):
    records = ["12 25398285 . C A,<*> . PASS . GT 0/1", "12 25398290 . N <DUP> . PASS . GT 0/1"]
    records.append("12 25398295 . A A[2:29446394[ . PASS . GT 0/1")
    made = read_vcf(vcf(tmp_path, *records))
    assert made.frame["PROTEIN"].to_list() == ["p.G12C"]
    assert made.findings.select("RULE", "VALUE").rows() == [("structural-record", "2")]


def test_the_build_is_needed_and_must_agree(tmp_path):
    record, bare = "12 25398285 . C A . PASS . GT 0/1", HEAD.replace(",assembly=GRCh37", "")
    with pytest.raises(InputError, match="does not say the genome build"):
        read_vcf(vcf(tmp_path, record, head=bare))
    with pytest.raises(InputError, match="header says GRCh37, but the build was given as GRCh38"):
        read_vcf(vcf(tmp_path, record), build="hg38")
    found = read_vcf(vcf(tmp_path, record, head=bare), build="hg38", genes=None)
    assert found.findings["RULE"].to_list() == ["reference-mismatch"]


def test_not_a_vcf(tmp_path):
    path = tmp_path / "x.vcf"
    path.write_text("Hugo_Symbol\tx\n")
    with pytest.raises(InputError, match="no VCF"):
        read_vcf(path, build="hg19")
    with pytest.raises(InputError, match="no such file"):
        read_vcf(tmp_path / "y.vcf")


def test_g12w_is_read_from_two_phased_records(tmp_path):
    first, second = "12 25398285 . C A . PASS . GT:PS {}:7", "12 25398283 . A C . PASS . GT:PS {}:7"
    cis = join_codons(read_vcf(vcf(tmp_path, second.format("0|1"), first.format("0|1"))))
    assert cis.frame.select("PROTEIN", "CODING", "CLASS", "SRCROW").rows() == [
        ("p.G12W", "c.34_36delinsTGG", "missense", 1)
    ]
    assert cis.findings["RULE"].to_list() == ["joined-codon"]
    trans = join_codons(read_vcf(vcf(tmp_path, second.format("1|0"), first.format("0|1"))))
    assert trans.frame["PROTEIN"].to_list() == ["p.G12=", "p.G12C"]
    unknown = join_codons(read_vcf(vcf(tmp_path, second.format("0/1"), first.format("0/1"))))
    assert unknown.frame["PROTEIN"].to_list() == ["p.G12=", "p.G12C"]
    assert "on one allele they are p.G12W" in unknown.findings["MESSAGE"][0]


def test_the_same_tumour_in_both_builds():
    both = [read_vcf(need(f"formats/pcgr_vcf/T001-COAD.grch{n}.vcf.gz")) for n in (37, 38)]
    assert [c.frame.height for c in both] == [3317, 3313]
    assert [c.frame["BUILD"].unique().to_list() for c in both] == [["GRCh37"], ["GRCh38"]]
    # one record of the file in GRCh37 has an allele fraction of 0
    assert [c.findings.select("RULE", "ROW").rows() for c in both] == [[("call-without-reads", 1632)], []]
    assert "no read shows the change (" in both[0].findings["MESSAGE"][0]
    for calls in both:
        assert calls.frame["VAF"].null_count() == 0
        assert calls.frame["CLASS"].null_count() == calls.frame.height  # not annotated, and no RAS change
        assert calls.frame.filter(pl.col("REF") == pl.col("ALT")).height == 0
