"""A cell of a table and the number of a study it shows: by its row, its heading and what its column holds."""

from __future__ import annotations

from collections import Counter, defaultdict

import msgspec

from codon12.check import patterns as re
from codon12.check.comparing.baseline import Baseline
from codon12.check.comparing.cell_estimates import MEDIAN, CellEstimates, judged
from codon12.check.comparing.columns import Column, Heads, column_of, columns_of
from codon12.check.comparing.equality import Row, is_equal
from codon12.check.comparing.in_sentence import grade_in
from codon12.check.comparing.levels import Level
from codon12.check.comparing.named import RESULT, Named
from codon12.check.comparing.near import stems
from codon12.check.comparing.others import Others
from codon12.check.comparing.outcomes import ENDPOINT_OF, MEDIANS, SHARES
from codon12.check.comparing.parts import Parts
from codon12.check.comparing.slips import is_near
from codon12.check.judge import Report
from codon12.check.statements import Statement
from codon12.check.verdicts import Finding

__all__ = ["Cells"]


class Cells:
    """The numbers of a study, looked up for the cells of tables."""

    def __init__(self, rows: list[Row], report: Report, by_key: dict[tuple[str, str], list[Row]]) -> None:
        self._report, self._by_key = report, by_key
        self._baseline, self._parts = Baseline(rows), Parts(rows)
        self._named, self._others = Named(rows, self._parts), Others(rows, self._parts)
        self._heads, self._estimates = Heads(report), CellEstimates(by_key, self._parts)
        self._events: dict[int | None, list[Row]] = {}
        """By table, the events that the last row of events was of: rows of grades below it are of them."""
        self._sized = sorted(
            (r for r in rows if r["N"] is not None and r["kind"] in ("count", "rate", "time")),
            key=lambda r: not str(r["endpoint"]).startswith(("flow.randomised", "flow.treated")),
        )
        self._of_parts = [r for r in rows if Parts.part_of(r) is not None and r["kind"] in {"rate", "time"}]
        self._tested = [r for r in rows if str(r["endpoint"]).startswith("prevalence.") and r["value"] is not None]
        self._by_label: dict[frozenset[str], list[Row]] = defaultdict(list)
        for row in rows:
            if row["kind"] in {"count", "fraction"} and row["label"]:
                self._by_label[_stems(row["label"])].append(row)
        cells = [f.statement for f in report.findings if f.statement.kind == "table_cell"]
        self._again = Counter(self._place(s) for s in cells)
        self._columns = columns_of(
            (
                ((table, self._heads.column(s)), s, self._may_show(s))
                for s in cells
                if (table := report.text.passages[s.passage].table) is not None
            ),
            is_equal,
        )

    def of(self, finding: Finding) -> tuple[Row | None, Row | None]:
        """The number of the study that a cell agrees with, and the one it contradicts; at most one of them."""
        s = finding.statement
        right, wrong = self._of(finding)
        if wrong is None:
            return right, None
        words = f"{self._heads.over(s)} {self._heads.label(s)} {self._report.text.passages[s.passage].heading}"
        other = self._others.of(s, wrong, words, words)
        return (None, wrong) if other is None else (other, None)

    def _of(self, finding: Finding) -> tuple[Row | None, Row | None]:
        s = finding.statement
        p = self._report.text.passages[s.passage]
        head, label = self._heads.over(s), self._heads.label(s)
        if s.kind in MEDIANS and self._is_in_label(s):
            return None, None  # OS at 6 / 12 / 24 months, %
        if s.kind == "count" and not head:
            return self._of_size(s)
        if head and (estimates := self._estimates.of(s, label, head, p.heading)) is not None:
            return judged(estimates, s)
        if s.kind in MEDIANS and "%" in head:
            return None, None
        if head and self._arm(head) is None and self._parts.named_arms.of(label):
            label, head = head, label  # arms in rows: what is counted stands over the column
            s = msgspec.structs.replace(s, label=label)
        arm = self._arm(head)
        if arm is not None and s.kind == "table_cell":
            return self._of_arm(s, finding, p.heading, arm, label, head)
        columns = self._columns.get((p.table or -1, self._heads.column(s)))
        rows, certain = self._of_baseline(s, p.heading, columns)
        if not rows:
            rows, certain = self._of_row(s)
            if s.kind == "table_cell" and columns is not None:
                rows, certain = self._in_columns(s, rows, columns), True
                if not rows or (self._again[self._place(s)] > 1 and not any(is_equal(s, r) for r in rows)):
                    return None, None  # `Other` of two headings: which is meant is not told
        part = self._of_part(s, p.heading) if not any(is_equal(s, r) for r in rows) else []
        rows = part or rows
        reader = self._parts.reader_in(f"{label} {head} {p.heading}")
        rows = [r for r in rows if reader is None or r.get("evaluator") in (reader, None)]
        equal = next((r for r in rows if is_equal(s, r)), None)
        if equal is not None or not rows:
            return equal, None
        near = next((r for r in rows if is_near(s, r)), None)
        if near is not None:
            return None, near
        if part and s.kind == "count":
            return None, next((r for r in rows if r["N"] == s.quantities.N), None)
        if s.kind in MEDIANS and not MEDIAN.search(f"{label} {head} {s.quote}"):
            return None, None  # which of several columns it stands in is not known
        if certain and not part:
            return None, next((r for r in rows if r["level"] == "all"), rows[0])
        return None, None

    def _is_in_label(self, s: Statement) -> bool:
        """Whether a number stands in the first cell of a row that has others."""
        p, text = self._report.text.passages[s.passage], self._report.text.normal.text
        to_end, behind = text[p.start : s.normal_end].lstrip("| "), text[s.normal_end : p.end].rstrip("| ")
        return not _CELL_ENDS.search(to_end) and _CELL_ENDS.search(behind) is not None

    def _arm(self, head: str) -> str | None:
        """The arm that the head of a column names; `all` where it says so in a study of several."""
        arms = self._parts.named_arms.of(head)
        if len(arms) == 1:
            return arms[0]
        return "all" if not arms and len(self._parts.arms) >= _TWO and _TOTAL.search(head) else None

    def _of_size(self, s: Statement) -> tuple[Row | None, Row | None]:
        """`Placebo (N = 86)` in the head of a column: any number of patients that the study has of that arm."""
        q = s.quantities
        n = q.N if q.N is not None else q.n
        text = self._report.text.normal.text
        begin = max(text.rfind(x, 0, s.normal_start) for x in ("\t", "|", "\n"))
        arms = self._parts.named_arms.of(text[begin + 1 : s.normal_start])
        if not arms and _TOTAL.match(text[begin + 1 : s.normal_start]):
            arms = ["all"]
        if n is None or len(arms) != 1 or not _SIZE.match(text[s.normal_start : s.normal_end]):
            return None, None
        sizes = [r for r in self._sized if r.get("arm") == arms[0]]
        equal = next((r for r in sizes if r["N"] == n), None)
        return equal, sizes[0] if equal is None and sizes else None

    def _of_arm(
        self, s: Statement, finding: Finding, heading: str, arm: str, label: str, head: str
    ) -> tuple[Row | None, Row | None]:
        """The number of the arm that a column is of: contradicted where the row can be of one thing alone."""
        table = self._report.text.passages[s.passage].table
        grade = grade_in(head) or grade_in(label) or "any"
        events = [r for r in self._of_events(s) if r["statistic"] == grade]
        if _ONLY_GRADE.match(label):
            events = [r for r in self._events.get(table, []) if r["statistic"] == grade]
        elif events:
            self._events[table] = self._of_events(s)
        if _RELATED.search(f"{label} {heading}"):
            events = [r for r in events if str(r["endpoint"]).startswith("ae.related")]
        elif _ALL_EVENTS.search(f"{label} {heading}"):
            events = [r for r in events if not str(r["endpoint"]).startswith("ae.related")]
        rows = (
            events
            or self._of_level(label, heading)
            or self._baseline.of(s, heading)
            or self._named.of_label(label, heading)
            or self._of_row(s)[0]
            or self._by_label.get(_stems(label), [])
        )
        rows = [r for r in rows if r.get("arm") == arm and Parts.part_of(r) is None]
        if not events:
            rows = [r for r in rows if not str(r["endpoint"]).startswith("ae.") or r["statistic"] == grade]
        if (equal := next((r for r in rows if is_equal(s, r)), None)) is not None:
            return equal, None
        near = next((r for r in rows if is_near(s, r)), None)
        size = _HEAD_SIZE.search(head)
        total = int(size[1].replace(",", "")) if size is not None else None
        if total is None and finding.denominator is not None and finding.denominator.tie != "inferred":
            total = finding.denominator.value
        one = len({(r["endpoint"], r["statistic"]) for r in rows}) == 1 and total in (None, rows[0]["N"])
        told = one and s.quantities.percent is not None and self._again[self._place(s)] <= 1
        return None, near if near is not None else rows[0] if told else None

    def _of_baseline(self, s: Statement, heading: str, columns: frozenset[Column] | None) -> tuple[list[Row], bool]:
        """Rows of a baseline characteristic, of the arm of the column where cells tell it."""
        families = {c[0] for c in columns or ()}
        if columns is not None and "baseline" not in families:
            return [], False
        here = self._of_level(s.label) if s.quantities.percent is not None else []
        here = here or self._baseline.of(s, heading)
        rows = [r for r in here if columns is None or column_of(r) in columns]
        return rows, s.column in (0, None) or columns is not None

    def _of_level(self, label: str, heading: str = "") -> list[Row]:
        """Those at baseline who are of the category that the label of a row names with its variable: `TP53 mutated`.

        A gene by itself is mutated, under a heading of alterations: `STK11`, `KRAS, any`.
        """
        level = self._parts.named_in(label, label) or (
            None if RESULT.search(heading) else self._mutated(label, heading)
        )
        return self._named.of_category(level) if level is not None and self._parts.mentions(level[0], label) else []

    def _mutated(self, label: str, above: str) -> Level | None:
        """The category mutated of the one gene that a label is, where what stands above it speaks of alterations."""
        genes = self._parts.levels.variables_in(label) if _SHARES.search(above) else set()
        levels = self._parts.levels.all if len(genes) == 1 else ()
        return next(((v, c) for v, c in levels if v in genes and c.lower() == "mutated"), None)

    def _may_show(self, s: Statement) -> list[Row]:
        """All rows a cell may show, whatever its column."""
        return self._of_events(s) or self._of_row(s)[0]

    def _of_events(self, s: Statement) -> list[Row]:
        """Events taken together, all and those related to treatment: a table may have a part for either."""
        return [r for x in ("ae", "ae.related") for r in self._named.events.of_label(s.label, x)]

    def _in_columns(self, s: Statement, rows: list[Row], columns: frozenset[Column]) -> list[Row]:
        """Rows of a label that may stand in a column: of its kind, or else of another family alike."""
        alike = {c[1:] for c in columns}
        if any(c[0].startswith("ae") for c in columns) and (events := self._of_events(s)):
            return [r for r in events if column_of(r)[1:] in alike]
        rows = [*rows, *self._by_label.get(_stems(s.label), []), *self._named.of_label(s.label)]
        of = [r for r in rows if column_of(r) in columns]
        others = [r for r in rows if column_of(r)[1:] in alike and not str(r["endpoint"]).startswith("ae")]
        return of or (others if len({r["endpoint"] for r in others}) == 1 else [])

    def _of_part(self, s: Statement, heading: str) -> list[Row]:
        """Rates and medians of the subgroup that a row names, its variable in the heading or in the row."""
        if s.kind not in ("percent_ci", "count", "median_ci", "count_percent_ci"):
            return []
        label = re.split(r"[|\t]", self._report.text.sentence(s).strip(" |\t"))[0]
        level = self._parts.named_in(label, f"{heading} {label}")
        of = [r for r in self._of_parts if Parts.part_of(r) == level] if level is not None else []
        return of or self._of_tested(label, f"{heading} {self._heads.over(s)}", level)

    def _of_tested(self, label: str, above: str, level: Level | None) -> list[Row]:
        """Shares of those tested who have what a row names."""
        if not _SHARES.search(above):
            return []
        level = level or self._mutated(label, above)
        return [r for r in self._tested if (r["variable"], r["category"]) == level]

    def _of_row(self, s: Statement) -> tuple[list[Row], bool]:
        """Rows a cell may show, those of all subjects first, and whether it must show one of them."""
        q = s.quantities
        endpoint = ENDPOINT_OF.get(q.outcome or "")
        found: list[Row] = []
        if endpoint is not None and not s.approximate:
            if s.kind in ("median_ci", "median_only", "median_range"):
                found = self._by_key.get((endpoint, "median"), [])
            elif s.kind == "landmark" and q.at is not None and q.unit == "months":
                found = self._by_key.get((endpoint, f"rate_{float(q.at.value):g}mo"), [])
            elif s.kind in SHARES:
                found = self._by_key.get((endpoint, "rate"), []) + self._by_key.get((endpoint, "n"), [])
        if found:
            certain = s.kind in (
                "median_ci",
                "median_only",
                "median_range",
                "landmark",
                "count_percent_ci",
                "percent_ci",
            )
            return sorted(found, key=lambda r: r["level"] != "all"), certain
        if s.kind == "table_cell" and (best := _BEST.match(s.label)):
            return self._by_key.get((ENDPOINT_OF[best[1]], "n"), []), s.column in (0, None)
        if s.kind == "table_cell" and s.label:
            words = _stems(s.label)
            found = self._by_label.get(words, []) if words else []
            telling = len(words) > 1 or any(r["endpoint"].startswith("ae.") for r in found)
            if not found:
                found = self._named.of_label(s.label)
                telling = bool(found) and found[0].get("arm") in (None, "all")
            return found, bool(found) and telling and s.column == 0 and q.percent is not None
        return [], False

    def _place(self, s: Statement) -> tuple[int | None, int | None, frozenset[str]]:
        """Table, column and label of a cell."""
        return self._report.text.passages[s.passage].table, self._heads.column(s), stems(s.label)


