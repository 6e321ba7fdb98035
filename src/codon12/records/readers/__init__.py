"""One reader per file format, behind one interface: `read_table(path) -> RawTable`."""

from codon12.records.readers.interface import RawTable, ReadOptions
from codon12.records.readers.select import FORMATS, format_of, is_sliced, read_table, table_slices

__all__ = ["FORMATS", "RawTable", "ReadOptions", "format_of", "is_sliced", "read_table", "table_slices"]
