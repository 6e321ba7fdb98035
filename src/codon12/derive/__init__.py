"""Records to the frames that analyses read: one file a frame, and the context that holds them."""

from codon12.derive.context import Context
from codon12.derive.immune import read_by_irecist
from codon12.derive.of_lesions import frames_from
from codon12.derive.study import Derived, derive

__all__ = ["Context", "Derived", "derive", "frames_from", "read_by_irecist"]
