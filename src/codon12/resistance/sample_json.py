"""Samples written as JSON: an assay, its calls, and what is known of the specimen."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from codon12.biomarker.assays.assay import AlterationKind, Assay, gene_panel, hotspot_assay
from codon12.biomarker.calls.frame import calls_of
from codon12.biomarker.variants.genes import ACTIVATED, current_symbol
from codon12.biomarker.variants.parse import parse_variant
from codon12.biomarker.variants.variant import Variant
from codon12.errors import InputError, UsageError
from codon12.records.findings import Finding, shown
from codon12.resistance.paired import UNNAMED

__all__ = ["ReadSample", "read_assay", "samples_of_json"]

_KINDS = {
    "mutation": "mutation",
    "amplification": "amplification",
    "amp": "amplification",
    "gain": "gain",
    "deletion": "deletion",
    "deep deletion": "deletion",
    "homozygous deletion": "deletion",
    "loss": "loss",
    "fusion": "fusion",
    "rearrangement": "rearrangement",
    "intragenic rearrangement": "rearrangement",
}
_ANY_RESIDUE = r"(?i)(?:^|[\s:])(?:p\.)?\(?[a-z]+\d+x\)?$"
_LEVELS = {2: "amplification", 1: "gain", -1: "loss", -2: "deletion"}
_CALL_KEYS = {
    "gene", "kind", "protein", "coding", "vaf", "phase", "partner", "value", "text", "chrom", "pos", "ref", "alt",
    "build", "depth", "source",
}  # fmt: skip
_SAMPLE_KEYS = {"assay", "calls", "histology", "specimen", "sample", "id", "date", "time", "depth", "subject", "name"}
_ASSAY_KEYS = {
    "name",
    "assay",
    "genes",
    "kinds",
    "fusions",
    "targets",
    "hotspots",
    "depth",
    "specimen",
    "kind",
    "version",
    "source",
}


class ReadSample(msgspec.Struct, kw_only=True):
    """One sample as read: its calls frame, its assay, and what was found on the way."""

    sample: str
    calls: Any
    """Calls frame."""
    assay: str | None = None
    reach: Assay | None = None
    specimen: str | None = None
    histology: str | None = None
    depth: float | None = None
    date: str | None = None
    build: str | None = None
    findings: list[Finding] = []


def samples_of_json(raw: Any, *, file: str, prefix: str) -> list[ReadSample]:
    """Read samples: a list, one alone, or an object that holds them under ``samples`` (or ``before``, ``after``).

    A sample has ``calls`` (a list of objects with gene, kind, protein, vaf, phase, partner; or texts such as
    ``KRAS p.G12C``), ``assay`` (its name, or an object with name, genes, kinds, fusions, targets, depth), and where
    known specimen, histology, date, sample. Fractions above 1 anywhere in the file make all of it percent, a finding.

    Raises
    ------
    InputError
        No sample, a sample without calls, a call that cannot be read; the message names file, sample and call.
    """
    entries = _entries(raw, file, prefix)
    scale, found = _percent(entries, file)
    out = []
    for number, entry in enumerate(entries, 1):
        where = f"{file}, sample {number}"
        name = str(entry.get("sample") or entry.get("id") or entry.get("name") or f"{prefix} {number}")
        strange = sorted(set(entry) - _SAMPLE_KEYS)
        own = [_not_read(file, f"sample {number}", strange)] if strange else []
        calls = [_variant(call, f"{where}, call {i}", scale) for i, call in enumerate(_calls(entry, where), 1)]
        extra = sorted({k for c in _calls(entry, where) if isinstance(c, Mapping) for k in c} - _CALL_KEYS)
        if extra:
            own.append(_not_read(file, f"the calls of sample {number}", extra))
        loose = [v.gene for c, v in zip(_calls(entry, where), calls, strict=True) if _names_no_partner(c, v)]
        if loose:
            says = f"{where}: {', '.join(map(str, loose))} rearrangement names no partner; it counts as one within it."
            own.append(Finding(table=file, rule="partner-not-named", severity="warning", message=says))
        unseen = [v for v in calls if v.vaf == 0]
        if unseen:
            says = (
                f"{where}: no read shows {', '.join(map(str, unseen))} (allele fraction 0); they count as looked for "
                "and not seen."
            )
            own.append(Finding(table=file, rule="call-without-reads", severity="warning", variable="VAF", message=says))
        given = entry.get("assay")
        assay = {"name": given} if isinstance(given, str) else given or {}
        if not isinstance(assay, Mapping):
            raise InputError(f"{where}: 'assay' is the name of an assay, or an object with name, genes, kinds, fusions")
        key, reach, notes = read_assay(assay, where=where, file=file)
        own += notes
        depth = entry.get("depth", assay.get("depth"))
        out.append(
            ReadSample(
                sample=name,
                calls=calls_of(calls, subject=prefix, sample=name, table=file),
                assay=key,
                reach=reach,
                specimen=_specimen(entry.get("specimen") or assay.get("specimen"), where),
                histology=entry.get("histology"),
                depth=_number(depth, f"{where}, depth"),
                date=entry.get("date"),
                build=next((v.genomic.build for v in calls if v.genomic and v.genomic.build), None),
                findings=[*(found if number == 1 else []), *own],
            )
        )
    return out


def read_assay(given: Mapping[str, Any], *, where: str, file: str) -> tuple[str | None, Assay | None, list[Finding]]:
    """Read an assay: its name (a digest of its lists where it has none), its reach where listed, and findings.

    Raises
    ------
    InputError
        A list that is none, a kind of alteration that is not known, a target that cannot be read.
    """
    strange = sorted(set(given) - _ASSAY_KEYS)
    found = [_not_read(file, "the assay", strange)] if strange else []
    name = given.get("name") or given.get("assay")
    lists: dict[str, list[str]] = {}
    for key in ("genes", "kinds", "fusions", "targets", "hotspots"):
        value = given.get(key)
        if value is not None and not (isinstance(value, list) and all(isinstance(v, str) for v in value)):
            raise InputError(f"{where}: assay, {key}: expected a list of texts, got {shown(str(value))}")
        lists[key] = list(value or [])
    targets = lists["targets"] + lists["hotspots"]
    if not (lists["genes"] or lists["fusions"] or targets):
        return (str(name) if name else None), None, found
    if lists["genes"] and not lists["kinds"]:
        lists["kinds"] = ["mutation"]
        says = f"{where}: the assay lists genes and no kinds; it is taken to read mutations alone."
        found.append(Finding(table=file, rule="assay-without-kinds", severity="warning", message=says))
    try:
        reach = list(hotspot_assay("x", targets).reach) if targets else []
        kinds = [msgspec.convert(k, type=AlterationKind) for k in lists["kinds"]]
        reach += list(gene_panel("x", lists["genes"], kinds=kinds, fusions=lists["fusions"]).reach)
    except (UsageError, msgspec.ValidationError) as err:
        raise InputError(f"{where}: assay: {err}") from None
    digest = hashlib.sha256(json.dumps(lists, sort_keys=True).encode()).hexdigest()[:12]
    key = str(name) if name else f"{UNNAMED}{digest}"
    kind = "hotspot list" if targets and not lists["genes"] else "gene panel"
    assay = msgspec.convert({"name": key, "kind": kind}, Assay)
    return key, msgspec.structs.replace(assay, reach=tuple(dict.fromkeys(reach))), found


def _entries(raw: Any, file: str, prefix: str) -> list[Mapping[str, Any]]:
    if isinstance(raw, Mapping):
        raw = next((raw[k] for k in ("samples", prefix) if k in raw), [raw])
    if not isinstance(raw, list) or not raw or not all(isinstance(e, Mapping) for e in raw):
        raise InputError(f"{file}: expected a list of samples, each an object with 'calls' and 'assay'")
    return raw


def _calls(entry: Mapping[str, Any], where: str) -> list[Any]:
    calls = entry.get("calls")
    if not isinstance(calls, list):
        raise InputError(f"{where}: needs 'calls', a list (empty where nothing was found)")
    return calls


def _percent(entries: list[Mapping[str, Any]], file: str) -> tuple[float, list[Finding]]:
    """Divisor of the fractions of a file: 100 where one lies above 1."""
    values = [
        v
        for e in entries
        if isinstance(e.get("calls"), list)
        for c in e["calls"]
        if isinstance(c, Mapping) and isinstance(v := c.get("vaf"), int | float) and not isinstance(v, bool)
    ]
    high = [v for v in values if v > 1]
    if not high:
        return 1.0, []
    says = (
        f"{file}: {len(high)} of {len(values)} allele fractions lie above 1 (highest {max(high):g}); all of the file "
        "were read as percent."
    )
    return 100.0, [Finding(table=file, rule="vaf-in-percent", severity="warning", variable="VAF", message=says)]


def _variant(call: Any, where: str, scale: float) -> Variant:
    if isinstance(call, str):
        return _parsed(call, where)
    if not isinstance(call, Mapping):
        raise InputError(f"{where}: expected an object with gene and kind, or a text such as 'KRAS p.G12C'")
    if "text" in call and not call.get("gene"):
        variant = _parsed(str(call["text"]), where)
    elif not isinstance(call.get("gene"), str) or not call["gene"].strip():
        raise InputError(f"{where}: names no gene")
    else:
        variant = _of_object(call, where)
    vaf = _fraction(call.get("vaf"), where, scale)
    phase = call.get("phase")
    return msgspec.structs.replace(variant, vaf=vaf, phase=None if phase is None else str(phase))


def _names_no_partner(call: Any, variant: Variant) -> bool:
    told = call if isinstance(call, str) else f"{call.get('kind')} {call.get('text')}"
    return variant.kind == "rearrangement" and "intragenic" not in told.lower()


def _of_object(call: Mapping[str, Any], where: str) -> Variant:
    gene = current_symbol(call["gene"])[0]
    kind = str(call.get("kind") or "mutation").strip().lower()
    if kind in ("copy number", "cna", "copy-number"):
        level = call.get("value")
        kind = _LEVELS.get(level, "") if isinstance(level, int) else ""
        if not kind:
            raise InputError(f"{where}: a copy-number call needs 'value', one of {', '.join(map(str, _LEVELS))}")
    if kind not in _KINDS:
        raise InputError(f"{where}: kind {shown(kind)!r} is none of {', '.join(_KINDS)}")
    plain = _KINDS[kind]
    if plain == "fusion" or (plain == "rearrangement" and call.get("partner")):
        partner = call.get("partner")
        return Variant(kind="fusion", gene=gene, partner=current_symbol(str(partner))[0] if partner else None)
    if plain != "mutation":
        return msgspec.convert({"kind": plain, "gene": gene}, Variant)
    text = call.get("protein") or call.get("coding")
    if text is None and call.get("pos") is not None:
        place = "{chrom}:{pos} {ref}>{alt}".format_map({"chrom": "", "ref": "", "alt": "", **call})
        return msgspec.structs.replace(_parsed(place, where, build=call.get("build")), gene=gene)
    if text is None:
        return Variant(kind="mutation", gene=gene)
    made = _parsed(str(text), where, gene=gene)
    if call.get("protein") and call.get("coding"):
        own = _parsed(str(call["coding"]), where, gene=gene)
        made = msgspec.structs.replace(made, coding=own.coding)
    return made


def _parsed(text: str, where: str, **options: Any) -> Variant:
    options = {k: v for k, v in options.items() if v}
    try:
        made = parse_variant(text, **options)
        if made.gene in ACTIVATED and re.search(_ANY_RESIDUE, text.strip()):  # no stop, as in tables
            made = parse_variant(re.sub(r"(?i)x(\)?)$", r"?\1", text.strip()), **options)
    except UsageError as err:
        raise InputError(f"{where}: {err}") from None
    return made


def _fraction(value: Any, where: str, scale: float) -> float | None:
    if value is None:
        return None
    if isinstance(value, str) and value.strip().endswith("%"):
        value, scale = value.strip()[:-1], 100.0
    number = _number(value, f"{where}, vaf")
    if number is None:
        return None
    if not 0 <= number / scale <= 1:
        raise InputError(f"{where}: allele fraction {value} lies outside 0 to 1 (0 to 100 in percent)")
    return number / scale


def _number(value: Any, where: str) -> float | None:
    if value is None:
        return None
    try:
        return float(str(value).replace(",", ".")) if not isinstance(value, bool) else _no_number(value, where)
    except ValueError:
        return _no_number(value, where)


def _no_number(value: Any, where: str) -> float:
    raise InputError(f"{where}: {shown(str(value))!r} is no number")


def _specimen(value: Any, where: str) -> str | None:
    if value is None:
        return None
    word = str(value).strip().lower()
    plasma = ("plasma", "cfdna", "ctdna", "blood", "liquid", "liquid biopsy")
    tissue = ("tissue", "ffpe", "biopsy", "tumour", "tumor", "frozen")
    if word in plasma or word in tissue:
        return "plasma" if word in plasma else "tissue"
    raise InputError(f"{where}: specimen {shown(word)!r} is neither tissue nor plasma")


def _not_read(file: str, where: str, keys: list[str]) -> Finding:
    says = f"{file}: {', '.join(map(shown, keys))} of {where} is no key that is known; it was not read."
    return Finding(table=file, rule="unknown-key", severity="warning", value=", ".join(keys), message=says)
