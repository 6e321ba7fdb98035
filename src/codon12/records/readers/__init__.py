"""One reader per file format, behind one interface: `read_table(path) -> RawTable`."""

from codon12.records.readers.interface import RawTable, ReadOptions
from codon12.records.readers.parquet import parquet_slices
from codon12.records.readers.select import FORMATS, format_of, read_table

__all__ = ["FORMATS", "RawTable", "ReadOptions", "format_of", "parquet_slices", "read_table"]
