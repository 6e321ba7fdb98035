"""The patient page: what was tested, what was found and what the texts say, in plain words and on one sheet."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import msgspec

from codon12.errors import InputError
from codon12.match.answer import MatchAnswer, StatementAnswer
from codon12.match.drugs import drug_classes
from codon12.match.orders import Order, order_list
from codon12.match.pages.reading import reading_grade
from codon12.match.profiles import Profiles, TestKind
from codon12.match.verdict import same_regimen

__all__ = ["Block", "Messages", "PatientPage", "patient_page", "read_messages"]

_GENES = ("KRAS", "NRAS")


class Messages(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All words of the page, as its message file holds them."""

    language: str
    title: str
    subtitle: str
    draft: str
    and_: str = msgspec.field(name="and")
    or_: str = msgspec.field(name="or")
    gene: dict[str, Any]
    testing: dict[str, Any]
    looked: dict[str, str]
    found: dict[str, str]
    meaning: dict[str, str]
    unknown: dict[str, str]
    side_effects: dict[str, Any]
    questions: dict[str, Any]
    sources: dict[str, str]
    closing: dict[str, str]
    facts: dict[str, str]
    orders: dict[str, str]
    statements: dict[str, str]


class Block(msgspec.Struct, frozen=True):
    """A heading, a paragraph or a list item."""

    kind: Literal["heading", "paragraph", "item"]
    text: str
    draft: bool = False


class PatientPage(msgspec.Struct, frozen=True, kw_only=True):
    """The page as blocks; `html` writes it."""

    title: str
    subtitle: str
    language: str
    blocks: tuple[Block, ...]
    left_out: int
    """Draft statements that apply and were left out."""
    names: tuple[str, ...]
    draft_word: str

    @property
    def text(self) -> str:
        """The page as plain text."""
        return "\n".join([self.title, self.subtitle, *(b.text for b in self.blocks)])

    @property
    def grade(self) -> float:
        """Reading grade, names of drugs and genes left out."""
        return reading_grade([self.title, self.subtitle, *(b.text for b in self.blocks)], names=self.names)

    def html(self) -> str:
        """The page as one self-contained file: no script, nothing fetched."""
        from codon12.match.pages.render import rendered

        return rendered("patient.html.j2", page=self)


def read_messages(path: Path | None = None) -> Messages:
    """Read a message file; the English one that ships when left out.

    Raises
    ------
    InputError
        A name is missing or unknown.
    """
    file = files("codon12.match") / "pages" / "en.toml" if path is None else path
    try:
        return msgspec.convert(tomllib.loads(file.read_text("utf-8")), Messages)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as err:
        raise InputError(f"message file {path or 'en.toml'}: {err}") from None


