"""Variant Call Format: one sample's calls, with the consequences the file carries."""

from __future__ import annotations

import gzip
import re
import warnings
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, cast

import polars as pl

from codon12.biomarker.calls.annotations import Annotation, ann_entries, choose_annotation, csq_entries, csq_fields
from codon12.biomarker.calls.frame import Calls
from codon12.biomarker.calls.tables import table_calls
from codon12.biomarker.variants.genomic import Build, GenomicChange, build_name, normalised
from codon12.biomarker.variants.reference import check_reference
from codon12.errors import InputError, UsageError
from codon12.records.findings import Finding, findings_frame

__all__ = ["read_vcf"]

_CHR1_LENGTH = {249250621: "GRCh37", 248956422: "GRCh38"}
_TEXT = (
    *("SAMPLE", "GENE", "PROTEIN", "CODING", "TRANSCRIPT", "CHROM", "POS", "REF", "ALT", "VAF", "CONSEQUENCE", "PHASE"),
)
_COLUMNS = dict.fromkeys(_TEXT, pl.String) | {"SRCROW": pl.Int64}


def read_vcf(
    path: str | Path,
    *,
    build: str | None = None,
    sample: str | None = None,
    subject: str | None = None,
    genes: Sequence[str] | None = None,
    passed_only: bool = True,
    name: str = "VCF",
) -> Calls:
    """Read the calls of one sample from a VCF, plain or gzipped.

    Every alternate allele the sample carries is a row; alleles are trimmed as in a MAF. Consequences come from
    INFO/CSQ or INFO/ANN, one transcript each; coding changes of KRAS, NRAS and HRAS are named from the coordinate
    where the file is not annotated. The allele fraction is FORMAT/AF, else from AD (or ADT), else INFO/AF or TVAF.
    PHASE is the phase set and haplotype where the genotype is phased.

    Parameters
    ----------
    build
        Genome build; needed where the header does not say it, refused where it says another.
    sample
        The tumour sample; needed where the file has several and its header does not name the tumour.
    subject
        Subject of the sample; the sample itself when left out.
    genes
        Keep these genes only.
    passed_only
        Leave out records that failed a filter; their number is a finding.

    Raises
    ------
    UsageError
        The sample is not in the file or must be named; vcfpy is not installed.
    InputError
        No VCF, no build, or another build than given.

    Notes
    -----
    Source: VCF 4.3 specification, sections 1.4 and 1.6.
    """
    file = Path(path)
    with warnings.catch_warnings(), _opened(file) as stream:
        warnings.simplefilter("ignore")  # vcfpy warns of undeclared fields, which are read as text
        reader = _reader(stream, file.name)
        header = reader.header
        own = _build_of(header, file.name)
        stated = build_name(build) if build else None
        if stated and own and stated != own:
            raise InputError(f"{file.name}: its header says {own}, but the build was given as {stated}")
        in_use = stated or own
        if in_use is None:
            raise InputError(f"{file.name}: its header does not say the genome build; give build='GRCh37' or 'GRCh38'")
        tumour = _tumour(header, sample, file.name)
        rows, failed, odd = _read(reader, tumour, in_use, tuple(genes or ()), passed_only=passed_only, name=file.name)
    table = pl.DataFrame(rows, schema=_COLUMNS, orient="row")
    who = tumour or sample or file.name.split(".")[0]
    table = table.with_columns(pl.col("SAMPLE").fill_null(who))
    subjects = pl.DataFrame({"SAMPLE": [who], "USUBJID": [subject]}) if subject else None
    if not table.height:
        table = table.with_columns(SAMPLE=pl.lit(who))
    made = table_calls(table, name=name, build=in_use, genes=genes, subjects=subjects)
    found = made.findings.filter(pl.col("RULE") != "missing-column")
    told = [
        Finding(table=name, rule=rule, severity=severity, value=str(n), message=f"{file.name}: {n} {what} left out.")
        for n, rule, severity, what in (
            (failed, "filtered-record", "note", "record(s) that failed a filter were"),
            (
                odd,
                "structural-record",
                "warning",
                "record(s) of structural variants (<DEL>, breakends) are not read and were",
            ),
        )
        if n
    ]
    found = pl.concat([findings_frame(told), found])
    return Calls(frame=made.frame, findings=found)


