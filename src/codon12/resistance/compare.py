"""Pairs of samples compared: states, changes, guards, mechanisms and what could not be seen."""

from __future__ import annotations

from typing import Any

import msgspec
import polars as pl
from msgspec.structs import replace

from codon12.resistance.catalogue import Catalogue, shipped_catalogue
from codon12.resistance.codon_joins import join_target_codons, target_alleles
from codon12.resistance.histology import transformations
from codon12.resistance.not_testable import not_testable_later
from codon12.resistance.pair_changes import missed_clones, with_changes
from codon12.resistance.pair_guards import guards, with_guarded_words
from codon12.resistance.pair_mechanisms import REASONS, fired_rules
from codon12.resistance.pair_notes import pair_notes
from codon12.resistance.pair_policy import PairPolicy
from codon12.resistance.pair_states import alteration_states
from codon12.resistance.paired import UNNAMED, PairSamples, samples_frame

__all__ = ["Comparison", "compare_pairs"]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What paired samples show, as frames that share the column PAIR."""

    pairs: pl.DataFrame
    """PAIR, USUBJID, DRUG, RESULT, GUARD (why not evaluable), REFERENCE (the truncal one), DEPTH (earlier)."""
    alterations: pl.DataFrame
    """PAIR, ALTERATION, GENE, CLASS, STATE, VAF_EARLIER, VAF_LATER, RATIO, CHANGE, IN_TISSUE, IN_PLASMA."""
    mechanisms: pl.DataFrame
    """PAIR, MECHANISM, ALTERATION, POSSIBLE (false: a mechanism), REASON, EVIDENCE, TRUST, SOURCE, RULE_NOTE."""
    flags: pl.DataFrame
    """PAIR, FLAG."""
    notes: pl.DataFrame
    """PAIR, NOTE."""
    not_testable: pl.DataFrame
    """PAIR, WHAT the later sample could not show."""
    findings: pl.DataFrame
    catalogue: Catalogue
    policy: PairPolicy


def compare_pairs(
    paired: PairSamples, *, catalogue: Catalogue | None = None, policy: PairPolicy | None = None
) -> Comparison:
    """Compare the earlier and the later samples of every pair, and name what explains resistance to its drug.

    Parameters
    ----------
    paired
        Samples, calls and assays; the drug of each pair as the catalogue writes it.
    catalogue
        Mechanisms; that which ships with codon12 when left out.
    policy
        How samples are compared.

    Returns
    -------
    Comparison
        A pair without an alteration in common where both could have shown one, or without any in its later sample,
        is not evaluable: nothing of it is lost or acquired.

    Raises
    ------
    DataError
        A sample without a pair or time, or a pair with several drugs.

    Examples
    --------
    >>> samples = pl.DataFrame({"PAIR": ["1", "1"], "TIME": ["earlier", "later"], "SAMPLE": ["a", "b"],
    ...     "DRUG": ["sotorasib"] * 2, "ASSAY": ["exome"] * 2})
    >>> from codon12.biomarker import calls_of, parse_variant
    >>> found = [calls_of([parse_variant(t) for t in texts], subject="1", sample=s)
    ...     for s, texts in (("a", ["KRAS G12C"]), ("b", ["KRAS G12C", "NRAS Q61K"]))]
    >>> compare_pairs(PairSamples(samples=samples, calls=pl.concat(found))).mechanisms["ALTERATION"].to_list()
    ['NRAS p.Q61K']
    """
    catalogue, policy = catalogue or shipped_catalogue(), policy or PairPolicy()
    # Pairs as numbers: joining and grouping millions of rows by text is what costs.
    named = samples_frame(paired.samples)
    numbers = named.select("PAIR").unique(maintain_order=True).with_row_index("N")
    samples = named.join(numbers, on="PAIR", maintain_order="left").with_columns(PAIR="N").drop("N")
    # Each pair by itself: so many at a time that memory does not grow with all.
    parts = [
        _compared(replace(paired, samples=samples.filter(pl.col("PAIR").is_between(at, at + _AT_A_TIME - 1))),
                  numbers, catalogue=catalogue, policy=policy)
        for at in range(0, max(numbers.height, 1), _AT_A_TIME)
    ]  # fmt: skip
    if len(parts) == 1:
        return parts[0]
    frames = ("pairs", "alterations", "mechanisms", "flags", "notes", "not_testable")
    return replace(parts[0], **{name: pl.concat([getattr(p, name) for p in parts]) for name in frames})


_AT_A_TIME = 20_000


def _compared(paired: PairSamples, numbers: pl.DataFrame, *, catalogue: Catalogue, policy: PairPolicy) -> Comparison:
    """Pairs by their number."""
    samples = paired.samples
    calls, joins = join_target_codons(_calls_of_pairs(paired.calls, samples), target_alleles(catalogue))
    states, described = alteration_states(calls, samples, paired.assays, policy=policy)
    del calls
    drugs = samples.select("PAIR", "USUBJID", "DRUG").unique("PAIR", keep="first", maintain_order=True)
    states = states.join(described.select("DESC", "NAME", "GENE", "CLASS"), on="DESC", how="left")
    states = with_changes(states, policy=policy)
    guarded = guards(states, samples, policy=policy)
    states = with_guarded_words(states, guarded)
    open_ = guarded.filter(pl.col("GUARD").is_null()).select("PAIR")
    able, given = (f.join(open_, on="PAIR", how="semi") for f in (states, samples))
    near = _concerned(described, catalogue)
    known = able.drop("NAME", "GENE", "CLASS").join(near, on="DESC", how="inner")
    known = known.join(drugs.select("PAIR", "DRUG"), on="PAIR", how="left")
    fired, unmet, rules = fired_rules(known, able, near, given, catalogue, paired.assays)
    # An alteration is called in one way throughout: as its rule calls it, the gene of the rule first.
    told = fired.select("PAIR", "DESC", TOLD="NAME")
    states = states.join(told, on=["PAIR", "DESC"], how="left", maintain_order="left")
    states = states.with_columns(NAME=pl.coalesce("TOLD", "NAME"))
    mechanisms = pl.concat([_mechanisms(fired, rules), transformations(given, catalogue)])
    notes = pair_notes(
        known, near, fired, unmet, joins.join(open_, on="PAIR", how="semi"), catalogue, rules, policy=policy
    )
    depths = samples.filter(TIME="earlier").group_by("PAIR").agg(pl.col("DEPTH").max())
    missed = missed_clones(able, depths, policy=policy).select("PAIR", "FLAG")
    shown = guarded.filter(pl.col("FLAG").is_not_null()).select("PAIR", "FLAG")
    reference = states.filter("REFERENCE").select("PAIR", REFERENCE="NAME")
    pairs = drugs.join(_results(drugs, mechanisms), on="PAIR", how="left", maintain_order="left")
    pairs = pairs.join(guarded.select("PAIR", "GUARD"), on="PAIR", how="left", maintain_order="left")
    pairs = pairs.with_columns(
        RESULT=pl.when(pl.col("GUARD").is_null()).then("RESULT").otherwise(pl.lit("not evaluable"))
    )
    for extra in (reference, depths):
        pairs = pairs.join(extra, on="PAIR", how="left", maintain_order="left")
    alterations = states.select(
        "PAIR", "GENE", "CLASS", "STATE", "VAF_EARLIER", "VAF_LATER", "RATIO", "CHANGE", "IN_TISSUE", "IN_PLASMA",
        ALTERATION="NAME",
    ).sort("PAIR", "ALTERATION")  # fmt: skip

    def shown_as(frame: pl.DataFrame) -> pl.DataFrame:
        back = frame.rename({"PAIR": "N"}).join(numbers, on="N", how="left", maintain_order="left").drop("N")
        return back.select("PAIR", pl.exclude("PAIR"))

    return Comparison(
        pairs=shown_as(pairs),
        alterations=shown_as(alterations),
        mechanisms=shown_as(mechanisms.sort("PAIR", "POSSIBLE", "MECHANISM", "ALTERATION")),
        flags=shown_as(pl.concat([shown, missed]).unique().sort("PAIR", "FLAG")),
        notes=shown_as(notes),
        not_testable=shown_as(not_testable_later(samples, catalogue, paired.assays)),
        findings=paired.findings,
        catalogue=catalogue,
        policy=policy,
    )


def _concerned(described: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Alterations in genes that a rule, or what a rule needs, speaks of."""
    rules = [r for e in catalogue.entries for r in e.rules]
    genes = {g for r in rules for g in r.match.all_genes}
    genes |= {n.split()[0] for r in rules for n in (r.needs.retained, r.needs.later) if n and n != "any"}
    return described.filter(pl.col("GENE").is_in(list(genes)) | pl.col("PARTNER").is_in(list(genes)))