def patient_page(
    answer: MatchAnswer, profile: Profiles, *, include_drafts: bool = False, messages: Messages | None = None
) -> PatientPage:
    """Write the page of one patient.

    Draft statements are left out unless asked for, and counted; a contraindication is never left out while a support of
    one of its drugs stays.
    """
    say = messages or read_messages()
    shown, left_out = _chosen(answer, include_drafts=include_drafts)
    blocks: list[Block] = []

    def heading(text: str) -> None:
        blocks.append(Block("heading", text))

    def paragraph(*texts: str) -> None:
        blocks.extend(Block("paragraph", t) for t in texts)

    def items(texts: Iterable[str], *, draft: bool = False) -> None:
        blocks.extend(Block("item", t, draft) for t in texts)

    heading(say.gene["title"])
    paragraph(" ".join(say.gene["text"]))
    heading(say.testing["title"])
    paragraph(" ".join(say.testing["text"]))
    heading(say.looked["title"])
    items(_looked(say, profile))
    paragraph(say.looked["limit"])
    heading(say.found["title"])
    items(_found(say, profile))
    heading(say.meaning["title"])
    paragraph(say.meaning["lead"])
    for effect, title in (("contraindicates", "against"), ("supports", "for"), ("", "beside")):
        own = [
            s
            for s in shown
            if s.statement.effect == effect or (not effect and s.statement.effect in ("evidence", "information"))
        ]
        if own:
            paragraph(say.meaning[title])
            for s in own:
                items([_plain(say, s, title)], draft=s.statement.review.state == "draft")
    if not shown:
        paragraph(say.meaning["nothing"])
    if left_out:
        key = "left_out_one" if left_out == 1 else "left_out"
        paragraph(say.meaning[key].format(count=left_out))
    heading(say.unknown["title"])
    items(_unknown(say, answer, shown))
    heading(say.side_effects["title"])
    paragraph(" ".join(say.side_effects["text"]))
    heading(say.questions["title"])
    items(say.questions["text"])
    heading(say.sources["title"])
    paragraph(say.sources["date"].format(date=answer.as_of.isoformat()))
    refs = dict.fromkeys(e.ref for s in shown for e in s.statement.evidence)
    items(say.sources["source"].format(name=r) for r in refs)
    paragraph(say.closing["text"])
    return PatientPage(
        title=say.title,
        subtitle=say.subtitle.format(date=answer.as_of.isoformat()),
        language=say.language,
        blocks=tuple(blocks),
        left_out=left_out,
        names=_names(answer, profile),
        draft_word=say.draft,
    )


def _chosen(answer: MatchAnswer, *, include_drafts: bool) -> tuple[list[StatementAnswer], int]:
    """Statements that apply, drafts left out unless asked for; a bar stays beside a support of its drug."""
    own = [s for s in answer.statements if s.status == "applies" and s.statement.jurisdiction in answer.jurisdictions]
    if include_drafts:
        return own, 0
    kept = [s for s in own if s.statement.review.state == "reviewed"]
    drugs = drug_classes()
    supported = {d for s in kept if s.statement.effect == "supports" for d in drugs.parts(s.statement.therapy)}
    for s in own:
        bars = s.statement.effect == "contraindicates" and s not in kept
        if bars and any(drugs.given(item, (d,)) for item in s.statement.therapy for d in supported):
            kept.append(s)
    return kept, len(own) - len(kept)


def _plain(say: Messages, s: StatementAnswer, title: str) -> str:
    text = say.statements.get(s.statement.id)
    if text is None:
        drugs = (
            f" {say.or_} ".join(s.statement.therapy)
            if title == "against"
            else f" {say.and_} ".join(s.statement.therapy)
        )
        text = say.meaning[f"generic_{title}"].format(drugs=drugs, sentence=s.statement.sentence)
    if s.because_of_unknown:
        facts = f" {say.and_} ".join(say.facts.get(f, f) for f in s.missing)
        text = f"{text} {say.meaning['because_unknown'].format(facts=facts)}"
    return text


def _tests(profile: Profiles) -> tuple[TestKind, ...]:
    return profile.tests.values[profile.tests.codes[0]]


def _looked(say: Messages, profile: Profiles) -> list[str]:
    where = {"tissue": say.looked["tissue"], "plasma": say.looked["plasma"], None: say.looked["unnamed"]}
    out = []
    for t in _tests(profile):
        specimen = where[t.specimen]
        if t.state != "valid":
            out.append(say.looked["failed"].format(assay=t.assay, specimen=specimen, state=t.state))
        else:
            out.append(say.looked["test"].format(assay=t.assay, specimen=specimen, what=_reach(say, t)))
    if not out:
        out.append(say.looked["none"])
    seen = {
        g for t in _tests(profile) if t.state == "valid" and t.specimen == "tissue" for g in (r.gene for r in t.reach)
    }
    unseen = [g for g in _GENES if g not in seen]
    if unseen:
        out.append(say.looked["not_looked"].format(genes=_listed(say, unseen)))
    marks = dict.fromkeys(profile.measures.marker[i] for i in profile.measures.marker_code)
    out += [say.looked["measure"].format(name=name) for name in marks]
    return out


