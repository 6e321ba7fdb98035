# ruff: noqa: E501, ARG001  texts as they are printed; a template may need no draw
"""Short texts in the manner of journals, right by construction: what `check` must pass, and must see once a digit slips.

Every template draws its numbers anew and computes what follows from them, so that a text is right whatever is drawn;
`slips` then alters one printed number so that the text cannot be right. Half of the templates (`held=True`) are for
judging only: nobody looks at what `check` says of them while its rules are written.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from scipy import special

from codon12.numbers.proportion import proportion_interval
from codon12.numbers.rounding import percent as rounded_percent


class Draw:
    """Numbers of one text: counts, shares, intervals, ratios, all in step."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def size(self, low: int = 60, high: int = 480) -> int:
        """A number of patients."""
        return self.random.randint(low, high)

    def part(self, total: int, low: float = 0.08, high: float = 0.9) -> int:
        """A count of a total."""
        return max(3, min(total - 3, round(total * self.random.uniform(low, high))))

    @staticmethod
    def pc(n: int, total: int, digits: int = 1) -> str:
        """The percentage as printed."""
        return str(rounded_percent(n, total, digits))

    @staticmethod
    def ci(n: int, total: int, digits: int = 1) -> tuple[str, str]:
        """Exact 95 % limits, in percent, as printed."""
        low, high = proportion_interval(n, total, level=0.95)
        return f"{100 * float(low):.{digits}f}", f"{100 * float(high):.{digits}f}"

    def hr(self, *, significant: bool = True, digits: int = 2) -> tuple[str, str, str, str]:
        """Hazard ratio, limits and P in step."""
        while True:
            se = self.random.uniform(0.08, 0.2)
            log = -self.random.uniform(0.25, 0.75) if significant else self.random.uniform(-0.1, 0.1)
            p = math.erfc(abs(log) / se / math.sqrt(2))
            if (significant and p < 0.03) or (not significant and p > 0.2):
                break
        z = 1.959964
        hr, low, high = (f"{math.exp(x):.{digits}f}" for x in (log, log - z * se, log + z * se))
        text = "<.001" if p < 0.001 else f"= {p:.2g}" if p < 0.01 else f"= {p:.2f}"
        return hr, low, high, text

    def median(self) -> tuple[str, str, str]:
        """A median time with its limits."""
        m = self.random.uniform(3, 30)
        return f"{m:.1f}", f"{m * self.random.uniform(0.72, 0.9):.1f}", f"{m * self.random.uniform(1.12, 1.45):.1f}"

    def two(self, n: int, total: int, m: int, other: int) -> float:
        """Chi-square P of two proportions."""
        hits = n + m
        gap = abs(n * (other - m) - m * (total - n))
        every = total + other
        scale = total * other * hits * (every - hits) / every
        return float(special.chdtrc(1, gap * gap / scale))


class Style(NamedTuple):
    """A template: its name, whether it is held back, and how it is filled."""

    name: str
    held: bool
    write: Callable[[Draw], str]


STYLES: list[Style] = []


def _style(*, held: bool = False) -> Callable[[Callable[[Draw], str]], Callable[[Draw], str]]:
    def add(write: Callable[[Draw], str]) -> Callable[[Draw], str]:
        STYLES.append(Style(write.__name__, held, write))
        return write

    return add


@_style()
def nejm_orr(d: Draw) -> str:
    n = d.size()
    a = d.part(n, 0.2, 0.6)
    low, high = d.ci(a, n)
    return (
        f"A total of {n} patients received the drug. A confirmed objective response was observed in {a} of {n} patients "
        f"({d.pc(a, n)}%; 95% confidence interval [CI], {low} to {high})."
    )


@_style()
def jama_arms(d: Draw) -> str:
    a, b = d.size(), d.size()
    x, y = d.part(a), d.part(b)
    hr, low, high, p = d.hr()
    return (
        f"Among {a + b} randomized patients (median age, 64 [IQR, 57-71] years; 3 lines of therapy at most), {a} were assigned to "
        f"docetaxel and {b} to placebo. Grade 3 or higher adverse events occurred in {x} of {a} patients ({d.pc(x, a)}%) in the "
        f"docetaxel group and in {y} of {b} ({d.pc(y, b)}%) in the placebo group. Overall survival was longer "
        f"(hazard ratio, {hr}; 95% CI, {low}-{high}; P {p})."
    )


