"""Pairs are compared so many at a time: the answer is that of all at once."""

from __future__ import annotations

import polars as pl
import pytest

from codon12.biomarker import calls_of, parse_variant
from codon12.resistance import PairSamples, compare, compare_pairs

SEEN = {
    "1a": ["KRAS G12C"], "1b": ["KRAS G12C", "NRAS Q61K"], "2a": ["KRAS G12C", "TP53 R273L"], "2b": ["TP53 R273L"],
    "3a": ["KRAS G12C"], "3b": [], "4a": ["KRAS G12C"], "4b": ["KRAS G12C", "KRAS Y96C", "BRAF V600E"],
}  # fmt: skip


def test_a_few_at_a_time_are_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [(s[0], "earlier" if s[1] == "a" else "later", s, "sotorasib", "exome") for s in SEEN]
    samples = pl.DataFrame(rows, schema=["PAIR", "TIME", "SAMPLE", "DRUG", "ASSAY"], orient="row")
    calls = [calls_of([parse_variant(t) for t in texts], subject=s[0], sample=s) for s, texts in SEEN.items()]
    given = PairSamples(samples=samples, calls=pl.concat(calls))
    once = compare_pairs(given)
    assert once.mechanisms["ALTERATION"].to_list()[0] == "NRAS p.Q61K"
    for few in (1, 3):
        monkeypatch.setattr(compare, "_AT_A_TIME", few)
        made = compare_pairs(given)
        for name in ("pairs", "alterations", "mechanisms", "flags", "notes", "not_testable"):
            assert getattr(made, name).equals(getattr(once, name), null_equal=True), (few, name)
