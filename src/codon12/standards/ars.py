"""The plan and the evidence of a study as an ARS reporting event (CDISC Analysis Results Standard 1.0)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from codon12.analyses.kind import SECTIONS
from codon12.standards.predicates import condition_of
from codon12.tables import cell_text

__all__ = ["reporting_event"]

_REASON, _PURPOSE = "ST.REASON.PLAN", "ST.PURPOSE.PLAN"
_PARTS = ("n", "N", "value", "lower", "upper")
_FIXED = {"GF.NUMBER": "Number of the evidence", "GF.ENDPOINT": "Endpoint", "GF.EVALUATOR": "Evaluator"}
_FRAMES = {"adsl": "ADSL", "adrs": "ADRS", "adtr": "ADTR", "adtte": "ADTTE", "adae": "ADAE", "adex": "ADEX"}


def reporting_event(
    evidence: Any,
    *,
    datasets: Iterable[Any] = (),
    outputs: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Reporting event of a study: its plan, populations, groupings, methods, and every number as a result.

    Parameters
    ----------
    evidence
        What ``codon12.analyses.assemble`` gives.
    datasets
        ADaM data sets as exported, for the names their variables have there.
    outputs
        Analysis -> file of its table, where tables were written.

    Returns
    -------
    dict
        As the schema of the logical model has it (``ReportingEvent``); written as JSON by ``json.dumps``. A result
        holds the value with every digit (`rawValue`) and as printed (`formattedValue`); a value that does not exist
        has its status in words and no raw value. One of its groups is the number's id in the evidence, by which
        ``codon12 trace`` finds subjects and source rows. A population whose SQL predicate is no plain condition is
        told by the predicate in its description.

    Notes
    -----
    Source: CDISC Analysis Results Standard 1.0, logical data model.
    """
    names = {(d.name, c.source or c.name): c.name for d in datasets for c in d.columns}
    writer = _Event(evidence, names, dict(outputs or {}))
    return writer.event()


