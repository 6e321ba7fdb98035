"""Memory of a check: bytes for each character of a text, at the most and of what is kept."""

import tracemalloc
from pathlib import Path

import pytest

from codon12.check import check_text

PAPER = Path(__file__).resolve().parents[2] / ".." / "shared" / "papers" / "sotorasib-phase2-paper.txt"
MOST, MOST_KEPT = 30, 19
"""Measured 26.9 and 17.6 on a paper with a statement every 95 characters."""


@pytest.mark.slow
def test_bytes_a_character():
    if not PAPER.is_file():
        pytest.skip("the paper (../shared/papers) is not here")
    text = PAPER.read_text(encoding="utf-8")
    check_text(text)  # what is loaded and looked up once
    tracemalloc.start()
    try:
        report = check_text(text)
        kept, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(report.findings) > 300
    assert kept / len(text) < MOST_KEPT
    assert most / len(text) < MOST
