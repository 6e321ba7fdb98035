"""Codon 12 arithmetic from the genetic code, written out here apart from the project's table."""

from codon12.resistance import codon_product, second_base_products

CODE = {
    "GGT": "G", "AGT": "S", "CGT": "R", "TGT": "C", "GAT": "D", "GCT": "A", "GTT": "V", "TAT": "Y", "TCT": "S",
    "TTT": "F", "TGG": "W", "TGA": "*", "TGC": "C",
}  # fmt: skip


def test_the_products_of_every_second_base_on_the_g12c_allele():
    expected = {}
    for at in range(3):
        for base in "ACGT":
            if base != "TGT"[at]:
                codon = "TGT"[:at] + base + "TGT"[at + 1 :]
                expected[f"c.{34 + at}{'TGT'[at]}>{base}"] = f"p.G12{CODE[codon]}"
    assert second_base_products() == expected
    assert {p[-1] for p in expected.values()} == set("SRGYFW*C")  # stop, and C is silent


def test_wild_type_neighbours_joined_with_g12c():
    """From GGT one base gives S, R, C, D, A, V; on TGT D is Y, A is S, V is F; S and R change the base of C."""
    made = {p: codon_product("KRAS", "p.G12C", f"p.G12{p}") for p in "SRDAV"}
    assert made == {"S": None, "R": None, "D": "p.G12Y", "A": "p.G12S", "V": "p.G12F"}
