"""The sentences beside a pair's mechanisms: phase, needs that are not met, what is listed for other drugs."""

from __future__ import annotations

import polars as pl

from codon12.resistance.catalogue import Catalogue, Rule
from codon12.resistance.codon_joins import phase_notes
from codon12.resistance.pair_policy import PairPolicy
from codon12.resistance.pair_states import ACQUIRED, LOST, NOT_TESTED_BEFORE
from codon12.resistance.rule_hits import meets, rule_hits

__all__ = ["pair_notes"]


def pair_notes(
    states: pl.DataFrame,
    described: pl.DataFrame,
    fired: pl.DataFrame,
    unmet: pl.DataFrame,
    joins: pl.DataFrame,
    catalogue: Catalogue,
    rules: list[Rule],
    *,
    policy: PairPolicy,
) -> pl.DataFrame:
    """Notes of every evaluable pair: PAIR, NOTE; sorted, each once. Shapes as from `fired_rules`."""
    acquired = states.filter(pl.col("STATE") == ACQUIRED)
    parts = [
        _phase(fired),
        _frequency(states, fired, rules, policy),
        _codon(joins, fired),
        _needs(unmet, states),
        _other_names(states),
        *_elsewhere(acquired, described, catalogue),
    ]
    return pl.concat([p.select("PAIR", "NOTE") for p in parts]).unique().sort("PAIR", "NOTE")


def _phase(fired: pl.DataFrame) -> pl.DataFrame:
    open_ = pl.col("IN_CIS") & pl.col("PHASE").ne_missing(pl.lit("cis"))
    return fired.filter(open_).select("PAIR", NOTE=pl.format("{}: in cis not shown", "NAME"))


def _frequency(states: pl.DataFrame, fired: pl.DataFrame, rules: list[Rule], policy: PairPolicy) -> pl.DataFrame:
    """Pocket mutations more frequent than the target mutation of their gene."""
    lost = [
        (r.match.all_genes[0], r.match.spelled((r.match.lost,))[0])
        for r in rules
        if r.match.lost and r.match.lost != "any"
    ]
    targets = pl.DataFrame(lost, schema={"GENE": pl.String, "TARGET": pl.String}, orient="row").unique()
    own = states.join(targets, left_on=["GENE", "PROTEIN"], right_on=["GENE", "TARGET"], how="semi")
    own = own.select("PAIR", "GENE", TARGET="PROTEIN", OWN="VAF_LATER").drop_nulls("OWN")
    rows = fired.filter("IN_CIS").join(states.select("PAIR", "DESC", "GENE", "VAF_LATER"), on=["PAIR", "DESC"])
    rows = rows.join(own, on=["PAIR", "GENE"], how="inner")
    more = (pl.col("VAF_LATER") >= policy.not_only_cis_ratio * pl.col("OWN") - 1e-9) & (pl.col("OWN") > 0)
    return rows.filter(more).select(
        "PAIR", NOTE=pl.format("{}: more frequent than {}, so not only in cis", "NAME", "TARGET")
    )


def _codon(joins: pl.DataFrame, fired: pl.DataFrame) -> pl.DataFrame:
    """Second changes of the target's codon: those joined, and later ones that fire with phase not known."""
    notes = phase_notes(joins)
    named = fired.with_columns(
        PROTEIN=pl.col("NAME").str.extract(r" (p\..*)$"), GENE=pl.col("NAME").str.extract(r"^(\S+)")
    )
    open_ = notes.filter((pl.col("KIND") == "open") & (pl.col("TIME") == "later"))
    silent = pl.col("PROTEIN").str.ends_with("=")
    told = pl.concat(
        [
            open_.join(named.select("PAIR", "GENE", "PROTEIN"), on=["PAIR", "GENE", "PROTEIN"], how="semi"),
            open_.filter(silent),
        ]
    )
    return pl.concat([notes.filter(KIND="joined"), told]).select("PAIR", "NOTE")


