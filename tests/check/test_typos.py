"""Change one digit of consistent statements and count how many changes are caught."""

import random
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from codon12.check import PROBLEMS, check_text
from codon12.numbers import percent, proportion_interval


def say(*words):
    """A line of figures for whoever runs with -s."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


PAPER = Path(__file__).resolve().parents[2] / ".." / "shared" / "papers" / "sotorasib-phase2-paper.txt"
COUNTED = {"count_percent", "count_percent_ci", "table_cell"}


def share(x, n, digits=1):
    return str(percent(x, n, digits))


def interval(x, n):
    lower, upper = proportion_interval(x, n)
    return f"{100 * float(lower):.1f} to {100 * float(upper):.1f}"


def report(seed):
    """A short report of a made-up single-arm study; every number follows from a few whole ones."""
    r = random.Random(seed)
    enrolled = r.randrange(60, 400)
    measured = enrolled - r.randrange(1, 6)
    complete, partial = r.randrange(2, 9), r.randrange(12, measured // 2)
    responders = complete + partial
    controlled = min(measured, responders + r.randrange(5, measured - responders))
    toxic, grave, stopped = (r.randrange(5, enrolled - 4) for _ in range(3))
    women = r.randrange(10, enrolled - 9)
    median = Decimal(r.randrange(50, 90)) / 10
    rows = [("Nausea", r.randrange(10, 50)), ("Rash", r.randrange(5, 50)), ("Cough", r.randrange(3, 40))]
    table = "\n".join(f"{name} {k} ({share(k, enrolled)})" for name, k in rows)
    return f"""Results

A total of {enrolled} patients joined the study; {measured} patients had a lesion that could be measured.
Among the {measured} patients who could be evaluated, a response occurred in {responders} patients
({share(responders, measured)}%; 95% confidence interval [CI], {interval(responders, measured)}), a complete one
in {complete} ({share(complete, measured)}%) and a partial one in {partial} ({share(partial, measured)}%).
Disease control was seen in {controlled} of {measured} patients ({share(controlled, measured)}%).
The median progression-free survival was {median} months (95% CI, {median - 1} to {median + 3}).

Among the {enrolled} patients who took the drug, {women} ({share(women, enrolled)}%) were women. Adverse events
were reported in {toxic} of {enrolled} patients ({share(toxic, enrolled)}%), grave ones in {grave} patients
({share(grave, enrolled)}%), and {stopped} [{share(stopped, enrolled)}%] stopped treatment because of them.

Table 1. Adverse Events.

Event — no. (%) (N = {enrolled})

{table}
"""


def mutations(text, findings, rng):
    """One changed digit in the count or the percentage of each statement."""
    for f in findings:
        s = f.statement
        digits = [i for i in range(s.start, s.end) if text[i].isdigit()]
        shown = s.quantities
        if s.kind in COUNTED and shown.percent is not None:
            head = text.find(shown.percent.text, s.start, s.end)
            digits = [i for i in digits if head <= i < head + len(shown.percent.text)] or digits
            if rng.random() < 0.5 and shown.n is not None:
                place = text.find(str(shown.n), s.start, s.end)
                digits = list(range(place, place + len(str(shown.n)))) if place >= 0 else digits
        if not digits:
            continue
        i = rng.choice(digits)
        new = rng.choice([d for d in "0123456789" if d != text[i]])
        yield f, text[:i] + new + text[i + 1 :]


def rate(texts, kinds, *, per_text=None):
    caught = tried = 0
    missed = []
    rng = random.Random(2026)
    for text in texts:
        before = check_text(text)
        known = sum(f.verdict in PROBLEMS for f in before.findings)
        chosen = [f for f in before.findings if f.verdict == "ok" and f.statement.kind in kinds]
        if per_text is not None:
            chosen = rng.sample(chosen, min(per_text, len(chosen)))
        for f, changed in mutations(text, chosen, rng):
            after = check_text(changed)
            tried += 1
            if sum(x.verdict in PROBLEMS for x in after.findings) > known:
                caught += 1
            else:
                s = f.statement
                missed.append((s.quote, changed[s.start - 1 : s.end + 1]))
    return caught, tried, missed


def test_made_up_reports_have_no_problem():
    for seed in range(60):
        found = check_text(report(seed))
        assert not found.problems, (seed, [(p.statement.quote, p.sentence) for p in found.problems])
        counted = [f for f in found.findings if f.statement.kind in COUNTED]
        assert len(counted) == 11
        assert all(f.verdict == "ok" for f in counted), [(f.statement.quote, f.verdict, f.sentence) for f in counted]


def test_changed_digits_of_counts_and_percentages_are_caught():
    caught, tried, missed = rate([report(seed) for seed in range(28)], COUNTED)
    say(f"\ncounts and percentages: {caught} of {tried} changed digits caught ({caught / tried:.1%})")
    for pair in missed[:12]:
        say("    missed:", pair)
    assert tried >= 300
    assert caught / tried > 0.93


@pytest.mark.slow
@pytest.mark.skipif(not PAPER.is_file(), reason="the annotated texts (../shared/papers) are not here")
def test_changed_digits_of_a_paper():
    text = PAPER.read_text(encoding="utf-8")
    for name, kinds in (
        ("counts and percentages", COUNTED),
        ("intervals without counts", {"percent_ci", "landmark"}),
        ("medians", {"median_ci", "median_range"}),
    ):
        caught, tried, missed = rate([text], kinds, per_text=150)
        say(f"\n{name}: {caught} of {tried} changed digits caught ({caught / tried:.1%})")
        for pair in missed[:10]:
            say("    missed:", pair)
        if kinds is COUNTED:
            assert caught / tried > 0.9