class _Event:
    """One reporting event while it is made."""

    def __init__(self, evidence: Any, names: dict[tuple[str, str], str], outputs: dict[str, str]) -> None:
        self.evidence, self.names, self.outputs = evidence, names, outputs
        self.rows: dict[str, list[dict[str, Any]]] = {}
        for row in evidence.numbers.drop("subjects", strict=False).iter_rows(named=True):
            self.rows.setdefault(row["analysis"], []).append(row)
        self.sets: dict[tuple[str, str | None], dict[str, Any]] = {}
        self.groupings: dict[str, dict[str, Any]] = {}
        self.methods: list[dict[str, Any]] = []
        self.subsets: dict[str, dict[str, Any]] = {}
        self.ids: dict[tuple[str, str], str] = {}
        self.rounding = (evidence.policies or {}).get("rounding")

    def _id(self, prefix: str, text: str) -> str:
        """Identifier of a text, the same each time it is asked for and no other text's."""
        if (prefix, text) not in self.ids:
            plain = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").upper() or "X"
            oid, taken = f"{prefix}.{plain}", set(self.ids.values())
            while oid in taken:
                oid += "_"
            self.ids[prefix, text] = oid
        return self.ids[prefix, text]

    def event(self) -> dict[str, Any]:
        for key, name in _FIXED.items():
            self.groupings[key] = {"id": key, "name": name, "dataDriven": True}
        analyses = [self._analysis(a) for a in self.evidence.plan if a.name in self.rows]
        return {
            "id": self._id("RE", self.evidence.title),
            "version": 1,
            "name": self.evidence.title,
            "description": " ".join(filter(None, (self.evidence.subtitle, self.evidence.notice))) or "Study evidence",
            "mainListOfContents": self._contents(),
            "analysisSets": list(self.sets.values()),
            "dataSubsets": list(self.subsets.values()),
            "analysisGroupings": list(self.groupings.values()),
            "methods": self.methods,
            "analyses": analyses,
            "outputs": [self._output(a) for a in self.evidence.plan if a.name in self.outputs],
            "terminologyExtensions": [
                _term("AnalysisReasonEnum", _REASON, "IN THE PLAN OF CODON12"),
                _term("AnalysisPurposeEnum", _PURPOSE, "NOT STATED IN THE PLAN"),
            ],
        }

    def _contents(self) -> dict[str, Any]:
        items = []
        for at, (section, heading) in enumerate(SECTIONS.items(), 1):
            own = [a for a in self.evidence.plan if a.section == section and a.name in self.rows]
            inner = []
            for i, a in enumerate(own, 1):
                item = {"name": a.title, "level": 2, "order": i, "analysisId": self._id("AN", a.name)}
                inner.append(item | ({"outputId": self._id("OUT", a.name)} if a.name in self.outputs else {}))
            if inner:
                items.append({"name": heading, "level": 1, "order": at, "sublist": {"listItems": inner}})
        return {"name": "Analyses by section", "contentsList": {"listItems": items}}

    def _analysis(self, analysis: Any) -> dict[str, Any]:
        rows = self.rows[analysis.name]
        evaluators = {r["evaluator"] for r in rows} - {None}
        evaluator = next(iter(evaluators)) if len(evaluators) == 1 else None
        frames = sorted({_FRAMES.get(r["frame"] or "", "") for r in rows} - {""})
        out = {
            "id": self._id("AN", analysis.name),
            "version": 1,
            "name": analysis.title,
            "label": analysis.name,
            "description": self._sentence(analysis),
            "reason": {"sponsorTermId": _REASON},
            "purpose": {"sponsorTermId": _PURPOSE},
            "analysisSetId": self._set(analysis.population, evaluator),
            "methodId": self._id("MT", analysis.name),
        }
        if analysis.where:
            out["dataSubsetId"] = self._subset(analysis.where)
        if frames:
            out["dataset"] = frames[0] if len(frames) == 1 else next(f for f in frames if f != "ADSL")
        operations: dict[tuple[str, str], str] = {}
        results = [r for row in rows for r in self._results(analysis, row, operations)]
        used = {g["groupingId"] for r in results for g in r["resultGroups"]}
        out["orderedGroupings"] = [
            {"order": i, "groupingId": g, "resultsByGroup": True} for i, g in enumerate(sorted(used), 1)
        ]
        out["results"] = results
        self.methods.append(self._method(analysis, rows, operations))
        return out

    def _sentence(self, analysis: Any) -> str:
        said = [s for _, s in analysis.methods(self.evidence.context)]
        return " ".join(dict.fromkeys(said)) or analysis.title

    def _method(
        self, analysis: Any, rows: list[dict[str, Any]], operations: dict[tuple[str, str], str]
    ) -> dict[str, Any]:
        said = "; ".join(dict.fromkeys(str(r["method"]) for r in rows if r["method"]))
        return {
            "id": self._id("MT", analysis.name),
            "name": analysis.kind,
            "label": analysis.title,
            "description": said or f"Counts and shares of kind {analysis.kind}",
            "operations": [
                {"id": oid, "name": f"{statistic} {part}", "label": part, "order": i}
                for i, ((statistic, part), oid) in enumerate(operations.items(), 1)
            ],
        }

    def _results(
        self, analysis: Any, row: dict[str, Any], operations: dict[tuple[str, str], str]
    ) -> list[dict[str, Any]]:
        groups = self._groups(analysis, row)
        parts = [p for p in _PARTS if row[p] is not None]
        if row["value"] is None:
            parts.append("value")  # its status in words
        out = []
        for part in parts:
            key = (row["statistic"] or "value", part)
            if key not in operations:
                operations[key] = self._id("OP", f"{analysis.name} {key[0]} {'total' if part == 'N' else part}")
            result: dict[str, Any] = {"operationId": operations[key]}
            if row[part] is not None:
                result["rawValue"] = repr(row[part])
            if part == "value":
                result["formattedValue"] = cell_text(row, self.rounding) or str(row["status"] or "")
            out.append({**result, "resultGroups": groups})
        return out

    def _groups(self, analysis: Any, row: dict[str, Any]) -> list[dict[str, Any]]:
        out = [{"groupingId": "GF.NUMBER", "groupValue": row["id"]}]
        if row["endpoint"]:
            out.append({"groupingId": "GF.ENDPOINT", "groupValue": row["endpoint"]})
        if row["evaluator"]:
            out.append({"groupingId": "GF.EVALUATOR", "groupValue": row["evaluator"]})
        if row["arm"] != "all":
            context = self.evidence.context
            variable = (context.as_treated() if analysis.treatment == "actual" else context).arm_variable
            out.append({"groupingId": self._grouping(variable, "Treatment"), "groupValue": row["arm"]})
        if row["group"] != "all" and row["level"] != "all":
            out.append({"groupingId": self._grouping(row["group"], row["group"]), "groupValue": row["level"]})
        return out

    def _grouping(self, variable: str, name: str) -> str:
        key = self._id("GF", variable)
        if key not in self.groupings:
            made: dict[str, Any] = {"id": key, "name": name, "dataDriven": True}
            adsl = self.evidence.frames.get("adsl")
            if adsl is not None and variable in adsl.columns:
                made |= {
                    "groupingDataset": "ADSL",
                    "groupingVariable": self.names.get(("ADSL", variable), variable),
                }
            self.groupings[key] = made
        return key

    def _set(self, population: str, evaluator: str | None) -> str:
        context = self.evidence.context
        key = (population, evaluator)
        predicate = context.predicate(population, evaluator.upper() if evaluator else None)
        known = next((s for s in self.sets.values() if s["description"] == predicate), None)
        if known is not None:
            return known["id"]
        oid = self._id("AS", population if evaluator is None else f"{population} {evaluator}")
        label = context.population_label(population)
        self.sets[key] = {
            "id": oid,
            "name": label,
            "label": label,
            "description": predicate,
            "level": 1,
            "order": len(self.sets) + 1,
            **condition_of(predicate, lambda v: self.names.get(("ADSL", v), v)),
        }
        return oid

    def _subset(self, where: str) -> str:
        oid = self._id("DS", where)
        self.subsets[where] = {
            "id": oid,
            "name": where,
            "description": where,
            "level": 1,
            "order": len(self.subsets) + 1,
            **condition_of(where, lambda v: self.names.get(("ADSL", v), v)),
        }
        return oid

    def _output(self, analysis: Any) -> dict[str, Any]:
        oid = self._id("OUT", analysis.name)
        sections = [_section("Title", oid, [analysis.title])]
        if analysis.footnotes:
            sections.append(_section("Footnote", oid, analysis.footnotes))
        display = {
            "id": self._id("DSP", analysis.name),
            "name": analysis.title,
            "displayTitle": analysis.title,
            "displaySections": sections,
        }
        return {
            "id": oid,
            "version": 1,
            "name": analysis.title,
            "displays": [{"order": 1, "display": display}],
            "fileSpecifications": [
                {
                    "name": self.outputs[analysis.name].rpartition("/")[2],
                    "fileType": {"controlledTerm": "rtf"},
                    "location": self.outputs[analysis.name],
                }
            ],
        }


def _section(kind: str, oid: str, texts: Iterable[str]) -> dict[str, Any]:
    return {
        "sectionType": kind,
        "orderedSubSections": [
            {"order": i, "subSection": {"id": f"{oid}.{kind.upper()}.{i}", "text": t}} for i, t in enumerate(texts, 1)
        ],
    }


def _term(enumeration: str, oid: str, value: str) -> dict[str, Any]:
    return {
        "id": f"TE.{enumeration}",
        "enumeration": enumeration,
        "sponsorTerms": [{"id": oid, "submissionValue": value}],
    }