@_style()
def lancet_points(d: Draw) -> str:
    n = d.size()
    a = d.part(n)
    b = n - a
    x, y = d.part(a), d.part(b)
    hr, low, high, p = (t.replace(".", "·") for t in d.hr())
    return (
        f"Between Jan 12, 2014, and March 3, 2017, {n} patients were randomly assigned ({a} to the intervention group and {b} to the "
        f"control group). {x} ({d.pc(x, a).replace('.', '·')}%) of {a} patients in the intervention group and {y} "
        f"({d.pc(y, b).replace('.', '·')}%) of {b} in the control group had died. Median follow-up was 28·4 months (IQR 20·1–36·0). "
        f"HR {hr}, 95% CI {low}–{high}; p {p.replace('<·001', '<0·0010')}."
    )


@_style()
def jco_medians(d: Draw) -> str:
    m1, l1, h1 = d.median()
    m2, l2, h2 = d.median()
    n, k = d.size(), 0
    k = d.part(n)
    return (
        f"PURPOSE We studied maintenance. PATIENTS AND METHODS Patients were randomly assigned 1:1. RESULTS {n} patients were enrolled; "
        f"{k} ({d.pc(k, n, 0)}%) had liver metastases. Median PFS was {m1} months (95% CI, {l1} to {h1}) with maintenance; median OS "
        f"was {float(m1) + float(m2) + 6:.1f} months (95% CI, {float(m1) + float(l2) + 4:.1f} to {float(m1) + float(h2) + 9:.1f})."
    )


@_style()
def annals_subgroup(d: Draw) -> str:
    n = d.size(200, 900)
    a = d.part(n, 0.2, 0.5)
    x = d.part(a)
    hr, low, high, _ = d.hr()
    return (
        f"Of {n} tumours tested, {a} ({d.pc(a, n)}%) carried a KRAS mutation; among these {a}, {x} ({d.pc(x, a)}%) were p.G12C. "
        f"Patients in cohort 2 fared better than those in cohort 1 (HR {hr}; 95% CI {low}–{high})."
    )


@_style()
def german_commas(d: Draw) -> str:
    n = d.size()
    a, b = d.part(n), d.part(n)
    hr, low, high, _ = d.hr()
    c = lambda t: t.replace(".", ",")  # noqa: E731  as the language prints it
    return (
        f"Of {n} patients, {a} ({c(d.pc(a, n))} %) were women and {b} ({c(d.pc(b, n))} %) had ECOG 1. "
        f"The hazard ratio was {c(hr)} (95 % CI {c(low)}–{c(high)})."
    )


@_style()
def thousands_thin(d: Draw) -> str:
    n = d.size(10_000, 60_000)
    a = d.part(n, 0.1, 0.9)
    sep = d.random.choice(["\u2009", "\u202f", "\u00a0", " ", ",", "'"])
    f = lambda x: f"{x:,}".replace(",", sep)  # noqa: E731  one line says it
    return f"Out of {f(n)} women invited, {f(a)} ({d.pc(a, n)}%) attended screening."


@_style()
def words_numbers(d: Draw) -> str:
    n = d.random.randint(6, 19)
    a = d.random.randint(2, n - 2)
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]  # fmt: skip
    return (
        f"{words[a].capitalize()} of the {words[n]} patients ({d.pc(a, n, 0)}%) had a response after a median of four cycles (range, "
        f"2 to 8)."
    )


@_style()
def cites(d: Draw) -> str:
    n = d.size()
    a = d.part(n)
    return (
        f"We included {n} patients. Response was seen in {a} ({d.pc(a, n)}%). Earlier studies found rates of 52% [6], 61% (38) and "
        f"44%.12,14 In the trial by Smith et al. (ref. 9), 31% responded [15,17]."
    )


@_style()
def labels(d: Draw) -> str:
    n = d.size()
    a = d.part(n)
    return (
        f"{n} patients were treated in part 2. The ORR in arm 1 (38.2%) exceeded that in arm 2 (21.9%). HER2 3+ (41%) tumours and "
        f"ECOG 0 (52%) were frequent; in cycle 4 (19%) and line 2 (33%) fewer were seen. In all, {a} ({d.pc(a, n)}%) progressed."
    )


@_style()
def sds(d: Draw) -> str:
    n = d.size()
    a = d.part(n, 0.3, 0.7)
    return (
        f"The {n} participants had a mean (SD) age of 62.3 (10.4) years; {a} ({d.pc(a, n)}%) were men. Mean tumour size was 34.2 ± 12.5 mm "
        f"(range 8–96). Mean follow-up was 3.1 years (SD 1.2; range 4 to 71 months)."
    )


