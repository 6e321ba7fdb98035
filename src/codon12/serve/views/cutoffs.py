"""Cut-offs and policies: move one, and see what changes against the study's own plan, number by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
import polars as pl

from codon12.analyses import Evidence
from codon12.report.pages import drawn
from codon12.serve.changes import CUT_ANALYSES, cut_column, cut_free
from codon12.serve.holding import Holding, Say
from codon12.serve.same_by import same_by
from codon12.serve.session import Session
from codon12.serve.settings import ENDPOINTS, Settings, settings_of, short
from codon12.serve.views.cohort import shown_by_default
from codon12.serve.views.evidence_parts import live, parts_of
from codon12.serve.views.immune import immune_table
from codon12.tables import cell_text

__all__ = ["changed_numbers", "changed_subjects", "cutoffs_page", "neighbours"]

_MOST = 80
_MANY = 5000


def cutoffs_page(session: Session, holding: Holding, query: Any, say: Say) -> str:
    """The switches, what they change, and the analyses that show it."""
    settings = msgspec.structs.replace(settings_of(query), other=())
    study, plan = holding.study(say), holding.derived(Settings(), say)
    derived = holding.derived(settings, say)
    planned = [a for a in holding.planned(settings, say) if a.display != "none"]
    names = [a.name for a in planned]
    show = [n for n in query.getlist("show") if n in names] or shown_by_default(holding, settings, names, say)
    wanted = [*show, *(CUT_ANALYSES if settings.cut else ())]
    if settings.criterion:  # what it changes is shown
        show += [n for n in ("response", "best-change") if n in names and n not in show]
    # what a search finds, and what most analyses say, does not depend on where the reader cuts
    free = [a.name for a in planned if a.name in show and (not settings.cut or cut_free(a))]
    uncut = msgspec.structs.replace(settings, cut="", at=None, endpoint="OS")
    shown = [
        (msgspec.structs.replace(settings, at=None), CUT_ANALYSES[-1:] if settings.cut else ()),
        (settings, (*CUT_ANALYSES[:-1], *(n for n in show if n not in free)) if settings.cut else ()),
        (uncut, tuple(free)),
    ]
    groups: list[tuple[str, Any]] = []
    after: list[pl.DataFrame] = []
    scopes: dict[str, str] = {}
    for own, only in shown:
        if only:
            evidence, parts = parts_of(holding, own, only, say)
            groups.append((_scope(own, only), parts))
            scopes |= dict.fromkeys(only, groups[-1][0])
            after.append(evidence.numbers.filter(pl.col("analysis").is_in(show)))
    before = holding.evidence(Settings(), show, say)
    immune = holding.kept(("immune", settings.derives_anew), lambda: immune_table(derived))
    adsl = derived.context.adsl
    column = cut_column(settings, adsl)
    return session.render(
        "cutoffs.html.j2",
        holding=holding,
        settings=settings,
        here="cutoffs",
        query=_scope(settings, wanted),
        show=show,
        names=[(a.name, a.title) for a in planned],
        groups=[(scope, [live(drawn(p)) for p in own]) for scope, own in groups],
        departures=settings.departures(),
        scopes=scopes,
        moves=bool(msgspec.structs.replace(settings, cut="", at=None).departures()),
        changed=[] if settings.is_plan else changed_numbers(before, pl.concat(after)),
        moved=None if settings.is_plan else changed_subjects(plan, derived, holding),
        immune=immune,
        asks=_asks(plan, holding) | {"immune": immune is not None},
        columns=_numbers(adsl, study.config.covariates),
        span=_span(adsl, settings, column),
        endpoints=[e for e in ENDPOINTS if derived.context.has_endpoint(e)],
        same=same_by(holding, settings, wanted),
    )


def _scope(settings: Settings, show: Sequence[str]) -> str:
    """Query by which a number of these analyses is found again."""
    return urlencode([*settings.pairs, *(("show", s) for s in show)])


def neighbours(holding: Holding, settings: Settings) -> list[Settings]:
    """Settings one switch away, which a reader may ask for next; none of a big study, whose frames fill the store."""
    here = holding.derived(settings)
    if here.context.adsl.height > _MANY:
        return []
    near: list[dict[str, str]] = []
    if "response" in here.policies:
        confirmed = here.policies["response"].confirmation  # type: ignore[attr-defined]
        near += [{"confirmation": "no" if confirmed else "yes"}, {"confirmation": ""}]
        near += [{"recist": r} for r in ("admiralonco", "recist_1_1", "")]
    others = [e.lower() for e in here.context.evaluators[1:]]
    near += [{"evaluator": e} for e in others if e in ("central", "investigator")]
    if "survival" in here.policies:
        near += [{"censoring": c} for c in ("ema", "fda", "admiralonco", "")]
    own = msgspec.structs.replace(settings.without_cohorts(), cut="", at=None, landmarks=())
    found = [msgspec.structs.replace(own, **fields) for fields in near]
    return [s for s in found if not holding.is_derived(s)]


def _asks(plan: Any, holding: Holding) -> dict[str, Any]:
    """Which switches the records leave open, and what the plan has."""
    policies = plan.policies
    response, survival = policies.get("response"), policies.get("survival")
    return {
        "evaluators": [e.lower() for e in plan.context.evaluators] if len(plan.context.evaluators) > 1 else [],
        "response": None if response is None else ("confirmed" if response.confirmation else "unconfirmed"),
        "survival": survival is not None,
        "primary": (plan.context.evaluators or ("",))[0].lower(),
        "preset": holding.study().config.survival.get("preset", ""),
    }


def changed_numbers(before: Evidence, after: pl.DataFrame) -> list[dict[str, Any]]:
    """Numbers whose printed text differs from the plan's; those that came or went have a dash on one side."""
    rounding: Any = before.policies["rounding"]
    old = {r["id"]: r for r in before.numbers.to_dicts()}
    new = {r["id"]: r for r in after.to_dicts()}
    rows = []
    for name in dict.fromkeys([*old, *new]):
        was, now = old.get(name), new.get(name)
        texts = ["–" if r is None else cell_text(r, rounding) for r in (was, now)]
        row = now or was
        counts = [None if r is None else (r["n"], r["N"]) for r in (was, now)]
        if row is None or (texts[0] == texts[1] and counts[0] == counts[1]):
            continue
        label = [row["section"], row["label"], None if row["level"] == "all" else row["level"]]
        inside = [row["evaluator"], None if row["arm"] == "all" else row["arm"]]
        gone, come = _moved(was, now)
        rows.append(
            {
                "id": name, "analysis": row["analysis"], "label": ", ".join(x for x in label if x),
                "was": texts[0], "now": texts[1],
                "inside": ", ".join(x for x in inside if x), "is_new": now is not None, "gone": gone, "come": come,
                "of": ["" if c is None or c[0] is None else f"{c[0]:,} of {c[1]:,}" if c[1] else f"{c[0]:,}"
                       for c in counts],
            }
        )  # fmt: skip
    return rows[:_MOST]


