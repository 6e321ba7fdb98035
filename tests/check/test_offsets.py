"""Places of statements are offsets into the characters as given, whatever invisible ones stand among them."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.check import check_text, extract

TEXT = """RESULTS
Of 126 enrolled patients, 124 had measurable disease. An objective response was observed in 46 patients (37.1%; 95%
confidence interval, 28.6 to 46.2), in 4 (3.2%) of them complete. The median overall survival was 12.5 months (95% CI,
10.0 to not reached); the hazard ratio was 0.71 (95% CI, 0.57-0.88; P = 0.002). No deaths were seen in the first week.

Table 1. Events.

Event - no. (%) Drug (N = 126)

Diarrhea 40 (31.7)
Grade 3 or higher 5 (4.0)
"""
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u2060\u2066\u2069\ufeff"
SPACES = "\u00a0\u2002\u2009\u202f"
STRANGE = "\u0301\u20e3\U0001f9ec\U0001d7d9\ufb01\u0661\u2075\u05d0\x00\x1d\ufffd\u2028"
INSIDE = [i for i in range(1, len(TEXT)) if TEXT[i - 1].isalnum() and TEXT[i].isalnum()]
BLANKS = [i for i, c in enumerate(TEXT) if c == " "]


def decorated(changes):
    """The text with something put before, or in place of, the characters at some offsets."""
    out = []
    for i, c in enumerate(TEXT):
        before, instead = changes.get(i, ("", None))
        out.append(before + (c if instead is None else instead))
    return "".join(out)


def assert_in_place(text):
    found = [f.statement for f in check_text(text).findings]
    for s in found:
        assert text[s.start : s.end] == s.quote
        assert s.quote.strip()
    for s in extract(text).statements:
        assert text[s.start : s.end] == s.quote
        start, end = s.phrase or (s.start, s.end)
        assert start <= s.start < s.end <= end or s.kind != "count"
    for a, b in pairwise(found):
        assert a.end <= b.start
    return [(s.kind, s.quantities) for s in found]


PLAIN = assert_in_place(TEXT)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(INSIDE), st.text(INVISIBLE, min_size=1, max_size=3), max_size=60), st.booleans())
def test_invisible_characters_change_no_statement(changes, mark):
    text = ("\ufeff" if mark else "") + decorated({i: (new, None) for i, new in changes.items()})
    assert assert_in_place(text) == PLAIN


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(BLANKS), st.sampled_from(SPACES), max_size=60), st.sampled_from(["\r\n", "\r"]))
def test_wide_spaces_and_line_ends_change_no_statement(changes, line):
    text = decorated({i: ("", new) for i, new in changes.items()}).replace("\n", line)
    assert assert_in_place(text) == PLAIN


@settings(deadline=None)
@given(
    st.dictionaries(st.integers(0, len(TEXT) - 1), st.text(INVISIBLE + STRANGE, min_size=1, max_size=2), max_size=30)
)
def test_places_hold_among_any_characters(changes):
    assert_in_place(decorated({i: (new, None) for i, new in changes.items()}))


@pytest.mark.parametrize("sign", ["10\u207b\u2075", "10^-5"])
def test_a_longer_spelling_ends_where_it_was_printed(sign):
    text = f"The groups differed (P = 3.2 × {sign}) \ufb01nally in 12 patients."
    first, second = extract(text).statements
    assert text[slice(*first.phrase)] == f"(P = 3.2 × {sign})"
    assert first.quantities.p.text == "3.2e-5"
    assert second.quote == "12 patients"
