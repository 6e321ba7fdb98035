"""Gene questions to profiles: what was found, where, and whether the tests of tumour tissue could have seen it.

The rules are those of the biomarker room (`parse_criterion` says what counts and what must be covered), with the
specimen added: a detection counts wherever it was made, an absence only in tumour tissue. Absent in plasma, or in a
specimen that is not named, stays open.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from codon12.biomarker.questions.criterion import Criterion as Question
from codon12.biomarker.questions.exons import exon_codons
from codon12.biomarker.questions.parse import parse_criterion
from codon12.errors import UsageError
from codon12.match import criteria as c
from codon12.match.logic import NO, UNKNOWN, YES, Values, three
from codon12.match.profiles import Profiles, TestKind
from codon12.match.tree import Node, leaves

__all__ = ["AlterationAnswers", "AlterationSetOf", "alteration_sets", "genes_in", "question_of", "questions_in"]

Masks = NDArray[np.bool_]


class AlterationSetOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named set of alterations of one gene, and why these."""

    gene: str
    members: tuple[str, ...]
    why: str


@cache
def alteration_sets() -> dict[str, AlterationSetOf]:
    """Give the shipped sets by name."""
    text = (files("codon12.match") / "data" / "alteration_sets.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, AlterationSetOf])


@cache
def question_of(text: str) -> Question:
    """Read a gene question, once."""
    return parse_criterion(text)


class _Hits(msgspec.Struct, frozen=True):
    """Distinct calls by what they say to one question."""

    match: Masks
    open: Masks


class AlterationAnswers:
    """Answers gene questions for all profiles; what is asked twice is looked up."""

    def __init__(self, profiles: Profiles) -> None:
        self._of = profiles
        table = profiles.call_table
        self._tissue, self._plasma = (
            np.array([s == where for s in table["SPECIMEN"].to_list()], np.bool_) for where in ("tissue", "plasma")
        )
        self._disputed = np.array(table["DISPUTED"].to_list(), np.bool_)
        self._vague = _vague_calls(table)
        self._genes = (
            {g for c in ("GENE", "PARTNER") for g in table[c].drop_nulls().unique()} if table.height else set()
        )
        self._hits: dict[str, _Hits] = {}
        self._covered: dict[str, Masks] = {}

    def value(self, text: str, *, tissue: bool = False) -> Values:
        """Answer a question: present in any specimen (in the one alone that is asked for), absent in tumour tissue.

        In plasma it is absent where plasma is asked for alone.
        """
        question = question_of(text)
        said, calls, people = self.hits(text), self._of.calls, len(self._of)
        seen = self._plasma if question.specimen == "plasma" else np.ones_like(self._plasma)
        match = said.match & ~self._disputed & seen
        own = match & self._tissue if tissue or question.specimen == "tissue" else match
        yes = calls.any(own, people)
        other = calls.any((said.open | (said.match & self._disputed) | (match & ~own)) & seen, people)
        no = ~yes & ~other & self.covered(text)
        return three(no, yes) if question.negated else three(yes, no)

    def hits(self, text: str) -> _Hits:
        """Tell which distinct calls answer a question with yes, and which leave it open."""
        if text not in self._hits:
            self.look_up([text])
        return self._hits[text]

    def look_up(self, texts: Iterable[str]) -> None:
        """Match the calls against many questions in one pass; those about genes without a call need none."""
        asked = {t: question_of(t) for t in dict.fromkeys(texts) if t not in self._hits}
        table, none = self._of.call_table, np.zeros(self._of.call_table.height, np.bool_)
        concerned = {t: q for t, q in asked.items() if not self._genes.isdisjoint(q.genes)}
        self._hits |= {t: _Hits(none, none) for t in asked if t not in concerned}
        exprs = [
            expr.alias(f"{kind}{i}")
            for i, q in enumerate(concerned.values())
            for kind, expr in (("m", q.matching()), ("u", q.unsure()))
        ]
        both = table.select(exprs)
        for i, (text, question) in enumerate(concerned.items()):
            match, open_ = both[f"m{i}"].to_numpy(), both[f"u{i}"].to_numpy().copy()
            open_ = open_ if open_.size == match.size else np.full(match.size, bool(open_.any()))
            for k in (k for g in question.genes for k in self._vague.get(g, ())):
                open_[k] = open_[k] or (not match[k] and _may_be(table.row(k, named=True), question))
            if question.germline:  # what the tumour has may be inherited or not
                match, open_ = none, match | open_
            self._hits[text] = _Hits(match, open_)

    def covered(self, text: str) -> Masks:
        """Tell for every profile whether its valid tests of tumour tissue together see all that a question names."""
        found = self._covered.get(text)
        if found is None:
            question = question_of(text)
            bare = msgspec.structs.replace(question, text="", negated=False)
            table = np.array([_covers(tests, question, bare) for tests in self._of.tests.values], np.bool_)
            found = self._covered[text] = table[self._of.tests.codes]
        return found

    def set_value(self, name: str, *, tissue: bool = False) -> Values:
        """Answer whether one of a named set is present.

        Another mutation of the gene leaves it open: whether it is one of those meant is not known.
        """
        held = alteration_sets().get(name)
        if held is None:
            raise UsageError(f"no alteration set {name!r}; there are {', '.join(alteration_sets())}")
        out = self.value(held.members[0], tissue=tissue)
        for member in held.members[1:]:
            out = np.maximum(out, self.value(member, tissue=tissue))
        other = self.value(f"{held.gene} mutation", tissue=tissue) == YES
        return np.where((out == NO) & other, UNKNOWN, out).astype(np.int8)

    def confirmed(self, text: str, assay: str, *, central: bool) -> Values:
        """Answer whether one named test found the alteration: no where it was run and negative."""
        question = question_of(text)
        wanted = " ".join(assay.split()).casefold()
        rows = self._of.calls
        source = [" ".join((s or "").split()).casefold() == wanted for s in self._of.call_table["SRCDOM"]]
        match = self.hits(text).match & ~self._disputed & np.array(source, np.bool_)
        bare = msgspec.structs.replace(question, text="", negated=False)

        def own(tests: tuple[TestKind, ...]) -> tuple[TestKind, ...]:
            return tuple(
                msgspec.structs.replace(t, specimen=question.specimen or "tissue")
                for t in tests
                if t.assay == wanted and (t.central or not central)
            )

        ran = np.array([any(t.state == "valid" for t in own(s)) for s in self._of.tests.values], np.bool_)
        saw = np.array([_covers(own(s), question, bare) for s in self._of.tests.values], np.bool_)
        codes = self._of.tests.codes
        found = rows.any(match, len(self._of)) & ran[codes]
        yes, no = found, ~found & saw[codes]
        return three(no, yes) if question.negated else three(yes, no)


def questions_in(nodes: Iterable[Node]) -> list[str]:
    """Gene questions of trees, those of named sets included; each once."""
    out: dict[str, None] = {}
    for node in nodes:
        for leaf in leaves(node):
            if isinstance(leaf, c.Alteration | c.ConfirmedBy):
                out[leaf.question] = None
            elif isinstance(leaf, c.AlterationSet):
                held = alteration_sets()[leaf.name]
                out |= dict.fromkeys((*held.members, f"{held.gene} mutation"))
    return list(out)


def _covers(tests: tuple[TestKind, ...], question: Question, bare: Question) -> bool:
    where = "plasma" if question.specimen == "plasma" else "tissue"
    read = [t for t in tests if t.state == "valid" and t.specimen == where]
    if any(bare in t.targets for t in read):
        return True
    return all(
        any(wanted.kind in t.whole or any(r.covers(wanted) for r in t.reach) for t in read)
        for wanted in question.required
    )


def _vague_calls(table: pl.DataFrame) -> dict[str, list[int]]:
    """Places of calls that do not say which change they are, by gene: a gene reported as mutated, a codon, an exon."""
    mutations = ["missense", "inframe", "truncating", "splice", "other"]
    if not table.height:
        return {}
    vague = table.with_row_index("i").filter(
        (pl.col("CLASS").is_in(mutations) | pl.col("CLASS").is_null())
        & (pl.col("PROTEIN").is_null() | pl.col("PROTEIN").str.contains(r"^p\.\(?[A-Z]?\d+\??\)?$"))
    )
    out: dict[str, list[int]] = {}
    for i, gene in vague.select("i", "GENE").iter_rows():
        out.setdefault(gene, []).append(i)
    return out


def _may_be(call: dict, question: Question) -> bool:
    """Whether a call of which the change is not told may be the one asked for."""
    if question.fused or (not question.codons and not question.proteins and not question.contains):
        return False
    if not set(question.classes) & {"missense", "inframe", "truncating", "splice", "other"}:
        return False
    asked = question.codons or tuple(codon for r in question.required for codon in r.codons)
    told = _codons_told(call)
    return not told or not asked or bool(set(asked) & set(told))


def _codons_told(call: dict) -> tuple[int, ...]:
    protein, word = call["PROTEIN"], call["CONSEQUENCE"] or ""
    if protein:
        return (int("".join(ch for ch in protein if ch.isdigit())),)
    if word.startswith("exon "):
        return exon_codons(call["GENE"], int(word.split()[1]))
    return ()


def genes_in(node: Node) -> frozenset[str]:
    """Genes that the questions of a tree are about."""
    return frozenset(g for text in questions_in([node]) for g in question_of(text).genes)
