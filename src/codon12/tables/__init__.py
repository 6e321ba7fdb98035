"""Evidence as tables: one layout from the numbers, written as HTML, CSV, XLSX, Word and RTF."""

from codon12.tables.cells import CellParts, cell_parts, cell_text, interval_text, unit_text
from codon12.tables.csv import csv_text, inert
from codon12.tables.docx import docx_bytes
from codon12.tables.frames import frame
from codon12.tables.layout import table_of
from codon12.tables.model import Cell, Column, Row, Table, html_text
from codon12.tables.rtf import rtf_text
from codon12.tables.xlsx import xlsx_bytes

__all__ = [
    "Cell",
    "CellParts",
    "Column",
    "Row",
    "Table",
    "cell_parts",
    "cell_text",
    "csv_text",
    "docx_bytes",
    "frame",
    "html_text",
    "inert",
    "interval_text",
    "rtf_text",
    "table_of",
    "unit_text",
    "xlsx_bytes",
]
