"""First look at records of any shape: what tables and columns are believed to be, and a ``codon12.toml`` that runs."""

from codon12.init.belief import Belief, ColumnBelief, Question, TableBelief
from codon12.init.propose import propose
from codon12.init.write import Written, write_proposal

__all__ = ["Belief", "ColumnBelief", "Question", "TableBelief", "Written", "propose", "write_proposal"]
