"""What a design hands on: protocol text and the sheet of a data monitoring committee, each number computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from codon12.design.arguments import COUNT, PATIENTS, checked
from codon12.design.probability.prior import Prior
from codon12.design.protocol.record import DesignRecord
from codon12.design.sequential.spending import as_spending
from codon12.design.single_arm.boundaries import Boundaries
from codon12.errors import DesignError, UsageError
from codon12.policy import Policy

__all__ = ["Document", "decision", "dmc_sheet", "protocol_text"]

_NAMES = {
    "predictive": "Monitoring by predictive probability of success",
    "simon": "Simon's two-stage design",
    "fleming": "Fleming's multiple-stage design",
    "curtailed": "Curtailed design",
    "thall-simon": "Bayesian monitoring against a standard rate",
    "toxicity": "Stopping for toxicity",
    "bop2": "BOP2 design",
    "bop2-pair": "BOP2 design for two endpoints",
    "group-sequential": "Group sequential design",
}
_HEADS = {
    "n": "Evaluable patients",
    "stop_at_most": "Stop (final: no success) at or below",
    "stop_at_least": "Stop for efficacy (final: success) at or above",
    "final": "Final analysis",
    "rate": "True rate",
    "success": "P(success)",
    "stop": "P(stop)",
    "stop_early": "P(early stop)",
    "stop_futility": "P(stop, futility)",
    "stop_efficacy": "P(stop, efficacy)",
    "expected_n": "Expected patients",
    "sd_n": "SD of patients",
}
_KIND_HEADS = {
    "toxicity": {
        "n": "Patients",
        "stop_at_least": "Stop for toxicity at or above",
        "rate": "True toxicity rate",
        "stop": "P(stop for toxicity)",
    },
}
_PRIORS = {
    ("toxicity", "prior"): "toxicity",
    ("thall-simon", "standard"): "standard response",
    ("thall-simon", "experimental"): "experimental response",
}


@dataclass(frozen=True)
class Document:
    """A short document: a title and blocks, each a heading, a paragraph or a table.

    Attributes
    ----------
    title
        Its title.
    blocks
        Pairs (``heading`` or ``text``, str) or (``table``, columns).
    """

    title: str
    blocks: tuple[tuple[str, Any], ...]

    def to_markdown(self) -> str:
        """Give the document as Markdown."""
        parts = [f"# {self.title}"]
        for kind, content in self.blocks:
            if kind == "heading":
                parts.append(f"## {content}")
            elif kind == "table":
                parts.append(_markdown_table(content))
            else:
                parts.append(content)
        return "\n\n".join(parts) + "\n"

    def save(self, path: Path) -> None:
        """Write the document; the ending says how: ``.md`` or ``.docx``.

        Raises
        ------
        UsageError
            Another ending, or python-docx is not installed.
        """
        if path.suffix == ".md":
            path.write_text(self.to_markdown(), encoding="utf-8")
        elif path.suffix == ".docx":
            self._save_docx(path)
        else:
            raise UsageError(f"{path}: a document is written as .md or .docx")

    def _save_docx(self, path: Path) -> None:
        try:
            import docx
        except ImportError:
            raise UsageError("writing .docx needs python-docx: pip install 'codon12[documents]'") from None
        out = docx.Document()
        out.add_heading(self.title, level=0)
        for kind, content in self.blocks:
            if kind == "heading":
                out.add_heading(content, level=1)
            elif kind == "text":
                out.add_paragraph(content)
            else:
                rows = list(zip(*content.values(), strict=True))
                table = out.add_table(rows=1 + len(rows), cols=len(content), style="Light Grid Accent 1")
                for cell, name in zip(table.rows[0].cells, content, strict=True):
                    cell.text = name
                for line, row in zip(table.rows[1:], rows, strict=True):
                    for cell, value in zip(line.cells, row, strict=True):
                        cell.text = _shown(value)
        out.save(str(path))


@checked(n=PATIENTS, responses=COUNT)
def decision(boundaries: Boundaries, n: int, responses: int) -> str:
    """Say what a look decides, as in "12 of 55: continue; stop at 10 or fewer".

    Raises
    ------
    DesignError
        `n` is no look of the design, or more responses than patients.

    Examples
    --------
    >>> decision(Boundaries(29, 4, (10,), (0,)), 10, 0)
    '0 of 10: stop for futility; stop at 0 or fewer.'
    """
    b = boundaries
    if not 0 <= responses <= n:
        raise DesignError(f"{responses} responses among {n} patients are not possible")
    if n == b.n:
        verdict = "success" if responses >= b.success_at_least else "no success"
        return f"{responses} of {n}: {verdict}; success at {b.success_at_least} or more."
    if n not in b.looks:
        listed = ", ".join(map(str, (*b.looks, b.n)))
        raise DesignError(f"there is no look after {n} patients; the looks are after {listed}")
    k = b.looks.index(n)
    low, high = b.stop_at_most[k], b.stop_at_least[k]
    verdict = "stop for futility" if responses <= low else ("stop for efficacy" if responses >= high else "continue")
    return f"{responses} of {n}: {verdict}; {_rule(n, low, high)}."


def dmc_sheet(record: DesignRecord) -> Document:
    """Write the sheet a monitoring committee decides by: for each look, what stops the trial.

    Examples
    --------
    >>> from codon12.design.protocol.record import answer
    >>> sheet = dmc_sheet(answer("simon", {"p0": 0.1, "p1": 0.3, "power": 0.9}))
    >>> "After 18 patients: stop at 2 or fewer; continue at 3 or more." in sheet.to_markdown()
    True
    """
    b = _boundaries(record)
    lines = []
    for m, low, high in zip(b.looks, b.stop_at_most, b.stop_at_least, strict=True):
        middle = [x for x in (low + 1, high - 1) if 0 <= x <= m]
        last = "" if middle and middle[0] == high - 1 else f" to {high - 1}"
        span = "" if high <= low + 1 else f"; continue at {middle[0]}" + (last if high <= m else " or more")
        rule = _rule(m, low, high)
        lines.append(f"- After {m} patients: {rule}{span if rule != 'no stop' else ''}.")
    end = f"- After {b.n} patients (final): success at {b.success_at_least} or more."
    if b.success_at_least > b.n:
        end = f"- After {b.n} patients: the trial is complete."
    return Document(
        f"Decision sheet: {_name(record)}",
        (
            ("text", "Count only patients whose outcome is known. Decide by the number of responses at each look."),
            ("text", "\n".join([*lines, end])),
            ("table", _headed(record.kind, b.columns())),
            *_colophon(record),
        ),
    )


def protocol_text(record: DesignRecord) -> Document:
    """Write the statistical section of a protocol, every number computed from the rule.

    Examples
    --------
    >>> from codon12.design.protocol.record import answer
    >>> text = protocol_text(answer("simon", {"p0": 0.1, "p1": 0.3, "power": 0.9}, rates=(0.1, 0.3)))
    >>> "Operating characteristics" in text.to_markdown()
    True
    """
    found: Any = record.answer
    blocks: list[tuple[str, Any]] = [("heading", "Design"), ("text", record.sentence)]
    policies = vars(found).items() if hasattr(found, "__dict__") else ()
    sentences = [s for name, value in policies for s in _sentences(record.kind, name, value)]
    sentences += _spending(record)
    if sentences:
        blocks += [("heading", "Rules"), ("text", "\n".join(f"- {s}" for s in sentences))]
    if hasattr(found, "columns"):
        blocks += [("heading", _table_heading(found)), ("table", _headed(record.kind, found.columns()))]
    if record.rates:
        seen = found.operating_characteristics(list(record.rates))
        blocks += [
            ("heading", "Operating characteristics"),
            (
                "text",
                "Computed exactly by convolution over the looks. Expected sizes count evaluable patients.",
            ),
            ("table", _headed(record.kind, seen.columns())),
        ]
    return Document(_name(record), (*blocks, *_colophon(record)))


def _sentences(kind: str, name: str, value: Any) -> Sequence[str]:
    if isinstance(value, Prior):  # a design may have two: each is called by what it is the prior of
        return [f"The prior of the {_PRIORS.get((kind, name), 'response')} rate is {value}."]
    return [s for s in value.sentences().values() if s] if isinstance(value, Policy) else ()


def _spending(record: DesignRecord) -> list[str]:
    """By what function each error rate of a group sequential design is spent, or the shape of its bounds."""
    if record.kind != "group-sequential":
        return []
    asked = record.arguments
    shape = asked.get("shape", "spending")
    delta = f" (delta {asked.get('delta', 0.25):g})" if shape == "wang-tsiatis" else ""
    by = f"function {as_spending(asked.get('spending', 'obrien-fleming'))}" if shape == "spending" else ""
    out = [f"The type I error is spent by the {by}." if by else f"The efficacy bounds have the shape {shape}{delta}."]
    if asked.get("futility") is not None:
        out.append(f"The type II error is spent by the function {as_spending(asked['futility'])}.")
    return out


def _headed(kind: str, columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Columns under the heads that readers see."""
    heads = {**_HEADS, **_KIND_HEADS.get(kind, {})}
    return {heads.get(name, name.replace("_", " ").capitalize()): values for name, values in columns.items()}