def _other_names(states: pl.DataFrame) -> pl.DataFrame:
    """Substitutions known by their coding change alone, whether or not a protein change of their codon names them."""
    also = states.filter(pl.col("ALSO").is_not_null()).select(
        "PAIR", NOTE=pl.format("{}: also written {}, of the same codon; taken as one", "NAME", "ALSO")
    )
    bare = pl.col("PROTEIN").is_null() & pl.col("CODING").str.contains(r"^c\.\d+[ACGT]>[ACGT]$")
    open_ = states.filter(bare & pl.col("STATE").is_in([ACQUIRED, LOST, NOT_TESTED_BEFORE]))
    unread = pl.format("{}: without its protein change it meets no rule that names one", "NAME")
    return pl.concat([also, open_.select("PAIR", NOTE=unread)])


def _needs(unmet: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    rows = unmet.join(states.select("PAIR", "DESC", "STATE"), on=["PAIR", "DESC"], how="left")
    what = pl.col("NEED").str.replace("^(retained|later) ", "")
    what = what.replace("any", "any other alteration")
    note = (
        pl.when(pl.col("STATE") == LOST)
        .then(pl.format("{}: lost, but not {} retained", "NAME", what))
        .when(pl.col("NEED").str.starts_with("later"))
        .then(pl.format("{}: needs {} in the later sample", "NAME", what))
        .otherwise(pl.format("{}: needs {} retained", "NAME", what))
    )
    return rows.select("PAIR", NOTE=note)


def _elsewhere(acquired: pl.DataFrame, described: pl.DataFrame, catalogue: Catalogue) -> list[pl.DataFrame]:
    """Acquired alterations that meet no rule of the drug: listed for others of its target, or effect not known."""
    parts = [pl.DataFrame(schema={"PAIR": acquired.schema["PAIR"], "NOTE": pl.String})]
    for drug in acquired["DRUG"].drop_nulls().unique().sort().to_list():
        rules = [r for r in catalogue.rules_for(drug) if r.match.lost is None]
        own = acquired.filter(DRUG=drug)
        # In trans of the target a pocket rule does not count, so it is not met.
        trans = (pl.col("PHASE") == "trans").fill_null(value=False)
        met = pl.concat(
            [
                own.join(rule_hits(described, rules).select("DESC").unique(), on="DESC", how="semi").filter(~trans),
                own.join(
                    rule_hits(described, [r for r in rules if r.phase is None]).unique("DESC"), on="DESC", how="semi"
                ),
            ]
        )
        own = own.join(met.select("PAIR", "DESC"), on=["PAIR", "DESC"], how="anti")
        rest = described.join(own.select("DESC").unique(), on="DESC", how="semi").filter(pl.col("CLASS") != "silent")
        others = catalogue.rules_of_target(drug)
        said = _listed(rest, others)
        listed = own.join(said, on="DESC").filter(~(trans & pl.col("CIS_ALONE")))
        parts.append(listed.select("PAIR", NOTE=pl.format("{}: listed for {}", "NAME", "DRUGS")))
        kinds = ("activating", "loss of function")
        genes = sorted({g for r in rules if r.match.kind in kinds for g in r.match.all_genes})
        unknown = own.join(listed.select("PAIR", "DESC"), on=["PAIR", "DESC"], how="anti").filter(
            pl.col("GENE").is_in(genes) & (pl.col("CLASS") != "silent")
        )
        parts.append(unknown.select("PAIR", NOTE=pl.format("{}: effect not known", "NAME")))
    return parts


def _listed(described: pl.DataFrame, others: list[tuple[Rule, tuple[str, ...]]]) -> pl.DataFrame:
    """Alterations that rules of other drugs match: DESC, DRUGS, CIS_ALONE (each of those rules wants it in cis)."""
    drugs: dict[int, set[str]] = {}
    free: set[int] = set()
    for rule, names in others:
        if rule.match.lost is None and rule.match.histology is None:
            for desc in described.filter(meets(rule.match))["DESC"].to_list():
                drugs.setdefault(desc, set()).update(names)
                free |= {desc} if rule.phase is None else set()
    return pl.DataFrame(
        {
            "DESC": list(drugs),
            "DRUGS": [", ".join(sorted(d, key=str.lower)) for d in drugs.values()],
            "CIS_ALONE": [d not in free for d in drugs],
        },
        schema={"DESC": described.schema["DESC"], "DRUGS": pl.String, "CIS_ALONE": pl.Boolean},
    )
