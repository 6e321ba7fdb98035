"""A table of mutations whose header is shifted against its columns, or whose read counts are swapped."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import polars as pl

from codon12.records.findings import Finding, findings_frame

__all__ = ["MafRepair"]

_TYPES = ("SNP", "SNV", "INS", "DEL", "DNP", "TNP", "ONP", "MNV", "MNP")
_CLASSES = (
    "missense_mutation", "nonsense_mutation", "silent", "splice_site", "splice_region", "frame_shift_del",
    "frame_shift_ins", "in_frame_del", "in_frame_ins", "nonstop_mutation", "translation_start_site", "5'flank",
    "3'utr", "5'utr", "3'flank", "intron", "rna", "igr",
)  # fmt: skip
_SHIFTED = (
    "VARIANT_CLASSIFICATION", "VARIANT_TYPE", "REFERENCE_ALLELE", "TUMOR_SEQ_ALLELE1", "TUMOR_SEQ_ALLELE2",
    "DBSNP_RS", "DBSNP_VAL_STATUS",
)  # fmt: skip
_SHARE = 0.9
"""Share of the filled cells that must be what another column should hold."""
_ROWS_FOR_COUNTS, _SWAPPED_SHARE, _SWAPPED_FRACTION = 20, 0.8, 0.8
"""Counts are taken as swapped where, in 20 rows or more, 80 % have more reads of the change than of the reference and
the median allele fraction is 0.8 or more: no panel of tumours reads so."""


class MafRepair(msgspec.Struct, frozen=True, kw_only=True):
    """How a table must be read otherwise than its header says, decided by what its cells hold.

    Examples
    --------
    >>> maf = pl.DataFrame({"Consequence": ["Silent"], "Variant_Classification": ["SNP"], "Variant_Type": ["G"],
    ...     "Reference_Allele": ["G"], "Tumor_Seq_Allele1": ["C"], "Tumor_Seq_Allele2": [None]})
    >>> repair = MafRepair.of(maf)
    >>> repair.apply(maf).select("Variant_Classification", "Reference_Allele", "Tumor_Seq_Allele2").row(0)
    ('Silent', 'G', 'C')
    """

    renamed: dict[str, str] = {}
    """Column as headed -> what it holds."""
    swapped: tuple[str, str] | None = None
    """Columns of the reads of the reference and of the change that hold each other's numbers."""
    rows: int = 0
    """Rows of counts looked at."""
    more: int = 0
    """Of these, rows with more reads of the change than of the reference, as headed."""

    @classmethod
    def of(cls, table: pl.DataFrame) -> MafRepair:
        """Look at the cells of a table and say what must be repaired; nothing for most."""
        by_upper = {c.upper(): c for c in table.columns}
        rows, more, swapped = _counts(table, by_upper)
        return cls(renamed=_shifted(table, by_upper), swapped=swapped, rows=rows, more=more)

    @staticmethod
    def looks_at(columns: Sequence[str]) -> bool:
        """Whether a table with these columns may have to be repaired."""
        upper = {c.upper() for c in columns}
        return {"T_REF_COUNT", "T_ALT_COUNT"} <= upper or set(_SHIFTED[:5]) <= upper

    def apply(self, table: pl.DataFrame) -> pl.DataFrame:
        """Give the table with its columns under the names of what they hold."""
        if self.renamed:
            table = table.rename(self.renamed)
        if self.swapped:
            table = table.rename({self.swapped[0]: self.swapped[1], self.swapped[1]: self.swapped[0]})
        return table

    def findings(self, name: str) -> pl.DataFrame:
        """One finding for each thing that was repaired."""
        out = []
        if self.renamed:
            moved = ", ".join(f"{old} holds {new}" for old, new in self.renamed.items())
            out.append(
                Finding(
                    table=name, rule="shifted-header", severity="warning", value=", ".join(self.renamed),
                    message=f"{name}: the header lacks a column, so names and cells are shifted ({moved}); the columns "
                    "were read as what their cells hold.",
                )
            )  # fmt: skip
        if self.swapped:
            ref, alt = self.swapped
            out.append(
                Finding(
                    table=name, rule="swapped-counts", severity="warning", variable=alt,
                    value=f"{self.more}/{self.rows}",
                    message=f"{name}: in {self.more} of {self.rows} rows {alt} exceeds {ref}, as no tumours read; the "
                    "two columns hold each other's numbers and were read so.",
                )
            )  # fmt: skip
        return findings_frame(out)


def _shifted(table: pl.DataFrame, by_upper: dict[str, str]) -> dict[str, str]:
    """Columns shifted by one to the left, from the one before the classification on."""
    named = [by_upper.get(c) for c in _SHIFTED[:5]]
    if any(n is None for n in named) or not table.height:
        return {}
    classification, kind = by_upper["VARIANT_CLASSIFICATION"], by_upper["VARIANT_TYPE"]
    at = table.columns.index(classification)
    before = table.columns[at - 1] if at else None
    if before is None or not all(table.schema[c] == pl.String for c in (before, classification, kind)):
        return {}
    text = [pl.col(c).str.strip_chars() for c in (before, classification, kind)]
    tests = (
        text[0].str.to_lowercase().is_in(_CLASSES),
        text[1].str.to_uppercase().is_in(_TYPES),
        text[2].str.contains(r"^(?:[ACGTacgt]+|-)$"),
    )
    shares = table.select(t.mean().alias(f"{i}") for i, t in enumerate(tests)).row(0)
    if not all(s is not None and s >= _SHARE for s in shares):
        return {}
    chain = [before, *(by_upper[c] for c in _SHIFTED if c in by_upper)]
    return dict(zip(chain, [*chain[1:], chain[0]], strict=True))


def _counts(table: pl.DataFrame, by_upper: dict[str, str]) -> tuple[int, int, tuple[str, str] | None]:
    ref, alt = by_upper.get("T_REF_COUNT"), by_upper.get("T_ALT_COUNT")
    if ref is None or alt is None:
        return 0, 0, None
    numbers = table.select(
        r=pl.col(ref).cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False),
        a=pl.col(alt).cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False),
    ).drop_nulls()
    numbers = numbers.filter(pl.col("r") + pl.col("a") > 0)
    more = int(numbers.select((pl.col("a") > pl.col("r")).sum()).item())
    if numbers.height < _ROWS_FOR_COUNTS or more < _SWAPPED_SHARE * numbers.height:
        return numbers.height, more, None
    median = numbers.select((pl.col("a") / (pl.col("a") + pl.col("r"))).median()).item()
    return numbers.height, more, (ref, alt) if median >= _SWAPPED_FRACTION else None
