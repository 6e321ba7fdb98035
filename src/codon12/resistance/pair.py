"""One pair of samples answered: what changed, what explains it, what could not be seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import polars as pl

from codon12.biomarker.assays.assay import Assay
from codon12.records.findings import Finding, findings_frame
from codon12.resistance.catalogue import Catalogue, shipped_catalogue
from codon12.resistance.compare import Comparison, compare_pairs
from codon12.resistance.one_pair_findings import pair_findings
from codon12.resistance.pair_policy import PairPolicy
from codon12.resistance.paired import PairSamples
from codon12.resistance.sample_json import ReadSample, samples_of_json

__all__ = ["PairAnswer", "answer_pair", "compare_samples"]


class PairAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for one pair; the words are those of the catalogue and of the guards."""

    drug: str
    result: str
    mechanisms: list[str]
    """``CLASS: ALTERATION``, sorted."""
    possible: list[str]
    states: dict[str, str]
    changes: dict[str, str]
    flags: list[str]
    notes: list[str]
    not_testable_later: list[str]
    comments: list[str]
    """What a reader should know besides: depth not given, specimens that disagree, why a pair is not evaluable."""
    evidence: list[dict[str, str]]
    """Rule behind each mechanism: class, alteration, certainty, evidence, trust, source."""
    catalogue: list[str]
    """File, version and digest of each catalogue."""
    findings: list[dict[str, Any]]


def compare_samples(
    before: Any, after: Any, *, drug: str, catalogue: Catalogue | None = None, policy: PairPolicy | None = None
) -> PairAnswer:
    """Compare earlier and later samples of one tumour, as plain values (lists of samples, as from JSON).

    Raises
    ------
    UsageError
        A drug that is not in the catalogue.
    InputError
        A sample or a call that cannot be read.

    Examples
    --------
    >>> assay = {"genes": ["EGFR", "TP53"], "kinds": ["mutation"]}
    >>> calls = [{"gene": "EGFR", "protein": "p.L858R", "vaf": 0.4}]
    >>> later = [*calls, {"gene": "EGFR", "protein": "p.T790M", "vaf": 0.1}]
    >>> before, after = ([{"assay": assay, "calls": found}] for found in (calls, later))
    >>> compare_samples(before, after, drug="gefitinib").mechanisms
    ['on-target, gatekeeper: EGFR p.T790M']
    """
    earlier = samples_of_json(before, file="before", prefix="before")
    later = samples_of_json(after, file="after", prefix="after")
    return answer_pair(earlier, later, drug=drug, catalogue=catalogue, policy=policy)


def answer_pair(
    earlier: Sequence[ReadSample],
    later: Sequence[ReadSample],
    *,
    drug: str,
    catalogue: Catalogue | None = None,
    policy: PairPolicy | None = None,
) -> PairAnswer:
    """Compare samples that were read. Errors as `compare_samples`."""
    catalogue = catalogue or shipped_catalogue()
    name = catalogue.drug(drug)
    assays, found = _assays([*earlier, *later])
    rows, calls = [], []
    for time, group in (("earlier", earlier), ("later", later)):
        for i, sample in enumerate(group):
            key = f"{time} {i}"
            rows.append(
                {
                    "PAIR": "1", "TIME": time, "SAMPLE": key, "DRUG": name, "ASSAY": sample.assay,
                    "SPECIMEN": sample.specimen, "HISTOLOGY": sample.histology, "DEPTH": sample.depth,
                }
            )  # fmt: skip
            calls.append(sample.calls.with_columns(SAMPLE=pl.lit(key)))
    both = [*earlier, *later]
    found += [f for s in both for f in s.findings] + pair_findings(earlier, later)
    frame = pl.concat(calls)
    if len({s.build for s in both if s.build}) > 1:
        unplaced = frame.filter(_by_place_alone()).height
        frame = frame.filter(~_by_place_alone())
        found.append(_other_builds(both, unplaced))
    schema = {"PAIR": pl.String, "TIME": pl.String, "SAMPLE": pl.String, "DRUG": pl.String, "ASSAY": pl.String,
              "SPECIMEN": pl.String, "HISTOLOGY": pl.String, "DEPTH": pl.Float64}  # fmt: skip
    paired = PairSamples(samples=pl.DataFrame(rows, schema=schema), calls=frame, assays=assays)
    made = compare_pairs(paired, catalogue=catalogue, policy=policy)
    return _answer(made, name, both, found)


