"""An independent recount of a reconstructed study: plain polars on the CSV files, no derivation of codon12."""

from __future__ import annotations

import datetime as dt
import math
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl
from scipy import stats

MONTH = 30.4375
CUTOFF = dt.date(2021, 3, 15)


def read(folder: Path) -> dict[str, pl.DataFrame]:
    tables = {}
    for path in sorted(folder.glob("*.csv")):
        frame = pl.read_csv(path, infer_schema_length=0)
        dates = [c for c in frame.columns if c.endswith("DTC")]
        tables[path.stem.upper()] = frame.with_columns(pl.col(c).str.to_date() for c in dates)
    return tables


def printed(value, like: str) -> str:
    """`value` with as many decimals as `like` shows, half up."""
    if isinstance(value, (str, bool, dt.date)):
        return str(value)
    if math.isinf(value):
        return "NE"
    digits = len(like.partition(".")[2]) if like != "NE" else 1
    exact = Decimal(repr(round(float(value), 12)))
    return str(exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))


def kaplan_meier(times: list[tuple[int, bool]]):
    """Step points (time, S, lower, upper), log-log."""
    steps, s, v = [], 1.0, 0.0
    n = len(times)
    for t in sorted({t for t, e in times if e}):
        at_risk = sum(x >= t for x, _ in times)
        d = sum(x == t and e for x, e in times)
        s *= 1 - d / at_risk
        if at_risk > d:
            v += d / (at_risk * (at_risk - d))
        if 0 < s < 1:
            w = 1.959963984540054 * math.sqrt(v) / -math.log(s)
            steps.append((t, s, s ** math.exp(w), s ** math.exp(-w)))
        else:
            steps.append((t, s, 0.0, 0.0))
    assert n
    return steps


def at(steps, months: float):
    before = [x for x in steps if x[0] <= months * MONTH]
    return before[-1][1:]


def half(steps):
    """Median and Brookmeyer-Crowley limits in months."""
    return [next((x[0] / MONTH for x in steps if x[k] <= 0.5), math.inf) for k in (1, 2, 3)]


def overall_from_measurements(tables: dict[str, pl.DataFrame]) -> dict[tuple[str, str], list]:
    """RECIST 1.1 applied to TU and TR: (subject, evaluator) -> [(date, response, percent change)]."""
    sites = {
        (r["USUBJID"], r["TUEVAL"], r["TULNKID"]): (r["TUORRES"], r["TULOC"])
        for r in tables["TU"].iter_rows(named=True)
    }
    expected: dict[tuple[str, str], set[str]] = {}
    for (subject, who, lesion), (group, _) in sites.items():
        if group == "TARGET":
            expected.setdefault((subject, who), set()).add(lesion)
    visits: dict[tuple[str, str], dict[dt.date, list[dict]]] = {}
    for r in tables["TR"].iter_rows(named=True):
        visits.setdefault((r["USUBJID"], r["TREVAL"]), {}).setdefault(r["TRDTC"], []).append(r)
    out = {}
    for key, by_date in visits.items():
        start = min(by_date)
        base = nadir = None
        series = []
        for date in sorted(by_date):
            rows = by_date[date]
            sizes = {r["TRLNKID"]: int(r["TRSTRESN"]) for r in rows if r["TRGRPID"] == "TARGET" and r["TRSTRESN"]}
            states = [r["TRORRES"] for r in rows if r["TRGRPID"] == "NON-TARGET"]
            new = any(r["TRGRPID"] == "NEW" for r in rows)
            total = sum(sizes.values())
            want = expected.get(key, set())
            if date == start:
                base = nadir = total
                continue
            complete = set(sizes) == want
            if not want:
                target = None
            elif complete and all(v < 10 if sites[(*key, k)][1] == "LYMPH NODE" else v == 0 for k, v in sizes.items()):
                target = "CR"
            elif sizes and total - nadir >= 5 and 5 * total >= 6 * nadir:
                target = "PD"
            elif not complete:
                target = "NE"
            else:
                target = "PR" if 10 * total <= 7 * base else "SD"
            rest = None
            if states:
                rest = "PD" if "UNEQUIVOCAL" in states else "CR" if set(states) == {"ABSENT"} else "NON"
            if target == "PD" or rest == "PD" or new:
                overall = "PD"
            elif target is None:
                overall = {"CR": "CR", "NON": "NON-CR/NON-PD"}[rest]
            elif target == "CR":
                overall = "CR" if rest in {None, "CR"} else "PR"
            else:
                overall = target
            change = 100 * (total - base) / base if want and complete else None
            series.append((date, overall, change))
            if complete and want:
                nadir = min(nadir, total)
        out[key] = series
    return out


def best_response(series: list, start: dt.date) -> tuple[str, dt.date | None]:
    """Confirmed best overall response and the date of the first confirmed response."""
    seen = []
    for date, response, _ in series:
        seen.append((date, response))
        if response == "PD":
            break
    if not seen:
        return "MISSING", None
    first = None
    complete = False
    for i, (date, response) in enumerate(seen):
        if response not in {"CR", "PR"}:
            continue
        later = [(d, r) for d, r in seen[i + 1 :] if (d - date).days >= 28]
        if (
            later
            and later[0][1] in {"CR", "PR"}
            and all(r in {"CR", "PR"} for d, r in seen[i + 1 :] if d <= later[0][0])
        ):
            first = first or date
            complete |= response == "CR" and later[0][1] == "CR"
    if first:
        return ("CR" if complete else "PR"), first
    if any(r in {"CR", "PR", "SD", "NON-CR/NON-PD"} and (d - start).days >= 35 for d, r in seen):
        return "SD", None
    return ("PD" if seen[-1][1] == "PD" else "NE"), None


def clopper_pearson(x: int, n: int) -> tuple[float, float]:
    low = 0.0 if x == 0 else 100 * stats.beta.ppf(0.025, x, n - x + 1)
    return low, 100.0 if x == n else 100 * stats.beta.ppf(0.975, x + 1, n - x)