def _table_heading(found: Any) -> str:
    bounds = ("boundaries", "stop_at_least", "upper", "first", "r1", "designs", "n2", "reject_at_least")
    return "Decision boundaries" if any(hasattr(found, name) for name in bounds) else "Results"


def _rule(n: int, low: int, high: int) -> str:
    parts = []
    if low >= 0:
        parts.append(f"stop at {low} or fewer")
    if high <= n:
        parts.append(f"stop for efficacy at {high} or more")
    return "; ".join(parts) or "no stop"


def _boundaries(record: DesignRecord) -> Boundaries:
    found = getattr(record.answer, "boundaries", None)
    if record.kind == "toxicity" or not isinstance(found, Boundaries):
        raise DesignError(f"a {record.kind} design has no boundaries by number of responses to put on a sheet")
    return found


def _colophon(record: DesignRecord) -> tuple[tuple[str, str], ...]:
    asked = msgspec.json.encode({"design": record.kind, **record.arguments}).decode()
    source = f"Computed with codon12 {record.version} from `{asked}`. Hash of question and answer: `{record.hash}`."
    again = "`codon12 design replay FILE` computes it again from the saved record."
    return (("heading", "Source"), ("text", f"{source} {again}"))


def _name(record: DesignRecord) -> str:
    return _NAMES.get(record.kind, record.kind.replace("-", " ").capitalize())


def _markdown_table(columns: Mapping[str, Sequence[Any]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + " ---: |" * len(columns)]
    lines += ["| " + " | ".join(_shown(v) for v in row) + " |" for row in zip(*columns.values(), strict=True)]
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
