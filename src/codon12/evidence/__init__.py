"""The ledger: every number once, with its id, where it came from, and how it is kept on disk."""

from codon12.evidence.provenance import Trace
from codon12.evidence.schema import NUMBERS, NumberBook
from codon12.evidence.store import write_evidence

__all__ = ["NUMBERS", "NumberBook", "Trace", "write_evidence"]
