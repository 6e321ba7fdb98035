"""Derived frames to the context that analyses work on: evaluators, the response that counts, arms."""

from __future__ import annotations

from collections.abc import Collection, Mapping, MutableMapping, Sequence

import msgspec
import polars as pl

from codon12.derive.adrs import Responses
from codon12.derive.adsl import with_response_flags
from codon12.derive.adtr import with_responders
from codon12.derive.context import Context, actual_arm, default_populations, planned_arm, randomised
from codon12.derive.policies import Policies
from codon12.errors import ConfigError, DataError
from codon12.evidence.frames import Frames, columns_of, kinds_of, rows_of
from codon12.records.config import CONFIG_FILE, StudyConfig
from codon12.records.findings import Finding, Severity, findings_frame, no_findings

__all__ = ["WITHOUT_NUMBERS", "agreement", "readers_apart", "settings_without_use", "study_context"]

WITHOUT_NUMBERS = frozenset(
    f"response.{name}"
    for name in ("benefit_min_days", "days_per_month", "early_shrinkage_days", "early_shrinkage_percent")
)
"""Keys by which functions of `codon12.response` judge and no number of a report."""


def study_context(
    config: StudyConfig,
    frames: MutableMapping[str, pl.DataFrame],
    found: Responses | None,
    policies: Policies,
    *,
    given: bool = False,
) -> Context:
    """Build the context, and add to `frames` what needs it: agreement of evaluators, responders in ADTR."""
    evaluators = found.evaluators if found else _readers(frames)
    if config.evaluator != "auto" and config.evaluator.upper() in evaluators:
        first = config.evaluator.upper()
        evaluators = (first, *(e for e in evaluators if e != first))
    present = set(rows_of(frames, "adrs").select(pl.col("PARAMCD").unique()).collect()["PARAMCD"]) if found else set()
    confirmed = "CBOR" in present and (policies.response.confirmation or (given and "BOR" not in present))
    if found and not confirmed and "BOR" not in present:
        raise DataError("ADRS holds no best overall response (PARAMCD BOR or CBOR)")
    how = "Complete and partial responses are confirmed." if confirmed else "Responses need no confirmation."
    adsl = frames["adsl"]
    config = _with_columns_named(config, adsl.columns)
    variable = planned_arm(adsl)
    arms = _arms(config, adsl, variable, "RANDFL" if randomised(adsl) else "SAFFL")
    received = actual_arm(adsl)
    context = Context(
        config=config,
        frames=frames,
        evaluators=evaluators,
        arms=arms,
        arm_variable=variable,
        arms_given=None if received == variable else _arms(config, adsl, received, "SAFFL"),
        best_response=("CBOR" if confirmed else "BOR", how),
        policies=policies,
        defaults=default_populations(adsl, assessed=bool(found)),
    )
    if found and len(evaluators) > 1:
        frames["agreement"] = agreement(context)
    if "adtr" in frames and context.has_responses and "RESPONDERFL" not in columns_of(frames, "adtr"):
        marked = with_responders(rows_of(frames, "adtr"), context)
        if isinstance(frames, Frames) and frames.on_disk("adtr"):
            frames.lay("adtr", marked)
        else:
            frames["adtr"] = pl.concat(marked)
    if context.has_responses:
        frames["adsl"] = with_response_flags(frames["adsl"], context)
    return context


def _with_columns_named(config: StudyConfig, columns: Sequence[str]) -> StudyConfig:
    """Give a configuration whose baseline and subgroups name columns of ADSL as these are written, in any case.

    Raises
    ------
    ConfigError
        A column that is asked for has a name that no predicate can hold (``PD-L1``).
    """
    upper = {c.upper(): c for c in columns}
    baseline = [_named(n, upper, "baseline") for n in config.baseline]
    subgroups = [
        msgspec.structs.replace(s, variable=_named(s.variable, upper, "[[subgroups]] variable"))
        for s in config.subgroups
    ]
    for name, fields in config.analyses.items():
        for key in ("by", "across", "strata"):
            value = fields.get(key, ())
            for asked in [value] if isinstance(value, str) else value:
                _named(str(asked), {c: c for c in columns}, f"[analyses.{name}] {key}")
    return msgspec.structs.replace(config, baseline=baseline, subgroups=subgroups)


def _named(name: str, columns: Mapping[str, str], place: str) -> str:
    found = columns.get(name) or columns.get(name.upper())
    if found is None or found.isidentifier():
        return found or name
    bare = "".join(c if c.isalnum() else "_" for c in found)
    raise ConfigError(
        f"{CONFIG_FILE}, {place}: '{found}' is no name that can be counted by; give the column one of letters, digits "
        f'and _: [tables.ADSL.columns] {bare} = "{name}", and ask for {bare}'
    )


