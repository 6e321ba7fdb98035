"""Recall of planted slips: single mutations of consistent statements in a folder of texts.

Run: ``python benchmarks/check_slips.py PATH ... [--seed 1] [--each 4] [--most 1000] [--missed 20]``. A PATH is a text,
a folder of them, or a JSON or JSON-lines file whose rows have a ``text`` (and may have an ``id`` or ``pmid``). In every
text up to ``--each`` statements in which Check found no fault are drawn, each changed in one number, and of all these
slips ``--most`` are drawn again and judged. A slip is caught when the changed text has a problem that the text as given
has not. Kinds of slips in numbers that are printed with others they hang together with, of which the aim is told:

- ``count``, ``percent``, ``total``: one leading digit of x, of the percentage or of N in `x of N (p %)` or `x (p %)`;
- ``estimate``, ``limit``, ``swapped limits``: of a percentage or a ratio with its interval;
- ``median``, ``median limit``: of a median with its interval, whose limits arithmetic hardly ties to it;
- ``size``: one digit of the size of a group that is printed once and that shares printed with their counts were found
  to be of; ``size of one share`` where it is one share alone.

Told beside it, drawn by themselves (``--alone``): ``count alone`` and ``percent alone``, of a count printed without its
percentage and of a percentage without count and interval. Mostly nothing in the text could tell another number there.

The digit changes by at least two. Where count, total and percentage would still agree as printed, by rounding or by
cutting off (`28 (2%)` and `23 (2%)` of 1,374), nothing is wrong, and no slip is planted. A slip is ``spoken for``
where, in the text as given, at least one check or relation with verdict *ok* stands on the changed statement (for a
size: on a share of it); else ``nothing speaks``. The rule asks only what was printed before the slip: whether the slip
then contradicts it, it does not ask, so that a limit that moves within what an interval may be counts as missed.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from codon12.check import check_text
from codon12.check.documents.reading import SUFFIXES, read_document
from codon12.errors import Codon12Error

NUMBER = re.compile(r"\d+(?:[.·]\d+)?")
SHARES = {"count_percent", "count_percent_ci"}
INTERVALS = {"count_percent_ci", "percent_ci", "hr_ci_p", "landmark"}
MEDIANS = {"median_ci"}
PAIRED = SHARES | INTERVALS | MEDIANS
ALONE = {"count": "count alone", "percent_only": "percent alone"}
PROBLEMS = {"error", "error-if", "unlikely"}
AIM = 0.9


class Slip(NamedTuple):
    """One number of a text changed: of what kind, where, how it reads then, and whether anything spoke for it."""

    kind: str
    name: str
    text: str
    start: int
    end: int
    put: str
    spoken: bool
    quote: str

    @property
    def changed(self):
        return self.text[: self.start] + self.put + self.text[self.end :]


def texts(paths):
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES) if path.is_dir() else [path]
        for file in files:
            if file.suffix in (".json", ".jsonl"):
                given = file.read_text(encoding="utf-8")
                rows = [json.loads(x) for x in given.splitlines()] if file.suffix == ".jsonl" else json.loads(given)
                for k, row in enumerate(rows):
                    yield str(row.get("pmid", row.get("id", f"{file.name}:{k}"))), row["text"]
                continue
            try:
                yield file.name, read_document(file)
            except Codon12Error as err:
                print(f"not read: {err}", file=sys.stderr)


def another(number, rng):
    """The number with one of its first two digits changed by two or more."""
    at = rng.choice([i for i, c in enumerate(number) if c.isdigit()][: 2 if len(number) > 1 else 1])
    digits = [d for d in ("123456789" if at == 0 else "0123456789") if abs(int(d) - int(number[at])) >= 2]
    return number[:at] + rng.choice(digits) + number[at + 1 :]


def agree(n, total, percent):
    """Whether n of a total prints as a percentage, rounded or with its digits cut off."""
    step = Fraction(1, 10 ** len(percent.partition(".")[2]))
    off = Fraction(100 * n, total) - Fraction(percent) if total else Fraction(100)
    return -step / 2 <= off < step


def of_a_statement(finding, text, rng):
    """Kinds of slips one statement allows, each with the statement as it then reads."""
    s, q = finding.statement, finding.statement.quantities
    quote = text[s.start : s.end]
    numbers = list(NUMBER.finditer(quote))

    def put(m):
        return quote[: m.start()] + another(m[0], rng) + quote[m.end() :]

    def first(printed):
        return next((m for m in numbers if printed is not None and m[0] == str(printed)), None)

    out = {}
    if s.kind in ALONE:
        printed = q.percent.text if s.kind == "percent_only" and q.percent else q.n
        if (m := first(printed)) is not None and (s.kind != "count" or q.n >= 10):
            out[ALONE[s.kind]] = put(m)
    total = q.N if q.N is not None else finding.denominator and finding.denominator.value
    if s.kind in SHARES and q.percent is not None:
        for kind, printed in (("percent", q.percent.text), ("count", q.n), ("total", q.N)):
            if (m := first(printed)) is not None:
                slip = another(m[0], rng)
                three = {"count": q.n, "total": total, "percent": q.percent.text.replace("·", ".")} | {kind: slip}
                if total is None or not agree(int(three["count"]), int(three["total"]), three["percent"]):
                    out[kind] = quote[: m.start()] + slip + quote[m.end() :]
    low, high = (getattr(x, "text", None) for x in (q.low, q.high))
    if s.kind in PAIRED and low and high and low != high:
        lows, highs = ([m for m in numbers if m[0] == x] for x in (low, high))
        if lows and highs and lows[-1].start() < highs[-1].start():
            a, b = lows[-1], highs[-1]
            out["swapped limits"] = quote[: a.start()] + b[0] + quote[a.end() : b.start()] + a[0] + quote[b.end() :]
            out["median limit" if s.kind in MEDIANS else "limit"] = put(rng.choice((a, b)))
            estimate = q.percent or q.value
            if estimate is not None and (m := first(estimate.text)) is not None:
                out["median" if s.kind in MEDIANS else "estimate"] = put(m)
    return out


def shares_of(report):
    """How many shares, printed with their count and found right, each group's size has."""
    return Counter(
        f.denominator.value
        for f in report.findings
        if f.denominator and f.statement.kind in SHARES and f.statement.quantities.N is None and f.verdict == "ok"
    )


