"""Dates: as collected, as hospitals write them, and the data cut-off."""

from codon12.records.dates.iso import Impute, date_flag, dtc_state, parse_dtc

__all__ = ["Impute", "date_flag", "dtc_state", "parse_dtc"]
