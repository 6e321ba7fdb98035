"""Reading a question put to a profile: an alteration, a mutation, a loss of function, a wild type, several of them."""

from __future__ import annotations

import re

import msgspec

from codon12.biomarker.assays.assay import Reach
from codon12.biomarker.calls.frame import COUNTED_CLASSES
from codon12.biomarker.questions.criterion import Criterion
from codon12.biomarker.questions.definitions import GeneDefinitions
from codon12.biomarker.questions.exons import EXONS
from codon12.biomarker.questions.wording import alternatives, changes_of, genes_of, plain_question
from codon12.biomarker.variants.genes import current_symbol
from codon12.biomarker.variants.parse import parse_variant
from codon12.biomarker.variants.variant import ExonChange, Variant
from codon12.errors import UsageError

__all__ = ["parse_criterion"]


_WILD = re.compile(r"(.+?)\s+(?:wild[\s-]?type|wt)$", re.IGNORECASE)

_NOT = re.compile(r"(?:no|not)\s+(.+)$", re.IGNORECASE)

_LOSS = re.compile(
    r"(.+?)\s+(?:loss[\s-]of[\s-]function|lof|inactivat(?:ed|ion|ing))(?:\s+(?:mutation|alteration|variant))?$",
    re.IGNORECASE,
)

_MUTATED = re.compile(r"(.+?)\s+(?:mutations?|mutant|mutated|mut|altered)$", re.IGNORECASE)

_CODON = re.compile(r"(.+?)\s+codons?\s+(\d{1,5})$", re.IGNORECASE)

_SPECIMEN = re.compile(r"(.+?)\s+in\s+(?:tumou?r\s+)?(tissue|tumou?r|plasma|blood|ctdna|cfdna)$", re.IGNORECASE)

_ORIGIN = re.compile(r"(germline|somatic|inherited)\s+(.+)$", re.IGNORECASE)

_OTHER_THAN = re.compile(
    r"(\S+)\s+(?:non-?\s?|mutations?\s+(?:other\s+than|except)\s+)"
    r"((?:p\.)?[A-Z]\d+\S*(?:\s*(?:/|,|or|and)\s*\S+)*?)"
    r"(?:\s+mutations?|\s+mutant|\s+mutated)?$",
    re.IGNORECASE,
)

_MET_14 = r"^p\.[A-Z]?(?:96[2-5]|98[0-3])_[A-Z]?(?:1009|1010|1027|1028)del"
"""Loss of exon 14 of MET as the protein shows it; NM_001127500 counts 18 residues more than NM_000245. A change of the
exon's last base is called a missense of D1010, which may be spliced wrongly or not."""

_VIII = re.compile(r"EGFR[\s-]*(?:v|variant\s*)III$", re.IGNORECASE)

_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9/-]*")


