"""P values adjusted for several comparisons: `codon12.numbers.multiplicity`, under its name in this room."""

from codon12.numbers.multiplicity import ADJUSTMENTS, Adjustment, adjusted_p

__all__ = ["ADJUSTMENTS", "Adjustment", "adjusted_p"]
