"""What the counts of a text say of each other: each rule that reads them, sentence by sentence."""

from __future__ import annotations

from codon12.check.verify.case import Case
from codon12.check.verify.counted.allocated import check_allocated
from codon12.check.verify.counted.depths import check_depths
from codon12.check.verify.counted.left import check_left
from codon12.check.verify.counted.left_of_each import check_left_of_each
from codon12.check.verify.counted.parts.denied import check_denied
from codon12.check.verify.counted.parts.grades import check_grades
from codon12.check.verify.counted.parts.opposed import check_opposed
from codon12.check.verify.counted.parts.pointed_back import check_part_of
from codon12.check.verify.counted.reading.items import told_in
from codon12.check.verify.counted.responses import check_responses
from codon12.check.verify.counted.shares_told import check_shares_told
from codon12.check.verify.counted.told_twice import check_told_twice
from codon12.check.verify.counted.wholes.divided import check_divided
from codon12.check.verify.counted.wholes.each_in_one import check_each_in_one
from codon12.check.verify.counted.wholes.rows import check_totals_of_rows
from codon12.check.verify.counted.wholes.shares_in_rows import check_shares_in_rows
from codon12.check.verify.counted.worked_out import check_worked_out

__all__ = ["check_counted", "check_rows"]

_RULES = (
    *(check_divided, check_part_of, check_left, check_left_of_each, check_responses, check_depths),
    *(check_grades, check_shares_told, check_denied, check_opposed, check_each_in_one),
)


def check_rows(case: Case) -> None:
    """Check rows of counts against their total, and rows of shares against a hundred."""
    check_totals_of_rows(case)
    check_shares_in_rows(case)


def check_counted(case: Case) -> None:
    """Check the counts and shares of sentences against each other, where no other rule has."""
    for p in case.text.passages:
        told = told_in(case, p.index)
        if told.words:
            check_worked_out(case, told)
            check_allocated(case, told)
        if told.items:
            for check in _RULES:
                check(case, told)
    check_told_twice(case)