@_style()
def difference(d: Draw) -> str:
    a, b = d.size(100, 200), d.size(100, 200)
    x, y = d.part(a, 0.5, 0.8), d.part(b, 0.2, 0.4)
    gap = float(d.pc(x, a)) - float(d.pc(y, b))
    return (
        f"The response rate was {d.pc(x, a)}% ({x} of {a}) with the combination and {d.pc(y, b)}% ({y} of {b}) with monotherapy "
        f"(difference, {gap:.1f} percentage points; 95% CI, {gap - 11.2:.1f} to {gap + 11.3:.1f}; P < 0.001)."
    )


@_style()
def landmark(d: Draw) -> str:
    s = d.random.uniform(30, 80)
    return (
        f"The 12-month overall survival rate was {s:.1f}% (95% CI, {s - 7.4:.1f} to {s + 6.8:.1f}) and the 6-month PFS rate was 52.2% "
        f"(95% CI, 44.1–59.7). At 24 months, overall survival was {s - 14:.1f}%."
    )


@_style()
def table_md(d: Draw) -> str:
    a, b = d.size(), d.size()
    rows = []
    for name in ("Diarrhea", "Nausea", "Fatigue", "Rash"):
        x, y = d.part(a), d.part(b)
        rows.append(f"| {name} | {x} ({d.pc(x, a)}) | {y} ({d.pc(y, b)}) |")
    body = "\n".join(rows)
    return (
        f"Table 2. Adverse events\n\n| Event, n (%) | Drug (N = {a}) | Placebo (N = {b}) |\n|---|---|---|\n{body}\n\n"
        "The events are listed by frequency.\n"
    )


@_style()
def table_spaces(d: Draw) -> str:
    a, b = d.size(), d.size()
    rows = []
    for name in ("Male sex", "Never smoker", "ECOG 1", "Liver metastases"):
        x, y = d.part(a), d.part(b)
        rows.append(f"{name:24}{f'{x} ({d.pc(x, a)})':18}{y} ({d.pc(y, b)})")
    return (
        f"Table 1. Baseline characteristics, No. (%)\n{'':24}{f'Arm A (n = {a})':18}Arm B (n = {b})\n"
        + "\n".join(rows)
        + "\n"
    )


@_style()
def table_tabs(d: Draw) -> str:
    a, b = d.size(), d.size()
    rows = []
    for name in ("Complete response", "Partial response", "Stable disease"):
        x, y = d.part(a, 0.05, 0.3), d.part(b, 0.05, 0.3)
        rows.append(f"{name}\t{x} ({d.pc(x, a)}%)\t{y} ({d.pc(y, b)}%)")
    return f"Table 3. Response\nOutcome\tDrug (N = {a})\tPlacebo (N = {b})\n" + "\n".join(rows) + "\n"


@_style()
def p_kinds(d: Draw) -> str:
    hr, low, high, p = d.hr()
    hr2, low2, high2, _ = d.hr(significant=False)
    return (
        f"PFS was longer with the drug (HR, {hr} [95% CI, {low}-{high}]; P {p}), whereas OS did not differ (HR, {hr2} [95% CI, {low2}-"
        f"{high2}]; P = NS). The effect was alike in both sexes (P for interaction = 0.62; P for trend = 0.03)."
    )


@_style()
def n_of_subgroup(d: Draw) -> str:
    return (
        "Responses were more frequent in mutated (n = 31; 45.2%) than in wild-type tumours (n = 60; 20.0%). Rates of 33.3% (n = 12) "
        "and 25.0% (n = 20) were seen in the cohorts."
    )


@_style()
def risk_reduction(d: Draw) -> str:
    hr, low, high, p = d.hr()
    less = round(100 * (1 - float(hr)))
    return f"Treatment was associated with a {less}% reduction in the risk of death (hazard ratio {hr}, 95% CI {low} to {high}, P {p})."


@_style()
def three_arms(d: Draw) -> str:
    a, b, c = d.size(), d.size(), d.size()
    x, y, z = d.part(a), d.part(b), d.part(c)
    return (
        f"{a + b + c} patients were randomized to arm A ({a}), arm B ({b}) or arm C ({c}). The response rates were {d.pc(x, a, 0)}%, "
        f"{d.pc(y, b, 0)}% and {d.pc(z, c, 0)}%, respectively."
    )


@_style(held=True)
def bjc_counts(d: Draw) -> str:
    n = d.size()
    a = d.part(n)
    low, high = d.ci(a, n, 0)
    return (
        f"Of the {n} evaluable patients, {a} had a partial response, giving a response rate of {d.pc(a, n, 0)}% (95% CI {low}–{high}%). "
        f"Median age was 59 years (range 31–82)."
    )


