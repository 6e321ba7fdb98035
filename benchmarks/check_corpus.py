"""Precision and coverage of Check on a folder of texts against a file judged by hand.

Run: ``python benchmarks/check_corpus.py FOLDER JUDGED``. JUDGED is a CSV with the columns

- ``text``: the file's name in FOLDER,
- ``offset``: where the statement begins, in characters of the text as read (``codon12 check --json`` gives ``start``),
- ``verdict``: the verdict that was judged,
- ``judged``: ``right`` or ``wrong``,
- ``by``: who judged it,

and prints, of the verdicts given today: precision of ``error``, ``error-if`` and ``unlikely`` (with those not judged
yet), alarms per 1,000 statements, texts with an alarm, coverage. ``--write`` lists what is not judged yet in the same
columns, for a person to fill in. A row whose verdict is ``missed`` is a fault that Check should have seen; recall is
of these and of those judged right.

``python benchmarks/check_corpus.py --styles`` judges the made-up texts of ``check_styles`` instead: right texts must
raise no alarm, and of 1,000 slips in them at least nine in ten must; ``--held`` takes the half nobody looks at.
"""

import argparse
import csv
import random
import sys
from collections import Counter
from pathlib import Path

from codon12.check import PROBLEMS, check_text
from codon12.check.documents.reading import SUFFIXES, read_document
from codon12.errors import Codon12Error


def judged_rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reports(folder):
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES):
        try:
            yield path.name, check_text(read_document(path), name=path.name)
        except Codon12Error as err:
            print(f"not read: {err}", file=sys.stderr)


def corpus(folder, judged, write):
    known = {(r["text"], int(r["offset"])): r for r in judged_rows(judged)} if judged.exists() else {}
    given, right, open_ = Counter(), Counter(), []
    statements = texts = alarmed = numbers = unread = 0
    seen = set()
    for name, report in reports(folder):
        texts += 1
        statements += len(report.findings)
        numbers += report.text.coverage.numbers
        unread += len(report.text.coverage.unread)
        alarmed += bool(report.problems)
        for f in report.problems:
            given[f.verdict] += 1
            row = known.get((name, f.statement.start))
            seen.add((name, f.statement.start))
            if row is None or row["judged"] not in ("right", "wrong"):
                open_.append((name, f.statement.start, f.verdict, "", "", f.statement.quote, f.sentence))
            else:
                right[f.verdict] += row["judged"] == "right"
    unjudged = Counter(row[2] for row in open_)
    for verdict in PROBLEMS:
        of = given[verdict] - unjudged[verdict]
        share = f"{right[verdict]} of {of} right ({right[verdict] / of:.0%})" if of else "none judged"
        print(f"{verdict:10} {given[verdict]:5} given, {share}, {unjudged[verdict]} not judged")
    faults = {k for k, r in known.items() if r["verdict"] == "missed" or r["judged"] == "right"}
    if faults:
        print(f"recall     {len(faults & seen)} of {len(faults)} known faults raise an alarm")
    alarms = sum(given.values())
    print(f"alarms     {alarms} in {statements} statements: {1000 * alarms / max(1, statements):.1f} per 1,000")
    print(f"texts      {alarmed} of {texts} with an alarm")
    print(f"coverage   {numbers - unread} of {numbers} numbers read or known to state nothing ({unread} not read)")
    if write is not None:
        with write.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["text", "offset", "verdict", "judged", "by", "quote", "sentence"])
            out.writerows(open_)


def styles(held, wanted):
    from check_styles import slips, texts

    right = list(texts(held=held, each=20))
    alarms = [(name, f) for name, text in right for f in check_text(text).problems]
    raised = {name for name, _ in alarms}
    print(f"right texts  {len(right)}, {len(raised)} with an alarm: {sorted({n.rsplit('-', 1)[0] for n in raised})}")
    rng, caught, made = random.Random(7), Counter(), Counter()
    for round_ in range(100):
        for _, text in texts(held=held, each=2, seed=500 + round_):
            before = {f.sentence for f in check_text(text).problems}
            for kind, altered in slips(text, rng):
                made[kind] += 1
                caught[kind] += any(f.sentence not in before for f in check_text(altered).problems)
        if made.total() >= wanted:
            break
    for kind in made:
        print(f"{kind:16} {caught[kind]} of {made[kind]} caught ({caught[kind] / made[kind]:.1%})")
    print(f"{'all':16} {caught.total()} of {made.total()} caught ({caught.total() / made.total():.1%})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("judged", type=Path, nargs="?")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--styles", action="store_true")
    parser.add_argument("--held", action="store_true")
    parser.add_argument("--slips", type=int, default=1000)
    given = parser.parse_args()
    if given.styles:
        styles(given.held, given.slips)
    elif given.folder is None or given.judged is None:
        parser.error("name a folder of texts and a file of judgements, or --styles")
    else:
        corpus(given.folder, given.judged, given.write)


if __name__ == "__main__":
    main()
