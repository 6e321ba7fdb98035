"""Columns of a table as it stands: names and types, missing values, merged cells, a column a visit, times to event."""

from codon12.records.columns.types import as_text, is_date, is_number, number, type_columns, unique_names

__all__ = ["as_text", "is_date", "is_number", "number", "type_columns", "unique_names"]
