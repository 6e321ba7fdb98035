"""Evidence as tables: one layout from the numbers, written as HTML, CSV, XLSX, Word and RTF."""

from codon12.tables.cells import cell_text, unit_text
from codon12.tables.csv import csv_text, inert
from codon12.tables.docx import docx_bytes
from codon12.tables.layout import table_of
from codon12.tables.model import Cell, Column, Row, Table, html_text
from codon12.tables.rtf import rtf_text
from codon12.tables.xlsx import xlsx_bytes

__all__ = [
    "Cell",
    "Column",
    "Row",
    "Table",
    "cell_text",
    "csv_text",
    "docx_bytes",
    "html_text",
    "inert",
    "rtf_text",
    "table_of",
    "unit_text",
    "xlsx_bytes",
]
