"""What the rooms of response do with a second row, an unknown word, a missing date: a study for each line of docs/choices.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_records import day, response, size, small_study, state, therapy

DOCS = Path(__file__).resolve().parents[2] / "docs" / "choices.md"
CASES: list = []


def case(name, build, *expected):
    """Register a study: how it is written, and what each look at it must give; a second one of a name is run by all."""
    again = [pytest.mark.slow] if any(c.id == name for c in CASES) else []
    CASES.append(pytest.param(build, expected, id=name, marks=again))


case(
    "lesion-measured-again-days-later",
    lambda d: small_study(
        d, [size("T01", -5, 50, 1), size("T01", 42, 30, 2), size("T01", 84, 60, 3), size("T01", 87, 65, 3)]
    ),
    (lambda s: s.points(), [(42, "PR"), (84, "PD")]),
    (lambda s: s.sums()[-1], (84, 65.0, "Y")),
    (lambda s: s.rules("lesion-measured-again"), [("TR", 4, "1")]),
)
for a, b in ((30, 40), (40, 30)):
    case(
        "lesion-two-sizes-one-day",
        lambda d, a=a, b=b: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, a, 2), size("T01", 42, b, 2)]),
        (lambda s: s.points(), [(42, "SD")]),
        (lambda s: len(s.rules("lesion-measured-twice")), 2),
    )
case(
    "split-lesion-of-another-patient",
    lambda d: small_study(
        d,
        [size("T01", -5, 50, 1), size("T01", 42, 30, 2), size("T01", 45, 31, 2)]
        + [dict(r, USUBJID="2") for r in (size("T04", -5, 40, 1), size("T04.1", 42, 10, 2), size("T04.2", 42, 12, 2))],
        subjects=("1", "2"),
    ),
    (lambda s: s.sums(), [(-5, 50.0, "Y"), (42, 31.0, "Y")]),
    (lambda s: s.sums("2"), [(-5, 40.0, "Y"), (42, 22.0, "Y")]),
)
case(
    "names-with-a-point-are-lesions",
    lambda d: small_study(d, [size("T.1", -5, 20, 1), size("T.2", -5, 20, 1), size("T.1", 42, 10, 2)]),
    (lambda s: s.sums(), [(-5, 40.0, "Y"), (42, 10.0, None)]),
    (lambda s: s.points(), [(42, "NE")]),
)
case(
    "names-with-a-slash-are-lesions",
    lambda d: small_study(
        d,
        [
            size("TLUNG/1", -5, 20, 1),
            size("TLUNG/2", -5, 30, 1),
            size("TLUNG/1", 42, 10, 2),
            size("TLUNG/2", 42, 10, 2),
        ],
    ),
    (lambda s: s.sums(), [(-5, 50.0, "Y"), (42, 20.0, "Y")]),
)
case(
    "merged-lesion",
    lambda d: small_study(d, [size("T01", -5, 20, 1), size("T02", -5, 30, 1), size("T01/T02", 42, 60, 2)]),
    (lambda s: s.sums(), [(-5, 50.0, "Y"), (42, 60.0, "Y")]),
    (lambda s: s.points(), [(42, "PD")]),
)
for group in ("TARGET", "NON-TARGET", ""):
    case(
        "target-merged-with-a-non-target",
        lambda d, group=group: small_study(
            d,
            [
                size("T01", -5, 40, 1),
                state("NT01", -5, "PRESENT", 1),
                size("T01/NT01", 42, 44, 2, TRGRPID=group),
                size("NT01+T01", 84, 0, 3, TRGRPID=group),
            ],
        ),
        (lambda s: s.sums(), [(-5, 40.0, "Y"), (42, 44.0, "Y"), (84, 0.0, "Y")]),
        (lambda s: s.points(), [(42, "SD"), (84, "CR")]),
        (lambda s: s.rules("merged-across-groups"), [("TR", 3, "1"), ("TR", 4, "1")]),
        *(
            (lambda s, r=r: s.rules(r), [])
            for r in ("target-added-later", "lesion-without-baseline", "non-target-not-recorded")
        ),
    )
case(
    "target-merged-with-a-non-target-beside-its-parts",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 40, 1),
            size("T02", -5, 20, 1),
            state("NT01", -5, "PRESENT", 1),
            state("NT02", -5, "PRESENT", 1),
            size("T01/T02/NT01", 42, 65, 2),
            size("T01", 42, "MERGED", 2),
            state("NT01", 42, "NOT EVALUABLE", 2),
            state("NT02", 42, "ABSENT", 2),
        ],
    ),
    (lambda s: s.sums(), [(-5, 60.0, "Y"), (42, 65.0, "Y")]),
    (lambda s: s.points(), [(42, "SD")]),
)
case(
    "non-targets-that-merged-recorded-as-target",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 40, 1),
            state("NT01", -5, "PRESENT", 1),
            state("NT02", -5, "PRESENT", 1),
            size("T01", 42, 10, 2),
            size("NT01/NT02", 42, 30, 2, TRGRPID="TARGET"),
        ],
    ),
    (lambda s: s.sums(), [(-5, 40.0, "Y"), (42, 10.0, "Y")]),
    (lambda s: s.points(), [(42, "PR")]),
    (lambda s: s.rules("merged-across-groups"), [("TR", 5, "1")]),
)
case(
    "target-merged-with-a-new-lesion",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 40, 1),
            size("T01", 42, 20, 2),
            size("NEW1", 42, 5, 2),
            size("T01/NEW1", 84, 26, 3, TRGRPID="NEW"),
        ],
    ),
    (lambda s: s.sums(), [(-5, 40.0, "Y"), (42, 20.0, "Y"), (84, 26.0, "Y")]),
    (lambda s: s.points(), [(42, "PD"), (84, "PD")]),
    (lambda s: s.rules("merged-across-groups"), [("TR", 4, "1")]),
)
case(
    "merged-lesion-beside-its-part",
    lambda d: small_study(
        d, [size("T01", -5, 20, 1), size("T02", -5, 30, 1), size("T01/T02", 42, 60, 2), size("T02", 42, "MERGED", 2)]
    ),
    (lambda s: s.sums(), [(-5, 50.0, "Y"), (42, 60.0, "Y")]),
)
case(
    "whole-beside-its-fragments",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 40, 1),
            size("T01", 42, None, 2, TRSTAT="NOT DONE"),
            size("T01.1", 42, 10, 2),
            size("T01.2", 42, 8, 2),
        ],
    ),
    (lambda s: s.sums()[-1], (42, 18.0, "Y")),
)
case(
    "fragment-not-evaluable",
    lambda d: small_study(d, [size("T01", -5, 40, 1), size("T01.1", 42, 10, 2), size("T01.2", 42, "NOT EVALUABLE", 2)]),
    (lambda s: s.sums()[-1][2], None),
    (lambda s: s.points(), [(42, "NE")]),
)
for later, beside in (([10, "NOT EVALUABLE"], [("TR", 2, "1")]), ([10, 8], [("TR", 2, "1"), ("TR", 3, "1")])):
    case(
        "whole-measured-after-its-fragments",
        lambda d, later=later: small_study(
            d,
            [
                size("T01", -5, 40, 1),
                *(size(f"T01.{i}", 42, mm, 2) for i, mm in enumerate(later, 1)),
                size("T01", 45, 30, 2),
            ],
        ),
        (lambda s: s.sums()[-1], (42, 30.0, "Y")),
        (lambda s: s.rules("lesion-beside-its-parts"), beside),
        (lambda s: s.rules("target-added-later"), []),
        (lambda s: s.rules("lesion-without-baseline"), []),
    )
for second, total in ((8, 18.0), ("NOT EVALUABLE", 30.0)):
    case(
        "whole-measured-beside-its-fragments",
        lambda d, second=second: small_study(
            d, [size("T01", -5, 40, 1), size("T01.1", 42, 10, 2), size("T01.2", 42, second, 2), size("T01", 42, 30, 2)]
        ),
        (lambda s: s.sums()[-1], (42, total, "Y")),
        (lambda s: len(s.rules("lesion-beside-its-parts")), 1),
    )
case(
    "whole-beside-one-fragment",
    lambda d: small_study(d, [size("T01", -5, 40, 1), size("T01", 42, 20, 2), size("T01.1", 42, 8, 2)]),
    (lambda s: s.sums()[-1], (42, 28.0, "Y")),
)
case(
    "name-with-a-point-at-baseline",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 40, 1),
            size("T01.1", -5, 20, 1),
            size("T01", 42, 20, 2),
            size("T01", 84, 20, 3),
            size("T01.1", 84, 8, 3),
        ],
    ),
    (lambda s: s.sums(), [(-5, 60.0, "Y"), (42, 20.0, None), (84, 28.0, "Y")]),
)
case(
    "fragment-of-a-fragment",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 40, 1),
            size("T01.1", 42, 20, 2),
            size("T01.2", 42, 10, 2),
            size("T01.1.1", 84, 5, 3),
            size("T01.1.2", 84, 6, 3),
            size("T01.2", 84, 10, 3),
        ],
    ),
    (lambda s: s.sums()[1:], [(42, 30.0, "Y"), (84, 21.0, "Y")]),
)
case(
    "part-measured-after-the-merged-lesion",
    lambda d: small_study(
        d, [size("T01", -5, 20, 1), size("T02", -5, 30, 1), size("T01/T02", 42, 60, 2), size("T01", 45, 18, 2)]
    ),
    (lambda s: s.sums()[-1], (42, 18.0, None)),
    (lambda s: s.rules("lesion-beside-its-parts"), [("TR", 3, "1")]),
)
NODE = {"TRTESTCD": "LPERP"}
case(
    "node-merged-with-another-lesion",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 20, 1, **NODE),
            size("T02", -5, 20, 1),
            size("T01/T02", 42, 8, 2),
            size("T01/T02", 84, 8, 3, **NODE),
            size("T01/T02", 126, 0, 4),
        ],
    ),
    (lambda s: s.points(), [(42, "PR"), (84, "NE"), (126, "CR")]),
    (lambda s: s.rules("merged-lesion-no-node"), [("TR", i, "1") for i in (3, 4, 5)]),
    (lambda s: s.rules("lesion-without-longest-diameter"), [("TR", 4, "1")]),
    (lambda s: s.rules("short-axis-alone"), [("TR", 1, "1")]),
)
case(
    "nodes-that-merged",
    lambda d: small_study(
        d, [*(size(t, -5, 20, 1, **NODE) for t in ("T01", "T02")), size("T01+T02", 42, 9, 2, **NODE)]
    ),
    (lambda s: s.points(), [(42, "CR")]),
    (lambda s: s.rules("merged-lesion-no-node"), []),
)
case(
    "fragments-of-a-node-by-place",
    lambda d: small_study(
        d,
        [size("T01", -5, 20, 1, **NODE), size("T01", -5, 25, 1)]
        + [size(f"T01.{i}", 42, mm, 2, TRTESTCD=t) for i in (1, 2) for t, mm in (("LPERP", 6), ("LDIAM", 12))],
        tu=[{"USUBJID": "1", "TULNKID": "T01", "TUSTRESC": "TARGET", "TULOC": "LYMPH NODE", "TUEVAL": "INVESTIGATOR"}],
    ),
    (lambda s: s.sums(), [(-5, 20.0, "Y"), (42, 12.0, "Y")]),
    (lambda s: s.points(), [(42, "CR")]),
)
for told, answer in (("ABSENT", "CR"), ("NOT EVALUABLE", "PR"), ("PRESENT", "PR"), ("UNEQUIVOCAL", "PD")):
    case(
        "fragments-of-a-non-target-lesion",
        lambda d, told=told: small_study(
            d,
            [
                size("T01", -5, 20, 1),
                state("NT01", -5, "PRESENT", 1),
                size("T01", 42, 0, 2),
                state("NT01.1", 42, "ABSENT", 2),
                state("NT01.2", 42, told, 2),
            ],
        ),
        (lambda s: s.points(), [(42, answer)]),
        (lambda s: s.rules("lesion-split-or-merged"), [("TR", 4, "1"), ("TR", 5, "1")]),
    )
case(
    "non-target-lesions-that-merged",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 20, 1),
            state("NT01", -5, "PRESENT", 1),
            state("NT02", -5, "PRESENT", 1),
            size("T01", 42, 0, 2),
            state("NT01/NT02", 42, "ABSENT", 2),
            state("NT02", 42, "MERGED", 2),
        ],
    ),
    (lambda s: s.points(), [(42, "CR")]),
)
case(
    "two-visit-numbers-on-one-day",
    lambda d: small_study(
        d, [size("T01", -5, 20, 1), size("T02", -5, 20, 1), size("T01", 42, 8, 2), size("T02", 42, 8, 3)]
    ),
    (lambda s: s.points(), [(42, "PR")]),
    (lambda s: s.rules("visits-on-one-day"), [("TR", 4, "1")]),
)
for mm, answer in ((18, "SD"), (4, "PR")):
    case(
        "one-lesion-under-two-visit-numbers",
        lambda d, mm=mm: small_study(d, [size("T01", -5, 20, 1), size("T01", 42, 8, 2), size("T01", 42, mm, 3)]),
        (lambda s: s.points(), [(42, answer)]),
        (lambda s: s.rules("visits-on-one-day"), [("TR", 3, "1")]),
        (lambda s: len(s.rules("target-measured-twice")), 1),
    )
case(
    "visits-that-overlap",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 20, 1),
            size("T02", -5, 20, 1),
            size("T01", 42, 8, 2),
            size("T02", 45, 8, 2),
            size("T01", 45, 18, 3),
            size("T02", 50, 18, 3),
        ],
    ),
    (lambda s: s.points(), [(42, "PR"), (45, "PD")]),
    (lambda s: s.rules("visits-on-one-day"), []),
)
for last, found in ((63, [(42, "PR")]), (64, [(42, "NE"), (50, "NE")])):
    case(
        "visits-on-one-day-up-to-21-days",
        lambda d, last=last: small_study(
            d,
            [
                *(size(f"T0{i}", -5, 20, 1) for i in (1, 2, 3)),
                size("T01", 42, 8, 2),
                size("T02", 50, 8, 2),
                size("T02", 50, 8, 3),
                size("T03", last, 8, 3),
            ],
        ),
        (lambda s: s.points(), found),
    )
case(
    "three-visit-numbers-on-one-day",
    lambda d: small_study(
        d,
        [
            *(size(f"T0{i}", -5, 20, 1) for i in (1, 2, 3)),
            size("T01", 42, 8, 2),
            size("T02", 42, 8, 3),
            size("T02", 42, 8, 3),
            size("T03", 44, 8, 3),
            state("NT01", 44, "PRESENT", 4),
        ],
    ),
    (lambda s: s.points(), [(42, "PR")]),
)
case(
    "baseline-after-randomisation",
    lambda d: small_study(d, [size("T01", -3, 50, 1), size("T01", 42, 30, 2)], randomised=-5),
    (lambda s: s.points(), [(42, "PR")]),
    (lambda s: s.rules("baseline-after-start"), [("TR", 1, "1")]),
)
case(
    "baseline-by-reference-date",
    lambda d: small_study(
        d,
        [size("T01", -9, 40, 1), size("T01", -3, 50, 1.1), size("T01", 42, 30, 2)],
        randomised=-5,
        config='[response]\nbaseline = "reference"\n',
    ),
    (lambda s: s.points(), [(-3, "PD"), (42, "SD")]),
)
case(
    "no-scan-before-the-first-dose",
    lambda d: small_study(d, [size("T01", 1, 50, 1), size("T01", 42, 30, 2)]),
    (lambda s: s.points(), [(1, "NE"), (42, "NE")]),
    (lambda s: s.rules("lesion-without-baseline"), [("TR", 1, "1")]),
)
case(
    "best-response-as-collected",
    lambda d: small_study(d, [], [response(42, "PR", 2, RSTESTCD="BESTRESP")]),
    (lambda s: "adrs" in s.frames, False),
    (lambda s: s.rules("response-test-not-used"), [("RS", 1, "1")]),
)
case(
    "other-criterion-alone",
    lambda d: small_study(d, [], [response(42, "PR", 2, RSCAT="RECIST 1.0")]),
    (lambda s: "adrs" in s.frames, False),
    (lambda s: s.rules("criterion-not-used"), [("RS", 1, "1")]),
)
case(
    "therapy-occurrence-unknown",
    lambda d: small_study(
        d,
        [],
        [response(42, "PR", 2), response(120, "PD", 3)],
        [therapy(day(60), CMOCCUR="U"), therapy(day(50), CMOCCUR="no")],
    ),
    (lambda s: s.time("PFS"), (42, 2)),
    (lambda s: s.rules("therapy-occurrence-unknown"), [("CM", 1, "1")]),
    (lambda s: s.rules("therapy-did-not-occur"), [("CM", 2, "1")]),
)
U = {"VISIT": "UNSCHEDULED"}
case(
    "unscheduled-lesion-again",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, 30, 99, **U), size("T01", 56, 45, 99, **U)]),
    (lambda s: s.points(), [(42, "PR"), (56, "PD")]),
)
case(
    "unscheduled-scans-of-two-days",
    lambda d: small_study(
        d,
        [size("T01", -5, 50, 1), size("T02", -5, 50, 1), size("T01", 42, 30, 3.1, **U), size("T02", 43, 30, 3.2, **U)],
    ),
    (lambda s: s.points(), [(42, "PR")]),
)
case(
    "one-visit-number-22-days-apart",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, 30, 2), size("T01", 64, 45, 2)]),
    (lambda s: s.points(), [(42, "PR"), (64, "PD")]),
)
case(
    "one-visit-number-21-days-apart",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, 30, 2), size("T01", 63, 45, 2)]),
    (lambda s: s.points(), [(42, "SD")]),
)
case(
    "baseline-under-two-visit-numbers",
    lambda d: small_study(
        d, [size("T01", -9, 50, 1), size("T02", -3, 50, 1.1), size("T01", 42, 30, 2), size("T02", 42, 30, 2)]
    ),
    (lambda s: s.points(), [(42, "PR")]),
    (lambda s: s.rules("lesion-carried-to-baseline"), [("TR", 1, "1")]),
    (lambda s: s.frames["adtr"]["BASE"].drop_nulls().unique().to_list(), [100.0]),
)
case(
    "baseline-measured-again",
    lambda d: small_study(
        d,
        [
            size("T01", -9, 50, 1),
            size("T02", -9, 50, 1),
            size("T01", -2, 60, 1.1),
            size("T01", 42, 30, 2),
            size("T02", 42, 46, 2),
        ],
    ),
    (lambda s: s.frames["adtr"].filter(ABLFL="Y")["AVAL"].to_list(), [110.0]),
    (lambda s: s.points(), [(42, "PR")]),
)
case(
    "two-screenings",
    lambda d: small_study(
        d, [size("T01", -60, 30, 1), size("T01", -10, 44, 1.5), size("T01", 42, 30, 2), size("T01", 84, 30, 3)]
    ),
    (lambda s: s.points(), [(42, "PR"), (84, "PR")]),
    (lambda s: s.rules("earlier-baseline"), [("TR", 1, "1")]),
)
case(
    "response-of-a-screen-failure",
    lambda d: small_study(
        d,
        [],
        [response(42, "PR", 2), response(20, "PD", 2, USUBJID="2"), response(40, "PD", 3, USUBJID="2")],
        subjects=("1", "2"),
        untreated=("2",),
    ),
    (lambda s: s.time("PFS"), (42, 1)),
    (lambda s: s.time("PFS", "2"), None),
    (lambda s: s.rules("response-of-untreated"), [("RS", 2, "2")]),
)
case(
    "size-beside-not-evaluable",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, "NOT EVALUABLE", 2, TRSTRESN=20)]),
    (lambda s: s.points(), [(42, "NE")]),
    (lambda s: s.rules("number-beside-not-evaluable"), [("TR", 2, "1")]),
)
case(
    "size-beside-status-not-done",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, 20, 2, TRSTAT="NOT DONE")]),
    (lambda s: s.points(), [(42, "NE")]),
)
case(
    "size-beside-state-not-evaluable",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, 20, 2), state("T01", 42, "NOT EVALUABLE", 2)]),
    (lambda s: s.points(), [(42, "NE")]),
)
case(
    "target-below-5",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, "<5", 2)]),
    (lambda s: s.sums()[-1], (42, 5.0, "Y")),
    (lambda s: s.rules("target-too-small"), [("TR", 2, "1")]),
)
case(
    "target-present-without-size",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, "PRESENT", 2)]),
    (lambda s: s.points(), [(42, "NE")]),
    (lambda s: s.rules("target-without-size"), [("TR", 2, "1")]),
)
case(
    "target-text-unknown",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, "SOMETHING ODD", 2)]),
    (lambda s: s.points(), [(42, "NE")]),
    (lambda s: s.rules("lesion-text-unknown"), [("TR", 2, "1")]),
)
case(
    "non-target-text-unknown",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 50, 1),
            state("NT01", -5, "PRESENT", 1),
            size("T01", 42, 30, 2),
            state("NT01", 42, "WEIRD", 2),
        ],
    ),
    (lambda s: s.points(), [(42, "PR")]),
    (lambda s: s.rules("lesion-state-unknown"), [("TR", 4, "1")]),
)
X = {"TRMETHOD": "X-RAY"}
C = {"TRMETHOD": "CT SCAN"}
for rev in (1, -1):
    case(
        "two-methods-baseline-decides",
        lambda d, rev=rev: small_study(
            d, [size("T01", -5, 50, 1, **C), *[size("T01", 42, 40, 2, **X), size("T01", 42, 30, 2, **C)][::rev]]
        ),
        (lambda s: s.points(), [(42, "PR")]),
        (lambda s: len(s.rules("lesion-by-two-methods")), 1),
    )
    case(
        "two-methods-larger-decides",
        lambda d, rev=rev: small_study(
            d,
            [
                size("T01", -5, 50, 1, TRMETHOD="MRI"),
                *[size("T01", 42, 40, 2, **X), size("T01", 42, 30, 2, **C)][::rev],
            ],
        ),
        (lambda s: s.sums()[-1], (42, 40.0, "Y")),
    )
case(
    "non-target-not-recorded",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 50, 1),
            state("NT01", -5, "PRESENT", 1),
            size("T01", 42, 0, 2),
            size("T01", 84, 0, 3),
            state("NT01", 84, "ABSENT", 3),
        ],
    ),
    (lambda s: s.points(), [(42, "PR"), (84, "CR")]),
)
case(
    "non-target-absent-by-one-method",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 50, 1),
            state("NT01", -5, "PRESENT", 1),
            size("T01", 42, 0, 2),
            state("NT01", 42, "ABSENT", 2, **C),
            state("NT01", 42, "NOT EVALUABLE", 2, **X),
        ],
    ),
    (lambda s: s.points(), [(42, "CR")]),
)
case(
    "non-target-two-states",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 50, 1),
            state("NT01", -5, "PRESENT", 1),
            size("T01", 42, 0, 2),
            state("NT01", 42, "ABSENT", 2),
            state("NT01", 42, "PRESENT", 2),
        ],
    ),
    (lambda s: s.points(), [(42, "PR")]),
)
case(
    "target-not-recorded",
    lambda d: small_study(
        d, [size("T01", -5, 50, 1), state("NT01", -5, "PRESENT", 1), state("NT01", 42, "UNEQUIVOCAL PROGRESSION", 2)]
    ),
    (lambda s: s.points(), [(42, "PD")]),
    (lambda s: len(s.rules("target-not-recorded")), 1),
)
case(
    "subject-without-lesions",
    lambda d: small_study(
        d,
        [size("T01", -5, 50, 1), size("T01", 42, 30, 2), size("T01", 84, 30, 3)],
        [dict(response(42, "PR", 2), USUBJID="2"), dict(response(84, "PR", 3), USUBJID="2"), response(42, "SD", 2)],
        subjects=("1", "2"),
    ),
    (lambda s: s.best(), "PR"),
    (lambda s: s.best("2"), "PR"),
    (lambda s: s.rules("response-as-collected"), [("RS", 1, "2"), ("RS", 2, "2")]),
    (lambda s: s.rules("response-differs"), [("RS", 3, "1")]),
)
case(
    "visit-without-lesions",
    lambda d: small_study(
        d, [size("T01", -5, 50, 1), size("T01", 42, 30, 2)], [response(46, "PR", 2), response(84, "PD", 3)]
    ),
    (lambda s: s.points(), [(42, "PR"), (84, "PD")]),
    (lambda s: s.time("PFS"), (84, 0)),
)
case(
    "response-on-the-day-of-a-scan",
    lambda d: small_study(
        d, [size("T01", -5, 50, 1), size("T01", 42, 30, 2)], [response(42, "PD", 7), response(44, "SD", 8)]
    ),
    (lambda s: s.points(), [(42, "PR"), (44, "SD")]),
    (lambda s: s.rules("response-differs"), [("RS", 1, "1")]),
    (lambda s: s.rules("response-as-collected"), [("RS", 2, "1")]),
)
case(
    "target-of-later-alone",
    lambda d: small_study(
        d,
        [
            state("NT01", -5, "PRESENT", 1),
            state("NT01", 42, "PRESENT", 2),
            state("NT01", 84, "ABSENT", 3),
            size("T09", 84, 20, 3),
            state("NT01", 126, "ABSENT", 4),
            state("NT01", 168, "ABSENT", 5),
            size("T09", 168, 0, 5),
        ],
    ),
    (lambda s: s.points(), [(42, "NON-CR/NON-PD"), (84, "NON-CR/NON-PD"), (126, "NE"), (168, "CR")]),
    (lambda s: s.best(), "SD"),  # complete response without confirmation
    (lambda s: s.time("PFS"), (168, 1)),
    (lambda s: s.rules("target-not-of-baseline"), [("TR", 4, "1"), ("TR", 7, "1")]),
)
case(
    "non-target-of-later",
    lambda d: small_study(
        d,
        [
            state("NT01", -5, "PRESENT", 1),
            state("NT01", 42, "PRESENT", 2),
            state("NT02", 42, "PRESENT", 2),
            state("NT01", 84, "ABSENT", 3),
            state("NT01", 126, "ABSENT", 4),
            state("NT02", 126, "ABSENT", 4),
        ],
    ),
    (lambda s: s.points(), [(42, "NON-CR/NON-PD"), (84, "NE"), (126, "CR")]),
    (lambda s: s.rules("non-target-added-later"), [("TR", 3, "1")]),
)
case(
    "fragments-of-a-node",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 20, 1, TRTESTCD="LPERP"),
            size("T01.1", 42, 6, 2, TRTESTCD="LPERP"),
            size("T01.2", 42, 9, 2, TRTESTCD="LPERP"),
            size("T01.1", 84, 6, 3, TRTESTCD="LPERP"),
            size("T01.2", 84, 10, 3, TRTESTCD="LPERP"),
        ],
    ),
    (lambda s: s.points(), [(42, "CR"), (84, "SD")]),
    (lambda s: s.sums()[-2:], [(42, 15.0, "Y"), (84, 16.0, "Y")]),
)
case(
    "response-with-a-partial-date",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, 30, 2)], [response("2024-02", "PR", 2)]),
    (lambda s: s.points(), [(42, "PR")]),
)
case(
    "other-criterion",
    lambda d: small_study(
        d,
        [],
        [
            response(42, "PR", 2),
            response(42, "IUPD", 2, RSCAT="IRECIST"),
            response(84, "iCPD", 3, RSCAT="iRECIST"),
            response(84, "PR", 3),
        ],
    ),
    (lambda s: s.best(), "PR"),
    (lambda s: len(s.rules("criterion-not-used")), 2),
)
case(
    "criterion-in-sub-category",
    lambda d: small_study(
        d,
        [],
        [
            response(42, "PR", 2, RSCAT="TUMOR RESPONSE", RSSCAT="RECIST 1.1"),
            response(42, "PD", 2, RSCAT="TUMOR RESPONSE", RSSCAT="mRECIST"),
            response(84, "PR", 3, RSCAT="RECIST V1.1"),
        ],
    ),
    (lambda s: s.best(), "PR"),
)
case(
    "response-text-unknown",
    lambda d: small_study(d, [], [response(42, "PR", 2), response(84, "CANNOT SAY", 3)]),
    (lambda s: s.points(), [(42, "PR"), (84, "CANNOT SAY")]),
    (lambda s: s.best(parameter="BOR"), "PR"),
)


def central(w, v, vis, r, a=None):
    return response(w, v, vis, RSEVAL="INDEPENDENT ASSESSOR", RSEVALID=r, RSACPTFL=a)


case(
    "two-readers-undecided",
    lambda d: small_study(d, [], [central(42, "PR", 2, "R1"), central(42, "SD", 2, "R2"), response(42, "SD", 2)]),
    (lambda s: s.derived.context.evaluators, ("INVESTIGATOR",)),
    (lambda s: len(s.rules("reader-undecided")), 2),
)
case(
    "two-readers-agree",
    lambda d: small_study(
        d,
        [],
        [
            central(42, "PR", 2, "R1"),
            central(42, "PR", 2, "R2"),
            central(84, "PR", 3, "R1"),
            central(84, "PR", 3, "R2"),
        ],
    ),
    (lambda s: s.best(), "PR"),
)
case(
    "reader-accepted",
    lambda d: small_study(
        d,
        [],
        [
            central(42, "PR", 2, "R1"),
            central(42, "SD", 2, "R2", "Y"),
            central(84, "PD", 3, "R1"),
            central(84, "SD", 3, "R2", "Y"),
        ],
    ),
    (lambda s: s.best(), "SD"),
)
case(
    "adjudicator",
    lambda d: small_study(
        d,
        [],
        [
            central(42, "PR", 2, "R1"),
            central(42, "SD", 2, "R2"),
            central(42, "SD", 2, "ADJUDICATOR 1"),
            central(84, "PD", 3, "R1"),
            central(84, "PD", 3, "R2"),
        ],
    ),
    (lambda s: s.points(), [(42, "SD"), (84, "PD")]),
)
case(
    "every-reader-apart",
    lambda d: small_study(
        d,
        [],
        [
            central(42, "PR", 2, "R1"),
            central(42, "SD", 2, "R2"),
            central(84, "PR", 3, "R1"),
            central(84, "SD", 3, "R2"),
        ],
        config="[response]\naccepted_only = false\n",
    ),
    (lambda s: s.derived.context.evaluators, ("CENTRAL_R1", "CENTRAL_R2")),
    (lambda s: (s.best(evaluator="CENTRAL_R1"), s.best(evaluator="CENTRAL_R2")), ("PR", "SD")),
)


def central_size(lesion, w, mm, v, r, a=None):
    return size(lesion, w, mm, v, TREVAL="INDEPENDENT ASSESSOR", TREVALID=r, TRACPTFL=a)


case(
    "reader-of-lesions-accepted-in-rs",
    lambda d: small_study(
        d,
        [
            central_size("T01", -5, 50, 1, "R1"),
            central_size("T01", 42, 30, 2, "R1"),
            central_size("T01", -5, 50, 1, "R2"),
            central_size("T01", 42, 60, 2, "R2"),
        ],
        [central(42, "PD", 2, "R2", "Y"), central(42, "PR", 2, "R1")],
    ),
    (lambda s: s.points(evaluator="CENTRAL"), [(42, "PD")]),
)
case(
    "therapy-in-a-year",
    lambda d: small_study(d, [], [response(42, "PR", 2), response(84, "PR", 3)], [therapy("2024")]),
    (lambda s: s.best(), "PR"),
    (lambda s: s.rules("therapy-date-partial"), [("CM", 1, "1")]),
)
case(
    "therapy-in-a-later-month",
    lambda d: small_study(d, [], [response(42, "PR", 2), response(120, "PD", 3)], [therapy("2024-04")]),
    (lambda s: s.time("PFS"), (42, 2)),
    (lambda s: s.rules("therapy-start-assumed"), [("CM", 1, "1")]),
    (lambda s: s.rules("response-after-new-therapy"), [("RS", 2, "1")]),
)
case(
    "therapy-by-predicate",
    lambda d: small_study(
        d,
        [],
        [response(42, "PR", 2), response(120, "PD", 3)],
        [therapy("2024-04-01", "GENERAL")],
        config="[new_therapy]\nCM = \"CMTRT = 'DOCETAXEL'\"\n",
    ),
    (lambda s: s.time("PFS"), (42, 2)),
)
case(
    "therapy-category-unknown",
    lambda d: small_study(d, [], [response(42, "PR", 2), response(120, "PD", 3)], [therapy("2024-04-01", "GENERAL")]),
    (lambda s: s.time("PFS"), (120, 0)),
    (lambda s: len(s.rules("therapy-category-not-taken")), 1),
)
case(
    "therapy-prior",
    lambda d: small_study(
        d, [], [response(42, "PR", 2), response(120, "PD", 3)], [therapy("2024-04-01", "PRIOR ANTI-CANCER THERAPY")]
    ),
    (lambda s: s.time("PFS"), (120, 0)),
)
case(
    "therapy-of-later-assumed",
    lambda d: small_study(
        d, [], [response(42, "PR", 2), response(120, "PD", 3)], [therapy("2024-04-01", "POST-STUDY TREATMENT")]
    ),
    (lambda s: s.time("PFS"), (42, 2)),
    (lambda s: len(s.rules("therapy-assumed")), 1),
)
case(
    "therapy-without-category",
    lambda d: small_study(
        d,
        [],
        [response(42, "PR", 2), response(120, "PD", 3)],
        [therapy("2024-04-01", ""), therapy("2024-04-20")],
    ),
    (lambda s: s.time("PFS"), (42, 2)),
    (lambda s: s.frames["findings"].filter(RULE="therapy-assumed").height, 0),
    (
        lambda s: (
            "1 without a category" in s.frames["findings"].filter(RULE="therapy-category-not-taken")["MESSAGE"].item()
        ),
        True,
    ),
)
case(
    "therapy-by-class",
    lambda d: small_study(
        d,
        [],
        [response(42, "PR", 2), response(120, "PD", 3)],
        [therapy("2024-04-01", "", CMDECOD="ANTINEOPLASTIC AGENTS")],
    ),
    (lambda s: s.time("PFS"), (42, 2)),
)
case(
    "response-after-complete-response",
    lambda d: small_study(
        d, [], [response(42, "CR", 2), response(84, "PR", 3)], config='[response]\npreset = "recist_1_1"\n'
    ),
    (lambda s: s.time("PFS"), (84, 0)),
    (lambda s: s.rules("response-after-cr"), [("RS", 2, "1")]),
)
case(
    "check-is-no-adequate-assessment",
    lambda d: small_study(d, [], [response(42, "SD", 2), response(84, "CHECK", 3)]),
    (lambda s: s.time("PFS"), (42, 1)),
)


def independent(w, v, vis):
    return response(w, v, vis, RSEVAL="INDEPENDENT ASSESSOR")


both = [
    response(42, "PR", 2),
    response(84, "PR", 3),
    response(168, "PD", 5),
    independent(84, "PR", 3),
    independent(126, "PR", 4),
    independent(168, "PD", 5),
]
alone = [r for r in both if r["RSEVAL"] != "INVESTIGATOR"]
for rows in (both, alone):
    case(
        "duration-of-one-evaluator",
        lambda d, rows=rows: small_study(d, [], rows, [therapy(day(60))], config='[response]\nnew_therapy="ignore"\n'),
        (lambda s: s.time("DOR", evaluator="CENTRAL"), (168, 0)),
    )


def short_axis(lesion, w, mm, v):
    return size(lesion, w, mm, v, TRTESTCD="LPERP")


case(
    "short-axis-alone",
    lambda d: small_study(
        d, [short_axis("T01", -5, 20, 1), size("T02", -5, 20, 1), short_axis("T01", 42, 9, 2), size("T02", 42, 0, 2)]
    ),
    (lambda s: s.points(), [(42, "CR")]),
)
case(
    "size-without-a-date",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", None, 30, 2), size("T01", 84, 30, 3)]),
    (lambda s: s.points(), [(84, "PR")]),
    (lambda s: s.rules("assessment-without-date"), [("TR", 2, "1")]),
)
case(
    "best-change-after-progression",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, 61, 2), size("T01", 84, 20, 3)]),
    (lambda s: s.rules("best-change-after-progression"), [("TR", 3, "1")]),
    (lambda s: s.frames["adtr"].filter(ANL02FL="Y")["AVAL"].to_list(), [20.0]),
)
case(
    "best-change-until-progression",
    lambda d: small_study(
        d,
        [size("T01", -5, 50, 1), size("T01", 42, 61, 2), size("T01", 84, 20, 3)],
        config='[response]\nbest_change = "until-progression"\n',
    ),
    (lambda s: s.frames["adtr"].filter(ANL02FL="Y")["AVAL"].to_list(), [61.0]),
)
case(
    "new-lesion-text-unknown",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, 30, 2), state("NEW01", 42, "SEEN?", 2)]),
    (lambda s: s.points(), [(42, "PR")]),
    (lambda s: s.rules("new-lesion-text-unknown"), [("TR", 3, "1")]),
)
case(
    "non-target-recorded-without-state",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 50, 1),
            state("NT01", -5, "PRESENT", 1, TRGRPID="NON-TARGET"),
            size("T01", 42, 30, 2),
            state("NT01", 42, "", 2, TRGRPID="NON-TARGET"),
        ],
    ),
    (lambda s: s.points(), [(42, "PR")]),
    (lambda s: s.rules("non-target-without-state"), [("TR", 4, "1")]),
)
case(
    "new-lesion-in-words-of-old-ones",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 50, 1),
            size("T01", 42, 30, 2),
            state("NEW01", 42, "UNEQUIVOCAL PROGRESSION", 2),
            size("T01", 84, 30, 3),
            state("NEW01", 84, "DISAPPEARED", 3),
        ],
    ),
    (lambda s: s.points(), [(42, "PD"), (84, "PR")]),
    (lambda s: s.rules("new-lesion-text-unknown"), []),
)
case(
    "new-lesion-equivocal-first",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 40, 1),
            size("T01", 42, 40, 2),
            state("NEW01", 42, "EQUIVOCAL", 2),
            size("T01", 84, 40, 3),
            state("NEW01", 84, "UNEQUIVOCAL", 3),
            state("NEW02", 84, "EQUIVOCAL", 3),
        ],
    ),
    (lambda s: s.points(), [(42, "PD"), (84, "PD")]),
    (lambda s: s.rules("new-lesion-since"), [("TR", 3, "1")]),
    (lambda s: s.rules("progression-without-lesion"), []),
)
case(
    "part-in-two-groups",
    lambda d: small_study(
        d,
        [
            size("T01", -5, 40, 1),
            size("T02", -5, 20, 1),
            state("T02", -4, "PRESENT", 1, TRGRPID="NON-TARGET"),
            size("T01/T02", 42, 30, 2),
        ],
    ),
    (lambda s: s.sums(), [(-5, 60.0, "Y"), (42, 30.0, "Y")]),
    (lambda s: [row for _, row, _ in s.rules("lesion-in-two-groups")], [2, 3]),
)
case(
    "new-lesion-without-text",
    lambda d: small_study(d, [size("T01", -5, 50, 1), size("T01", 42, 30, 2), size("NEW01", 45, 8, 2)]),
    (lambda s: s.points(), [(42, "PD")]),
)
case(
    "two-responses-on-one-day",
    lambda d: small_study(d, [], [response(42, "PR", 2), response(42, "SD", 2)]),
    (lambda s: len(s.rules("responses-on-one-day")), 2),
    (lambda s: s.best(parameter="BOR"), "SD"),
)


@pytest.mark.parametrize(("build", "expected"), CASES)
def test_a_small_study_gives_what_recist_says(tmp_path, build, expected):
    study = build(tmp_path / "study")
    for look, wanted in expected:
        assert look(study) == wanted


def test_every_line_of_the_table_has_a_study():
    lines = DOCS.read_text().split("## Response", 1)[1].split("\n## ", 1)[0].splitlines()
    named = [name for line in lines if line.startswith("| ") for name in re.findall("`([^`]+)`", line.split("|")[-2])]
    assert sorted(set(named)) == sorted({c.id for c in CASES})


def test_a_first_response_after_a_therapy_that_is_ignored_is_told(tmp_path):
    """It counts, and that therapy began before the duration that it would end."""
    rows = [response(42, "SD", 2), response(84, "PR", 3), response(140, "PR", 4), response(196, "PD", 5)]
    config = '[response]\nnew_therapy = "ignore"\n'
    study = small_study(tmp_path / "a", [], rows, [therapy(day(60))], config=config)
    assert (study.best(), study.rules("response-after-new-therapy")) == ("PR", [("RS", 2, "1")])
    study = small_study(tmp_path / "b", [], rows, [therapy(day(100))], config=config)
    assert study.rules("response-after-new-therapy") == []