@_style(held=True)
def french(d: Draw) -> str:
    n = d.size()
    a = d.part(n)
    m, low, high = (t.replace(".", ",") for t in d.median())
    return (
        f"Among {n} patients included in 14 centres, {a} ({d.pc(a, n).replace('.', ',')} %) were alive. Median survival was {m} months "
        f"(95 % CI: {low} – {high})."
    )


@_style(held=True)
def esmo_pct_first(d: Draw) -> str:
    n = d.size()
    a, b = d.part(n), d.part(n)
    return (
        f"{n} pts were enrolled (median 2 prior lines). ORR was {d.pc(a, n)}% ({a}/{n}); {d.pc(b, n)}% (n = {b}) had grade ≥3 TRAEs, and "
        f"2.3% discontinued due to AEs in cycle 1."
    )


@_style(held=True)
def jama_oncol(d: Draw) -> str:
    n = d.size(300, 2000)
    w = d.part(n, 0.4, 0.6)
    x = d.part(n, 0.1, 0.4)
    hr, low, high, p = d.hr()
    return (
        f"Results: Of {n} patients, {w} ({d.pc(w, n)}%) were women and {n - w} ({d.pc(n - w, n)}%) were men; the mean (SD) age was 66.1 "
        f"(9.8) years. A total of {x} patients ({d.pc(x, n)}%) died. In multivariable analysis, stage was associated with survival "
        f"(adjusted hazard ratio, {hr}; 95% CI, {low}-{high}; P {p})."
    )


@_style(held=True)
def per_cent_words(d: Draw) -> str:
    n = d.size()
    a = d.part(n)
    return (
        f"Of {n} patients, {a} ({d.pc(a, n, 0)} per cent) relapsed. The median was 7.9 months (95 percent confidence interval, 7.3 to 8.5); "
        f"survival at one year was 33 percent (95 percent confidence interval, 30 to 36 percent)."
    )


@_style(held=True)
def exclusion(d: Draw) -> str:
    n = d.size()
    out = d.random.randint(4, 20)
    a = d.part(n - out)
    return (
        f"Of {n} screened patients, {out} were excluded and {n - out} were treated. Of the {n - out} treated patients, {a} "
        f"({d.pc(a, n - out)}%) completed six cycles."
    )


@_style(held=True)
def table_notes(d: Draw) -> str:
    a = d.size()
    e = a - d.random.randint(5, 20)
    x, y = d.part(a), d.part(e)
    return (
        f"Table 4. Efficacy\n\n| Outcome | Drug (N = {a}) |\n|---|---|\n| Any response, n (%) | {x} ({d.pc(x, a)}) |\n"
        f"| PD-L1 positive, n (%)* | {y} ({d.pc(y, e)}) |\n\n* Of {e} patients with tissue.\n"
    )


@_style(held=True)
def table_nested(d: Draw) -> str:
    a, b = d.size(), d.size()
    m1, m2 = d.part(a, 0.3, 0.7), d.part(b, 0.3, 0.7)
    cell = lambda n, t: f"{n} ({d.pc(n, t)})"  # noqa: E731  one line says it
    return (
        f"Table 1. Patients\n\n|  | Drug (n={a}) | Placebo (n={b}) |\n|---|---|---|\n| Age, median (range), y | 63 (31-84) | 64 (29-83) |\n"
        f"| Sex, No. (%) | | |\n| Male | {cell(m1, a)} | {cell(m2, b)} |\n| Female | {cell(a - m1, a)} | {cell(b - m2, b)} |\n"
        f"| Weight, mean (SD), kg | 71.2 (13.1) | 70.4 (12.8) |\n"
    )


@_style(held=True)
def versus_counts(d: Draw) -> str:
    a, b = d.size(80, 200), d.size(80, 200)
    x, y = d.part(a), d.part(b)
    p = d.two(x, a, y, b)
    shown = "<0.001" if p < 0.001 else f"={p:.3f}" if p < 0.1 else f"={p:.2f}"
    return f"Responses were seen in {x}/{a} vs {y}/{b} patients ({d.pc(x, a)}% vs {d.pc(y, b)}%; chi-square test, P{shown})."


@_style(held=True)
def lancet_oncol(d: Draw) -> str:
    a, b = d.size(), d.size()
    x, y = d.part(a), d.part(b)
    m1, l1, h1 = (t.replace(".", "·") for t in d.median())
    m2, l2, h2 = (t.replace(".", "·") for t in d.median())
    return (
        f"{a + b} patients were assigned to combination ({a}) or monotherapy ({b}). Median overall survival was {m1} months (95% CI "
        f"{l1}–{h1}) and {m2} months ({l2}–{h2}). Serious adverse events were reported in {x} ({d.pc(x, a, 0)}%) of {a} patients and "
        f"{y} ({d.pc(y, b, 0)}%) of {b} patients; the most common was neutropenia (eight [{d.pc(8, a, 0)}%] vs three [{d.pc(3, b, 0)}%])."
    )