def _moved(was: Any, now: Any) -> tuple[int | None, int | None]:
    """How many subjects left a number and how many came; None where no lists are kept."""
    lists = [None if r is None else r.get("subjects") for r in (was, now)]
    if lists[0] is None or lists[1] is None:
        return None, None
    first, second = set(lists[0]), set(lists[1])
    return len(first - second), len(second - first)


def changed_subjects(plan: Any, derived: Any, holding: Holding) -> dict[str, Any] | None:
    """Who has another best overall response than by the plan: counts of each move, and the subjects."""
    if not (plan.context.has_responses and derived.context.has_responses):
        return None
    best = []
    for context in (plan.context, derived.context):
        rows = context.frames["adrs"].filter(PARAMCD=context.best_response[0])
        if context.evaluators:
            rows = rows.filter(EVAL=context.evaluators[0])
        best.append(rows.select("USUBJID", "AVALC"))
    both = best[0].join(best[1], on="USUBJID", how="full", coalesce=True, suffix="_NOW")
    moved = both.filter(pl.col("AVALC").ne_missing(pl.col("AVALC_NOW"))).sort("AVALC", "AVALC_NOW", "USUBJID")
    said = [
        {"subject": holding.shown_id(str(s)), "was": was or "none", "now": now or "none"}
        for s, was, now in moved.select("USUBJID", "AVALC", "AVALC_NOW").head(200).iter_rows()
    ]
    return {"rows": said, "count": moved.height}


def _numbers(adsl: pl.DataFrame, covariates: Any) -> list[tuple[str, str]]:
    """Columns of numbers that can be cut: those that vary and are no day, row or time."""
    out = []
    for name, kind in adsl.schema.items():
        if not kind.is_numeric() or name.startswith("SRC") or name.endswith(("ROW", "DY", "SEQ")):
            continue
        if name.endswith("N") and name[:-1] in adsl.columns:
            continue  # SEXN: a code of SEX
        if adsl[name].drop_nulls().n_unique() > 2:
            label = covariates[name].label if name in covariates and covariates[name].label else None
            out.append((name, f"{name} ({label})" if label else name))
    return out


def _span(adsl: pl.DataFrame, settings: Settings, column: Any) -> dict[str, Any] | None:
    """Ends and step of the slider, and where it stands."""
    if column is None:
        return None
    values = adsl[settings.cut].cast(pl.Float64).drop_nulls()
    low, high = values.min(), values.max()
    assert isinstance(low, float)
    assert isinstance(high, float)
    at = settings.at if settings.at is not None else values.median()
    assert isinstance(at, float)
    whole = bool((values == values.round()).all())
    return {"low": short(low), "high": short(high), "step": "1" if whole else f"{(high - low) / 200:.3g}",
            "at": short(at), "known": len(values), "all": adsl.height}  # fmt: skip