def _stems(label: str) -> frozenset[str]:
    """Stems of a label without those of who is counted: `Patients treated` is `Treated`."""
    words = stems(label)
    return words - _WHO or words


_CELL_ENDS = re.compile(r"[|\t]")
_WHO = stems("patients participants subjects number")
_BEST = re.compile(r"^\W*(CR|PR|SD|PD)\W*(?:n|no\.?)?\W*%?\W*$")
_SHARES = re.compile(r"\bprevalence|\bfrequency|\bmutat|\balter|\btested\b|\bpositive\b", re.IGNORECASE)
_TWO = 2
_TOTAL = re.compile(r"^\W*(?:all|total|overall)\b", re.IGNORECASE)
_SIZE = re.compile(r"^\W*n ?=", re.IGNORECASE)
_HEAD_SIZE = re.compile(r"\bn ?= ?(\d[\d,]*)", re.IGNORECASE)
_ONLY_GRADE = re.compile(
    r"^\W*(?:of |maximum |worst |with )?(?:any )?grades?\b[\d\s≥>=+<≤–/-]*(?:or (?:higher|greater|more|worse))?"
    r"\W*(?:n|no\.)?\W*$",
    re.IGNORECASE,
)
_RELATED = re.compile(r"\brelated\b", re.IGNORECASE)
_ALL_EVENTS = re.compile(r"\badverse events\b", re.IGNORECASE)
