"""Two genes altered together: how many have both, and the odds ratio, as a study gives them of each pair."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from codon12.check import patterns as re
from codon12.check.comparing.clause import Clause
from codon12.check.comparing.equality import Row, is_equal
from codon12.check.statements import Statement

__all__ = ["Together"]

_BOTH = re.compile(r"\bboth\b|\btogether\b|\bco-?(?:occur|mutat|alter)\w*|\bconcurrent|\boverlap\w*", re.IGNORECASE)
_PAIR, _REACH, _FEW = 2, 120, 3
_COUNTED = {"count", "count_percent", "count_percent_ci", "percent_ci"}


class Together:
    """The numbers of a study of pairs of genes."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._pairs: dict[tuple[frozenset[str], str], Row] = {}
        self._genes: dict[str, re.Pattern[str]] = defaultdict()
        for row in rows:
            if str(row["endpoint"]).startswith("co_occurrence.") and row["value"] is not None:
                genes = str(row["variable"]).split(" x ")
                self._pairs[frozenset(genes), str(row["statistic"])] = row
                self._genes |= {g: re.compile(rf"\b{re.escape(g)}(?![A-Za-z0-9])") for g in genes}

    def _in(self, words: str) -> frozenset[str]:
        """The two genes that words name last."""
        last = {
            g: max(m.start() for m in said.finditer(words)) for g, said in self._genes.items() if said.search(words)
        }
        return frozenset(sorted(last, key=last.__getitem__)[-_PAIR:])

    def of(self, s: Statement, clause: Clause) -> tuple[Row | None, Row | None]:
        """`30 tumours carried both KRAS and STK11 mutations (odds ratio, 3.04)`: agreed with, or contradicted."""
        ratio = s.kind == "hr_ci_p" and s.quantities.measure == "OR"
        if not ratio and (
            s.kind not in _COUNTED
            or (s.quantities.n or _FEW) < _FEW
            or not _BOTH.search(clause.since + clause.inside + clause.after)
        ):
            return None, None
        genes = frozenset() if ratio else self._in(clause.after)
        genes = genes if len(genes) == _PAIR else self._in(clause.head[-_REACH:])
        row = self._pairs.get((genes, "odds_ratio" if ratio else "both"))
        if row is None or is_equal(s, row):
            return row, None
        told = not clause.is_elsewhere and s.quantities.N in (None, row["N"])
        return None, row if told and not re.search(r"\badjust|\beither\b", clause.clause) else None