def of_a_size(report, name, text, rng):
    """One digit of a group's size, printed once, of which percentages were found to be."""
    of, plain, found = shares_of(report), text.replace(",", ""), []
    for f in report.findings:
        q = f.statement.quantities
        if f.statement.kind == "count" and q.percent is None and (q.n or 0) >= 10 and of[q.n]:
            m = re.search(rf"(?<![\d.,]){q.n}(?![\d.,]*\d)", text[f.statement.start : f.statement.end])
            if m is not None and len(re.findall(rf"(?<![\d.]){q.n}(?!\.?\d)", plain)) == 1:
                found.append((f, m))
    if not found:
        return None
    f, m = rng.choice(found)
    kind = "size of one share" if of[f.statement.quantities.n] == 1 else "size"
    start = f.statement.start + m.start()
    return Slip(kind, name, text, start, start + len(m[0]), another(m[0], rng), True, f.statement.quote)


def drawn(findings, report, name, text, each, rng):
    """Slips in up to `each` of some statements of a text."""
    stands_in = {p.statement for r in report.relations if r.verdict == "ok" for p in r.places}
    for f in rng.sample(findings, min(each, len(findings))):
        choices = of_a_statement(f, text, rng)
        if choices:
            kind, quote = rng.choice(sorted(choices.items()))
            s = f.statement
            spoken = s.id in stands_in or any(c.verdict == "ok" for c in f.checks)
            yield Slip(kind, name, text, s.start, s.end, quote, spoken, text[s.start : s.end])


def planted(paths, each, rng):
    """The slips drawn for all texts: of numbers printed with others, and of those that stand alone."""
    paired, alone = [], []
    for name, text in texts(paths):
        report = check_text(text)
        sizes = shares_of(report)
        sound = [f for f in report.findings if f.verdict not in PROBLEMS]
        paired += drawn([f for f in sound if f.statement.kind in PAIRED], report, name, text, each, rng)
        size = of_a_size(report, name, text, rng)
        paired += [] if size is None else [size]
        single = [f for f in sound if f.statement.kind in ALONE and not sizes[f.statement.quantities.n]]
        alone += drawn(single, report, name, text, each, rng)
    return paired, alone


def is_caught(slip):
    known = {(f.verdict, f.sentence) for f in check_text(slip.text).problems}
    return any((f.verdict, f.sentence) not in known for f in check_text(slip.changed).problems)


def share(caught, made):
    return f"{caught:4} of {made:4} {caught / made:5.0%}" if made else f"{'-':>17}"


def measured(slips):
    """Print how many slips of each kind are caught; gives those that are not."""
    made, caught, missed = Counter(), Counter(), []
    for slip in slips:
        found = is_caught(slip)
        for key in ((slip.kind, slip.spoken), ("all", slip.spoken)):
            made[key] += 1
            caught[key] += found
        if not found:
            missed.append(slip)
    print(f"{'':20} {'spoken for':>17}  {'nothing speaks':>17}  {'together':>17}")
    for kind in [*sorted({k for k, _ in made} - {"all"}), "all"]:
        two = [(caught[kind, spoken], made[kind, spoken]) for spoken in (True, False)]
        cells = [share(*pair) for pair in (*two, tuple(map(sum, zip(*two, strict=True))))]
        print(f"{kind:20}", "  ".join(cells))
    return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=4, help="most statements changed in a text")
    parser.add_argument("--most", type=int, default=1000, help="slips judged in all")
    parser.add_argument("--alone", type=int, default=200, help="slips judged in numbers that stand alone")
    parser.add_argument("--missed", type=int, default=0, help="print so many of those not caught")
    parser.add_argument("--kind", help="judge slips of this kind alone")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    paired, alone = planted(args.paths, args.each, rng)
    for title, planned, most in (("paired", paired, args.most), ("alone", alone, args.alone)):
        slips = [x for x in planned if args.kind in (None, x.kind)]
        if not slips or not most:
            continue
        print(f"numbers printed with others (aim {AIM:.0%})" if title == "paired" else "\nnumbers that stand alone")
        missed = measured(rng.sample(slips, min(most, len(slips))))
        for x in rng.sample(missed, min(args.missed, len(missed))):
            row = (x.kind, "spoken for" if x.spoken else "nothing speaks", x.name, x.quote, x.put)
            print(" | ".join(" ".join(cell.split()) for cell in row))


if __name__ == "__main__":
    main()
