"""The same evidence in the forms others require: ADaM, SAS transport, Dataset-JSON, Define-XML, ARS."""

from codon12.standards.adam import adam_datasets
from codon12.standards.ars import reporting_event
from codon12.standards.core import core_findings
from codon12.standards.dataset_json import write_dataset_json
from codon12.standards.datasets import Dataset
from codon12.standards.define import write_define
from codon12.standards.define_read import Define, define_findings, read_define
from codon12.standards.export import FORMATS, Exported, export_study
from codon12.standards.given import given_findings, given_metadata
from codon12.standards.metadata import adam_table
from codon12.standards.naming import Agreed, agreed_names
from codon12.standards.sdtm import sdtm_datasets
from codon12.standards.xpt import write_xpt

__all__ = [
    "FORMATS",
    "Agreed",
    "Dataset",
    "Define",
    "Exported",
    "adam_datasets",
    "adam_table",
    "agreed_names",
    "core_findings",
    "define_findings",
    "export_study",
    "given_findings",
    "given_metadata",
    "read_define",
    "reporting_event",
    "sdtm_datasets",
    "write_dataset_json",
    "write_define",
    "write_xpt",
]
