"""Statements and trials for other programs: own JSON, GA4GH VA-Spec, CTML for what it can express."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from codon12.match import criteria as c
from codon12.match.alterations import question_of
from codon12.match.explain import criterion_text
from codon12.match.statement import Statement
from codon12.match.tree import Node, leaves
from codon12.match.trial import Trial

__all__ = ["ctml_of", "json_of", "va_spec_of"]


def json_of(statements: Iterable[Statement]) -> dict[str, Any]:
    """Write statements as plain values, each with its hash.

    Examples
    --------
    >>> from codon12.match import shipped_statements
    >>> len(json_of(shipped_statements().statements)["statements"])
    23
    """
    return {"statements": [{**msgspec.to_builtins(s), "hash": s.hash} for s in statements]}


def va_spec_of(statements: Iterable[Statement]) -> dict[str, Any]:
    """Write statements as GA4GH VA-Spec statements (variant therapeutic response propositions).

    A statement of one gene question becomes a proposition about it; the whole tree, the dates and the words stand in
    extensions, since VA-Spec has no place for them. Information without a therapy is left out and counted.
    """
    out, left_out = [], 0
    for s in statements:
        questions = [leaf for leaf in leaves(s.when) if isinstance(leaf, c.Alteration)]
        if not s.therapy or not questions:
            left_out += 1
            continue
        tumour = next((leaf.is_ for leaf in leaves(s.when) if isinstance(leaf, c.TumourType)), None)
        resistant = s.effect == "contraindicates" or s.direction in ("unfavourable", "resistance")
        genes = question_of(questions[0].question).genes
        out.append(
            {
                "id": s.id,
                "type": "Statement",
                "proposition": {
                    "type": "VariantTherapeuticResponseProposition",
                    "subjectVariant": {"type": "CategoricalVariant", "name": questions[0].question},
                    "geneContextQualifier": {"conceptType": "Gene", "name": ", ".join(genes)},
                    "predicate": "predictsResistanceTo" if resistant else "predictsSensitivityTo",
                    "objectTherapeutic": _therapy(s),
                    "conditionQualifier": {"conceptType": "Disease", "name": tumour or "not stated"},
                },
                "direction": "disputes" if s.direction == "does not support" else "supports",
                "description": s.sentence,
                "specifiedBy": {"type": "Method", "name": s.basis or s.effect},
                "reportedIn": [{"type": "Document", "title": e.ref} for e in s.evidence],
                "extensions": [
                    {"name": "effect", "value": s.effect},
                    {"name": "jurisdiction", "value": s.jurisdiction},
                    {"name": "valid", "value": msgspec.to_builtins(s.valid)},
                    {"name": "when", "value": msgspec.to_builtins(s.when)},
                    {"name": "review", "value": s.review.state},
                    {"name": "version", "value": s.version},
                    {"name": "hash", "value": s.hash},
                ],
            }
        )
    return {"statements": out, "left_out": left_out}


def _therapy(s: Statement) -> dict[str, Any]:
    if len(s.therapy) == 1:
        return {"conceptType": "Therapy", "name": s.therapy[0]}
    joined = "OR" if s.effect == "contraindicates" else "AND"
    therapies = [{"conceptType": "Therapy", "name": t} for t in s.therapy]
    return {"type": "TherapyGroup", "membershipOperator": joined, "therapies": therapies}


def ctml_of(trial: Trial) -> tuple[dict[str, Any], list[str]]:
    """Write a trial as CTML, with what CTML cannot express.

    Only what is expressed whole is written: a criterion of which a part cannot be said is left out and named.
    """
    left_out: list[str] = []
    nodes = []
    for turned, listed in ((False, trial.include), (True, trial.exclude)):
        for entry in listed:
            node = _ctml(entry.when, turned=turned)
            if node is None:
                left_out.append(f"{entry.id}: {'; '.join(criterion_text(leaf) for leaf in leaves(entry.when))}")
            else:
                nodes.append(node)
    match = [{"and": nodes}] if nodes else []
    arm = {"arm_code": "1", "arm_description": trial.title, "arm_suspended": "N", "dose_level": [], "match": match}
    return {"protocol_no": trial.id, "treatment_list": {"step": [{"step_code": "1", "arm": [arm]}]}}, left_out


def _ctml(node: Node, *, turned: bool) -> dict[str, Any] | None:
    leaf = node.leaf
    if leaf is not None:
        return _ctml_leaf(leaf, turned=turned)
    if node.not_ is not None:
        return _ctml(node.not_, turned=not turned)
    parts = [_ctml(child, turned=turned) for child in node.children]
    if any(p is None for p in parts):
        return None
    return {"and" if (node.all is not None) != turned else "or": parts}


def _ctml_leaf(leaf: c.Criterion, *, turned: bool) -> dict[str, Any] | None:
    mark = "!" if turned else ""
    if isinstance(leaf, c.TumourType):
        word = {"SOLID": "_SOLID_", "LIQUID": "_LIQUID_"}.get(leaf.is_, leaf.is_)
        return {"clinical": {"oncotree_primary_diagnosis": mark + word}}
    if isinstance(leaf, c.Age | c.Burden):
        low, high = leaf.at_least, getattr(leaf, "at_most", None)
        if (low is None) == (high is None):
            return None
        sign = (">=" if low is not None else "<=") if not turned else ("<" if low is not None else ">")
        name = "age_numerical" if isinstance(leaf, c.Age) else "tmb_numerical"
        return {"clinical": {name: f"{sign}{(low if low is not None else high):g}"}}
    if isinstance(leaf, c.Msi):
        return {"genomic": {"ms_status": mark + leaf.is_}}
    if isinstance(leaf, c.Alteration) and leaf.specimen is None:
        return _ctml_question(leaf.question, turned=turned != (leaf.is_ == "absent"))
    return None


def _ctml_question(text: str, *, turned: bool) -> dict[str, Any] | None:
    question = question_of(text)
    if len(question.genes) != 1 or question.contains is not None or question.called:
        return None
    mark = "!" if turned != question.negated else ""
    gene = question.genes[0]
    if question.fused:
        partner = {"fusion_partner_hugo_symbol": question.partner} if question.partner else {}
        return {"genomic": {"hugo_symbol": gene, "variant_category": f"{mark}Structural Variation", **partner}}
    if question.required[0].kind == "copy number":
        word = {"amplification": "High Amplification", "deletion": "Homozygous Deletion"}.get(
            " ".join(question.classes)
        )
        return (
            None
            if word is None
            else {"genomic": {"hugo_symbol": gene, "variant_category": "CNV", "cnv_call": mark + word}}
        )
    base = {"hugo_symbol": gene, "variant_category": f"{mark}Mutation"}
    if len(question.proteins) == 1:
        return {"genomic": base | {"protein_change": question.proteins[0]}}
    if question.codons or question.unsure_classes:
        return None
    return {"genomic": base}
