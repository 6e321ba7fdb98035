"""The codons of the exons that drug labels name."""

from __future__ import annotations

__all__ = ["EXONS", "exon_codons"]


EXONS = {
    ("KRAS", 2): (1, 37),
    ("KRAS", 3): (38, 97),
    ("KRAS", 4): (98, 150),
    ("NRAS", 2): (1, 37),
    ("NRAS", 3): (38, 97),
    ("NRAS", 4): (98, 150),
    ("EGFR", 18): (688, 728),
    ("EGFR", 19): (729, 761),
    ("EGFR", 20): (762, 823),
    ("EGFR", 21): (824, 875),
    ("ERBB2", 20): (770, 831),
    ("MET", 14): (963, 1010),
}
"""First and last codon of exons that drug labels name."""


def exon_codons(gene: str, exon: int) -> tuple[int, ...]:
    """Codons of an exon that drug labels name; none where they are not held.

    Examples
    --------
    >>> exon_codons("EGFR", 18)[:2], exon_codons("KIT", 11)
    ((688, 689), ())
    """
    low, high = EXONS.get((gene, exon), (0, -1))
    return tuple(range(low, high + 1))
