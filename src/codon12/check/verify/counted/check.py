"""What the counts of a text say of each other: each rule that reads them, in turn."""

from __future__ import annotations

from codon12.check.verify.case import Case
from codon12.check.verify.counted.divided import check_divided
from codon12.check.verify.counted.left_over import check_left_over
from codon12.check.verify.counted.part_of import check_part_of
from codon12.check.verify.counted.shares_told import check_shares_told
from codon12.check.verify.counted.told_twice import check_told_twice
from codon12.check.verify.counted.worked_out import check_worked_out

__all__ = ["check_counted"]


def check_counted(case: Case) -> None:
    """Check the counts and shares of sentences against each other, where no other rule has."""
    check_divided(case)
    check_part_of(case)
    check_left_over(case)
    check_worked_out(case)
    check_shares_told(case)
    check_told_twice(case)
