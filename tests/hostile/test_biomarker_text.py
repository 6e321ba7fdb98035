"""Any text is read or refused with a sentence; never another error."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.biomarker import parse_coding, parse_protein, parse_variant
from codon12.errors import UsageError

PIECES = ["KRAS", "p.", "c.", "G12C", "Gly", "12", "_", "del", "ins", "fs", "*", ">", "=", "(", ")", ":", "-", " ", "X"]
texts = st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=8).map("".join))


@settings(deadline=None)
@given(texts)
def test_any_text_is_read_or_refused(text):
    for read in (parse_variant, parse_protein, parse_coding):
        with contextlib.suppress(UsageError):
            assert str(read(text))


@pytest.mark.parametrize(
    "text", ["p.G" + "9" * 5000, "p." + "G" * 100_000, "KRAS " * 20_000, "12:" + "9" * 5000 + " C>A"]
)
def test_a_very_long_text_is_refused_quickly(text):
    with pytest.raises(UsageError):
        parse_variant(text)


def test_the_message_of_a_long_text_stays_short():
    with pytest.raises(UsageError) as error:
        parse_variant("p.G12C" + "!" * 50_000)
    assert len(str(error.value)) < 500
