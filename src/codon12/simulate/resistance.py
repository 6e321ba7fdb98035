"""Paired samples of subjects that progressed, generated with a known mechanism each, and the truth apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

__all__ = ["paired_samples"]

# What each subject shows later beside G12C and TP53: truth, and calls of gene, kind, protein or partner, phase.
_PLANS: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
    ("on-target, drug pocket", (("KRAS", "mutation", "p.Y96D", "cis"),)),
    ("on-target, drug pocket (recalled)", (("KRAS", "mutation", "p.R68S", "cis"),)),
    ("on-target, other activating allele", (("KRAS", "mutation", "p.G12V", "trans"),)),
    ("on-target, other activating allele", (("KRAS", "mutation", "p.G13D", ""),)),
    ("on-target, amplification", (("KRAS", "amplification", "", ""),)),
    ("bypass, point mutation", (("NRAS", "mutation", "p.Q61K", ""),)),
    ("bypass, point mutation", (("MAP2K1", "mutation", "p.K57N", ""),)),
    ("bypass, point mutation", (("BRAF", "mutation", "p.V600E", ""),)),
    ("bypass, amplification", (("MET", "amplification", "", ""),)),
    ("bypass, fusion", (("RET", "fusion", "CCDC6", ""),)),
    ("bypass, fusion", (("ALK", "fusion", "EML4", ""),)),
    ("loss of function", (("NF1", "mutation", "p.R1534*", ""),)),
    ("loss of function", (("PTEN", "deletion", "", ""),)),
    ("several", (("NRAS", "mutation", "p.Q61R", ""), ("MET", "amplification", "", ""))),
    ("on-target, loss of the target", (("KRAS", "mutation", "p.G12R", ""),)),
    ("histologic transformation", ()),
    ("none", ()),
    ("none", ()),
    ("none: effect not known", (("NF1", "mutation", "p.A100T", ""),)),
    ("not tested before", (("BRAF", "mutation", "p.V600E", ""),)),
    ("enriched", (("NRAS", "mutation", "p.Q61K", ""),)),
    ("not evaluable: no tumour", ()),
    ("not evaluable: other tumour", (("EGFR", "mutation", "p.L858R", ""),)),
)


def paired_samples(
    tables: dict[str, pl.DataFrame], *, seed: int
) -> tuple[dict[str, pl.DataFrame], list[dict[str, Any]]]:
    """Make a sample before treatment and one at progression for some subjects of a study, every mechanism once or more.

    Parameters
    ----------
    tables
        DM (RFXSTDTC) and RS of the study. The first subjects, in order, whom the investigator saw progress are taken.
    seed
        Of the allele fractions; the mechanisms are planned, not drawn.

    Returns
    -------
    tuple
        Tables PAIRED_SAMPLES (SAMPLE_ID, USUBJID, TIMEPOINT, SAMPLE_DATE, SPECIMEN, ASSAY, DEPTH, HISTOLOGY) and
        PAIRED_CALLS (SAMPLE_ID, GENE, KIND, PROTEIN, PARTNER, VAF, PHASE); and the truth, one entry a subject. All of
        it is generated: no sample of any patient is behind it.

    Examples
    --------
    >>> dm = pl.DataFrame({"USUBJID": ["1"], "RFXSTDTC": ["2020-01-01"]})
    >>> rs = pl.DataFrame({"USUBJID": ["1"], "RSTESTCD": ["OVRLRESP"], "RSSTRESC": ["PD"], "RSEVAL": ["INVESTIGATOR"],
    ...     "RSDTC": ["2020-06-01"]})
    >>> made, truth = paired_samples({"DM": dm, "RS": rs}, seed=7)
    >>> made["PAIRED_SAMPLES"].height, truth[0]["truth"]
    (2, 'on-target, drug pocket')
    """
    rng = np.random.default_rng([seed, 14])
    progressed = (
        tables["RS"]
        .filter(
            (pl.col("RSTESTCD") == "OVRLRESP") & (pl.col("RSSTRESC") == "PD") & (pl.col("RSEVAL") == "INVESTIGATOR")
        )
        .sort("USUBJID", "RSDTC")
        .unique("USUBJID", keep="first", maintain_order=True)
        .join(tables["DM"].select("USUBJID", "RFXSTDTC"), on="USUBJID", how="inner", maintain_order="left")
    )
    samples: list[dict[str, Any]] = []
    calls: list[dict[str, Any]] = []
    truth = []
    for row, (mechanism, extra) in zip(progressed.iter_rows(named=True), _PLANS, strict=False):
        own = _one(row["USUBJID"], row["RFXSTDTC"], row["RSDTC"], mechanism, extra, rng)
        samples += own[0]
        calls += own[1]
        truth.append({"USUBJID": row["USUBJID"], "truth": mechanism, "calls": [" ".join(c[:3]).strip() for c in extra]})
    return {
        "PAIRED_SAMPLES": pl.DataFrame(samples, schema=_SAMPLES),
        "PAIRED_CALLS": pl.DataFrame(calls, schema=_CALLS),
    }, truth


_SAMPLES = {
    "SAMPLE_ID": pl.String, "USUBJID": pl.String, "TIMEPOINT": pl.String, "SAMPLE_DATE": pl.String,
    "SPECIMEN": pl.String, "ASSAY": pl.String, "DEPTH": pl.Int64, "HISTOLOGY": pl.String,
}  # fmt: skip
_CALLS = {
    "SAMPLE_ID": pl.String, "GENE": pl.String, "KIND": pl.String, "PROTEIN": pl.String, "PARTNER": pl.String,
    "VAF": pl.Float64, "PHASE": pl.String,
}  # fmt: skip


def _one(
    subject: str, start: str, end: str, mechanism: str, extra: tuple[tuple[str, str, str, str], ...],
    rng: np.random.Generator,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    """Both samples of a subject and their calls."""
    truncal = float(np.round(rng.uniform(0.2, 0.45), 3))
    ids = (f"{subject}-BASE", f"{subject}-PROG")
    small = mechanism == "not tested before"
    turned = mechanism == "histologic transformation"
    samples = [
        {
            "SAMPLE_ID": name, "USUBJID": subject, "TIMEPOINT": word, "SAMPLE_DATE": day, "SPECIMEN": "TISSUE",
            "ASSAY": "G12C KIT" if small and word == "BASELINE" else "GENERATED PANEL", "DEPTH": 600,
            "HISTOLOGY": "SQUAMOUS-CELL CARCINOMA" if turned and word == "PROGRESSION" else "ADENOCARCINOMA",
        }
        for name, word, day in ((ids[0], "BASELINE", start), (ids[1], "PROGRESSION", end))
    ]  # fmt: skip

    def call(sample: str, gene: str, kind: str, text: str, vaf: float | None, phase: str = "") -> dict[str, Any]:
        return {
            "SAMPLE_ID": sample, "GENE": gene, "KIND": kind, "PROTEIN": text if kind == "mutation" else None,
            "PARTNER": text if kind == "fusion" else None, "VAF": vaf, "PHASE": phase or None,
        }  # fmt: skip

    calls = [call(ids[0], "KRAS", "mutation", "p.G12C", truncal)]
    calls += [] if small else [call(ids[0], "TP53", "mutation", "p.R273L", truncal)]
    if mechanism == "enriched":
        calls.append(call(ids[0], "NRAS", "mutation", "p.Q61K", 0.02))
    later = not mechanism.startswith("not evaluable")
    if later and mechanism != "on-target, loss of the target":
        calls.append(call(ids[1], "KRAS", "mutation", "p.G12C", truncal))
    if later:
        calls.append(call(ids[1], "TP53", "mutation", "p.R273L", truncal))
    for gene, kind, text, phase in extra:
        vaf = float(np.round(rng.uniform(0.08, 0.18), 3)) if kind == "mutation" else None
        calls.append(call(ids[1], gene, kind, text, vaf, phase))
    return samples, calls
