"""Laws of reading and writing variants."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.biomarker import RAS_GENES, check_reference, parse_protein, parse_variant
from codon12.biomarker.variants.amino_acids import reverse_complement
from codon12.biomarker.variants.genomic import BUILDS, GenomicChange
from codon12.biomarker.variants.protein import ProteinChange

AA = "ACDEFGHIKLMNPQRSTVWY"
residue = st.sampled_from(AA)
number = st.integers(2, 4000)


@st.composite
def protein_changes(draw):
    start, ref, predicted = draw(number), draw(residue), draw(st.booleans())
    kind = draw(
        st.sampled_from(
            [
                "missense",
                "nonsense",
                "synonymous",
                "frameshift",
                "deletion",
                "duplication",
                "insertion",
                "delins",
                "codon",
            ]
        )
    )
    fields = {"kind": kind, "start": start, "ref": ref, "predicted": predicted}
    if kind == "missense":
        fields["alt"] = draw(residue.filter(lambda a: a != ref))
    elif kind == "nonsense":
        fields["alt"] = "*"
    elif kind == "frameshift":
        fields |= {"alt": draw(st.one_of(st.just(""), residue)), "stop": draw(st.sampled_from(["", "?", "1", "33"]))}
    elif kind in ("deletion", "duplication", "delins") and draw(st.booleans()):
        fields |= {"end": start + draw(st.integers(1, 40)), "end_ref": draw(residue)}
    elif kind == "insertion":
        fields |= {"end": start + 1, "end_ref": draw(residue)}
    if kind in ("insertion", "delins"):
        fields["alt"] = draw(st.text(AA, min_size=2, max_size=6))
    return ProteinChange(**fields)


@settings(deadline=None)
@given(protein_changes())
def test_one_and_three_letters_read_back_as_the_same_change(change):
    assert parse_protein(change.one_letter) == change
    assert parse_protein(change.three_letter) == change
    assert parse_variant(f"KEAP1 {change.three_letter}").protein == change


@settings(deadline=None)
@given(st.sampled_from(list(RAS_GENES)), st.integers(1, 450), st.sampled_from("ACGT"), st.sampled_from(BUILDS))
def test_a_coding_change_and_its_coordinates_are_one_variant_in_both_builds(gene, base, alt, build):
    model = RAS_GENES[gene]
    ref = model.sequence[base - 1]
    if ref == "N" or ref == alt:
        return
    at = model.position(base, build)
    assert model.base_at(at, build) == base
    change = GenomicChange(
        chrom=model.chrom, pos=at, ref=reverse_complement(ref), alt=reverse_complement(alt), build=build
    )
    found = check_reference(change, gene=gene)
    assert (found.gene, found.coding_base, found.protein) == (gene, base, model.changed(base, ref, alt))
    text = parse_variant(f"{gene} c.{base}{ref}>{alt}")
    assert (str(text.protein) if text.protein else None) == found.protein
