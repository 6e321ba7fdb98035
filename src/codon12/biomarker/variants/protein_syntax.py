"""Reading protein changes: HGVS in one or three letters, and what annotators write beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from codon12.biomarker.variants.amino_acids import ONE_LETTER, THREE_LETTER
from codon12.biomarker.variants.protein import ProteinChange, ProteinKind
from codon12.biomarker.variants.scanner import Scanner

__all__ = ["parse_protein", "read_protein"]

_Maker = Callable[..., ProteinChange]
"""Makes a change of a kind; whether the text was in parentheses is already set."""
_Span = dict[str, Any]
"""Fields start, ref, end and end_ref of a change."""

_LONG = "|".join(three for three in ONE_LETTER if three != "Xaa")
_PREFIX = re.compile(r"[pP]\.\s*")
_LEAD_LONG = re.compile(rf"(?:(?i:{_LONG})|\*)+(?=_?[0-9])")
_LEAD_SHORT = re.compile(r"(?:[A-Z*]+|[a-z]|-)(?=[0-9])")
_NUMBER = re.compile(r"[0-9]{1,9}(?![0-9])")
_SPLICE = re.compile(r"[A-Z*]?([0-9]{1,9})_splice", re.IGNORECASE)
_RESIDUES_LONG = re.compile(rf"(?:(?i:{_LONG})|\*|X\b)+")
_CAPITALISED = re.compile(_LONG)
_RESIDUES_SHORT = re.compile(r"[A-Z*]+")
_ONE_SHORT = re.compile(r"[A-Za-z*]")
_BEFORE_FS = re.compile(r"([A-Z*])(?=(?i:fs))|([A-Z*])(?=ext)")
_STOP_OF_SHIFT = re.compile(r"(?:\*|Ter|X)([0-9]+|\?)?", re.IGNORECASE)
_STOP_OF_EXTENSION = re.compile(r"(?:\*|Ter|X)?(-?[0-9]+|\?)?", re.IGNORECASE)


def parse_protein(text: str) -> ProteinChange:
    """Read a protein change.

    Accepts HGVS in one or three letters, with or without ``p.`` and parentheses, and what MAF annotators write:
    ``p.X22_splice`` (cBioPortal), ``p.HG632QW`` (VEP), ``p.697_699VNV>V`` (Oncotator), ``p.Q61X`` (X for a stop).

    Raises
    ------
    UsageError
        Not a protein change; the message points at the character.

    Examples
    --------
    >>> parse_protein("p.(Gly12Cys)").one_letter, parse_protein("E746_A750delELREA").three_letter
    ('p.(G12C)', 'p.Glu746_Ala750del')
    >>> parse_protein("p.HG632QW").one_letter, parse_protein("p.243_243P>PP").one_letter
    ('p.H632_G633delinsQW', 'p.P243dup')
    """
    scan = Scanner(text.strip(), what="a protein change")
    change = read_protein(scan)
    scan.end()
    return change


def read_protein(scan: Scanner) -> ProteinChange:
    """Read a protein change at the cursor of a scanner. Errors as `parse_protein`."""
    named = scan.take(_PREFIX) is not None
    predicted = scan.take(_P_OPEN) is not None
    if not named and scan.peek(_UNKNOWN):
        scan.fail("expected a change; an effect that is not known is p.?")  # a bare ? says that nobody knows
    change = _read(scan, predicted=predicted)
    if predicted:
        scan.need(_P_CLOSE, "a closing parenthesis")
    return change


_P_OPEN, _P_CLOSE = re.compile(r"[(\[]"), re.compile(r"[)\]]")
_UNKNOWN, _EQUAL = re.compile(r"\?"), re.compile(r"=")
_UNDERSCORE, _ARROW = re.compile(r"_"), re.compile(r">")
_DELINS, _DEL, _DUP = (re.compile(k, re.IGNORECASE) for k in ("delins", "del", "dup"))
_INS, _FS, _EXT = (re.compile(k, re.IGNORECASE) for k in ("ins", "fs", "ext"))


def _read(scan: Scanner, *, predicted: bool) -> ProteinChange:
    def made(kind: ProteinKind, **fields: Any) -> ProteinChange:
        return ProteinChange(kind=kind, predicted=predicted, **fields)

    if scan.take(_UNKNOWN):
        return made("unknown")
    if scan.take(_EQUAL):
        return made("synonymous")
    splice = scan.peek(_SPLICE)
    if splice:
        scan.at = splice.end()
        return made("splice", start=int(splice[1]), ref="X")
    lead_at = scan.at
    long, lead = _lead(scan)
    number_at = scan.at
    start = int(scan.need(_NUMBER, "a residue and its number, as in G12"))
    if start == 0:
        scan.fail("residues are counted from 1", at=number_at)
    end, end_ref = None, ""
    if scan.take(_UNDERSCORE):
        if scan.take(_UNKNOWN):
            scan.take(_NUMBER)
            return made("start lost", start=start, ref=lead[:1])
        end_at = scan.at
        _, end_ref = _lead(scan, long=long)
        end = int(scan.need(_NUMBER, "the last residue of the range"))
        if end < start:
            scan.fail(f"the range ends at {end}, before it begins at {start}", at=end_at)
        end = None if end == start and not end_ref else end
    elif len(lead) > 1:
        end, end_ref = start + len(lead) - 1, lead[-1]
    place: _Span = {"start": start, "ref": lead[:1]}
    span: _Span = {**place, "end": end, "end_ref": end_ref}

    if scan.take(_DELINS) or (end is not None and scan.take(_ARROW)):
        return _delins(made, span, _residues(scan, long=long))
    if scan.take(_DEL):
        named = scan.take(_RESIDUES_LONG if long else _RESIDUES_SHORT)
        if scan.take(_INS):
            return _delins(made, span, _residues(scan, long=long))
        return made("deletion", **_with_named(span, _short(named or "")))
    if scan.take(_DUP):
        named = scan.take(_RESIDUES_LONG if long else _RESIDUES_SHORT)
        return made("duplication", **_with_named(span, _short(named or "")))
    if scan.take(_INS):
        if end is not None and end != start + 1:
            scan.fail(f"an insertion lies between two neighbours, not between {start} and {end}", at=number_at)
        return made("insertion", **span, alt=_residues(scan, long=long))
    if scan.take(_FS):
        return made("frameshift", **place, stop=_stop(scan, _STOP_OF_SHIFT))
    if scan.take(_EQUAL):
        return made("synonymous", **span)
    if scan.take(_UNKNOWN):
        return made("start lost" if start == 1 else "unknown", **place)
    if scan.done or scan.peek(_P_CLOSE):
        if end is not None or not lead:
            scan.fail("expected what happened to these residues (del, dup, ins, delins, fs, = or a residue)")
        return made("codon", **place)
    return _substitution(scan, made, span, lead, lead_at=lead_at, long=long)


def _substitution(scan: Scanner, made: _Maker, span: _Span, lead: str, *, lead_at: int, long: bool) -> ProteinChange:
    start, ref = span["start"], span["ref"]
    shifted = scan.peek(_BEFORE_FS) if not long else None
    at = scan.at
    if shifted:
        alt = shifted.group()
        scan.at = shifted.end()
    elif long:
        alt = _residues(scan, long=True)
    else:
        alt = scan.take(_RESIDUES_SHORT) or scan.need(_ONE_SHORT, "a residue, del, dup, ins, delins, fs or =").upper()
        _known(scan, alt, at)
    if scan.take(_FS):
        return made("frameshift", start=start, ref=ref, alt=alt, stop=_stop(scan, _STOP_OF_SHIFT))
    if scan.take(_EXT):
        return made("extension", start=start, ref=ref, alt=alt, stop=_stop(scan, _STOP_OF_EXTENSION))
    if scan.take(_ARROW):
        return _replaced(made, span, alt, _residues(scan, long=long))
    alt = "*" if alt == "X" else alt
    if len(lead) > 1:
        return _delins(made, span, alt)
    if len(alt) > 1 or span["end"] is not None:
        scan.fail(f"several residues for one: write {ref}{start}delins{alt}", at=at)
    if not ref:
        scan.fail("expected the residue before its number, as in G12C", at=lead_at)
    if alt == ref:
        return made("synonymous", start=start, ref=ref)
    if ref == "*":
        return made("extension", start=start, ref=ref, alt=alt, stop="?")
    if start == 1 and ref == "M":
        return made("start lost", start=start, ref=ref)
    return made("nonsense" if alt == "*" else "missense", start=start, ref=ref, alt=alt)


def _lead(scan: Scanner, *, long: bool = False) -> tuple[bool, str]:
    """Residues before a number: whether they are in three letters, and in one letter each."""
    at = scan.at
    text = scan.take(_LEAD_LONG)
    if text is not None:
        return long or text != "*", _short(text)
    text = scan.take(_LEAD_SHORT) or ""
    text = "" if text == "-" else text.upper()
    _known(scan, text, at)
    return long, text


def _known(scan: Scanner, residues: str, at: int) -> None:
    for i, residue in enumerate(residues):
        if residue not in THREE_LETTER:
            scan.fail(f"{residue!r} is no amino acid", at=at + i)


def _residues(scan: Scanner, *, long: bool) -> str:
    at = scan.at
    if long or scan.peek(_CAPITALISED):
        return _short(scan.need(_RESIDUES_LONG, "amino acids in three letters"))
    text = scan.need(_RESIDUES_SHORT, "amino acids in one letter")
    _known(scan, text, at)
    return text


def _short(text: str) -> str:
    """One letter each, whichever way they were written."""
    if not re.search(r"[a-z]", text) and not re.fullmatch(rf"(?i:{_LONG})+", text):
        return text
    return "".join(ONE_LETTER.get(t.capitalize(), t) for t in re.findall(r"[A-Za-z]{3}|\*|X", text))


def _stop(scan: Scanner, pattern: re.Pattern[str]) -> str:
    found = scan.peek(pattern)
    if found is None:
        return ""
    scan.at = found.end()
    return found[1] or ""


def _with_named(span: _Span, residues: str) -> _Span:
    """Fill in first and last residue of a range from the residues that the text lists."""
    if not residues:
        return span
    width = (span["end"] or span["start"]) - span["start"] + 1
    if len(residues) != width:
        return span
    named = {**span, "ref": span["ref"] or residues[0]}
    if span["end"] is not None:
        named["end_ref"] = span["end_ref"] or residues[-1]
    return named


def _delins(made: _Maker, span: _Span, alt: str) -> ProteinChange:
    alone = span["end"] is None or span["end"] == span["start"]
    if alone and alt[:1] == "*":
        return made("nonsense", start=span["start"], ref=span["ref"], alt="*")
    if alone and len(alt) == 1 and span["ref"]:  # HGVS: one residue for one is a substitution
        return made("synonymous" if alt == span["ref"] else "missense", start=span["start"], ref=span["ref"], alt=alt)
    return made("delins", **span, alt=alt)


def _replaced(made: _Maker, span: _Span, old: str, new: str) -> ProteinChange:
    """Oncotator's ``697_699VNV>V``: cut off what both share, and name what is left as HGVS does."""
    if old == new:
        return made("synonymous", start=span["start"], ref=old[0])
    shared = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    before, first = old[:shared], span["start"] + shared
    old, new = old[shared:], new[shared:]
    tail = 0
    while tail < min(len(old), len(new)) and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    after = old[len(old) - tail :]
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    place = {"start": first, "ref": old[:1], "end": None, "end_ref": ""}
    if len(old) > 1:
        place |= {"end": first + len(old) - 1, "end_ref": old[-1]}
    if not old and before.endswith(new):
        width = len(new)
        place = {"start": first - width, "ref": new[0], "end": None, "end_ref": ""}
        return made("duplication", **place | ({"end": first - 1, "end_ref": new[-1]} if width > 1 else {}))
    if not old:
        return made("insertion", start=first - 1, ref=before[-1:], end=first, end_ref=after[:1], alt=new)
    if not new:
        return made("deletion", **place)
    if len(old) == len(new) == 1:
        return made("nonsense" if new == "*" else "missense", start=first, ref=old, alt=new)
    return _delins(made, place, new)