def parse_criterion(text: str, *, definitions: GeneDefinitions | None = None) -> Criterion:
    """Read a question about genes: an alteration, a gene's mutation, its loss of function, or its wild type.

    ``KRAS G12C``, ``KRAS codon 12``, ``KRAS mutation``, ``RAS wild type``, ``STK11 loss of function``,
    ``EGFR exon 19 deletion``, ``MET exon 14 skipping``, ``EGFRvIII``, ``MET amplification``, ``ALK fusion``,
    ``EML4-ALK``, ``KRAS non-G12C``, ``germline BRCA2 mutation``, ``KRAS G12C in tissue``; ``no`` and ``not`` turn it
    round. Several in one are asked with ``or``, ``/`` and the names of families: ``EGFR exon 19 deletion or L858R``,
    ``BRAF V600E/K``, ``NTRK fusion``. As people type it: ``HER2-amplified``, ``ALK-positive``, ``mutant KRAS``,
    ``EGFR G719X``.

    ``ALK wild type`` is neither a mutation nor a fusion, as of all genes whose fusions are tested.

    EGFRvIII is the loss of exons 2 to 7: a test of structural variants must have read EGFR to deny it, and an unnamed
    rearrangement within EGFR leaves it open.

    Raises
    ------
    UsageError
        The text names no gene, is no alteration, or an exon whose codons are not held.

    Examples
    --------
    >>> [str(r) for r in parse_criterion("RAS wild type").required][:3]
    ['KRAS codon 12', 'KRAS codon 13', 'KRAS codon 59']
    >>> [str(r) for r in parse_criterion("LKB1 loss of function").required]
    ['STK11 mutation', 'STK11 copy number']
    """
    rules = definitions or GeneDefinitions()
    plain = plain_question(text)
    placed = _SPECIMEN.match(plain)
    if placed:
        where = "plasma" if placed[2].lower() in ("plasma", "blood", "ctdna", "cfdna") else "tissue"
        inner = parse_criterion(placed[1], definitions=rules)
        return msgspec.structs.replace(inner, text=text, subject=f"{inner.subject} in {where}", specimen=where)
    inherited = _ORIGIN.match(plain)
    if inherited:
        return _of_origin(inherited[1].lower(), parse_criterion(inherited[2], definitions=rules), text)
    turned = _NOT.match(plain)
    if turned:
        inner = parse_criterion(turned[1], definitions=rules)
        return msgspec.structs.replace(inner, text=text, negated=not inner.negated)
    wild = _WILD.match(plain)
    # Nobody calls a tumour wild type whose fusion drives it: of genes that fuse, both are asked.
    asked = [f"{g} {what}" for g in genes_of(wild[1]) for what in changes_of(g)] if wild else []
    if len(asked) > 1:
        several = [parse_criterion(one, definitions=rules) for one in asked]
        return msgspec.structs.replace(_any_of(several, text), negated=True)
    if wild:
        return msgspec.structs.replace(_mutated(wild[1], plain, rules), text=text, negated=True)
    other = _OTHER_THAN.fullmatch(plain)
    if other:
        return _other_than(other[1], other[2], text)
    parts = alternatives(plain)
    if len(parts) > 1:
        return _any_of([parse_criterion(p, definitions=rules) for p in parts], text)
    loss = _LOSS.match(plain)
    if loss:
        return _loss(loss[1], text, rules)
    codon = _CODON.match(plain)
    if codon:
        gene = _symbol(codon[1], plain)
        codons = (int(codon[2]),)
        return Criterion(
            text=text,
            subject=f"{gene} codon {codons[0]} mutation",
            required=(Reach(gene=gene, codons=codons),),
            genes=(gene,),
            codons=codons,
        )
    if _VIII.match(plain):
        return Criterion(
            text=text,
            subject="EGFRvIII",
            required=(Reach(gene="EGFR", kind="fusion"),),
            genes=("EGFR",),
            proteins=("p.V30_R297delinsG",),
            classes=("inframe", "deletion", "rearrangement", "other"),
            unsure_classes=("rearrangement",),
            called="viii",
        )
    mutated = _MUTATED.match(plain)
    if mutated and " exon " not in plain.lower():
        return msgspec.structs.replace(_mutated(mutated[1], plain, rules), text=text)
    return _of_variant(parse_variant(plain), text)


def _any_of(parts: list[Criterion], text: str) -> Criterion:
    """One question that each of several answers."""
    turned = [p for p in parts if p.negated]
    if turned:
        raise UsageError(f"{text!r}: '{turned[0].text}' is an absence; ask for alterations on both sides of 'or'")
    names = list(dict.fromkeys(p.subject for p in parts))
    return Criterion(
        text=text,
        subject=", ".join(names[:-1]) + (" or " if names[:-1] else "") + names[-1],
        required=tuple(dict.fromkeys(r for p in parts for r in p.required)),
        genes=tuple(dict.fromkeys(g for p in parts for g in p.genes)),
        any_of=tuple(parts),
    )


def _of_origin(origin: str, asked: Criterion, text: str) -> Criterion:
    """``somatic`` is what is asked anyway; ``germline`` needs a test of the germline to be denied."""
    if origin == "somatic":
        return msgspec.structs.replace(asked, text=text)
    required = tuple(Reach(gene=r.gene, kind="germline mutation", codons=r.codons) for r in asked.required)
    subject = f"germline {asked.subject}"
    return msgspec.structs.replace(asked, text=text, subject=subject, required=required, germline=True)


def _other_than(gene: str, changes: str, text: str) -> Criterion:
    """A mutation of a gene that is none of the changes named."""
    symbol = _symbol(gene, text)
    named = [_of_variant(parse_variant(f"{symbol} {c}"), text) for c in re.split(r"\s*(?:/|,|or|and)\s*", changes)]
    proteins = tuple(p for c in named for p in c.proteins)
    if len(proteins) != len(named):
        raise UsageError(f"{text!r}: name the protein change that does not count, as in 'KRAS non-G12C'")
    said = ", ".join(p.removeprefix("p.") for p in proteins)
    return Criterion(
        text=text,
        subject=f"{symbol} mutation other than {said}",
        required=(Reach(gene=symbol),),
        genes=(symbol,),
        excluded=proteins,
    )


def _symbol(text: str, whole: str) -> str:
    if not _SYMBOL.fullmatch(text):
        raise UsageError(f"{whole!r}: {text!r} is no gene symbol")
    return current_symbol(text)[0]