@_style(held=True)
def auc(d: Draw) -> str:
    n = d.size()
    a = d.part(n, 0.3, 0.6)
    tp, tn = d.part(a, 0.6, 0.95), d.part(n - a, 0.6, 0.95)
    return (
        f"In {n} patients ({a} with progression), the assay had a sensitivity of {d.pc(tp, a)}% ({tp}/{a}) and a specificity of "
        f"{d.pc(tn, n - a)}% ({tn}/{n - a}); the AUC was 0.81 (95% CI 0.74-0.88), kappa 0.62."
    )


@_style(held=True)
def not_reached(d: Draw) -> str:
    n = d.size()
    a = d.part(n)
    m, low, _ = d.median()
    return (
        f"The median OS was not reached (95% CI, 21.4 to NE) and median PFS was {m} months (95% CI, {low}–NR) in {n} pts; {a} "
        f"({d.pc(a, n)}%) remain on study at a data cut-off of 1 March 2021."
    )


@_style(held=True)
def old_style(d: Draw) -> str:
    n = d.size(30, 90)
    cr, pr = d.random.randint(2, 5), d.random.randint(6, 12)
    low, high = d.ci(cr + pr, n, 0)
    return (
        f"Fifty-two courses were given to {n} patients. There were {cr} complete and {pr} partial responses for an overall response rate "
        f"of {d.pc(cr + pr, n, 0)}% (95% confidence limits: {low}-{high}%). WHO grade 3-4 leucopenia was seen in 12% of courses."
    )


@_style(held=True)
def ratio_words(d: Draw) -> str:
    hr, low, high, p = d.hr()
    a, b = d.size(), d.size()
    return (
        f"We assigned {a + b} women in a 1:1 ratio to receive letrozole ({a} women) or tamoxifen ({b} women). Letrozole significantly "
        f"reduced the risk of an event (hazard ratio, {hr}; 95 percent confidence interval, {low} to {high}; P {p.replace('<.', '<0.')})."
    )


def texts(*, held: bool, each: int, seed: int = 12) -> Iterator[tuple[str, str]]:
    """Name and text of every right text of one half."""
    for style in STYLES:
        if style.held == held:
            for k in range(each):
                yield f"{style.name}-{k}", style.write(Draw(seed * 1000 + k))


_COUNT = re.compile(r"(?<![\d.,·/=–-])(?P<n>\d{1,3}) \((?P<p>\d{1,2}(?:[.·,]\d)?) ?%?\)")
_LIMITS = re.compile(
    r"(?:CI\]?,?:? ?|confidence interval \[CI\], |confidence limits: )(?P<a>\d+(?:[.·,]\d+)?)(?P<s>%? ?(?:-|–|to| to |–| – )%? ?)"
    r"(?P<b>\d+(?:[.·,]\d+)?)"
)
_OF = re.compile(r"\b(?P<n>\d{2,3})(?P<s> of |/)(?P<N>\d{2,3})\b(?P<rest>[^.;]{0,20}\()?")


def slips(text: str, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Kind and text with one number altered: a digit of a count or percentage, limits swapped, a wrong total."""
    found = list(_COUNT.finditer(text))
    if found:
        m = rng.choice(found)
        yield "percent digit", text[: m.start("p")] + _typo(m["p"], rng) + text[m.end("p") :]
        yield "count digit", text[: m.start("n")] + _typo(m["n"], rng) + text[m.end("n") :]
    limits = [m for m in _LIMITS.finditer(text) if m["a"] != m["b"]]
    if limits:
        m = rng.choice(limits)
        yield "limits swapped", text[: m.start("a")] + m["b"] + m["s"] + m["a"] + text[m.end("b") :]
    totals = list(_OF.finditer(text))
    if totals:
        m = rng.choice(totals)
        yield "wrong total", text[: m.start("N")] + _typo(m["N"], rng) + text[m.end("N") :]


def _typo(number: str, rng: random.Random) -> str:
    """One digit altered, the first where there are but one or two whole digits, by two or more."""
    places = [i for i, c in enumerate(number) if c.isdigit()][: 2 if len(number) > 1 else 1]
    while True:
        i = rng.choice(places)
        digit = rng.choice("123456789" if i == 0 else "0123456789")
        if abs(int(digit) - int(number[i])) >= 2:
            return number[:i] + digit + number[i + 1 :]
