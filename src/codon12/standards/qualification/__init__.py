"""Installation and operation qualification: what is installed, what it answers, on the user's own machine."""

from codon12.standards.qualification.page import qualification_page
from codon12.standards.qualification.run import AREAS, Area, qualify

__all__ = ["AREAS", "Area", "qualification_page", "qualify"]
