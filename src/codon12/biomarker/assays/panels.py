"""Gene panels: as a cBioPortal file lists them, or as far as the calls made with them prove."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from codon12.biomarker.assays.assay import Assay, Reach, gene_panel
from codon12.biomarker.calls.frame import COUNTED_CLASSES
from codon12.errors import InputError
from codon12.records.columns.needed import need
from codon12.records.readers.decode import text_bytes

__all__ = ["observed_panels", "read_gene_panel"]

_KIND_OF_CLASS = dict.fromkeys((*COUNTED_CLASSES, "silent", "noncoding"), "mutation") | {
    "amplification": "copy number",
    "deletion": "copy number",
    "gain": "copy number",
    "loss": "copy number",
    "fusion": "fusion",
    "rearrangement": "fusion",
}


def read_gene_panel(path: str | Path) -> Assay:
    r"""Read a cBioPortal gene panel file: ``stable_id``, ``description`` and ``gene_list``.

    Mutations and copy number of every gene are in its reach; which fusions it calls the file does not say.

    Raises
    ------
    InputError
        No such file, or no list of genes in it.

    Notes
    -----
    Source: cBioPortal documentation, "Import Gene Panels".

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "data_gene_panel_P.txt")
    ...     _ = path.write_text("stable_id: P\ndescription: two genes\ngene_list:\tKRAS\tLKB1\n")
    ...     [str(r) for r in read_gene_panel(path).reach][:3]
    ['KRAS mutation', 'KRAS copy number', 'STK11 mutation']
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"{file}: no such gene panel file")
    lines = text_bytes(file)[0].decode().splitlines()
    keys = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if ":" in line)}
    genes = keys.get("gene_list", "").split()
    if not genes:
        raise InputError(f"{file.name}: names no genes; a gene panel file has a line gene_list: GENE1 GENE2 ...")
    name = keys.get("stable_id") or file.stem.removeprefix("data_gene_panel_")
    return gene_panel(name, genes, source=keys.get("description") or file.name)


def observed_panels(calls: pl.DataFrame, tests: pl.DataFrame) -> dict[str, Assay]:
    """Panels as far as their results prove them: a gene called in one sample of a panel is read by that panel.

    Use where no gene list is at hand. A gene that no sample shows altered may or may not be on the panel, so the
    assays are marked as not complete, and answers about such a gene stay unknown.

    Parameters
    ----------
    calls
        Calls frame.
    tests
        SAMPLE, ASSAY and where known KIND.

    Examples
    --------
    >>> calls = pl.DataFrame({"SAMPLE": ["1"], "GENE": ["KRAS"], "CLASS": ["missense"]})
    >>> found = observed_panels(calls, pl.DataFrame({"SAMPLE": ["1", "2"], "ASSAY": ["P", "P"]}))
    >>> [str(r) for r in found["P"].reach], found["P"].complete
    (['KRAS mutation'], False)
    """
    need(calls, ("SAMPLE", "GENE", "CLASS"), what="calls")
    need(tests, ("SAMPLE", "ASSAY"), what="tests")
    kind = pl.col("CLASS").replace_strict(_KIND_OF_CLASS, default=None, return_dtype=pl.String)
    seen = calls.select("SAMPLE", "GENE", kind.alias("KIND")).drop_nulls().unique()
    by = ["SAMPLE", "KIND"] if "KIND" in tests.columns and tests["KIND"].null_count() == 0 else ["SAMPLE"]
    pairs = seen.join(tests.select(*by, "ASSAY").unique(), on=by).select("ASSAY", "GENE", "KIND").unique()
    reach: dict[str, list[Reach]] = {name: [] for name in tests["ASSAY"].drop_nulls().unique().sort()}
    for name, gene, what in pairs.sort("ASSAY", "GENE", "KIND").iter_rows():
        reach[name].append(Reach(gene=gene, kind=what))
    source = "genes altered in at least one sample"
    return {
        name: Assay(name=name, kind="gene panel", reach=tuple(found), complete=False, source=source)
        for name, found in reach.items()
    }
