"""Mutation Annotation Format: whole, or in batches so that a file of any length fits in memory."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, cast

import msgspec
import polars as pl

from codon12.biomarker.calls.frame import Calls
from codon12.biomarker.calls.maf_repair import MafRepair
from codon12.biomarker.calls.tables import table_calls
from codon12.errors import InputError
from codon12.records.findings import Finding, findings_frame
from codon12.records.readers import ReadOptions
from codon12.records.readers.decode import text_bytes
from codon12.records.readers.delimited import parse_delimited

__all__ = ["BATCH_BYTES", "read_maf", "scan_maf"]

BATCH_BYTES = 16 * 1024 * 1024
"""Text of one batch; a batch of calls takes a few times as much memory."""


def read_maf(
    path: str | Path,
    *,
    name: str = "MUTATIONS",
    build: str | None = None,
    genes: Sequence[str] | None = None,
    subjects: pl.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
) -> Calls:
    r"""Read a MAF into calls.

    Header comments (``#``), CR, LF and CRLF line ends, gzip, empty cells and missing columns are all read. With
    `genes` the file is read in batches and only their rows are kept, so memory does not grow with the file.
    Options and errors as `table_calls`; `InputError` also for a file that is no text table.

    Notes
    -----
    Source: GDC MAF Format; cBioPortal "File Formats".

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "x.maf")
    ...     _ = path.write_text("#version 2.4\nHugo_Symbol\tTumor_Sample_Barcode\tHGVSp_Short\nKRAS\tS1\tp.G12C\n")
    ...     read_maf(path).frame.select("SAMPLE", "GENE", "PROTEIN", "SRCROW").row(0)
    ('S1', 'KRAS', 'p.G12C', 1)
    """
    parts = list(scan_maf(path, name=name, build=build, genes=genes, subjects=subjects, columns=columns))
    findings = pl.concat([p.findings for p in parts]).unique(maintain_order=True)
    frame, germline = (pl.concat([getattr(p, part) for p in parts]) for part in ("frame", "germline"))
    return Calls(frame=frame, germline=germline, findings=findings)


def scan_maf(
    path: str | Path,
    *,
    name: str = "MUTATIONS",
    build: str | None = None,
    genes: Sequence[str] | None = None,
    subjects: pl.DataFrame | None = None,
    columns: Mapping[str, str] | None = None,
    batch_bytes: int = BATCH_BYTES,
) -> Iterator[Calls]:
    """Read a MAF batch by batch: at least one batch, SRCROW counted through the file.

    Doubled and contradictory rows are found within a batch; the rows of a sample stand together in most files.
    Options and errors as `read_maf`.
    """
    file = Path(path)
    rows = 0
    repair: MafRepair | None = None
    for header, body in _batches(file, batch_bytes):
        raw = parse_delimited(header + body, name=file.name, options=ReadOptions(table=name, quoting=False))
        found = findings_frame(_moved(f, rows) for f in raw.findings)
        table = raw.frame.with_columns(pl.col("SRCROW") + rows)
        rows += raw.rows_read
        repair = MafRepair.of(table) if repair is None else repair
        made = table_calls(
            table, name=name, build=build, genes=genes, subjects=subjects, columns=columns, repair=repair
        )
        yield msgspec.structs.replace(made, findings=pl.concat([found, made.findings]))


def _moved(finding: Finding, rows: int) -> Finding:
    """Count the row of a finding from the start of the file, not of its batch."""
    if finding.row is None or not rows:
        return finding
    message = finding.message.replace(f"row {finding.row}", f"row {finding.row + rows}")
    return msgspec.structs.replace(finding, row=finding.row + rows, message=message)


def _batches(path: Path, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Header line and whole lines of the body, as UTF-8 with LF line ends; at least one batch."""
    with _opened(path) as stream:
        pieces = _lines(stream, size, path)
        rest = b""
        header = b""
        for piece in pieces:
            text = rest + piece
            if not header:
                header, text = _split_header(text)
                if not header:
                    rest = text
                    continue
            cut = text.rfind(b"\n") + 1
            rest = text[cut:]
            if cut:
                yield header, text[:cut]
        if not header:
            header, rest = _split_header(rest + b"\n")
            if not header:
                raise InputError(f"{path.name}: holds no text; a MAF needs at least a header line")
            yield header, rest
        elif rest.strip():
            yield header, rest + b"\n"
        else:
            yield header, b""


def _split_header(text: bytes) -> tuple[bytes, bytes]:
    """First line that is neither empty nor a comment, and what follows; nothing where it is not complete yet."""
    at = 0
    while (end := text.find(b"\n", at)) >= 0:
        line = text[at : end + 1]
        if line.strip() and not line.startswith(b"#"):
            return line, text[end + 1 :]
        at = end + 1
    return b"", text[at:]


def _lines(stream: BinaryIO, size: int, path: Path) -> Iterator[bytes]:
    lone_cr: bool | None = None
    held = b""
    while True:
        try:
            piece = stream.read(size)
        except (OSError, EOFError, zlib.error) as err:
            raise InputError(f"{path.name}: cannot be read to its end ({err}); copy the file again") from None
        if not piece:
            break
        piece = held + piece
        # A CR at the very end may belong to an LF that has not been read.
        held = b"\r" if piece.endswith(b"\r") else b""
        piece = piece[: len(piece) - len(held)].replace(b"\r\n", b"\n")
        if lone_cr is None and (b"\r" in piece or b"\n" in piece):
            lone_cr = piece.count(b"\r") > piece.count(b"\n")
        yield _utf8(piece.replace(b"\r", b"\n") if lone_cr else piece)
    if held:
        yield b"\n"


def _utf8(piece: bytes) -> bytes:
    if piece.isascii():
        return piece
    try:
        piece.decode()
    except UnicodeDecodeError as err:
        if err.reason.startswith("unexpected end") or err.start < 3 or err.start > len(piece) - 4:
            return piece  # a character cut in two by the batch; the parser replaces what is no UTF-8
        return piece.decode("cp1252", errors="replace").encode()
    return piece


def _opened(path: Path) -> BinaryIO:
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    with path.open("rb") as file:
        head = file.read(4)
    if head[:2] == b"\x1f\x8b":
        return cast("BinaryIO", gzip.open(path, "rb"))
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head or head[:2] == b"PK":
        return io.BytesIO(text_bytes(path)[0])  # UTF-16, or another kind of file, which it refuses
    stream = path.open("rb")
    if head[:3] == b"\xef\xbb\xbf":
        stream.seek(3)
    return stream
