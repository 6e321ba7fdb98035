"""CIViC evidence as statements: each item kept or listed as not represented, none turned round and none voted on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from codon12.biomarker.questions.exons import exon_codons
from codon12.biomarker.variants.genes import current_symbol
from codon12.errors import Codon12Error, InputError
from codon12.match.alterations import question_of
from codon12.match.criteria import Alteration, Judgement, TumourType
from codon12.match.statement import Review, Source, Statement, Validity
from codon12.match.tree import Node
from codon12.match.tumours import diseases, tumour_types

__all__ = ["CivicImport", "import_civic", "variant_node"]

_UNASKED = (
    ("expression", r"EXPRESSION"),
    ("methylation", r"METHYLATION"),
    ("phosphorylation", r"PHOSPHORYLATION"),
    ("serum level", r"SERUM"),
    ("rs number", r"\bRS\d{3,}"),
    ("polymorphism", r"POLYMORPHISM|\*\d|HOMOZYGOSITY|REPEAT"),
)
_FUSED = re.compile(r"(?:ALK FUSION|([A-Za-z0-9]+)-([A-Za-z0-9]+))\s+(.+)$", re.IGNORECASE)
_BOTH = re.compile(r"\s+and\s+", re.IGNORECASE)
_EITHER = re.compile(r"([A-Z]\d+)([A-Z])/([A-Z])$")
_CODONS = re.compile(r"([A-Z]\d+)/([A-Z]\d+)$")
_BREAKS = re.compile(r"([A-Za-z0-9]+-[A-Za-z0-9]+)\s+([A-Z]\d+;[A-Z]\d+)$", re.IGNORECASE)
_EXON = re.compile(r"EXON (\d+) MUTATIONS?$")
_OPEN = {"ITD": "an internal tandem duplication", "INTERNAL DUPLICATION": "an internal duplication"}
"""Words for a kind of mutation that calls do not tell: the gene is asked about, the kind stays a question."""
_WORDS = {
    "DELETERIOUS MUTATION": "loss of function", "LOSS-OF-FUNCTION": "loss of function",
    "TRUNCATING MUTATION": None, "COPY NUMBER VARIATION": None,
}  # fmt: skip


class CivicImport(msgspec.Struct, frozen=True, kw_only=True):
    """What a release of CIViC became."""

    statements: tuple[Statement, ...]
    items: int
    """Predictive items read."""
    represented: int
    """Of these, those that became statements."""
    left_out: pl.DataFrame
    """EVIDENCE, GENE, VARIANT, REASON of items that are kept in this list alone and never matched."""
    conflicts: pl.DataFrame
    """GENE, VARIANT, DISEASE, DRUGS, FAVOURABLE, UNFAVOURABLE: items that oppose each other, counted, not voted on."""


def variant_node(gene: str, variant: str) -> Node | None:
    """Read a variant of CIViC as a criterion; None for what cannot be asked.

    Examples
    --------
    >>> [c.alteration.question for c in variant_node("ABL1", "BCR-ABL T315I").all]
    ['BCR-ABL1 fusion', 'ABL1 T315I']
    >>> variant_node("CD274", "EXPRESSION") is None
    True
    """
    text = " ".join(variant.split())
    upper = text.upper()
    if any(re.search(p, upper) for _, p in _UNASKED):
        return None
    if upper in _WORDS:
        word = _WORDS[upper]
        return None if word is None else _asked(gene, word)
    breaks = _BREAKS.fullmatch(text)
    if breaks:
        five, three = breaks[1].split("-")
        return _with_question(_fusion(gene, five, three), f"the breakpoints of {breaks[1]} are {breaks[2]}")
    if upper in _OPEN:
        return _with_question(_asked(gene, "mutation"), f"the {gene} mutation is {_OPEN[upper]}")
    exon = _EXON.fullmatch(upper)
    if exon and not exon_codons(gene, int(exon[1])):
        return _with_question(_asked(gene, "mutation"), f"the {gene} mutation lies in exon {exon[1]}")
    parts = _BOTH.split(text)
    if len(parts) == 2 and not _FUSED.fullmatch(parts[0]):
        return _joined("all", [variant_node(gene, parts[0]), variant_node(gene, parts[1])])
    codons = _CODONS.fullmatch(upper)
    if codons:
        return _joined("any", [_asked(gene, c) for c in codons.groups()])
    either = _EITHER.fullmatch(upper)
    if either:
        stem, one, two = either.groups()
        return _joined("any", [_asked(gene, f"{stem}{one}"), _asked(gene, f"{stem}{two}")])
    fused = _FUSED.fullmatch(text)
    if fused:
        return _fused(gene, fused)
    plain = re.fullmatch(r"([A-Za-z0-9]+)-([A-Za-z0-9]+)", text)
    if plain:
        return _fusion(gene, *plain.groups())
    return _asked(gene, text)


def _with_question(node: Node | None, text: str) -> Node | None:
    """What can be asked, with the rest as a question that only a reader of the report can answer."""
    return None if node is None else Node(all=(node, Node.of(Judgement(text=text))))


def _joined(kind: str, parts: list[Node | None]) -> Node | None:
    nodes = tuple(p for p in parts if p is not None)
    if len(nodes) != len(parts):
        return None
    return Node(all=nodes) if kind == "all" else Node(any=nodes)


def _fused(gene: str, found: re.Match[str]) -> Node | None:
    """A fusion with a mutation of the gene: both must be present."""
    five, three, rest = found.groups()
    if rest.upper() in ("FUSION", "FUSIONS", "REARRANGEMENT"):
        return _fusion(gene, five, three) if five else _asked(gene, "fusion")
    changes = [c for c in re.split(r"-|\s+and\s+|\s+", rest) if c]
    fusion = _asked(gene, "fusion") if five is None else _fusion(gene, five, three)
    return _joined("all", [fusion, *(_asked(gene, change) for change in changes)])


def _fusion(gene: str, five: str, three: str) -> Node | None:
    names = [five.upper(), three.upper()]
    if gene.upper() not in names:
        # BCR-ABL of gene ABL1: the partner is the one that does not begin like the gene.
        places = [i for i, n in enumerate(names) if gene.upper().startswith(n)]
        if len(places) != 1:
            return None
        names[places[0]] = gene.upper()
    return _question(f"{names[0]}-{names[1]} fusion")


def _asked(gene: str, text: str) -> Node | None:
    for form in (f"{gene} {text}", f"{gene} {text.lower()}", text):
        node = _question(form)
        if node is not None and node.alteration is not None:
            asked = question_of(node.alteration.question)
            if current_symbol(gene)[0] in (*asked.genes, asked.partner):
                return node
    return None


def _question(text: str) -> Node | None:
    plain = " ".join(text.split())
    try:
        question_of(plain)
    except Codon12Error:
        return None
    return Node.of(Alteration(question=plain, is_="present"))


def import_civic(folder: Path, *, read: date | None = None) -> CivicImport:
    """Import the TSVs of a CIViC release: predictive evidence items, and assertions, as evidence statements.

    Parameters
    ----------
    folder
        Holds ``*ClinicalEvidenceSummaries.tsv`` and, where there, ``*AssertionSummaries.tsv``.
    read
        Date of the release; taken from the file's name when left out.

    Raises
    ------
    InputError
        No such file, or a column is missing.
    """
    file = _one(folder, "*ClinicalEvidenceSummaries.tsv")
    table = _table(
        file, ("gene", "variant", "disease", "doid", "drugs", "evidence_type", "evidence_id", "clinical_significance")
    )
    day = read or _day(file)
    predictive = table.filter(pl.col("evidence_type") == "Predictive")
    statements: list[Statement] = []
    left_out: list[tuple[str, str, str, str]] = []
    represented = 0
    for row in predictive.iter_rows(named=True):
        made = _statements(row, day)
        if isinstance(made, str):
            left_out.append((f"EID{row['evidence_id']}", row["gene"] or "", row["variant"] or "", made))
        else:
            represented += 1
            statements += made
    asserted = next(iter(sorted(folder.glob("*AssertionSummaries.tsv"))), None)
    if asserted is not None:
        for row in _table(asserted, ("gene", "variant", "assertion_id")).iter_rows(named=True):
            made = _assertion(row)
            if isinstance(made, str):
                left_out.append((f"AID{row['assertion_id']}", row["gene"] or "", row["variant"] or "", made))
            else:
                statements.append(made)
    schema = dict.fromkeys(("EVIDENCE", "GENE", "VARIANT", "REASON"), pl.String)
    return CivicImport(
        statements=tuple(statements),
        items=predictive.height,
        represented=represented,
        left_out=pl.DataFrame(left_out, schema=schema, orient="row"),
        conflicts=_conflicts(predictive),
    )


def _one(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern)) if folder.is_dir() else []
    if len(found) != 1:
        raise InputError(f"{folder}: needs one {pattern}, found {len(found)}")
    return found[0]


def _table(file: Path, needed: tuple[str, ...]) -> pl.DataFrame:
    try:
        frame = pl.read_csv(file, separator="\t", infer_schema=False, quote_char=None, truncate_ragged_lines=True)
    except (pl.exceptions.PolarsError, OSError) as err:
        raise InputError(f"{file}: no table: {str(err).splitlines()[0]}") from None
    lacking = [c for c in needed if c not in frame.columns]
    if lacking:
        raise InputError(f"{file}: lacks column {', '.join(lacking)}")
    return frame


def _day(file: Path) -> date:
    found = re.match(r"(\d{2})-([A-Z][a-z]{2})-(\d{4})", file.name)
    if found is None:
        raise InputError(f"{file.name}: its name bears no date; give it with --read")
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return date(int(found[3]), months.index(found[2]) + 1, int(found[1]))


def _statements(row: Mapping[str, Any], day: date) -> list[Statement] | str:
    """Statements of one item, or why it is not represented."""
    gene, variant = (row["gene"] or "").strip(), (row["variant"] or "").strip()
    kind = next((name for name, p in _UNASKED if re.search(p, variant.upper())), None)
    if kind is not None:
        return f"{kind}: not a question that is asked here"
    node = variant_node(gene, variant)
    if node is None:
        return "the variant cannot be read as a question"
    drugs = [d.strip() for d in (row["drugs"] or "").split(",") if d.strip()]
    if not drugs:
        return "names no drug"
    how = row.get("drug_interaction_type")
    regimens = [(d,) for d in drugs] if how == "Substitutes" else [tuple(drugs)]
    parts = [_tumour(row), node]
    if "germline" in (row.get("variant_origin") or "").lower():
        parts.append(Node.of(Judgement(text="the variant is germline")))
    said, significance = row.get("evidence_direction") or "", row.get("clinical_significance") or "N/A"
    text = _short(row.get("evidence_statement") or f"{variant}: {significance}.")
    basis = f"{said.lower() or 'direction not given'}: {significance}" + (f"; drugs: {how.lower()}" if how else "")
    cited = _short(row.get("citation") or "not cited")
    source = Source(kind="CIViC evidence", ref=cited, locator=f"EID{row['evidence_id']}", trust="second-hand")
    out = []
    for i, regimen in enumerate(regimens, 1):
        end = f"/{i}" if len(regimens) > 1 else ""
        out.append(
            Statement(
                id=f"civic/eid{row['evidence_id']}{end}",
                version=1,
                effect="evidence",
                therapy=regimen,
                direction=_direction(said, significance),
                jurisdiction="CIViC",
                basis=basis,
                level=row.get("evidence_level"),
                valid=Validity(read=day),
                when=Node(all=tuple(parts)),
                sentence=text,
                evidence=(source,),
                review=Review(),
            )
        )  # fmt: skip
    return out


def _short(text: str) -> str:
    plain = " ".join("".join(ch if ch.isprintable() else " " for ch in text).split())
    return plain if len(plain) <= 2000 else plain[:1999] + "…"


def _direction(said: str, significance: str) -> Any:
    if said == "Does Not Support":
        return "does not support"
    return {"Sensitivity/Response": "favourable", "N/A": "neutral"}.get(significance, "unfavourable")


def _tumour(row: Mapping[str, Any]) -> Node:
    """Tumour type by Disease Ontology id or name; a disease that is not listed stays a question."""
    code = diseases().get((row["doid"] or "").strip()) or tumour_types().code(row["disease"] or "")
    if code is None and row["disease"] == "Cancer":
        return Node(any=(Node.of(TumourType(is_="SOLID")), Node.of(TumourType(is_="LIQUID"))))
    if code is None:
        return Node.of(Judgement(text=f"the disease is {_short(row['disease'] or 'not named')}"))
    return Node.of(TumourType(is_=code))


def _assertion(row: Mapping[str, Any]) -> Statement | str:
    node = variant_node((row["gene"] or "").strip(), (row["variant"] or "").strip())
    drugs = tuple(d.strip() for d in (row.get("drugs") or "").split(",") if d.strip())
    if node is None:
        return "the variant cannot be read as a question"
    if not drugs:
        return "names no drug"
    day = date.fromisoformat((row.get("last_review_date") or "1900-01-01")[:10])
    approved = " with regulatory approval" if str(row.get("regulatory_approval")).lower() in ("t", "true", "1") else ""
    said, significance = row.get("assertion_direction") or "", row.get("clinical_significance") or "N/A"
    return Statement(
        id=f"civic/aid{row['assertion_id']}",
        version=1,
        effect="evidence",
        therapy=drugs,
        direction=_direction(said, significance),
        jurisdiction="CIViC",
        basis=f"assertion{approved}; {said.lower()}: {significance}",
        level=row.get("amp_category"),
        valid=Validity(read=day),
        when=Node(all=(_tumour(row), node)),
        sentence=_short(row.get("assertion_summary") or f"{row['variant']}: {significance}."),
        evidence=(Source(kind="CIViC assertion", ref=f"AID{row['assertion_id']}", trust="second-hand"),),
        review=Review(),
    )


def _conflicts(items: pl.DataFrame) -> pl.DataFrame:
    """Items of one gene, variant, disease and drugs that point both ways."""
    counts: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in items.iter_rows(named=True):
        direction = _direction(row.get("evidence_direction") or "", row.get("clinical_significance") or "")
        if direction in ("favourable", "unfavourable"):
            key = tuple(row[k] or "" for k in ("gene", "variant", "disease", "drugs"))
            counts[key][direction == "unfavourable"] += 1
    rows = [(*k, *v) for k, v in counts.items() if all(v)]
    schema = dict.fromkeys(("GENE", "VARIANT", "DISEASE", "DRUGS"), pl.String) | dict.fromkeys(
        ("FAVOURABLE", "UNFAVOURABLE"), pl.Int64
    )
    return pl.DataFrame(rows, schema=schema, orient="row").sort("GENE", "VARIANT", "DISEASE", "DRUGS")
