"""What people write of an alteration, and what is read of it."""

from __future__ import annotations

import pytest

from codon12.biomarker import Variant, check_reference, parse_coding, parse_protein, parse_variant
from codon12.biomarker.variants.genomic import GenomicChange
from codon12.errors import UsageError

pytestmark = pytest.mark.requirement("R-BIOM-01")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("p.G12C", "p.G12C"),
        ("p.Gly12Cys", "p.G12C"),
        ("G12C", "p.G12C"),
        ("KRAS:p.(Gly12Cys)", "KRAS p.(G12C)"),
        ("KRAS G12C", "KRAS p.G12C"),
        ("K-RAS G12C", "KRAS p.G12C"),
        ("kras g12c", "KRAS p.G12C"),
        ("KRAS c.34G>T", "KRAS p.G12C"),
        ("NM_004985.5:c.34G>T", "KRAS p.G12C"),
        ("NM_033360.4(KRAS):c.34G>T (p.Gly12Cys)", "KRAS p.G12C"),
        ("12:25245351 C>A", "KRAS p.G12C"),
        ("chr12-25398285-C-A", "KRAS p.G12C"),
        ("NC_000012.12:g.25245351C>A", "KRAS p.G12C"),
        ("KRAS 12:25245350 CC>AT", "KRAS p.G12I"),
        ("11:534289 C>A", "HRAS p.G12C"),
        ("c.34G>T", "c.34G>T"),
        ("exon 19 del", "exon 19 deletion"),
        ("MET exon 14 skipping", "MET exon 14 skipping"),
        ("amp", "amplification"),
        ("MET amp", "MET amplification"),
        ("HER2 amplification", "ERBB2 amplification"),
        ("STK11 loss", "STK11 loss"),
        ("STK11 homozygous deletion", "STK11 deletion"),
        ("EML4-ALK", "EML4::ALK fusion"),
        ("EML4::ALK fusion", "EML4::ALK fusion"),
        ("ALK fusion", "ALK fusion"),
        ("MET-intragenic", "MET rearrangement"),
        ("ALK translocation", "ALK rearrangement"),
        ("KRAS-G12D", "KRAS p.G12D"),
        ("KRAS/p.Gly12Asp", "KRAS p.G12D"),
        ("EGFR-E746_A750del", "EGFR p.E746_A750del"),
        ("L858R-EGFR", "EGFR p.L858R"),
        ("KRAS-G12", "KRAS p.G12"),
        ("KRAS-G12Dfs", "KRAS p.G12Dfs"),
        ("ETV6-C1R", "ETV6::C1R fusion"),
        ("E2A-PBX1", "E2A::PBX1 fusion"),
        ("NKX2-1 amp", "NKX2-1 amplification"),
        ("p.A59_G60delinsGV", "p.A59_G60delinsGV"),
        ("EGFR E746_A750delELREA", "EGFR p.E746_A750del"),
        ("EGFR p.Asp770_Asn771insGlyLeu", "EGFR p.D770_N771insGL"),
        ("ERBB2 p.Y772_A775dup", "ERBB2 p.Y772_A775dup"),
        ("p.E746fs", "p.E746fs"),
        ("p.Glu746Serfs*12", "p.E746Sfs*12"),
        ("p.Q61*", "p.Q61*"),
        ("p.Gln61Ter", "p.Q61*"),
        ("NRAS Q61X", "NRAS p.Q61*"),
        ("p.G12=", "p.G12="),
        ("p.I1790I", "p.I1790="),
        ("p.M1?", "p.M1?"),
        ("p.X1010_splice", "p.X1010_splice"),
        ("MET c.3028+1G>T", "MET c.3028+1G>T"),
        ("BRAF V600", "BRAF p.V600"),
    ],
)
def test_reads(text, said):
    assert str(parse_variant(text)) == said


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("p.G12Z", 6),
        ("p.G12CC", 6),
        ("G12C/G13D", 5),
        ("KRAS G12C x", 11),
        ("p.(G12C", 8),
        ("p.E750_A746del", 8),
        ("c.34G>", 7),
        ("12:25245351", 12),
        ("exon 19 foo", 9),
        ("p.G0C", 4),
        ("", 1),
        ("NM_004985.5 c.34G>T", 12),
        ("EML4-ALK mutation", 10),
        ("NC_000012.9:g.25245351C>A", 1),
    ],
)
def test_an_error_points_at_the_character(text, place):
    with pytest.raises(UsageError) as error:
        parse_variant(text)
    first, shown, caret = str(error.value).split("\n")
    assert f"at character {place}" in first
    assert caret.index("^") == place + 1
    assert shown.strip() == text


def test_the_gene_may_be_given_and_must_agree():
    assert str(parse_variant("p.Q37*", gene="LKB1")) == "STK11 p.Q37*"
    assert parse_variant("p.Q37*", gene="LKB1").notes == ("LKB1 is now STK11",)
    with pytest.raises(UsageError, match="names KRAS, but the gene was given as NRAS"):
        parse_variant("KRAS G12C", gene="NRAS")
    assert parse_variant("EML4-ALK", gene="ALK").partner == "EML4"