def _opened(path: Path) -> TextIOWrapper:
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    if packed:
        return cast("TextIOWrapper", gzip.open(path, "rt", encoding="utf-8", errors="replace"))
    return path.open(encoding="utf-8", errors="replace")


def _reader(stream: TextIOWrapper, name: str) -> Any:
    try:
        import vcfpy
    except ImportError:
        raise UsageError("reading VCF needs vcfpy: install codon12[genomics]") from None
    try:
        return vcfpy.Reader.from_stream(stream)
    except Exception as err:  # noqa: BLE001 - vcfpy raises whatever its parser meets
        raise InputError(f"{name}: is no VCF that can be read: {err}") from None


def _build_of(header: Any, name: str) -> Build | None:
    """Build by the length of chromosome 1, else by what the header lines call the reference."""
    found: set[Build] = set()
    for line in header.lines:
        mapping = getattr(line, "mapping", None) or {}
        if line.key == "contig":
            length = str(mapping.get("length", ""))
            if str(mapping.get("ID", "")).removeprefix("chr") == "1" and length.isdigit():
                found |= {build_name(b) for n, b in _CHR1_LENGTH.items() if n == int(length)}
            found |= _named(str(mapping.get("assembly", "")))
        elif line.key in ("reference", "new_reference_genome", "assembly"):
            found |= _named(str(line.value))
        elif line.key in ("liftOverChainFile", "liftOverFile"):
            found |= _named(re.sub(r".*(?i:to)(?=(?:hg|grch)\d\d)", "", str(line.value), flags=re.IGNORECASE))
    if len(found) > 1:
        raise InputError(f"{name}: its header names both {' and '.join(sorted(found))}; correct it or give the build")
    return next(iter(found), None)


def _named(text: str) -> set[Build]:
    hits = re.findall(r"grch3[78]|hg19|hg38|b37|hs37d5", text, re.IGNORECASE)
    return {build_name(hit) for hit in hits}


def _tumour(header: Any, sample: str | None, name: str) -> str | None:
    names = list(header.samples.names) if header.samples else []
    if sample is not None and names and sample not in names:
        raise UsageError(f"{name}: has no sample {sample!r}; its samples are {', '.join(names)}")
    if sample is not None or len(names) <= 1:
        return sample if sample in names else (names[0] if names else None)
    said = [str(line.value) for line in header.lines if line.key in ("tumor_sample", "tumour_sample")]
    likely = [n for n in names if n in said] or [n for n in names if n.upper() in ("TUMOR", "TUMOUR")]
    if len(likely) != 1:
        raise UsageError(f"{name}: has several samples; say which is the tumour: {', '.join(names)}")
    return likely[0]


def _read(
    reader: Any, tumour: str | None, build: Build, genes: tuple[str, ...], *, passed_only: bool, name: str
) -> tuple[list[tuple[object, ...]], int, int]:
    csq = next(
        (csq_fields(str(h.mapping.get("Description", ""))) for h in reader.header.get_lines("INFO") if h.id == "CSQ"),
        [],
    )
    rows: list[tuple[object, ...]] = []
    failed = odd = 0
    try:
        for number, record in enumerate(reader, 1):
            if passed_only and any(f not in ("PASS", ".") for f in record.FILTER):
                failed += 1
                continue
            odd += any(_allele(a) is None for a in record.ALT)
            rows += _rows(record, number, tumour, build, genes, csq)
    except Exception as err:  # noqa: BLE001 - vcfpy raises whatever its parser meets
        raise InputError(f"{name}: record {len(rows) + failed + 1} or near it cannot be read: {err}") from None
    return rows, failed, odd


