"""Reading an alteration as people write it."""

from __future__ import annotations

import re

import msgspec

from codon12.biomarker.variants.amino_acids import reverse_complement
from codon12.biomarker.variants.coding import CodingChange, CodingPosition, read_coding
from codon12.biomarker.variants.genes import UNFUSED, current_symbol
from codon12.biomarker.variants.genomic import Build, build_name, read_genomic
from codon12.biomarker.variants.glued import taken_apart
from codon12.biomarker.variants.protein import ProteinChange
from codon12.biomarker.variants.protein_syntax import parse_protein, read_protein
from codon12.biomarker.variants.ras import RAS_GENES
from codon12.biomarker.variants.reference import check_reference
from codon12.biomarker.variants.scanner import Scanner
from codon12.biomarker.variants.variant import ExonChange, Variant

__all__ = ["parse_variant"]

_SPACE, _COLON = re.compile(r"[\s,;]*"), re.compile(r"\s*:\s*")
_BUILD = re.compile(r"\(?(?:GRCh3[78]|hg19|hg38|b37|b38)(?:\.p[0-9]+)?\)?[\s:,]*", re.IGNORECASE)
_TRANSCRIPT = re.compile(r"(?:N[MP]_[0-9]+|ENS[TP][0-9]+|LRG_[0-9]+[tp][0-9]+)(?:\.[0-9]+)?", re.IGNORECASE)
_IN_PARENTHESES = re.compile(r"\(([A-Za-z][A-Za-z0-9-]*)\)")
_GENE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-/][A-Za-z0-9]+)*")
_ONLY_GENE = re.compile(r"[A-Za-z]{2,}[0-9]*[A-Za-z]*")
_AFTER_GENE = re.compile(r"\s*:(?!:)\s*|\s+(?!\()|$")
_FUSION = re.compile(r"([A-Za-z][A-Za-z0-9]*)\s*(?:::|--?|/)\s*([A-Za-z][A-Za-z0-9]+)(?=[\s,;]|$)")
_NOT_FUSED = re.compile(r"HLA-\w+|\w+-(?:AS)?[0-9]+\w?", re.IGNORECASE)
_RESIDUE_CHANGE = re.compile(r"[A-Z][0-9]+[A-Z]?", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+)*")
_EXON = re.compile(r"(?:exon|ex)\s*([0-9]{1,4})(?![0-9])\s*", re.IGNORECASE)
_CODING_AHEAD = re.compile(r"[cC]\.")
_PROTEIN_AHEAD = re.compile(r"[pP]\.")
_NO_PARTNER = (
    *("positive", "negative", "wild", "wildtype", "wt", "high", "low", "status", "test", "altered", "like"),
    *("itd", "tkd", "ptd", "ihc", "fish", "pcr", "ngs", "pos", "neg", "na", "nd"),
)
_PRINTED = {ord(c): "-" for c in "\u2010\u2011\u2012\u2013\u2014\u2212"} | {
    ord(c): None for c in "\u200b\u200c\u200d\u2060\ufeff"
} | {0x2192: ">"}  # fmt: skip
"""What word processors print for a hyphen, for nothing, and for an arrow."""
_OPEN, _CLOSE = re.compile(r"\("), re.compile(r"\)")

