"""Where a table says how many subjects it is about: in its head, in its footnotes, in a row of those evaluable."""

from __future__ import annotations

import re
from collections import defaultdict

from codon12.check.grammar.extract import Text
from codon12.check.statements import Statement

__all__ = ["OWN_TOTAL", "SIGNS", "evaluable_rows", "totals_in_footnotes", "totals_in_heads"]

OWN_TOTAL = re.compile(r"\b[nN]\s*=\s*(\d[\d,]*)")
SIGNS = frozenset("*†‡§¶‖#")
_FOOTNOTE_TOTAL = re.compile(
    r"\b[nN]\s*=\s*(\d[\d,]*)"
    r"|\b(?:[Oo]f|[Oo]n|[Ff]or|[Ii]n|[Ff]rom|[Aa]mong) (?:the |all |only )?(\d{1,3}(?:,\d{3})+|\d{2,})"
    r" (?:[a-z-]+ ){0,3}(?:patients|participants|subjects|tumou?rs|samples|cases|women|men)\b"
)
_EVALUABLE = re.compile(
    r"\b(?:evaluable|assessable|evaluated|assessed|analy[sz]ed|tested|with (?:available )?(?:data|tissue|results?))\b|"
    r"^\W*(?:No\.|Number|N|n)(?: of (?:patients|participants|subjects))?\W*$",
    re.IGNORECASE,
)
"""Labels of rows that give the totals of the rows below them."""


def totals_in_heads(text: Text) -> dict[int, list[tuple[int, Statement]]]:
    """Table number -> totals named in its header rows (before its first cell), in order."""
    out: dict[int, list[tuple[int, Statement]]] = defaultdict(list)
    begun: set[int] = set()
    for s in text.statements:
        p = text.passages[s.passage]
        if p.table is None:
            continue
        if s.kind == "table_cell" and not OWN_TOTAL.search(s.quote):
            begun.add(p.table)
        elif s.kind == "count":
            n = s.quantities.N if s.quantities.N is not None else s.quantities.n
            if n is not None and n > 1 and OWN_TOTAL.search(s.quote) and (p.table not in begun or not out[p.table]):
                out[p.table].append((n, s))
    return out


def totals_in_footnotes(text: Text, flat: str) -> dict[int, list[tuple[str, int, str]]]:
    """Table number -> sign, total and words of the footnotes that name a total."""
    out: dict[int, list[tuple[str, int, str]]] = defaultdict(list)
    table, sign = None, ""
    for p in text.passages:
        if p.table is not None:
            table, sign = p.table, ""
        elif table is not None and p.footnote:
            words = flat[p.start : p.end].strip()
            sign = words[0] if words[:1] in SIGNS else sign
            for m in _FOOTNOTE_TOTAL.finditer(words):
                number = next(g for g in m.groups() if g)
                out[table].append((sign, int(number.replace(",", "")), words[:80]))
        else:
            table = None
    return out


def evaluable_rows(text: Text, by_passage: dict[int, list[Statement]]) -> dict[int, list[tuple[int, list[Statement]]]]:
    """Table number -> passage and cells of the rows that say how many subjects were evaluable."""
    out: dict[int, list[tuple[int, list[Statement]]]] = defaultdict(list)
    for passage, cells in by_passage.items():
        p = text.passages[passage]
        if p.table is None or not cells or any(c.kind != "table_cell" for c in cells):
            continue
        if all(c.quantities.percent is None and c.quantities.n for c in cells) and _EVALUABLE.search(cells[0].label):
            out[p.table].append((passage, cells))
    return out