def _calls_of_pairs(calls: pl.DataFrame, samples: pl.DataFrame) -> pl.DataFrame:
    """Calls with the pair, time and drug of their sample; SHARED where the other time was read by the same assay."""
    has_name = pl.col("ASSAY").is_not_null() & ~pl.col("ASSAY").str.starts_with(UNNAMED)
    named = samples.filter(has_name).select("PAIR", "TIME", "ASSAY").unique()
    other = named.with_columns(
        TIME=pl.when(pl.col("TIME") == "later").then(pl.lit("earlier")).otherwise(pl.lit("later")),
        SHARED=pl.lit(value=True),
    )
    own = samples.join(other, on=["PAIR", "TIME", "ASSAY"], how="left", maintain_order="left").select(
        "PAIR", "TIME", "SAMPLE", "DRUG",
        SHARED=pl.col("SHARED").fill_null(value=False),
        PLASMA=(pl.col("SPECIMEN") == "plasma").fill_null(value=False),
    )  # fmt: skip
    return calls.drop("USUBJID", "SRCDOM", "TRANSCRIPT", strict=False).join(own, on="SAMPLE", how="inner")


def _mechanisms(fired: pl.DataFrame, rules: list[Any]) -> pl.DataFrame:
    about = pl.DataFrame(
        [(i, r.evidence, r.trust, r.source, r.note) for i, r in enumerate(rules)],
        schema={
            "RULE": pl.Int64, "EVIDENCE": pl.String, "TRUST": pl.String, "SOURCE": pl.String, "RULE_NOTE": pl.String,
        },
        orient="row",
    )  # fmt: skip
    rows = fired.join(about, on="RULE", how="left")
    return rows.select(
        "PAIR", "MECHANISM", pl.col("NAME").alias("ALTERATION"), pl.col("REASON").is_not_null().alias("POSSIBLE"),
        "REASON", "EVIDENCE", "TRUST", "SOURCE", "RULE_NOTE",
    )  # fmt: skip


def _results(pairs: pl.DataFrame, mechanisms: pl.DataFrame) -> pl.DataFrame:
    """The first word of the answer that fits: PAIR, RESULT."""
    has = mechanisms.group_by("PAIR").agg(FOUND=(~pl.col("POSSIBLE")).any(), WHY=pl.col("REASON").drop_nulls().unique())
    rows = pairs.select("PAIR").join(has, on="PAIR", how="left")
    result = pl.when(pl.col("FOUND").fill_null(value=False)).then(pl.lit("mechanism found"))
    for reason, words in REASONS.items():
        result = result.when(pl.col("WHY").list.contains(reason).fill_null(value=False)).then(pl.lit(words))
    return rows.select("PAIR", RESULT=result.otherwise(pl.lit("no mechanism found")))
