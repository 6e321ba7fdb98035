"""Recall of planted slips: single mutations of consistent statements in a folder of texts.

Run: ``python benchmarks/check_slips.py PATH ... [--seed 1] [--each 4] [--missed 20]``. A PATH is a text, a folder of
them, or a JSON or JSON-lines file whose rows have a ``text`` (and may have an ``id`` or ``pmid``). Of every text up to
``--each`` statements that Check found right by a check of their own are changed in one number, and the text is judged
again. A slip is caught when the changed text has a problem that the text as given has not. Kinds of slips:

- ``count digit``, ``percent digit``, ``wrong total``: one leading digit of x, of the percentage or of N;
- ``limit digit``, ``estimate digit``, ``swapped limits``: of an estimate with its interval;
- ``population``: one digit of the size of a group that is printed once and that counts with their percentages were
  found to be of; where it is one count alone, nothing else speaks for the size.

The digit changes by at least two, so that rounding never hides it.
"""

import argparse
import json
import random
import re
import sys
from collections import Counter
from pathlib import Path

from codon12.check import check_text
from codon12.check.documents.reading import SUFFIXES, read_document
from codon12.errors import Codon12Error

NUMBER = re.compile(r"\d+(?:[.·]\d+)?")
SHARES = {"count_percent", "count_percent_ci"}
INTERVALS = {"count_percent_ci", "percent_ci", "median_ci", "hr_ci_p", "landmark"}
AIM = 0.9


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


def slips(finding, text, rng):
    """Kinds of slips one statement allows, each with the statement as it then reads."""
    s, q = finding.statement, finding.statement.quantities
    quote = text[s.start : s.end]
    numbers = list(NUMBER.finditer(quote))

    def put(m):
        return quote[: m.start()] + another(m[0], rng) + quote[m.end() :]

    def first(printed):
        return next((m for m in numbers if printed is not None and m[0] == str(printed)), None)

    out = {}
    if s.kind in SHARES and q.percent is not None:
        for kind, printed in (("percent digit", q.percent.text), ("count digit", q.n), ("wrong total", q.N)):
            if (m := first(printed)) is not None:
                out[kind] = put(m)
    low, high = (getattr(x, "text", None) for x in (q.low, q.high))
    if s.kind in INTERVALS and low and high and low != high:
        lows, highs = ([m for m in numbers if m[0] == x] for x in (low, high))
        if lows and highs and lows[-1].start() < highs[-1].start():
            a, b = lows[-1], highs[-1]
            out["swapped limits"] = quote[: a.start()] + b[0] + quote[a.end() : b.start()] + a[0] + quote[b.end() :]
            out["limit digit"] = put(b)
            estimate = q.percent or q.value
            if estimate is not None and (m := first(estimate.text)) is not None:
                out["estimate digit"] = put(m)
    return out


def population(report, text, rng):
    """One digit of a group's size, printed once, of which percentages were found to be."""
    of = Counter(
        f.denominator.value
        for f in report.findings
        if f.denominator and f.statement.kind in SHARES and f.statement.quantities.N is None
    )
    plain, found = text.replace(",", ""), []
    for f in report.findings:
        q = f.statement.quantities
        if f.statement.kind == "count" and q.percent is None and (q.n or 0) >= 10 and of[q.n]:
            m = re.search(rf"(?<![\d.,]){q.n}(?![\d.,]*\d)", text[f.statement.start : f.statement.end])
            if m is not None and len(re.findall(rf"(?<![\d.]){q.n}(?!\.?\d)", plain)) == 1:
                found.append((f, m))
    if not found:
        return None
    f, m = rng.choice(found)
    start, end = f.statement.start + m.start(), f.statement.start + m.end()
    kind = "population of one share" if of[f.statement.quantities.n] == 1 else "population"
    return kind, f.statement.quote, text[:start] + another(m[0], rng) + text[end:]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--each", type=int, default=4, help="most statements changed in a text")
    parser.add_argument("--missed", type=int, default=0, help="print so many of those not caught")
    parser.add_argument("--kind", help="print those not caught of this kind alone")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    made, caught, missed = Counter(), Counter(), []

    def judge(kind, name, changed, known, said):
        made[kind] += 1
        new = {(f.verdict, f.sentence) for f in check_text(changed).problems} - known
        caught[kind] += bool(new)
        if not new:
            missed.append((kind, name, *said))

    for name, text in texts(args.paths):
        report = check_text(text)
        known = {(f.verdict, f.sentence) for f in report.problems}
        right = [f for f in report.findings if f.verdict == "ok" and any(c.verdict == "ok" for c in f.checks)]
        right = [f for f in right if f.statement.kind in SHARES | INTERVALS]
        for f in rng.sample(right, min(args.each, len(right))):
            choices = slips(f, text, rng)
            if choices:
                kind, quote = rng.choice(sorted(choices.items()))
                s = f.statement
                judge(kind, name, text[: s.start] + quote + text[s.end :], known, (text[s.start : s.end], quote))
        changed = population(report, text, rng)
        if changed is not None:
            judge(changed[0], name, changed[2], known, (changed[1],))

    for kind in sorted(made):
        print(f"{kind:24} {caught[kind]:4} of {made[kind]:4}  {caught[kind] / made[kind]:.0%}")
    total, seen = sum(made.values()), sum(caught.values())
    print(f"{'all':24} {seen:4} of {total:4}  {seen / max(total, 1):.0%}  (aim {AIM:.0%})")
    shown = [x for x in missed if args.kind in (None, x[0])]
    for row in rng.sample(shown, min(args.missed, len(shown))):
        print(" | ".join(" ".join(x.split()) for x in row))


if __name__ == "__main__":
    main()
