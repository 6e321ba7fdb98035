"""The page: one HTML file that needs no network, no script to be read, and lets no other script run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import metadata, resources
from typing import TYPE_CHECKING, Any

import polars as pl
from markupsafe import Markup

from codon12.analyses import Evidence
from codon12.analyses.kind import SECTIONS
from codon12.analyses.study_figure import with_reader
from codon12.evidence.frames import rows_of
from codon12.evidence.schema import slug
from codon12.figures.lettering import shown
from codon12.figures.page import is_narrow
from codon12.numbers import Rounding
from codon12.numbers.spelling import Language, respelled
from codon12.records.config.endpoints import Endpoint, endpoints_of
from codon12.report.citing import cited, numbered
from codon12.report.part import Part
from codon12.report.patients import MAX_PATIENTS, patient_block
from codon12.report.trail import MAX_SUBJECTS, page_data
from codon12.tables import Table, cell_parts, cell_text, html_text, interval_text

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["drawn", "inline_svg", "load_templates", "page_html", "page_values", "script_json"]

_CARDS = (
    ("orr", "rate", "Objective response"),
    ("dcr", "rate", "Disease control"),
)
_LAST_CARDS = (
    ("follow_up", "median", "Median follow-up"),
    ("ae.related", "grade_ge3", "Treatment-related adverse event of grade 3 or higher"),
)
_WIDTH = re.compile(r'<svg [^>]*?\bwidth="([\d.]+)"')
_SHOWN_TEXT = 300
_FOLDED = 700
"""Characters of a paragraph of the methods beyond which it is folded after its first sentence."""
_SCRIPTS = ("page.js", "patient.js", "tables.js", "search.js")


def page_html(
    evidence: Evidence,
    parts: Sequence[Part],
    *,
    record: Mapping[str, Any],
    rounding: Rounding | None = None,
    pictures: Callable[[], Mapping[str, str]] = dict,
) -> str:
    r"""Whole page as text.

    `pictures` gives the SVG of every figure by its name; it is asked when all else is ready, since they may still be
    being drawn.

    The policy of the page allows exactly its own style sheet and its own script, by hash; everything else is text,
    inline SVG and a block of JSON in which ``<`` is written ``\u003c``.
    """
    css, script = _asset("page.css"), "\n".join(_asset(name) for name in _SCRIPTS)
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(css)}'",
            f"script-src '{_hash(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    numbers: pl.DataFrame = evidence.numbers
    values = page_values(evidence, parts, record=record, rounding=rounding)
    texts = _texts(numbers, parts, rounding)
    texts |= {v["id"]: v["big"] for c in values["cards"] for v in c["parts"]}
    data, template = script_json(_data(evidence, parts, texts)), _template()
    svgs = pictures()
    for figure in (f for s in values["sections"] for p in s["parts"] for f in p["figures"]):
        figure["svg"] = Markup(inline_svg(svgs[figure["name"]], figure["name"]))  # noqa: S704 - drawn by us
    return template.render(
        policy=policy,
        css=Markup(css),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        data=data,
        **values,
    )


def _data(evidence: Evidence, parts: Sequence[Part], texts: Mapping[str, str]) -> dict[str, Any]:
    """Data block of the page: what stands behind its numbers, and its patients."""
    figures = {f["name"]: p.name for p in parts for f in p.figures}
    words = evidence.numbers.with_columns(_in_language(c, evidence.language) for c in ("section", "label", "method"))
    out = page_data(words, evidence.frames, texts, figures=figures)
    return out | {"patients": patient_block(evidence, out["subjects"])}


def _in_language(column: str, language: Language) -> pl.Expr:
    if language == "en-GB":
        return pl.col(column)
    return pl.col(column).map_elements(lambda text: respelled(text, language), return_dtype=pl.String)


def page_values(
    evidence: Any, parts: Sequence[Part], *, record: Mapping[str, Any], rounding: Any = None
) -> dict[str, Any]:
    """What ``page.html.j2`` prints of a study, beside style, script and the data block."""
    numbers: pl.DataFrame = evidence.numbers
    cards = _cards(numbers, endpoints_of(evidence.context.config.endpoints), rounding)
    placed = numbered(parts)
    sections = []
    for name in dict.fromkeys([*SECTIONS, *(p.section for p in parts)]):
        own = [p for p in parts if p.section == name]
        if own:
            title = SECTIONS.get(name, name.capitalize())
            sections.append({"name": f"section-{name}", "title": title, "parts": [drawn(p, placed) for p in own]})
    frames: Mapping[str, pl.DataFrame] = evidence.frames
    return {
        "version": metadata.version("codon12"),
        "language": evidence.language,
        "title": evidence.title,
        "subtitle": evidence.subtitle,
        "notice": evidence.notice,
        "cards": cards,
        "sections": sections,
        "methods": _methods(evidence, parts, placed),
        "patients": _patients_words(frames),
        "findings": _findings(frames.get("findings")),
        "accounting": _accounting(frames.get("accounting")),
        "sources": _sources(frames.get("sources")),
        "record": json.dumps(
            {k: record[k] for k in ("options", "versions", "policies") if k in record}, indent=1, ensure_ascii=False
        ),
    }


def script_json(value: Any) -> Markup:
    r"""JSON that is inert inside a script element, whatever texts it holds.

    Examples
    --------
    >>> print(script_json({"id": "</script><b>&"}))
    {"id":"\u003c/script\u003e\u003cb\u003e\u0026"}
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704 - no markup character is left


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    return (resources.files("codon12.report") / "page" / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    import jinja2

    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    environment.filters["zip"] = lambda a, b: zip(a, b, strict=True)
    return environment.from_string(_asset("page.html.j2"))


def load_templates() -> None:
    """Load the templates of the page and its tables, which a page else does as it is written."""
    _template()
    html_text(Table("", "", (), ()))


def drawn(part: Part, placed: Mapping[str, int] | None = None) -> dict[str, Any]:
    """One analysis as the template prints it, its table and figures numbered where their places are given."""
    placed = placed or {}
    number = placed.get(f"table {part.name}")
    figures = [
        {
            **f,
            "svg": Markup(inline_svg(f["svg"], f["name"])),  # noqa: S704 - drawn by us
            "number": placed.get(f"figure {f['name']}"),
            "table": number if part.table else None,
        }
        for f in part.figures
    ]
    table = Markup(html_text(part.table, number=number)) if part.table else None  # noqa: S704 - escaped by its template
    return {"name": part.name, "title": part.title, "table": table, "flow": part.flow, "figures": figures,
            "files": part.files}  # fmt: skip


def inline_svg(svg: str, name: str) -> str:
    """SVG for the page: its ids made its own, a role and a label for those who listen."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    svg = re.sub(r'(xlink:href|href)="#', rf'\1="#{name}-', svg)
    width = _WIDTH.search(svg)
    if width and is_narrow(float(width[1])):
        svg = svg.replace('class="marks"', 'class="marks column"', 1)
    return svg.replace("<svg ", f'<svg role="img" aria-labelledby="caption-{name}" ', 1)


def _texts(numbers: pl.DataFrame, parts: Sequence[Part], rounding: Rounding | None) -> dict[str, str]:
    """Text of every number that is on the page."""
    ids = {i for p in parts if p.table for r in p.table.rows for c in r.cells for i in c.ids}
    ids |= {c["id"] for p in parts for step in p.flow for c in step["cells"]}
    found = numbers.filter(pl.col("id").is_in(list(ids)))
    return {r["id"]: cell_text(r, rounding) for r in found.to_dicts()}


def _cards(numbers: pl.DataFrame, endpoints: Mapping[str, Endpoint], rounding: Rounding | None) -> list[dict[str, Any]]:
    """Headline results, each from the first analysis of the plan that has it."""
    out = []
    medians = ((slug(c), "median", f"Median {e.inside}") for c, e in endpoints.items() if e.headline)
    for endpoint, statistic, title in (*_CARDS, *medians, *_LAST_CARDS):
        found = numbers.filter(
            (pl.col("endpoint") == endpoint) & (pl.col("statistic") == statistic) & (pl.col("group") == "all")
        )
        if found.is_empty():
            continue
        first = found.sort("order").row(0, named=True)["analysis"]
        rows = found.filter(pl.col("analysis") == first).sort("order").to_dicts()
        arms = [r for r in rows if r["arm"] != "all"]
        parts = []
        for r in arms or rows:
            value, limits, share = cell_parts(r, rounding)
            unit = {"rate": "%", "time": " months"}.get(r["kind"], "") if value[:1].isdigit() else ""
            more = f"{100 * (r['conf_level'] or 0.95):g}% CI {interval_text(limits)}" if limits else ""
            if r["kind"] == "rate":
                more += f" · {r['n']:,} of {r['N']:,}"
            elif r["kind"] == "count":
                value, unit, more = share or "0", "%", f"{r['n']:,} of {r['N']:,}"
            parts.append({"id": r["id"], "arm": r["arm"] if arms else "", "big": value + unit, "more": more})
        out.append({"title": with_reader(title, found.filter(analysis=first)), "parts": parts})
    return out


def _methods(evidence: Any, parts: Sequence[Part], placed: Mapping[str, int]) -> list[dict[str, Any]]:
    """Paragraphs of the methods with the tables and figures they speak of; a long one is folded."""
    where = cited(evidence, parts, placed)
    out = []
    for heading, text in evidence.methods:
        if text:
            first, _, rest = text.partition(". ") if len(text) > _FOLDED else (text, "", "")
            first = f"{first}." if rest else first
            out.append({"heading": heading, "text": first, "rest": rest, "cites": where.get(heading, "")})
    return out


def _patients_words(frames: Mapping[str, pl.DataFrame]) -> str:
    """Whether the page has a timeline of each patient, and where it is otherwise."""
    n = rows_of(frames, "adsl").select(pl.len()).collect().item() if "adsl" in frames else 0
    if n <= MAX_PATIENTS:
        return "A click on a number lists its patients, a click on a patient, or on a mark of a figure, shows that one."
    lists = "" if n <= MAX_SUBJECTS else f" Lists of patients are printed for studies of up to {MAX_SUBJECTS:,}."
    return (
        f"Pages of single patients are part of the report of studies of up to {MAX_PATIENTS:,} patients; this one has "
        f"{n:,}, and codon12 serve shows one patient at a time.{lists}"
    )


def _findings(frame: pl.DataFrame | None) -> dict[str, Any]:
    if frame is None or frame.is_empty():
        return {"rules": [], "words": ""}
    rank = pl.col("SEVERITY").replace_strict({"error": 0, "warning": 1, "note": 2}, default=3, return_dtype=pl.Int64)
    rules = (
        frame.group_by("SEVERITY", "RULE", "TABLE", maintain_order=True)
        .agg(pl.len().alias("n"), pl.col("MESSAGE").first())
        .sort(rank, "RULE", "TABLE", maintain_order=True)
    )
    counts = frame.group_by("SEVERITY").len().sort(rank).iter_rows()
    words = ", ".join(f"{n:,} {s}{'s' if n != 1 else ''}" for s, n in counts)
    clean = [{**r, "MESSAGE": shown(r["MESSAGE"], _SHOWN_TEXT)} for r in rules.to_dicts()]
    return {"rules": clean, "words": f"{frame.height:,} finding{'s' if frame.height != 1 else ''}: {words}."}


def _accounting(frame: pl.DataFrame | None) -> dict[str, Any]:
    if frame is None:
        return {"heads": [], "lines": []}
    heads = [{"label": c.replace("_", " ").capitalize(), "number": t.is_numeric()} for c, t in frame.schema.items()]
    lines = [[f"{v:,}" if isinstance(v, int) else shown(v, _SHOWN_TEXT) for v in row] for row in frame.iter_rows()]
    return {"heads": heads, "lines": lines}


def _sources(frame: pl.DataFrame | None) -> list[dict[str, Any]]:
    if frame is None:
        return []
    return [
        {k: shown(r.get(k), 120) if k != "ROWS" else r.get(k) for k in ("TABLE", "FILE", "ROWS", "SHA256")}
        for r in frame.to_dicts()
    ]
