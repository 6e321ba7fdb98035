"""Virtual patients and trials, as the same records a real trial has."""

from codon12.simulate.codebreak100 import reconstruct_codebreak100
from codon12.simulate.folder import write_codebreak100
from codon12.simulate.published import published_targets

__all__ = ["published_targets", "reconstruct_codebreak100", "write_codebreak100"]