_KINDS = {
    "amplification": ("amp", "amplification", "amplified", "amplifications", "high-level amplification"),
    "gain": ("gain", "copy number gain", "copy-number gain"),
    "deletion": ("deletion", "del", "homozygous deletion", "homdel", "deep deletion", "biallelic deletion"),
    "loss": ("loss", "copy number loss", "copy-number loss"),
    "fusion": ("fusion", "fusions", "gene fusion"),
    "rearrangement": ("rearrangement", "rearranged", "rearrangements", "translocation", "translocated", "intragenic"),
    "mutation": ("mutation", "mutations", "mutant", "mutated", "mut"),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
_EXON_KINDS = {
    "deletion": ("del", "deletion", "deletions"),
    "insertion": ("ins", "insertion", "insertions"),
    "duplication": ("dup", "duplication"),
    "skipping": ("skipping", "skipping mutation", "skip", "splice", "splice site", "splice mutation"),
    "mutation": ("mutation", "mutations", "mutant", "mut"),
}
_EXON_KIND_OF = {word: kind for kind, words in _EXON_KINDS.items() for word in words}


def parse_variant(text: str, *, gene: str | None = None, build: str | None = None) -> Variant:
    """Read an alteration as reports, tables and papers write it.

    Parameters
    ----------
    text
        HGVS protein change in one or three letters, alone or after its gene; coding change, alone or after its
        transcript; genomic change, with or without build; ``exon 19 del``, ``EGFRex20ins``; ``amp``, ``loss``; fusions;
        ``EGFRvIII`` as its protein change.
    gene
        Gene of the text where it names none. Former symbols are read as the current ones, with a note.
    build
        Genome build of a genomic change that names none.

    Raises
    ------
    UsageError
        The text cannot be read (the message points at the character), names another gene than `gene`, or its
        reference base or residue is not that of the gene (the message gives the bases of both builds).

    Notes
    -----
    Source: HGVS Nomenclature; fusions ``::`` as HGNC recommends (Bruford 2021, Leukemia 35:3040). KRAS, NRAS and
    HRAS changes of coding bases also get their protein change.

    Examples
    --------
    >>> [str(parse_variant(t)) for t in ("KRAS:p.(Gly12Cys)", "LKB1 Q37*", "EML4-ALK", "MET amp", "EGFR exon 19 del")]
    ['KRAS p.(G12C)', 'STK11 p.Q37*', 'EML4::ALK fusion', 'MET amplification', 'EGFR exon 19 deletion']
    >>> found = parse_variant("chr12-25398285-C-A", build="hg19")
    >>> str(found), str(found.genomic)
    ('KRAS p.G12C', 'GRCh37 12:25398285 C>A')
    """
    plain = taken_apart(text.translate(_PRINTED).replace("->", ">").strip())
    scan = Scanner(plain, what="an alteration")
    if not plain:
        scan.fail("the text is empty")
    named, notes = None, ()
    if gene is not None:
        named, note = current_symbol(gene)
        notes = (note,) if note else ()
    if named is None and _ONLY_GENE.fullmatch(plain) and plain.lower() not in _KIND_OF:
        scan.fail("expected an alteration, alone or after its gene (KRAS G12C, MET amp, EML4-ALK)")
    variant = _read(scan, build_name(build) if build else None, named)
    scan.take(_SPACE)
    scan.end()
    if named is not None and variant.gene not in (None, named) and variant.partner != named:
        scan.fail(f"the text names {variant.gene}, but the gene was given as {named}", at=0)
    variant = msgspec.structs.replace(variant, gene=variant.gene or named, notes=(*notes, *variant.notes))
    if (variant.gene, variant.exon) == ("MET", ExonChange(14, "deletion")):  # how catalogues call its skipping
        variant = msgspec.structs.replace(variant, exon=ExonChange(14, "skipping"))
    return _with_protein(variant, scan)


def _read(scan: Scanner, build: Build | None, gene: str | None) -> Variant:
    stated = scan.take(_BUILD)
    if stated:
        build = build_name(stated.strip(" ():,"))
    found = _genomic(scan, build, gene)
    if found is not None:
        return found
    if scan.peek(_TRANSCRIPT):
        return _with_transcript(scan)
    fused = scan.peek(_FUSION)
    if fused and not _is_one_gene(fused):
        return _fusion(scan, fused)
    own, notes = _gene(scan)
    stated = scan.take(_BUILD) if own else None
    build = build_name(stated.strip(" ():,")) if stated else build
    found = _genomic(scan, build, own or gene)
    if found is None:
        found = _with_transcript(scan) if scan.peek(_TRANSCRIPT) else _described(scan)
    return msgspec.structs.replace(found, gene=own or found.gene, notes=(*notes, *found.notes))


def _is_one_gene(found: re.Match[str]) -> bool:
    """Whether a hyphen belongs to a symbol (``NKX2-1``), or the text lists residues (``G12C/G13D``)."""
    text = found.group()
    if current_symbol(text)[1] is not None or _NOT_FUSED.fullmatch(text):
        return True
    return all(_RESIDUE_CHANGE.fullmatch(side) for side in found.groups())


def _gene(scan: Scanner) -> tuple[str | None, tuple[str, ...]]:
    """Gene symbol at the cursor, where something follows that can be an alteration."""
    found = scan.peek(_GENE)
    if found is None or found.group().lower() in _KIND_OF or found.group().lower() in ("exon", "ex", "copy", "deep"):
        return None, ()
    follows = _AFTER_GENE.match(scan.text, found.end())
    if follows is None or (follows.end() == len(scan.text) and follows.group().strip() != ":"):
        return None, ()
    symbol, note = current_symbol(found.group())
    scan.at = follows.end()
    return symbol, (note,) if note else ()


def _genomic(scan: Scanner, build: Build | None, gene: str | None) -> Variant | None:
    change = read_genomic(scan, build=build)
    if change is None:
        return None
    scan.take(_SPACE)
    stated = scan.take(_BUILD)
    if stated:
        own = build_name(stated.strip(" ():,"))
        if build is not None and own != build:
            scan.fail(f"the text says {own}, but the build was given as {build}")
        change = msgspec.structs.replace(change, build=own)
    checked = check_reference(change, gene=gene)
    coding = _coding_of(checked.gene, checked.coding_base, change.ref, change.alt)
    return Variant(
        kind="mutation",
        gene=checked.gene,
        genomic=checked.change,
        coding=coding,
        protein=parse_protein(checked.protein) if checked.protein else None,
        notes=checked.notes,
    )


def _coding_of(gene: str | None, base: int | None, ref: str, alt: str) -> CodingChange | None:
    """Coding change of a substitution on the minus strand of a RAS gene."""
    if gene is None or base is None:
        return None
    if RAS_GENES[gene].strand < 0:
        ref, alt = reverse_complement(ref), reverse_complement(alt)
    if len(ref) == 1:
        return CodingChange(kind="substitution", start=CodingPosition(base), ref=ref, alt=alt)
    end = CodingPosition(base + len(ref) - 1)
    return CodingChange(kind="delins", start=CodingPosition(base), end=end, ref=ref, alt=alt)


def _with_transcript(scan: Scanner) -> Variant:
    transcript = scan.need(_TRANSCRIPT, "a transcript")
    named = scan.peek(_IN_PARENTHESES)
    symbol, note = (None, None) if named is None else current_symbol(named[1])
    if named is not None:
        scan.at = named.end()
    scan.need(_COLON, "':' after the transcript")
    found = _hgvs(scan)
    plain = transcript.split(".")[0].upper()
    symbol = symbol or next((g.name for g in RAS_GENES.values() if plain in g.transcripts), None)
    return msgspec.structs.replace(found, gene=symbol, transcript=transcript, notes=(note,) if note else ())


def _hgvs(scan: Scanner) -> Variant:
    """Coding change, protein change, or one and the other in parentheses or after a space."""
    coding: CodingChange | None = None
    protein: ProteinChange | None = None
    if scan.peek(_CODING_AHEAD):
        coding = read_coding(scan)
    else:
        protein = read_protein(scan)
    at = scan.at
    scan.take(_SPACE)
    scan.take(_COLON)
    opened = scan.take(_OPEN)
    if protein is None and scan.peek(_PROTEIN_AHEAD):
        protein = read_protein(scan)
    elif coding is None and scan.peek(_CODING_AHEAD):
        coding = read_coding(scan)
    else:
        scan.at = at
        return Variant(kind="mutation", coding=coding, protein=protein)
    if opened:
        scan.need(_CLOSE, "a closing parenthesis")
    return Variant(kind="mutation", coding=coding, protein=protein)


def _described(scan: Scanner) -> Variant:
    exon = scan.peek(_EXON)
    if exon:
        scan.at = exon.end()
        at = scan.at
        word = scan.need(_WORD, "what happened to the exon: del, ins, dup, skipping or mutation").lower()
        if word not in _EXON_KIND_OF:
            scan.fail("expected del, ins, dup, skipping or mutation", at=at)
        change = {"exon": int(exon[1]), "kind": _EXON_KIND_OF[word]}
        return Variant(kind="mutation", exon=msgspec.convert(change, ExonChange))
    word = scan.peek(_WORD)
    if word and word.group().lower() in _KIND_OF and not scan.peek(re.compile(r"del[0-9]", re.IGNORECASE)):
        scan.at = word.end()
        return msgspec.convert({"kind": _KIND_OF[word.group().lower()]}, Variant)
    return _hgvs(scan)


def _fusion(scan: Scanner, found: re.Match[str]) -> Variant:
    scan.at = found.end()
    if found[2].lower() in _NO_PARTNER or re.match(r"(?:del|ins|dup)[0-9]", found[2], re.IGNORECASE):
        scan.fail(f"'{found[2]}' is no gene that could be fused; say what was found", at=0)
    if found[2].lower() in _KIND_OF:
        symbol, note = current_symbol(found[1])
        kind = _KIND_OF[found[2].lower()]
        return msgspec.convert({"kind": kind, "gene": symbol, "notes": (note,) if note else ()}, Variant)
    (five, note5), (three, note3) = current_symbol(found[1]), current_symbol(found[2])
    scan.take(_SPACE)
    word = scan.peek(_WORD)
    if "/" in found.group() and not word and {five, three} <= set(UNFUSED):
        scan.fail(f"{five} and {three} are not known to fuse; say what was found", at=0)
    if word:
        if _KIND_OF.get(word.group().lower()) not in ("fusion", "rearrangement"):
            scan.fail("expected the end or the word fusion after the two genes")
        scan.at = word.end()
    notes = tuple(n for n in (note5, note3) if n)
    return Variant(kind="fusion", partner=five, gene=three, notes=notes)


def _with_protein(variant: Variant, scan: Scanner) -> Variant:
    """Name the protein change of a coding change in a RAS gene; refuse bases and residues the gene has not."""
    model = RAS_GENES.get(variant.gene or "")
    if model is None:
        return variant
    coding, protein = variant.coding, variant.protein
    if coding is not None and coding.kind == "delins" and coding.start.in_coding_exon and not coding.ref:
        last = coding.end or coding.start
        own = model.sequence[coding.start.base - 1 : last.base] if last.in_coding_exon else ""
        coding = msgspec.structs.replace(coding, ref="" if "N" in own else own)
    if coding is not None and coding.ref and coding.start.in_coding_exon and variant.genomic is None:
        own = model.sequence[coding.start.base - 1 : coding.start.base - 1 + len(coding.ref)]
        if own and "N" not in own and own != coding.ref:
            scan.fail(f"{model.name} reads {own} at c.{coding.start}, not {coding.ref}", at=0)
        made = model.changed(coding.start.base, coding.ref, coding.alt) if coding.alt else None
        if made is not None:
            named = parse_protein(made)
            if protein is None or protein.start is None:
                protein = named
            elif not protein.same_change(named):
                scan.fail(f"{model.name} {coding} is {named}, not {protein}", at=0)
    if protein is not None and protein.kind != "splice":
        for place, residue in ((protein.start, protein.ref), (protein.end, protein.end_ref)):
            own = model.residue(place) if place and residue else None
            if own not in (None, residue):
                scan.fail(f"{model.name} has {own} at residue {place}, not {residue}", at=0)
    return msgspec.structs.replace(variant, protein=protein)