def _reach(say: Messages, t: TestKind) -> str:
    whole = dict.fromkeys(r.gene for r in t.reach if r.kind != "fusion" and not r.codons)
    parts = dict.fromkeys(r.gene for r in t.reach if r.codons and r.gene not in whole)
    fused = dict.fromkeys(r.gene for r in t.reach if r.kind == "fusion")
    said = list(whole)
    if parts:
        said.append(say.looked["parts"].format(genes=_listed(say, list(parts))))
    said += [say.looked["fusion"].format(gene=g) for g in fused]
    return _listed(say, said) if said else say.looked["nothing"]


def _listed(say: Messages, names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {say.and_} {names[-1]}"


def _found(say: Messages, profile: Profiles) -> list[str]:
    table = profile.call_table
    out = []
    for code in profile.calls.codes:
        call: Mapping[str, Any] = table.row(int(code), named=True)
        change = (call["PROTEIN"] or call["CODING"] or call["CONSEQUENCE"] or call["CLASS"] or "").removeprefix("p.")
        if call["PARTNER"]:
            out.append(say.found["fused"].format(change=f"{call['PARTNER']} {say.and_} {call['GENE']}"))
        else:
            out.append(say.found["item"].format(gene=call["GENE"], change=change))
    if out:
        return list(dict.fromkeys(out))
    read = any(t.state == "valid" for t in _tests(profile))
    return [say.found["none" if read else "no_test"]]


def _unknown(say: Messages, answer: MatchAnswer, shown: list[StatementAnswer]) -> list[str]:
    """What is not known for the statements shown; where none is shown, for all that are open."""
    orders = answer.orders
    if shown:
        from codon12.match.tree import leaves

        facts = {f for s in shown for f in s.missing}
        facts |= {f for s in answer.statements if s.status == "undetermined" for f in s.missing if _shown_too(s, shown)}
        asked = [leaf for s in answer.statements for leaf in leaves(s.statement.when) if leaf.fact in facts]
        orders = order_list(asked)
    out = []
    for order in orders.tests:
        facts_ = _listed(say, [say.facts.get(f, f) for f in order.answers])
        out.append(say.unknown["order"].format(facts=facts_[:1].upper() + facts_[1:], test=_test(say, order)))
    for name, listed in (("record", orders.record), ("judge", orders.judgements)):
        if listed:
            out.append(say.unknown[name].format(facts=_listed(say, [say.facts.get(f, f) for f in listed])))
    return out or [say.unknown["none"]]


def _test(say: Messages, order: Order) -> str:
    plain = say.orders.get(order.kind)
    return order.test if plain is None else plain.format(genes=_listed(say, list(order.genes)) if order.genes else "")


def _shown_too(s: StatementAnswer, shown: list[StatementAnswer]) -> bool:
    """Whether an undetermined statement may be spoken of: reviewed, or a draft where drafts are shown."""
    drafts = any(x.statement.review.state == "draft" for x in shown)
    return (drafts or s.statement.review.state == "reviewed") and not any(
        same_regimen(s.statement.therapy, x.statement.therapy) and x is s for x in shown
    )


def _names(answer: MatchAnswer, profile: Profiles) -> tuple[str, ...]:
    """Names of drugs and genes, which a reading grade leaves out."""
    drugs = drug_classes()
    genes = {r.gene for t in _tests(profile) for r in t.reach} | set(profile.call_table["GENE"].drop_nulls())
    known = (
        *_GENES,
        "HRAS",
        "EGFR",
        "BRAF",
        "ALK",
        "ROS",
        "PD-L1",
        "STK",
        "KEAP",
        "FOLFOX",
        "CAPOX",
        "FOLFIRI",
        "bevacizumab",
    )
    regimens = {d for s in answer.statements for d in drugs.parts(s.statement.therapy) if " " not in d}
    return (*known, *genes, *regimens)
