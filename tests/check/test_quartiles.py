"""Quartiles of times, as survival tables print them, are no percentages."""

from __future__ import annotations

import pytest

from codon12.check import check_text


@pytest.mark.parametrize("cells", ["{} | {}", "{} {}", "{}\t{}"])
def test_a_quartile_of_times_with_its_limits_is_judged_by_no_rule(cells):
    rows = [
        cells.format(label, numbers)
        for label, numbers in (
            ("25th percentile, months (95% CI)", "4.2 (2.8–5.4)"),
            ("Median, months (95% CI)", "6.8 (5.6–8.3)"),
            ("75th percentile, months (95% CI)", "13.7 (9.9–NE)"),
        )
    ]
    found = check_text("\n".join(["Table 1. Progression-free survival", *rows])).findings
    assert [(f.statement.kind, f.verdict) for f in found] == [
        ("duration", "not checkable"),
        ("median_ci", "ok"),
        ("duration", "not checkable"),
    ]