def _mutated(text: str, whole: str, rules: GeneDefinitions) -> Criterion:
    if text.upper() == "RAS":
        required = tuple(Reach(gene=g, codons=(c,)) for g in rules.ras_genes for c in rules.ras_codons)
        return Criterion(
            text=whole,
            subject="RAS mutation",
            required=required,
            genes=rules.ras_genes,
            codons=rules.ras_codons,
            # A frameshift or a splice change does not activate RAS.
            classes=("missense", "inframe"),
        )
    gene = _symbol(text, whole)
    return Criterion(text=whole, subject=f"{gene} mutation", required=(Reach(gene=gene),), genes=(gene,))


def _loss(text: str, whole: str, rules: GeneDefinitions) -> Criterion:
    gene = _symbol(text, whole)
    required = [Reach(gene=gene)]
    classes = rules.loss_classes
    other = ("missense", "inframe", "splice region", "other", "rearrangement", "loss")
    if rules.loss_by_deletion:
        required.append(Reach(gene=gene, kind="copy number"))
        classes = (*classes, "deletion")
    else:
        other = other[:-1]
    if rules.loss_by_other == "counts":
        classes, other = (*classes, "missense", "inframe", "splice region", "other", "rearrangement"), ()
    return Criterion(
        text=whole,
        subject=f"{gene} loss of function",
        required=tuple(required),
        genes=(gene,),
        classes=classes,
        unsure_classes=other if rules.loss_by_other == "unknown" else (),
    )


def _of_variant(variant: Variant, text: str) -> Criterion:
    gene = variant.gene
    if gene is None:
        raise UsageError(f"{text!r}: name the gene, as in 'KRAS G12C'")
    if gene == "RAS":
        raise UsageError(f"{text!r}: RAS is a family; ask of KRAS or NRAS, or 'RAS mutation'")
    subject = str(variant)
    if variant.kind in ("fusion", "rearrangement"):
        return Criterion(
            text=text,
            subject=subject,
            required=(Reach(gene=gene, kind="fusion"),),
            genes=(gene,),
            partner=variant.partner,
            classes=("fusion", "rearrangement") if variant.kind == "rearrangement" else ("fusion",),
            # Reports call a fusion a rearrangement, but one within the gene is called so too.
            unsure_classes=("rearrangement",) if variant.partner is None else ("fusion", "rearrangement"),
            fused=True,
        )
    if variant.kind != "mutation":
        classes = {"loss": ("loss", "deletion"), "gain": ("gain", "amplification")}.get(variant.kind, (variant.kind,))
        required = (Reach(gene=gene, kind="copy number"),)
        return Criterion(text=text, subject=subject, required=required, genes=(gene,), classes=classes)
    if variant.exon is not None:
        return _of_exon(variant, gene, text)
    protein = variant.protein
    if protein is None or protein.start is None:
        if variant.coding is None:
            return Criterion(text=text, subject=f"{gene} mutation", required=(Reach(gene=gene),), genes=(gene,))
        raise UsageError(f"{text!r}: ask by protein change; a coding change of {gene} cannot be compared with calls")
    if protein.kind == "codon":
        codons = (protein.start,)
        reach = Reach(gene=gene, codons=codons)
        return Criterion(text=text, subject=f"{subject} mutation", required=(reach,), genes=(gene,), codons=codons)
    name = msgspec.structs.replace(protein, predicted=False).one_letter
    codons = tuple(range(protein.start, (protein.end or protein.start) + 1))
    return Criterion(
        text=text,
        subject=f"{gene} {name}",
        required=(Reach(gene=gene, codons=codons, protein=name),),
        genes=(gene,),
        proteins=(name,),
        classes=(*COUNTED_CLASSES, "silent"),
    )


def _of_exon(variant: Variant, gene: str, text: str) -> Criterion:
    exon = variant.exon
    assert exon is not None
    if (gene, exon.exon) not in EXONS:
        held = ", ".join(f"{g} exon {n}" for g, n in EXONS)
        raise UsageError(f"{text!r}: the codons of {gene} exon {exon.exon} are not held (held: {held})")
    low, high = EXONS[gene, exon.exon]
    codons = tuple(range(low, high + 1))
    kinds = {
        "deletion": (("inframe",), "del"),
        "insertion": (("inframe",), "ins|dup"),
        "duplication": (("inframe",), "dup"),
        "skipping": (("splice", "splice region", "inframe"), f"_splice|{_MET_14}"),
        "mutation": (COUNTED_CLASSES, ""),
    }
    classes, contains = kinds[exon.kind]
    skipped = (gene, exon) == ("MET", ExonChange(14, "skipping"))
    return Criterion(
        text=text,
        subject=f"{gene} {exon}",
        required=(Reach(gene=gene, codons=codons),),
        genes=(gene,),
        codons=(*codons, *range(high + 1, high + 19)) if skipped else codons,
        classes=classes,
        contains=contains,
        perhaps=r"^p\.D(?:1010|1028)[NHY]$" if skipped else None,
    )
