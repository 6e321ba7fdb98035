"""Where running text names a category of a variable of the study: `STK11-mutated`, `less than 1%`, `never smokers`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from codon12.check import patterns as re
from codon12.check.comparing.assigned import Mention
from codon12.check.comparing.category_forms import pattern_of, pattern_of_gene, with_and_without
from codon12.check.comparing.equality import Row
from codon12.check.finding.wording import whole_words

__all__ = ["Level", "Levels", "is_whole"]

Level = tuple[str, str]
"""A variable and its category; the category is empty where the words name none, or several together."""

_WHOLE = {None, "all", "all assessed"}
_NO_CATEGORY = {"missing", "not tested", "unknown", "indeterminate", "y", "n", "yes", "no"}
_BY_GENE = {"mutated", "wild type", "wild-type"}
_VAGUE = whole_words(
    "other never ever current former first second third later high low positive negative mild moderate severe left "
    "right local central normal abnormal multiple detected one two three four five"
)
"""Words of categories that need the name of their variable in the sentence."""
EVERYBODY: Level = ("all", "")
"""All patients, or all that were tested, where a text sets them beside a part."""
_ALL_OF_THEM = re.compile(
    r"\b(?:overall|entire|whole|total) (?:population|cohort|group|sample)\b|\ball (?:the )?(?:patients|participants)\b",
    re.IGNORECASE,
)
_ALLELE = re.compile(r"[A-Z]\d+[A-Z]")
_AND = re.compile(r"\W*(?:and|but|with|/|,)?\W*(?:an? |the )?", re.IGNORECASE)
_AND_GENE = re.compile(r",? ?(?:and|or|and/or|/|,) ?(?P<gene>[A-Za-z]+\d*[A-Za-z]*\d*)\b")
_BARE_GENE = re.compile(r"(?:[,;] |\band )(?P<gene>[A-Za-z]+\d*[A-Za-z]*\d*)(?= in \d)")
_STATE = re.compile(r"[- ]?(?:mut|wild|alter|wt)", re.IGNORECASE)
_BOTH = re.compile(r"\bboth (?:the )?$", re.IGNORECASE)
_SHORT = 4
"""Codes of more letters than these are words."""
_ALIASES = {
    "TMB": ("tumor mutational burden", "tumor mutation burden"),
    "TPS": ("tumor proportion score", "PD-L1 expression", "PD-L1 score"),
    "ECOG": ("performance status",),
    "HIST": ("histology",),
}
"""What codes that are no words are short for."""


_CODES = {"TPS": "PD-L1"}
"""What else codes are called, by a code."""
_SPELLED = {
    "TMB": (r"tumou?r mutation(?:al)? burden",),
    "BTMB": (r"blood TMB",),
    "TPS": (r"PD-?L1(?: TPS| expression)?",),
    "PDL1": (r"PD-?L1(?: TPS| expression)?",),
}
"""What codes are called where a category is told by high, low or negative."""


def is_whole(level: str | None) -> bool:
    """Whether a level of the evidence is of everybody."""
    return level in _WHOLE


class Levels:
    """The variables of a study, how texts call them, and the patterns of their categories."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._called: dict[str, set[frozenset[str]]] = defaultdict(set)
        said: dict[Level, set[str]] = defaultdict(set)
        for row in rows:
            for level, words in _levels_of(row):
                said[level] |= words
            if row["variable"]:
                self._called[row["variable"]] |= _names(row)
        for variable in list(self._called):
            also = (*_ALIASES.get(variable.upper(), ()), *_ALIASES.get(_stem(variable).upper(), ()))
            self._called[variable] |= {whole_words(x) for x in also}
            if len(variable) > _SHORT and variable.isalpha():
                self._called[variable].add(whole_words(variable))
        self.all = sorted(said)
        self._of_several = {_compact(x[1]): x for x in said if " / " in x[1]}
        self.variables = sorted({v for v, _ in said})
        self._genes = {v for v, c in said if c.lower() in _BY_GENE}
        self._patterns = {
            level: pattern_of(level[0], words) for level, words in said.items() if level[1].lower() not in _BY_GENE
        }
        self._ends = dict(self._high_and_low())
        self._telling = {
            level
            for level, words in said.items()
            if any(_ALLELE.fullmatch(w) or (whole_words(w) - _VAGUE and not re.search(r"\d", w)) for w in words)
        }

    def _high_and_low(self) -> Iterator[tuple[Level, re.Pattern[str]]]:
        """`TMB-high` of a variable with a category from a number on and one below it; `PD-L1-negative` is < 1."""
        for variable in self.variables:
            ends = {c[0]: c for v, c in self.all if v == variable and re.fullmatch(r"(?:<|>=)\d+(?:\.\d+)?%?", c)}
            others = sum(v == variable for v, _ in self.all)
            names = "|".join({re.escape(_stem(variable)), *_SPELLED.get(_stem(variable).upper(), ())})
            for sign, category in ends.items():
                said = (
                    "high"
                    if sign == ">"
                    else "low"
                    if others == len(ends) == len(("<", ">"))
                    else r"neg\w*"
                    if category.strip("%") == "<1"
                    else None
                )
                if said is not None and others > 1:
                    yield (
                        (variable, category),
                        re.compile(rf"\b(?:{names})[- ]?{said}\b|\b{said}[- ](?:{names})\b", re.IGNORECASE),
                    )

    def whole(self, label: str) -> Level | None:
        """The category of several variables together that a label is, word for word: `Wild type / <1%`."""
        return self._of_several.get(_compact(label))

    def variables_in(self, text: str) -> set[str]:
        """The variables a text names; of those whose names another one's hold, the longest."""
        words, plain = whole_words(text), _plain(text)
        here = {v for v in self.variables if self._is_in(v, words, plain)}
        return {
            v for v in here if not any(v != w and v.lower() in w.lower() and self._whole_code(w, text) for w in here)
        }

    def names(self, variable: str, text: str) -> bool:
        """Whether a text names a variable, by its code or as the study calls it."""
        return self._is_in(variable, whole_words(text), _plain(text))

    def _is_in(self, variable: str, words: frozenset[str], plain: str) -> bool:
        stem = _stem(variable)
        codes = {re.sub(r"[^a-z0-9]", "", x.lower()) for x in (variable, stem, _CODES.get(stem.upper(), stem))}
        if any(len(code) >= len("age") and f" {code}" in plain for code in codes):
            return True
        return any(called and called <= words for called in self._called.get(variable, ()))

    def words(self, variable: str) -> frozenset[str]:
        """The words by which a variable is called."""
        return frozenset().union(*self._called.get(variable, ()), whole_words(variable))

    def _whole_code(self, variable: str, text: str) -> bool:
        return variable.lower() in re.sub(r"[-/_ ]", "", text.lower())

    def of(self, text: str, around: str = "") -> list[Mention[Level]]:
        """The categories a text names; `around` are words, before the text, that may name the variable.

        Two categories joined by `or` are one mention of neither.
        """
        here = self.variables_in(text) or self.variables_in(around)
        found: list[Mention[Level]] = []
        for level, pattern in self._patterns.items():
            if level[0] in here or level in self._telling:
                found += [(m.start(), m.end(), level) for m in pattern.finditer(text)]
        for level, high_or_low in self._ends.items():
            found += [(m.start(), m.end(), level) for m in high_or_low.finditer(text)]
        genes = sorted(here & self._genes)
        for gene in genes:
            found += self._of_gene(gene, text, alone=len(genes) == 1)
        found = self._together(text, _longest(found))
        found += self._of_the_same_state(text, found)
        if found:
            found += [(m.start(), m.end(), EVERYBODY) for m in _ALL_OF_THEM.finditer(text)]
        return _joined(text, _longest(found))

    def _of_the_same_state(self, text: str, found: list[Mention[Level]]) -> list[Mention[Level]]:
        """`STK11 was mutated in 47 and KEAP1 in 32`: a gene before `in` has the state last named of another."""
        states = [m for m in found if m[2][0] in self._genes and m[2][1]]
        out = []
        for m in _BARE_GENE.finditer(text) if states else ():
            gene = m["gene"].upper()
            last = next((x for x in reversed(states) if x[1] <= m.start()), None)
            at = m.span("gene")
            if last is None or gene not in self._genes or any(a <= at[0] < b for a, b, _ in found):
                continue
            out += [(*at, x) for x in self.all if x[0] == gene and x[1].lower() == last[2][1].lower()]
        return out

    def _together(self, text: str, found: list[Mention[Level]]) -> list[Mention[Level]]:
        """States of several genes told together: those of a variable of both, where the study has one, or of none."""
        out: list[Mention[Level]] = []
        for start, end, level in found:
            between = text[out[-1][1] : start] if out else ""
            if out and level[0] in self._genes and out[-1][2][0] != level[0] and _AND.fullmatch(between):
                out[-1] = (out[-1][0], end, self._of_both(text[out[-1][0] : end], text[: out[-1][0]]))
            else:
                out.append((start, end, level))
        return [self._and_another(text, m) for m in out]

    def _and_another(self, text: str, mention: Mention[Level]) -> Mention[Level]:
        """`mutated STK11 and KEAP1`: of both genes, or of either."""
        start, end, level = mention
        if (
            level[0] not in self._genes
            or (m := _AND_GENE.match(text, end)) is None
            or m["gene"].upper() not in self._genes
        ):
            return mention
        if _STATE.match(text, m.end()):
            return mention
        return start, m.end(), self._of_both(text[start : m.end()], text[:start])

    def _of_both(self, words: str, before: str) -> Level:
        genes = [g for g in self._genes if re.search(re.escape(g), words, re.IGNORECASE)]
        both = [x for x in self.all if all(g in x[0].upper() for g in genes) and x[0].upper() not in self._genes]
        states = {g: "wild" if _is_wild(g, words) else "mutat" for g in genes}
        if len(set(states.values())) == 1 and (_BOTH.search(before) or len(re.findall("mutat|mutant|wild", words)) > 1):
            state = next(iter(states.values()))
            return next((x for x in both if x[1].lower().startswith("both ") and state in x[1].lower()), ("", ""))
        told = (x for x in both if all(_has_state(x[1], g, state) for g, state in states.items()))
        return next(told, ("", ""))

    def _of_gene(self, gene: str, text: str, *, alone: bool) -> list[Mention[Level]]:
        out: list[Mention[Level]] = []
        out += [(m.start(), m.end(), (gene, "")) for m in re.finditer(with_and_without(gene), text, re.IGNORECASE)]
        for level in (x for x in self.all if x[0] == gene and x[1].lower() in _BY_GENE):
            said = pattern_of_gene(gene, mutated=level[1].lower() == "mutated", alone=alone)
            out += [(m.start(), m.end(), level) for m in said.finditer(text)]
        return out


