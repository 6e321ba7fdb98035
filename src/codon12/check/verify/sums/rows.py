"""Rows of counts and shares told in a text, each against what the words make its total: one verifier, heard once."""

from __future__ import annotations

from codon12.check.verify.case import Case
from codon12.check.verify.sums.shares_in_rows import check_shares_in_rows
from codon12.check.verify.sums.totals_of_rows import check_totals_of_rows

__all__ = ["check_rows"]


def check_rows(case: Case) -> None:
    """Check counts against their total, shares against a hundred, who is left, and both sexes against everybody."""
    check_totals_of_rows(case)
    check_shares_in_rows(case)
