"""A law: whatever the shape of a table, the same numbers give the same verdicts, and a right table raises no alarm."""

import re

import pytest

from codon12.check import check_text
from codon12.check.documents.html import html_text

HEAD = ("Response, no. (%)", ("Sotorasib", 176), ("Docetaxel", 169))
ROWS = (
    ("Complete response", (5, "2.8"), (1, "0.6")),
    ("Partial response", (53, "30.1"), (25, "14.8")),
    ("Stable disease", (78, "44.3"), (68, "40.2")),
    ("Progressive disease", (26, "14.8"), (54, "32.0")),
    ("Not evaluable", (14, "8.0"), (21, "12.4")),
    ("Objective response", (58, "33.0"), (26, "15.4")),
    ("95% CI, %", ("26.1", "40.4"), ("10.3", "21.7")),
)
PAREN = "(N = {})"
FAULTS = {
    "a count": (1, 1, (35, "30.1")),
    "a share": (2, 2, (68, "31.2")),
    "a sum": (5, 2, (30, "17.8")),
    "a row too many": (3, 1, (37, "21.0")),
    "a limit": (6, 1, ("26.1", "46.4")),
}


def grid(rows, *, size=PAREN, cell="{n} ({p})"):
    """Rows of words, the head first."""
    heads = [HEAD[0], *(f"{arm} {size.format(n)}".strip() for arm, n in HEAD[1:])]
    out = [heads]
    for label, *cells in rows:
        words = [
            f"{a}–{b}" if "." in str(a) else cell.format(n=a, p=b, N=arm[1])
            for (a, b), arm in zip(cells, HEAD[1:], strict=True)
        ]
        out.append([label, *words])
    return out


def with_sign(rows, sign):
    return "\n".join(sign.join(row) for row in rows)


def in_columns(rows, *, wrapped=False):
    """Columns of spaces; the labels and cells on two lines where they are `wrapped`."""
    lines = []
    for row in rows:
        cells = [re.split(r" (?=\()", x, maxsplit=1) if wrapped and " (" in x else [x] for x in row]
        if wrapped and cells[0][0].endswith("response"):
            cells[0] = [cells[0][0].removesuffix(" response"), "  response"]
        lines += [[c[k] if k < len(c) else "" for c in cells] for k in range(max(map(len, cells)))]
    widths = [max(len(x[j]) for x in lines) + 3 for j in range(len(lines[0]))]
    return "\n".join("".join(x.ljust(w) for x, w in zip(line, widths, strict=True)).rstrip() for line in lines)


def in_html(rows):
    cells = ["".join(f"<td>{x.replace(' (', '<br>(')}</td>" for x in row) for row in rows]
    cells[1] = cells[1].replace("Complete response", "<b>Complete</b> response<sup>a</sup>")
    return html_text(f"<table>{''.join(f'<tr>{x}</tr>' for x in cells)}</table>").replace("Table 1.", "", 1)


def turned(rows):
    return [list(x) for x in zip(*rows, strict=True)]


def size_in_a_row(rows):
    head, *body = grid(rows, size="")
    return [head, ["No. of patients", *(str(n) for _, n in HEAD[1:])], *body]


def continued(rows):
    head, *body = grid(rows)
    first, second = with_sign([head, *body[:5]], "\t"), with_sign([head, *body[5:]], "\t")
    return f"{first}\n\nTable 1 (continued). Response\n\n{second}"


SHAPES = {
    "tabs": lambda r: with_sign(grid(r), "\t"),
    "bars": lambda r: with_sign(grid(r), " | "),
    "columns": lambda r: in_columns(grid(r)),
    "wrapped": lambda r: in_columns(grid(r), wrapped=True),
    "html": lambda r: in_html(grid(r)),
    "size bare": lambda r: with_sign(grid(r, size="N={}"), "\t"),
    "size in words": lambda r: with_sign(grid(r, size="({} patients)"), "\t"),
    "size in a row": lambda r: with_sign(size_in_a_row(r), "\t"),
    "percent sign": lambda r: with_sign(grid(r, cell="{n} ({p}%)"), "\t"),
    "share first": lambda r: with_sign(grid(r, cell="{p}% ({n})"), "\t"),
    "n of N": lambda r: with_sign(grid(r, cell="{n}/{N} ({p}%)"), "\t"),
    "share of n of N": lambda r: in_columns(grid(r, cell="{p}% ({n}/{N})")),
    "turned": lambda r: with_sign(turned(grid(r)), "\t"),
    "turned, size in words": lambda r: with_sign(turned(grid(r, size="({} patients)")), "\t"),
    "mid dots": lambda r: with_sign(grid(r), "\t").replace(".", "·").replace("no·", "no."),
    "group in labels": lambda r: with_sign(
        [[f"Best response: {x[0]}" if 0 < k < 6 else x[0], *x[1:]] for k, x in enumerate(grid(r))], "\t"
    ),
    "continued": continued,
}


def problems(shape, rows):
    text = f"Table 1. Response\n\n{SHAPES[shape](rows)}\n\nThe outcomes were assessed by the investigators.\n"
    report = check_text(text)
    assert report.text.coverage.as_json()["not_read"] == 0
    return report.problems


@pytest.mark.parametrize("shape", SHAPES)
def test_a_right_table_raises_no_alarm_and_a_fault_is_seen(shape):
    assert problems(shape, ROWS) == []
    for name, (row, column, value) in FAULTS.items():
        rows = [list(x) for x in ROWS]
        rows[row][column] = value
        assert problems(shape, rows), name


RISK = "Table 2. Number of patients at risk\n\nArm\tMonths\n\t0\t3\t6\t9\nDrug\t176\t127\t{}\t74\nPlacebo\t169\t115\t76\t44\n"


def test_numbers_at_risk_in_a_table_only_fall():
    assert check_text(RISK.format(93)).problems == []
    assert [f.statement.quote for f in check_text(RISK.format(129)).problems] == ["129"]
    turned_ = "Table 2. Number at risk\n\nMonth\tDrug\tPlacebo\n0\t176\t169\n3\t127\t115\n6\t{}\t76\n9\t74\t44\n"
    assert check_text(turned_.format(93)).problems == []
    assert len(check_text(turned_.format(139)).problems) == 1