def _stem(variable: str) -> str:
    """The code of a variable without what says that it is grouped: `TMBGR`, `AGEGR1`."""
    return re.sub(r"(?<=\w\w)(?:_?(?:GR|GRP|GROUP|CAT))\d?$", "", variable, flags=re.IGNORECASE)


def _compact(words: str) -> str:
    return re.sub(r"[\s%]", "", words.lower()).replace("≥", ">=").replace("≤", "<=").replace("–", "-")


def _plain(text: str) -> str:
    """The words of a text behind a space each, without what stands inside them: `PD-L1` is ` pdl1`."""
    return " " + " ".join(re.sub(r"[^a-z0-9]", "", w) for w in re.split(r"[\s/,;()-]+(?!l?\d)", text.lower()))


def _is_wild(gene: str, words: str) -> bool:
    near = rf"wild[- ]?type[- ](?:for )?{gene}|{gene}[- ](?:wild|wt|negative)|(?:no|without) {gene}"
    return re.search(near, words, re.IGNORECASE) is not None


def _has_state(category: str, gene: str, state: str) -> bool:
    return re.search(rf"{gene} {state}", category, re.IGNORECASE) is not None


def _levels_of(row: Row) -> list[tuple[Level, set[str]]]:
    """The category a number is of, and the subgroup it is within, each as coded and as the row's label prints it."""
    out: list[tuple[Level, set[str]]] = []
    label, endpoint = str(row["label"] or ""), str(row["endpoint"])
    group, level, category = row.get("group"), row.get("level"), str(row["category"])
    within = not is_whole(group) and not is_whole(level)
    if row["variable"] and row["category"] and endpoint.startswith(("baseline.", "prevalence.")):
        out.append(((str(row["variable"]), category), {category, label} if group in _WHOLE else {category}))
    if within:
        own = {str(level)}
        if row.get("variable") == group and ": " in label and " against " not in label:
            own.add(label.split(":", maxsplit=1)[0])
        out.append(((str(group), str(level)), own))
    return [x for x in out if x[0][1].lower() not in _NO_CATEGORY and x[0][0] != "TRT01P"]