def _readers(frames: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    """Evaluators of times given without responses, central review first."""
    given = set(frames["adtte"]["EVAL"].drop_nulls()) if "adtte" in frames else set()
    return tuple(e for e in ("CENTRAL", "INVESTIGATOR") if e in given)


def readers_apart(context: Context) -> pl.DataFrame:
    """``time-by-another-reader``: endpoints of which the primary evaluator has no time, and another counts."""
    found = [no_findings()]
    primary = context.evaluator("primary")
    codes = kinds_of(context.frames, "adtte", "PARAMCD")["PARAMCD"] if "adtte" in context.frames else pl.Series([])
    for code in codes.drop_nulls().unique().sort().to_list():
        own = context.reader(code, "primary")
        if None in (own, primary) or own == primary or not context.endpoint(code).assessed:
            continue
        message = (
            f"{code} has times by {str(own).lower()} assessment alone; they stand beside what is by "
            f"{str(primary).lower()} assessment."
        )
        told = Finding(table="ADTTE", rule="time-by-another-reader", severity="warning", value=code, message=message)
        found.append(findings_frame([told]))
    return pl.concat(found)


def settings_without_use(context: Context, asked: Policies, *, of: Collection[str]) -> pl.DataFrame:
    """``setting-without-use``: what codon12.toml asks of responses and times that the records do not let decide.

    `of` names the policies by which frames were derived; others were used as given.
    """
    told: list[tuple[str, Severity, str]] = []
    config, keys = context.config, asked.asked
    if config.evaluator != "auto" and context.evaluators and config.evaluator.upper() not in context.evaluators:
        readers = {"CENTRAL": "central review", "INVESTIGATOR": "the investigator"}
        wanted, own = (readers.get(e, e.lower()) for e in (config.evaluator.upper(), context.evaluators[0]))
        told.append(("evaluator", "warning", f"no assessment is by {wanted}; those by {own} count"))
    if context.has_responses and "response" not in of:
        other = asked.response.confirmation != (context.best_response[0] == "CBOR")
        if "response.confirmation" in keys and other:
            words = f"best responses are used as given: {context.best_response[0]}"
            told.append(("[response] confirmation", "warning", words))
        elif any(k.startswith("response.") for k in keys - {"response.confirmation"}):
            told.append(("[response]", "note", "responses are used as given"))
    if (
        "adtte" in context.frames
        and "survival" not in of
        and any(k.startswith("survival.") for k in keys - {"survival.month"})
    ):
        told.append(("[survival]", "note", "times to event are used as given"))
    assessed = "survival" in of and context.has_responses
    if assessed and asked.survival.no_baseline == "start" and "lesions" not in context.frames:
        words = "no lesion is on record, so that nobody is known to lack a baseline assessment, or censored for it"
        told.append(("[survival] no_baseline", "warning", words))
    unused = (name.replace("response.", "[response] ") for name in sorted(keys & WITHOUT_NUMBERS))
    told += ((name, "note", "no number of a report rests on it") for name in unused)
    found = [
        Finding(
            table="ADSL", rule="setting-without-use", severity=severity, variable=name,
            message=f"codon12.toml, {name}: {words}.",
        )
        for name, severity, words in told
    ]  # fmt: skip
    return findings_frame(found)


def _arms(config: StudyConfig, adsl: pl.DataFrame, variable: str, flag: str) -> tuple[str, ...]:
    if variable not in adsl.columns:
        return ()
    inside = adsl.filter(pl.col(flag) == "Y") if flag in adsl.columns else adsl
    found = inside[variable].drop_nulls().unique().sort().to_list()
    listed = [a for a in config.treatments.values() if a in found]
    arms = tuple(dict.fromkeys((*listed, *found)))
    if "all" in arms:
        raise ConfigError(
            f"{CONFIG_FILE}, [treatments]: a treatment ({variable}) is called 'all', as tables call everybody; give it "
            "another name there."
        )
    wanted = len(arms) > 1 if config.by_arm is None else config.by_arm
    return arms if wanted else ()


def agreement(context: Context) -> pl.DataFrame:
    """Best overall response of the two evaluators side by side, subjects that both assessed."""
    wanted = pl.col("PARAMCD") == context.best_response[0]
    best = rows_of(context.frames, "adrs").filter(wanted).select("USUBJID", "EVAL", "AVALC").collect()
    first, second = (best.filter(EVAL=e).select("USUBJID", pl.col("AVALC").alias(e)) for e in context.evaluators[:2])
    return first.join(second, on="USUBJID", how="inner").sort("USUBJID")
