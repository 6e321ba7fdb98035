"""Labels of SDTM domains and variables, from ``sdtm.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec

__all__ = ["SdtmTable", "sdtm_label", "sdtm_table"]


class SdtmTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Labels of whole names and of what follows the domain's two letters; domains with label and class."""

    labels: dict[str, str]
    suffix: dict[str, str]
    domains: dict[str, tuple[str, str]]


@cache
def sdtm_table() -> SdtmTable:
    """Read the table that ships.

    Examples
    --------
    >>> sdtm_table().domains["TR"]
    ('Tumor/Lesion Results', 'FINDINGS')
    """
    text = resources.files("codon12.standards").joinpath("sdtm.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), SdtmTable)


def sdtm_label(name: str) -> str | None:
    """Label of an SDTM variable; None where neither its name nor its ending is known.

    Examples
    --------
    >>> sdtm_label("TRSEQ"), sdtm_label("AETERM"), sdtm_label("STK11")
    ('Sequence Number', 'Reported Term for the Adverse Event', None)
    """
    table = sdtm_table()
    return table.labels.get(name) or table.suffix.get(name[2:])