def _names(row: Row) -> set[frozenset[str]]:
    """What the study calls the variable of a row."""
    label, endpoint = str(row["label"] or ""), str(row["endpoint"])
    out = []
    if endpoint.startswith("missing."):
        out.append(re.split(r",|: ", label, maxsplit=1)[0])
    if label.endswith(": P for interaction"):
        out.append(re.split(r",|: ", label, maxsplit=1)[0])
    if endpoint.startswith("baseline.") and row.get("section") and row.get("group") in _WHOLE:
        out.append(str(row["section"]).split(",")[0])
    return {words for x in out if (words := whole_words(re.sub(r"\(.*?\)", " ", x)))}


def _longest(found: list[Mention[Level]]) -> list[Mention[Level]]:
    """Of mentions that overlap, the longest."""
    out: list[Mention[Level]] = []
    for m in sorted(found, key=lambda m: (m[0] - m[1], m)):
        if all(m[1] <= o[0] or m[0] >= o[1] for o in out):
            out.append(m)
    return sorted(out)


def _joined(text: str, found: list[Mention[Level]]) -> list[Mention[Level]]:
    """Categories of one variable told together: `current or former smokers` are of neither."""
    out: list[Mention[Level]] = []
    for m in found:
        if out and out[-1][2][0] == m[2][0] and re.fullmatch(r"\W*(?:or|/)\W*(?:of )?", text[out[-1][1] : m[0]]):
            out[-1] = (out[-1][0], m[1], (m[2][0], ""))
        else:
            out.append(m)
    return out