@pytest.mark.parametrize(
    ("text", "build", "message"),
    [
        ("12:25398285 C>A", "GRCh38", "GRCh38 12:25398285.*GRCh37 has C there; GRCh38 has no coding base"),
        ("12:25245351 C>A", "GRCh37", "GRCh37 12:25245351.*GRCh38 has C there"),
        ("12:25398285 G>T", None, r"GRCh37 has C there.*coding strand; the plus strand reads C>A"),
        ("12:25398285 G>T", "hg19", r"GRCh37 has C there.*coding strand; the plus strand reads C>A"),
        ("12:25398285 A>T", "hg19", "GRCh37 has C there"),
    ],
)
def test_wrong_build_or_strand_is_refused_with_both_builds(text, build, message):
    with pytest.raises(UsageError, match=message):
        parse_variant(text, build=build)


def test_a_base_or_residue_the_gene_has_not_is_refused():
    with pytest.raises(UsageError, match=r"KRAS reads G at c\.34, not C"):
        parse_variant("KRAS c.34C>T")
    with pytest.raises(UsageError, match="KRAS has G at residue 12, not A"):
        parse_variant("KRAS A12C")
    with pytest.raises(UsageError, match=r"c\.34G>T is p\.G12C, not p\.G12D"):
        parse_variant("KRAS c.34G>T p.G12D")


def test_another_gene_at_that_coordinate_is_left_alone():
    change = GenomicChange(chrom="12", pos=25398285, ref="C", alt="A", build="GRCh38")
    assert check_reference(change, gene="CASC1").gene is None


def test_a_lone_third_base_of_codon_12_is_silent_and_with_the_first_it_is_g12w():
    assert str(parse_variant("KRAS c.36T>G").protein) == "p.G12="
    assert str(parse_variant("KRAS c.34_36delGGTinsTGG").protein) == "p.G12W"
    assert str(parse_variant("12:25398283 ACC>CCA", build="GRCh37").protein) == "p.G12W"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("p.Q61*", "truncating"),
        ("p.E746fs", "truncating"),
        ("p.M1?", "truncating"),
        ("p.A59_G60delinsG*", "truncating"),
        ("p.A59_G60delinsGV", "inframe"),
        ("p.G12C", "missense"),
        ("p.G12=", "silent"),
        ("p.X22_splice", "splice"),
        ("TP53 c.920-1G>A", "splice"),
        ("TP53 c.920-7G>A", "other"),
        ("TP53 c.920-12G>A", "noncoding"),
        ("TP53 c.-12G>A", "noncoding"),
        ("TP53 c.*12G>A", "noncoding"),
        ("TERT c.-124C>T", "promoter"),
        ("STK11 c.735-12_735-2del", "splice"),
        ("STK11 loss", "deletion"),
        ("MET amp", "amplification"),
    ],
)
def test_class_of_an_alteration(text, kind):
    assert parse_variant(text).alteration_class == kind


@pytest.mark.parametrize("vaf", [1.5, -0.1, float("nan"), 30])
def test_an_allele_fraction_outside_zero_to_one_is_refused(vaf):
    with pytest.raises(UsageError, match="between 0 and 1"):
        Variant(kind="mutation", gene="KRAS", vaf=vaf)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("p.697_699VNV>V", "p.N698_V699del"),
        ("p.243_243P>PP", "p.P243dup"),
        ("p.310_311TQ>TWQ", "p.T310_Q311insW"),
        ("p.25_26EE>EEE", "p.E26dup"),
        ("p.265_265C>*S", "p.C265*"),
        ("p.HG632QW", "p.H632_G633delinsQW"),
        ("p.LQ868H*", "p.L868_Q869delinsH*"),
        ("p.FS479del", "p.F479_S480del"),
        ("p.RT2868fs", "p.R2868fs"),
        ("p.418_419insP", "p.418_419insP"),
        ("*1453*", "p.*1453="),
        ("p.*581Q", "p.*581Qext*?"),
        ("p.M1_?18", "p.M1?"),
        ("p.Ter415ArgextTer48", "p.*415Rext*48"),
    ],
)
def test_what_annotators_write(text, same):
    assert parse_protein(text).one_letter == same


def test_a_frameshift_with_and_without_its_new_stop_may_be_the_same():
    assert parse_protein("p.E746fs").same_change(parse_protein("p.Glu746SerfsTer12"))
    assert not parse_protein("p.E746fs").same_change(parse_protein("p.E745fs"))
    assert not parse_protein("p.G12C").same_change(parse_protein("p.G12D"))


def test_codons_of_coding_changes():
    assert [parse_coding(f"c.{n}A>G").codon for n in (1, 3, 4, 34, 36, 37)] == [1, 1, 2, 12, 12, 13]
    assert parse_coding("c.64-2A>T").codon is None
