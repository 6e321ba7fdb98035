"""Laws of Check: any text is read without a crash, spans are exact, and numbers that agree are never an error."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.check import check_text
from codon12.numbers import percent, proportion_interval

PIECES = st.sampled_from(
    ["12", "(", ")", "%", "of", "patients", "95% CI", ",", ";", "to", "-", "·", "–", "P", "=", "<", "0.05", "median", "months",
     "HR", "n", "N", "not reached", "Table 1.", "\n", "\n\n", "|", "\t", "≥", "\u200b", "two", "hundred", "2019", "March", "46 (37.1%)"]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=40).map(" ".join))
@settings(deadline=None)
def test_any_text_is_read_and_spans_are_exact(text):
    report = check_text(text)
    done = 0
    for f in report.findings:
        s = f.statement
        assert done <= s.start < s.end <= len(text)
        assert text[s.start : s.end] == s.quote
        assert f.sentence
        done = s.end
    report.as_json()


@given(st.integers(2, 900), st.data(), st.sampled_from(["half-up", "half-even", "truncate"]), st.integers(0, 2))
@settings(deadline=None)
def test_a_true_percentage_is_never_an_error(n, data, mode, digits):
    x = data.draw(st.integers(1, n))
    shown = percent(x, n, digits, mode=mode)
    for text in (
        f"It was seen in {x} of {n} patients ({shown}%).",
        f"Among the {n} patients who came, {x} ({shown}%) had it.",
        f"It was seen in {shown}% ({x}/{n}).",
    ):
        for f in check_text(text).findings:
            assert f.verdict != "error", (text, f.sentence)


@given(st.integers(5, 300), st.data(), st.sampled_from(["clopper-pearson", "wilson", "wald", "jeffreys"]))
@settings(deadline=None)
def test_a_true_interval_is_never_a_problem(n, data, method):
    x = data.draw(st.integers(1, n - 1))
    lower, upper = proportion_interval(x, n, method=method)
    shown = f"{percent(x, n, 1)}%; 95% CI, {100 * float(lower):.1f} to {100 * float(upper):.1f}"
    for f in check_text(f"It was seen in {x} of {n} patients ({shown}).").findings:
        assert f.verdict == "ok", f.sentence


@given(st.integers(20, 400), st.data())
@settings(deadline=None)
def test_an_impossible_percentage_of_a_printed_total_is_found(n, data):
    """n of N whose printed percentage lies more than a point off is an error whatever the rounding."""
    x = data.draw(st.integers(1, n - 1))
    exact = Fraction(100 * x, n)
    off = data.draw(st.sampled_from([-3, -2, 2, 3]))
    shown = round(float(exact) + off, 1)
    if not 0.5 < shown < 99.5:
        return
    found = check_text(f"It was seen in {x} of {n} patients ({shown:.1f}%).").findings
    assert [f.verdict for f in found] == ["error"]