def _allele(alt: Any) -> str | None:
    """Bases of an alternate allele, or what stands for no such allele; None for a structural variant."""
    value = getattr(alt, "value", None)
    return value if value is not None and re.fullmatch(r"[ACGTNacgtn]+|\*|<\*>|<NON_REF>|NON_REF|\.", value) else None


def _rows(
    record: Any, number: int, tumour: str | None, build: Build, genes: tuple[str, ...], csq: list[str]
) -> Iterator[tuple[object, ...]]:
    call = record.call_for_sample.get(tumour) if tumour else None
    entries = _annotations(record, csq)
    alleles = [getattr(alt, "value", None) for alt in record.ALT]
    for i, alt in enumerate(alleles, 1):
        if alt is None or not re.fullmatch(r"[ACGTNacgtn]+", alt) or not _carried(call, i):
            continue
        vaf = _fraction(record, call, i, len(alleles))
        if call is not None and call.gt_alleles and not any(a is not None for a in call.gt_alleles) and not vaf:
            continue  # ./. with no read of it
        chosen = choose_annotation(entries, ref=record.REF, alt=alt, number=i, alleles=len(alleles), genes=genes)
        chrom = record.CHROM.removeprefix("chr")
        change = normalised(
            GenomicChange(chrom=chrom, pos=record.POS, ref=record.REF.upper(), alt=alt.upper(), build=build)
        )
        annotation = chosen or _from_coordinate(change)
        yield (
            tumour,
            annotation.gene,
            annotation.protein,
            annotation.coding,
            annotation.transcript,
            change.chrom,
            str(change.pos),
            change.ref,
            change.alt,
            None if vaf is None else str(vaf),
            annotation.consequence,
            _phase(record, call, i),
            number,
        )


def _annotations(record: Any, csq: list[str]) -> list[Annotation]:
    if csq and "CSQ" in record.INFO:
        return csq_entries(_listed(record.INFO["CSQ"]), csq)
    return ann_entries(_listed(record.INFO["ANN"])) if "ANN" in record.INFO else []


def _from_coordinate(change: GenomicChange) -> Annotation:
    try:
        found = check_reference(change)
    except UsageError:
        return Annotation()  # the reference base does not fit: a finding of the table
    return Annotation(gene=found.gene, protein=found.protein)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _carried(call: Any, allele: int) -> bool:
    """Whether the sample carries the allele; yes where no genotype is given."""
    given = [] if call is None else [a for a in (call.gt_alleles or []) if a is not None]
    return not given or allele in given


def _fraction(record: Any, call: Any, allele: int, alleles: int) -> float | None:
    data = {} if call is None else call.data
    for source, key in ((data, "AF"), (record.INFO, "AF"), (record.INFO, "TVAF"), (record.INFO, "VAF")):
        if key == "AF" and source is record.INFO and (counted := _from_depths(data, allele)) is not None:
            return counted
        values = _listed(source.get(key))
        at = allele - 1 if len(values) == alleles else 0
        try:
            return float(values[at])
        except (TypeError, ValueError):
            continue
    return _from_depths(data, allele)


def _from_depths(data: dict, allele: int) -> float | None:
    """From the depths of reference and alternate alleles, AD."""
    for key in ("AD", "ADT"):
        cells = [c for value in _listed(data.get(key)) for c in str(value).split(",")]
        if len(cells) > allele and all(c.isdigit() for c in cells):
            depth = sum(map(int, cells))
            return int(cells[allele]) / depth if depth else None
    return None


def _phase(record: Any, call: Any, allele: int) -> str | None:
    """Phase set and haplotype: calls with the same text lie on one allele."""
    if call is None:
        return None
    genotype, phase_set = call.data.get("GT"), call.data.get("PS")
    if call.data.get("PGT") and call.data.get("PID"):  # GATK's local phasing
        genotype, phase_set = call.data["PGT"], call.data["PID"]
    if not genotype or "|" not in str(genotype):
        return None
    sides = str(genotype).split("|")
    if str(allele) not in sides:
        return None
    return f"{phase_set if phase_set not in (None, '.') else record.CHROM}:{sides.index(str(allele))}"
