"""CTML trials (MatchEngine): their match trees as eligibility, every leaf accounted for.

Their engine takes a missing row for absent. Here ``!`` before a value means absent *within reach*: an untested gene
stays open.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from codon12.errors import Codon12Error, InputError
from codon12.match import criteria as c
from codon12.match.alterations import question_of
from codon12.match.exchange.block_yaml import read_block_yaml
from codon12.match.tree import Node
from codon12.match.trial import Eligibility, Trial
from codon12.match.tumours import tumour_types
from codon12.records.findings import Finding

__all__ = ["CtmlImport", "import_ctml", "trials_of_ctml"]

_NO_DATA = (
    "gender", "her2_status", "er_status", "pr_status", "disease_status", "prior_treatment_requirements",
    "temozolomide_signature", "tobacco_signature", "pole_signature", "apobec_signature", "uva_signature",
)  # fmt: skip
"""Known words of which a profile holds no data: they stay questions."""
_CLINICAL = ("age_numerical", "oncotree_primary_diagnosis", "tmb_numerical", *_NO_DATA)
_GENOMIC = (
    "hugo_symbol", "variant_category", "protein_change", "wildcard_protein_change", "variant_classification",
    "true_variant_classification", "cnv_call", "fusion_partner_hugo_symbol", "ms_status", "mmr_status", "exon",
    "wildtype",
    "display_name", *_NO_DATA,
)  # fmt: skip
_CNV = {
    "high amplification": "amplification", "low amplification": "gain", "gain": "gain",
    "homozygous deletion": "homozygous deletion", "heterozygous deletion": "loss",
}  # fmt: skip
_BOUND = re.compile(r"\s*(>=|<=|==|=|>|<)?\s*(\d+(?:\.\d+)?)\s*$")
_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9-]*$")


class CtmlImport(msgspec.Struct, frozen=True, kw_only=True):
    """Trials read, and what became of every leaf."""

    trials: tuple[Trial, ...]
    leaves: pl.DataFrame
    """FILE, PATH, KIND (clinical, genomic), BECAME (criterion, question), NOTE."""
    findings: tuple[Finding, ...]


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.leaves: list[tuple[str, str, str, str, str]] = []

    def fail(self, path: str, why: str) -> InputError:
        return InputError(f"{self.file}, {path}: {why}")

    def tree(self, given: Any, path: str) -> Node:
        if not isinstance(given, dict) or len(given) != 1:
            raise self.fail(path, "a node has exactly one key: and, or, clinical or genomic")
        key, value = next(iter(given.items()))
        where = f"{path}.{key}"
        if key in ("and", "or"):
            if not isinstance(value, list) or not value:
                raise self.fail(where, "needs a list of nodes")
            children = tuple(self.tree(v, f"{where}[{i}]") for i, v in enumerate(value))
            return Node(all=children) if key == "and" else Node(any=children)
        if key not in ("clinical", "genomic") or not isinstance(value, dict):
            raise self.fail(where, f"unknown key {key!r}; a node is and, or, clinical or genomic")
        known = _CLINICAL if key == "clinical" else _GENOMIC
        for name in value:
            if name.lower() not in known:
                raise self.fail(f"{where}.{name}", f"unknown key {name!r}; known are {', '.join(known)}")
        plain = {k.lower(): str(v).strip() for k, v in value.items()}
        nodes, note = _clinical(plain) if key == "clinical" else _genomic(plain)
        became = "question" if all(isinstance(n.leaf, c.Judgement) for n in nodes) else "criterion"
        self.leaves.append((self.file, where, key, became, note))
        return nodes[0] if len(nodes) == 1 else Node(all=tuple(nodes))


def _question(text: str) -> Node:
    return Node.of(c.Judgement(text=text))


def _clinical(given: dict[str, str]) -> tuple[list[Node], str]:
    out: list[Node] = []
    notes: list[str] = []
    for name, value in given.items():
        if name == "age_numerical":
            out.append(_bounded(value, "age"))
        elif name == "tmb_numerical":
            out.append(_bounded(value, "tmb"))
        elif name == "oncotree_primary_diagnosis":
            node, note = _diagnosis(value)
            out.append(node)
            notes += [note] if note else []
        else:
            out.append(_question(f"{name.replace('_', ' ')} is {value}"))
            notes.append(f"{name}: no data in a profile")
    return out or [_question("an empty clinical node")], "; ".join(notes)


def _bounded(text: str, what: str) -> Node:
    """A number with its sign as criteria: strict bounds by the next number."""
    found = _BOUND.match(text)
    if found is None:
        return _question(f"{what} {text}")
    sign, value = found[1] or "==", float(found[2])

    def at_least(v: float) -> Node:
        return Node.of(c.Age(at_least=v) if what == "age" else c.Burden(at_least=v))

    over = math.nextafter(value, math.inf)
    if sign == ">=":
        return at_least(value)
    if sign == ">":
        return at_least(over)
    if sign == "<":
        return Node(not_=at_least(value))
    if sign == "<=":
        return Node(not_=at_least(over))
    return Node(all=(at_least(value), Node(not_=at_least(over))))


def _diagnosis(text: str) -> tuple[Node, str]:
    plain = text.removeprefix("!").strip()
    code = tumour_types().code(plain)
    if code is None:
        node, note = _question(f"the diagnosis is {plain}"), f"{plain!r} is no listed tumour type"
    else:
        node, note = Node.of(c.TumourType(is_=code)), ""
    return (Node(not_=node), note) if text.startswith("!") else (node, note)


def _genomic(given: dict[str, str]) -> tuple[list[Node], str]:
    out: list[Node] = []
    notes: list[str] = []
    out += [_stable(given[name]) for name in ("ms_status", "mmr_status") if name in given]
    for name, value in given.items():
        if name in _NO_DATA:
            out.append(_question(f"{name.replace('_', ' ')} is {value}"))
            notes.append(f"{name}: no data in a profile")
    if "hugo_symbol" in given:
        node, note = _gene(given)
        out.append(node)
        notes += [note] if note else []
    if not out:
        said = ", ".join(f"{k} {v}" for k, v in given.items()) or "nothing"
        out, notes = [_question(f"genomic: {said}")], ["no gene named"]
    return out, "; ".join(notes)


def _stable(text: str) -> Node:
    plain = text.removeprefix("!").strip().lower()
    high = plain.startswith(("msi-h", "mmr-d", "mmr d", "deficient"))
    node = Node.of(c.Msi(is_="MSI-H" if high else "MSS"))
    return Node(not_=node) if text.startswith("!") else node


def _gene(given: dict[str, str]) -> tuple[Node, str]:
    """One genomic leaf; ``!`` before any of its values turns it round: absent within reach."""
    turned = any(v.startswith("!") for k, v in given.items() if k not in ("display_name", "hugo_symbol"))
    turned ^= given.get("wildtype", "").lower() in ("true", "1", "yes")
    values = {k: v.removeprefix("!").strip() for k, v in given.items()}
    gene, category = values["hugo_symbol"], values.get("variant_category", "Mutation").lower()
    partner = values.get("fusion_partner_hugo_symbol")
    if gene.lower() == "any_gene" and partner:
        gene, values["fusion_partner_hugo_symbol"] = partner, "any_gene"
    if not _SYMBOL.match(gene):
        return _question(f"an alteration of {gene}"), f"{gene!r} is no gene symbol"
    kinds = {
        "mutation": _mutation, "cnv": _copies, "structural variation": _fusion,
        "any variation": _any,
    }  # fmt: skip
    if category not in kinds:
        return _question(f"{gene}: {category}"), f"{category!r} is no known category"
    node, note = kinds[category](gene, values)
    return (Node(not_=node) if turned else node), note


def _ask(text: str) -> Node | None:
    try:
        question_of(text)
    except Codon12Error:
        return None
    return Node.of(c.Alteration(question=text, is_="present"))


def _or_open(node: Node | None, text: str) -> tuple[Node, str]:
    return (node, "") if node is not None else (_question(text), f"{text!r} cannot be read as a question")


def _mutation(gene: str, values: dict[str, str]) -> tuple[Node, str]:
    kind = values.get("true_variant_classification") or values.get("variant_classification")
    change = values.get("protein_change") or values.get("wildcard_protein_change")
    exon = values.get("exon")
    if change:
        text = f"{gene} {change.removeprefix('p.')}"
    elif exon:
        word = {"in_frame_del": "deletion", "in_frame_ins": "insertion"}.get((kind or "").lower(), "mutation")
        text, kind = f"{gene} exon {exon} {word}", None if word != "mutation" else kind
    else:
        text = f"{gene} mutation"
    node, note = _or_open(_ask(text), text)
    if exon and note:
        whole = _ask(f"{gene} mutation")
        node = node if whole is None else Node(all=(whole, node))
    if kind and not change:
        open_ = _question(f"the {gene} mutation is a {kind}")
        return Node(all=(node, open_)), f"{kind}: no question tells this class; it stays open"
    return node, note


def _copies(gene: str, values: dict[str, str]) -> tuple[Node, str]:
    call = values.get("cnv_call", "").lower()
    if not call:
        both = [_ask(f"{gene} amplification"), _ask(f"{gene} homozygous deletion")]
        nodes = tuple(n for n in both if n is not None)
        return (Node(any=nodes), "") if nodes else _or_open(None, f"{gene} copy number")
    word = _CNV.get(call)
    return _or_open(None if word is None else _ask(f"{gene} {word}"), f"{gene} {word or call}")


def _fusion(gene: str, values: dict[str, str]) -> tuple[Node, str]:
    partner = values.get("fusion_partner_hugo_symbol", "")
    if partner.lower() in ("", "any_gene"):
        return _or_open(_ask(f"{gene} fusion"), f"{gene} fusion")
    if partner.lower() == "intergenic" or partner.upper() == gene.upper():
        return _or_open(_ask(f"{gene} rearrangement"), f"{gene} rearrangement")
    # Their row does not say which gene lies 5': both orders are asked.
    both = [_ask(f"{gene}-{partner} fusion"), _ask(f"{partner}-{gene} fusion")]
    nodes = tuple(n for n in both if n is not None)
    return (Node(any=nodes), "") if nodes else _or_open(None, f"{gene}-{partner} fusion")


def _any(gene: str, _values: dict[str, str]) -> tuple[Node, str]:
    parts = [_mutation(gene, {})[0], _copies(gene, {})[0], _fusion(gene, {})[0]]
    return Node(any=tuple(parts)), ""


def trials_of_ctml(given: Any, *, file: str) -> tuple[list[Trial], list[tuple[str, str, str, str, str]]]:
    """Make trials of one CTML document: one a match tree (step, arm or dose level).

    Raises
    ------
    InputError
        An unknown key or node; the message names file and path.
    """
    if not isinstance(given, dict) or "treatment_list" not in given:
        raise InputError(f"{file}: no CTML trial (no treatment_list)")
    reader = _Reader(file)
    number = (
        re.sub(r"[^A-Za-z0-9._-]", "-", str(given.get("protocol_no") or given.get("nct_id") or "trial")).lstrip("-_.")
        or "trial"
    )
    out = []
    for place, level, path in _levels(given["treatment_list"]):
        match = level.get("match")
        if not match:
            continue
        if not isinstance(match, list):
            raise reader.fail(f"{path}.match", "needs a list of nodes")
        nodes = [reader.tree(node, f"{path}.match[{i}]") for i, node in enumerate(match)]
        clauses = nodes[0].all if len(nodes) == 1 and nodes[0].all else tuple(nodes)
        suspended = str(level.get("arm_suspended") or level.get("level_suspended") or "N").upper() == "Y"
        title = str(
            level.get("arm_description")
            or level.get("level_code")
            or level.get("arm_code")
            or given.get("long_title")
            or number
        )
        out.append(
            Trial(
                id=f"{number}/{place}",
                title=_line(f"{title} (suspended)" if suspended else title),
                source=_line(f"CTML {Path(file).name}"),
                include=tuple(
                    Eligibility(id=f"clause-{i}", text=f"clause {i} of {place}", when=node, recoverable=False)
                    for i, node in enumerate(clauses, 1)
                ),
            )
        )
    return out, reader.leaves


def _line(text: str) -> str:
    return " ".join(text.split())[:2000] or "-"


def _levels(listed: Any) -> Iterator[tuple[str, dict[str, Any], str]]:
    for i, step in enumerate(listed.get("step") or []):
        path = f"treatment_list.step[{i}]"
        yield f"step{i + 1}", step, path
        for j, arm in enumerate(step.get("arm") or []):
            yield f"step{i + 1}-arm{j + 1}", arm, f"{path}.arm[{j}]"
            for k, dose in enumerate(arm.get("dose_level") or []):
                yield f"step{i + 1}-arm{j + 1}-dose{k + 1}", dose, f"{path}.arm[{j}].dose_level[{k}]"


def import_ctml(path: Path) -> CtmlImport:
    """Import CTML trials of a file or folder (JSON, or block YAML).

    Raises
    ------
    InputError
        A file that is neither, or what `trials_of_ctml` refuses.
    """
    files = (
        [path]
        if path.is_file()
        else sorted(f for f in path.rglob("*") if f.suffix.lower() in (".json", ".yaml", ".yml"))
    )
    if not files:
        raise InputError(f"{path}: no CTML file (JSON or YAML)")
    trials: list[Trial] = []
    leaves: list[tuple[str, str, str, str, str]] = []
    found: list[Finding] = []
    for file in files:
        documents = _documents(file, found)
        for document in documents:
            made, own = trials_of_ctml(document, file=str(file))
            trials += made
            leaves += own
    schema = dict.fromkeys(("FILE", "PATH", "KIND", "BECAME", "NOTE"), pl.String)
    return CtmlImport(
        trials=tuple(trials), leaves=pl.DataFrame(leaves, schema=schema, orient="row"), findings=tuple(found)
    )


def _documents(file: Path, found: list[Finding]) -> list[Any]:
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as err:
        raise InputError(f"{file}: no text: {err}") from None
    if file.suffix.lower() in (".yaml", ".yml"):
        documents = read_block_yaml(text, where=str(file))
    else:
        documents, rest, decoder = [], text.strip(), json.JSONDecoder()
        while rest:
            try:
                one, end = decoder.raw_decode(rest)
            except (ValueError, RecursionError) as err:
                raise InputError(f"{file}: no JSON: {err}") from None
            documents.append(one)
            rest = rest[end:].lstrip()
    if len(documents) > 1:
        found.append(
            Finding(
                table="CTML", rule="several-documents", severity="note", value=str(len(documents)),
                message=f"{file.name}: holds {len(documents)} documents in a row; all were read.",
            )
        )  # fmt: skip
    return [d for doc in documents for d in (doc if isinstance(doc, list) else [doc])]