def _by_place_alone() -> pl.Expr:
    placed = pl.col("PROTEIN").is_null() & pl.col("CODING").is_null() & pl.col("POS").is_not_null()
    return placed.fill_null(value=False)


def _other_builds(samples: Sequence[ReadSample], unplaced: int) -> Finding:
    builds = " and ".join(sorted({s.build for s in samples if s.build}))
    says = (
        f"The samples are of different genome builds ({builds}): alterations are compared by protein or coding change; "
        f"{unplaced} known by coordinates alone were left out."
    )
    return Finding(
        table="PAIR", rule="other-genome-build", severity="warning", variable="BUILD", value=builds, message=says
    )


def _assays(samples: Sequence[ReadSample]) -> tuple[dict[str, Assay], list[Finding]]:
    """Assays by name; a name with two different lists is two assays, a finding."""
    out: dict[str, Assay] = {}
    found = []
    for sample in samples:
        if sample.assay is None or sample.reach is None:
            continue
        known = out.setdefault(sample.assay, sample.reach)
        if known.reach != sample.reach.reach:
            other = f"{sample.assay} ({sample.sample})"
            says = f"Assay {sample.assay} is listed with two different reaches; they are taken as two assays."
            found.append(
                Finding(table="PAIR", rule="assay-listed-twice", severity="warning", value=sample.assay, message=says)
            )
            out[other] = sample.reach
            sample.assay = other
    return out, found


def _answer(made: Comparison, drug: str, samples: Sequence[ReadSample], found: list[Finding]) -> PairAnswer:
    pair = made.pairs.row(0, named=True)
    states = dict(made.alterations.select("ALTERATION", "STATE").iter_rows())
    changed = made.alterations.filter(pl.col("CHANGE").is_not_null())
    listed = [pl.format("{}: {}", "MECHANISM", "ALTERATION").alias("TEXT"), "POSSIBLE"]
    texts = made.mechanisms.select(listed)
    evidence = [
        {
            "class": r["MECHANISM"], "alteration": r["ALTERATION"],
            "certainty": "possible" if r["POSSIBLE"] else "mechanism",
            "evidence": r["EVIDENCE"], "trust": r["TRUST"], "source": r["SOURCE"], "note": r["RULE_NOTE"],
        }
        for r in made.mechanisms.iter_rows(named=True)
    ]  # fmt: skip
    return PairAnswer(
        drug=drug,
        result=pair["RESULT"],
        mechanisms=sorted(texts.filter(~pl.col("POSSIBLE"))["TEXT"].unique()),
        possible=sorted(texts.filter("POSSIBLE")["TEXT"].unique()),
        states=states,
        changes=dict(changed.select("ALTERATION", "CHANGE").iter_rows()),
        flags=made.flags["FLAG"].to_list(),
        notes=made.notes["NOTE"].to_list(),
        not_testable_later=made.not_testable["WHAT"].to_list(),
        comments=_comments(made, pair, samples),
        evidence=evidence,
        catalogue=list(made.catalogue.files),
        findings=findings_frame(found).to_dicts(),
    )


def _comments(made: Comparison, pair: dict[str, Any], samples: Sequence[ReadSample]) -> list[str]:
    out = []
    if pair["GUARD"]:
        out.append(f"Not evaluable: {pair['GUARD']}.")
    if pair["DEPTH"] is None:
        out.append("The depth of the earlier sample is not given: what it could have missed is not known.")
    if pair["REFERENCE"]:
        out.append(f"Allele fractions are read relative to {pair['REFERENCE']}, the truncal reference.")
    else:
        out.append("No truncal reference: changes of allele fractions are not read.")
    if any(s.assay is None for s in samples):
        out.append("A sample without a named or listed assay: what it does not show may not have been tested.")
    return out + _specimens(made, samples)


def _specimens(made: Comparison, samples: Sequence[ReadSample]) -> list[str]:
    """Alterations that later tissue and later plasma tell differently."""
    if not {"plasma", "tissue"} <= {s.specimen for s in samples}:
        return []
    later = made.alterations.filter(pl.col("IN_TISSUE") != pl.col("IN_PLASMA"))
    return [
        f"{name}: found in {'plasma' if plasma else 'tissue'}, not in {'tissue' if plasma else 'plasma'} of one time."
        for name, plasma in later.select("ALTERATION", "IN_PLASMA").iter_rows()
    ]
