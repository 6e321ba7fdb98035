"""Gene symbols: what a gene was called before, and what it is called now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

__all__ = ["ACTIVATED", "FORMER_SYMBOLS", "UNFUSED", "current_symbol", "current_symbols", "misspelt_symbol"]

_CURRENT = {
    "STK11": "LKB1",
    "ERBB2": "HER2 HER-2 NEU HER2/NEU HER-2/NEU CERBB2 C-ERBB2 C-ERBB-2",
    "EGFR": "HER1 ERBB1",
    "ERBB3": "HER3",
    "ERBB4": "HER4",
    "KRAS": "K-RAS KI-RAS KRAS2",
    "NRAS": "N-RAS",
    "HRAS": "H-RAS HA-RAS",
    "BRAF": "B-RAF",
    "TP53": "P53",
    "MET": "C-MET CMET HGFR",
    "KIT": "C-KIT CKIT CD117",
    "MYC": "C-MYC CMYC",
    "ROS1": "ROS C-ROS1",
    "MYCL": "MYCL1",
    "NTRK1": "TRKA",
    "NTRK2": "TRKB",
    "NTRK3": "TRKC",
    "CD274": "PDL1 PD-L1 B7-H1",
    "NFE2L2": "NRF2",
    "CDKN2A": "P16 P16INK4A INK4A P14ARF CDKN2AP16INK4A CDKN2AP14ARF",
    "SMARCA4": "BRG1",
    "SMARCB1": "INI1 SNF5 BAF47",
    "MAP2K1": "MEK1",
    "MAP2K2": "MEK2",
    "MAPK1": "ERK2",
    "MAPK3": "ERK1",
    "KMT2A": "MLL MLL1",
    "KMT2B": "MLL4",
    "KMT2C": "MLL3",
    "KMT2D": "MLL2",
    "NSD2": "WHSC1",
    "NSD3": "WHSC1L1",
    "AMER1": "FAM123B WTX",
    "PRKN": "PARK2",
    "COP1": "RFWD2",
    "ELOC": "TCEB1",
    "MRE11": "MRE11A",
    "TENT5C": "FAM46C",
    "ABRAXAS1": "FAM175A",
    "KMT5A": "SETD8",
    "PAK5": "PAK7",
    "ADGRA2": "GPR124",
    "KDR": "VEGFR2",
    "FLT4": "VEGFR3",
    "PTCH1": "PTCH",
    "CREBBP": "CBP",
    "PIK3CA": "P110ALPHA",
    "PTPN11": "SHP2 SHP-2",
}
_OTHERS = (
    *("ALK", "RET", "KEAP1", "PTEN", "NF1", "RB1", "ATM", "BRCA1", "BRCA2", "IDH1", "IDH2"),
    *("FGFR1", "FGFR2", "FGFR3", "RAF1", "ARID1A", "CD74"),
)
_KNOWN = frozenset((*_CURRENT, *_OTHERS))
_NAMES = {old: new for new, olds in _CURRENT.items() for old in olds.split()}
_HYPHENATED = {re.sub(r"(?<=[A-Z])(\d+)$", r"-\1", n): new for n, new in ({g: g for g in _KNOWN} | _NAMES).items()}
FORMER_SYMBOLS: Mapping[str, str] = MappingProxyType({n: g for n, g in (_HYPHENATED | _NAMES).items() if n != g})
"""Former symbol or common name, also with a hyphen before its number (ROS-1) -> symbol approved by HGNC, for genes of
solid-tumour panels. A name that is the approved symbol of another gene (TTF1, MLL5) is not among them."""

ACTIVATED = (
    *("KRAS", "NRAS", "HRAS", "BRAF", "EGFR", "ERBB2", "PIK3CA", "IDH1", "IDH2", "KIT", "PDGFRA", "GNAS", "GNAQ"),
    *("GNA11", "AKT1", "MAP2K1", "CTNNB1", "FGFR2", "FGFR3", "MET", "ALK", "RET", "ESR1", "JAK2"),
)
"""Genes that single residues activate: X for a residue is any other one there (``EGFR G719X``), elsewhere a stop."""


UNFUSED = (
    *("KRAS", "NRAS", "HRAS", "EGFR", "ERBB2", "PIK3CA", "STK11", "KEAP1", "TP53", "PTEN", "BRCA1", "BRCA2", "ATM"),
    *("CDKN2A", "CDKN2B", "RB1", "NF1", "SMARCA4", "ARID1A", "IDH1", "IDH2", "NFE2L2", "KIT", "MAP2K1"),
)
"""Genes of which two with a stroke between (``STK11/KEAP1``) are a list, and no fusion."""


def misspelt_symbol(text: str) -> str | None:
    """Give the known gene that a name is a slip of the finger from: a letter too many, one lacking, two exchanged.

    A name with another letter in one place may be a gene of its own (NRAS, FGFR4) and is none.

    Examples
    --------
    >>> [misspelt_symbol(t) for t in ("KRASS", "krsa", "KRAS", "FGFR4", "K-RAS")]
    ['KRAS', 'KRAS', None, None, None]
    """
    name = text.strip().upper()
    if name in _KNOWN or name in FORMER_SYMBOLS:
        return None
    lacking = {name[:i] + name[i + 1 :] for i in range(len(name))}
    swapped = {name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)}
    longer = {g for g in _KNOWN if len(g) == len(name) + 1 and any(g[:i] + g[i + 1 :] == name for i in range(len(g)))}
    return min((lacking | swapped) & _KNOWN | longer, default=None)


def current_symbol(text: str) -> tuple[str, str | None]:
    """Give the current symbol of a gene, and a note where it was given by a former one.

    Examples
    --------
    >>> current_symbol("LKB1"), current_symbol("kras"), current_symbol("STK11/LKB1")[0]
    (('STK11', 'LKB1 is now STK11'), ('KRAS', None), 'STK11')
    """
    upper = text.strip().upper()
    new = FORMER_SYMBOLS.get(upper)
    both = {FORMER_SYMBOLS.get(part, part) for part in upper.split("/")}
    if new is None and "/" in upper and len(both) == 1:
        new = both.pop()
    return (upper, None) if new is None else (new, f"{text.strip()} is now {new}")


def current_symbols(column: pl.Expr) -> pl.Expr:
    """Replace former symbols of a column by current ones; others in capitals, but for open reading frames.

    Examples
    --------
    >>> pl.DataFrame({"G": ["LKB1", "kras ", "C11orf65"]}).select(current_symbols(pl.col("G")))["G"].to_list()
    ['STK11', 'KRAS', 'C11orf65']
    """
    plain = column.cast(pl.String).str.strip_chars()
    upper = plain.str.to_uppercase()
    own = pl.when(plain.str.contains(r"^C(\d+|X|Y)orf\d+$")).then(plain).otherwise(upper)
    return upper.replace_strict(dict(FORMER_SYMBOLS), default=own, return_dtype=pl.String)
