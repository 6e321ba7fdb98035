"""Words of comparison against the two numbers that follow them: `lower in A than in B (36.5% vs. 21.9%)`."""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.statements import Statement
from codon12.check.verify.case import Case
from codon12.check.verify.contrasts.values import values_in
from codon12.check.verify.prose import held, sentences_with
from codon12.numbers.unrounded import read_printed

__all__ = ["check_directions"]

_LESS = r"lower|less|fewer|shorter|smaller|younger"
_MORE = r"higher|greater|more|longer|larger|older"
_WORD = rf"(?:(?P<less>(?i:{_LESS}))|(?P<more>(?i:{_MORE})))"
_OF_WHAT = r"(?: (?!than\b)[a-zA-Z0-9/+-]+(?:,(?= ))?){0,14}?"
_WHERE = r"(?:in|with|among|for|after|on|at|by|from|during)"
_GROUP = r"(?: (?!than\b)[^\s.;:()%]+){1,9}?"
_SPREAD = r"(?: ?(?:±|\+/-) ?\d+(?:\.\d+)?)?"
_UNITS = r"%|months?|years?|days?|weeks?|hours?|minutes?|points?|mm ?Hg|kg|g|mL|L|mg/dL|ng/mL|mmol/L|μmol/L|µmol/L"


def _number(value: str, unit: str) -> str:
    """A number with its spread and unit, as two named groups."""
    size = rf"(?<![\d.,])(?P<{value}>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)(?![\d.,]*\d)"
    return rf"{size}{_SPREAD}(?: ?(?P<{unit}>{_UNITS})(?![\w/]))?"


_TWO = (
    rf" ?[(\[](?:(?:mean|median|rates?|ORR|incidence)(?: [a-z-]+){{0,2}}[,:]? )?{_number('a', 'u')}"
    rf"(?: per [^\d().;]{{1,25}})?,? ?(?:vs?\.?|versus|compared (?:with|to)|against) ?{_number('b', 'v')}"
)
_PAIR = re.compile(rf"\b{_WORD}{_OF_WHAT} {_WHERE}{_GROUP} (?:than|compared (?:with|to)) {_WHERE}{_GROUP}{_TWO}")
"""`lower in the A group than in the B group (36.5% vs. 21.9%`."""
_PAIR_BARE = re.compile(
    rf"\b{_WORD}{_OF_WHAT} {_WHERE}(?: (?!than\b|was\b|were\b|had\b)[^\s.;:()%]+){{1,9}}? than"
    rf"(?: (?!{_WHERE}\b)[A-Za-z][A-Za-z-]*){{1,4}}{_TWO}"
)
"""`higher with A than B (48% vs 35%`."""
_HAD = re.compile(
    r"\b(?:had|have|showed|achieved|experienced|received)(?: an?| significantly| markedly| much| statistically)* "
    rf"{_WORD}{_OF_WHAT} than(?: {_WHERE})?{_GROUP}{_TWO}"
)
"""`patients on A had a lower rate of relapse than those on B (12% vs 18%`."""
_WERE = re.compile(
    rf"\b(?:was|were|is|are|weighed|stayed|lived)(?: an?| significantly| much| slightly| somewhat| statistically)* "
    rf"{_WORD} than(?: {_WHERE})?{_GROUP}{_TWO}"
)
"""`women were younger than men (61.0 v 64.2 years`: the group named comes first."""
_OF_BOTH = re.compile(
    rf"\b{_WORD} {_WHERE}{_GROUP} than {_WHERE}{_GROUP}, with (?:[a-z-]+ ){{1,4}}of {_number('a', 'u')} and "
    rf"{_number('b', 'v')}(?: [^,.;()]{{1,40}})?, respectively"
)
"""`lower in the A group than in the placebo group, with event rates of 43.2 and 61.2 per 1000 years, respectively`."""
_MARKED = re.compile(
    rf"\bassociated with(?: an?| significantly| markedly| much)* {_WORD}(?: [A-Za-z-]+){{1,4}}"
    rf"(?: \([A-Z]{{2,4}}\))?(?: \(median)? ?{_TWO.lstrip()}"
)
"""`the mutation was associated with shorter survival (8.4 vs 21.3 months`: the group named comes first."""
_COUNTED = r"\((?:\d[\d,]* ?(?:of|/) ?\d[\d,]*(?: [a-z]+)?[,;:]? ?[(\[]?)?"
_PER = r"(?: per (?:[\d,]+ )?[a-z-]+)?"
_EACH = re.compile(
    rf"\b{_WORD}{_OF_WHAT}(?: {_WHERE}{_GROUP})? {_COUNTED}{_number('a', 'u')}{_PER}[)\]]+ than (?:{_WHERE} )?"
    rf"(?:[^\s.;:()%]+ ){{1,9}}?{_COUNTED}{_number('b', 'v')}{_PER}(?:[)\];,]|$)"
)
"""`higher with A (12.1%) than with B (15.3%)`."""
_OFTEN = "(?:common(?:ly)?|frequent(?:ly)?|often|prevalent|likely|usual|numerous|widespread)"
_DEGREE = (
    rf"(?:(?P<less>(?i:rarer|scarcer|less {_OFTEN}|(?:more )?(?:rarely|seldom)|more rare|{_LESS}))|"
    rf"(?P<more>(?i:commoner|more {_OFTEN}|oftener|less rarely|(?:twice|\d+(?:\.\d+)? times|doubly|thrice) as {_OFTEN}|"
    rf"{_MORE})))"
)
_BOXED = r"\((?:(?:n ?= ?)?\d[\d,]*(?: ?(?:of|/) ?\d[\d,]*)?[,;:]? ?[(\[]?)?(?:(?:median|mean|rate|incidence),? )?"
_WORDS = r"(?: (?!than\b|as\b)[^\s.;:()%\d]+)"
_END = rf"{_PER}(?:[,;][^()]{{1,40}})?[)\]]+"
_OFTENER = re.compile(
    rf"\b{_DEGREE}{_WORDS}{{0,12}} {_BOXED}{_number('a', 'u')}{_END},? (?:than|as)(?: [^\s.;:()%\d]+){{1,10}} {_BOXED}"
    rf"{_number('b', 'v')}{_PER}(?:[)\];,]|$)"
)
"""`rarer among men (12%) than among women (19%)`, `twice as common with A (20%) as with B (10%)`."""
_OFTENER_FIRST = re.compile(
    rf"(?<![\w)])(?:The )?[A-Za-z][^\s.;:()%\d]*(?: [^\s.;:()%\d]+){{0,6}} {_BOXED}{_number('a', 'u')}{_END}"
    r"(?: (?!than\b|as\b|whereas\b|while\b|but\b|and\b)[^\s.;:()%\d]+){0,8}? "
    rf"{_DEGREE}(?!(?<=more|less) than){_WORDS}{{0,4}},? than(?: [^\s.;:()%\d]+){{1,10}} "
    rf"{_BOXED}{_number('b', 'v')}{_PER}(?:[)\];,]|$)"
)
"""`Smokers (16%) had fistulas more often than others (11%)`."""
_FALLS = re.compile(
    rf"\b(?:shrinkage|reductions?|decreases?|falls?|declines?|loss|drops?)\b(?:(?!\b(?:was|were)\b)[^.;:()%\d]){{0,50}}"
    rf" (?:was|were) (?:[a-z]+ly |much )?{_WORD} {_WHERE} [^.;()%\d]{{1,50}}?[(,:] ?-?{_number('a', 'u')}"
    rf"[^.;%\d]{{0,30}}?[),]? than (?:{_WHERE} )?[^.;()%\d]{{1,50}}?[(,:] ?-?{_number('b', 'v')}"
)
"""`shrinkage was greater with A, -31%, than with B, -47%`: sizes, whatever their sign."""
_HOW_OFTEN = re.compile(rf"(?i:rarer|scarcer|commoner|{_OFTEN}$)")
_NAMED_FIRST = re.compile(
    rf"\b{_WORD} (?:of the )?(?:patients|participants|subjects|women|men|people|events|deaths|children) {_WHERE}"
    rf"(?: (?!than\b)[^\s.;:()%]+){{1,6}}?{_TWO}"
)
"""`used by fewer patients in the olanzapine group (17.6% vs 33.9%`: the group named comes first."""
_FIRST = re.compile(
    rf"\b{_WORD} {_WHERE}(?: (?!than\b|compared\b|versus\b|vs\b|both\b|all\b)[^\s.;:()%]+){{1,6}}?{_TWO}"
    rf" (?:in|with|for|among|on) (?:the )?(?:control|placebo|comparator|standard|usual|other|reference)"
)
"""`longer in the combination group (11.2 months vs 15.6 months in the control`: the group named comes first."""
_SURVIVES = r"(?:survival|PFS|OS|DFS|EFS|RFS|response rates?|ORR|remissions?|patency)(?: \([A-Z]{2,4}\))?"
_NONE_ELSE = r"(?: (?!than\b|compared\b|from\b|by\b|not\b)[^\s.;:()%]+)"
_BETTER = re.compile(
    rf"\b{_SURVIVES} (?:was|were) (?:[a-z]+ly )?(?:(?P<less>inferior|worse|poorer|shorter)|"
    rf"(?P<more>superior|better|improved|longer|prolonged)) {_WHERE}{_NONE_ELSE}{{1,6}}?{_TWO}"
)
_FAVOURED = re.compile(rf"\b{_SURVIVES}(?: [a-z]+ly)? (?P<less>(?!))?(?P<more>favou?red){_NONE_ELSE}{{1,5}}?{_TWO}")
_FAVOURED_IN_RISK = re.compile(
    rf"\b(?:mortality|deaths?|recurrences?|relapses?|complications?|infections?)(?: rates?)?(?: [a-z]+ly)? "
    rf"(?P<more>(?!))?(?P<less>favou?red){_NONE_ELSE}{{1,5}}?{_TWO}"
)
_GAINED = re.compile(
    rf"\b(?:(?P<more>prolong(?:ed|s)|extend(?:ed|s)|lengthen(?:ed|s)|improv(?:ed|es))|(?P<less>shorten(?:ed|s)))"
    rf"(?: (?!than\b|from\b|by\b)[a-z-]+){{0,5}}? {_SURVIVES}{_NONE_ELSE}{{0,3}}?{_TWO}"
)
"""`OS was superior with A (11.2 vs 15.6 months`, `favored A (9.8 vs 14.2 mo`, `prolonged PFS (5.1 vs 8.3 mo`."""
_LIVED = re.compile(
    rf"\b(?:survived|lived|stayed alive)(?: [a-z]+ly| much)? (?P<less>(?!))?(?P<more>longer){_NONE_ELSE}{{0,3}}?{_TWO}"
)
_BESIDE = re.compile(r"(?:vs?\.?|versus|compared (?:with|to)|against) ?\d")
_FORMS = (
    *(
        (_PAIR, _BESIDE),
        (_PAIR_BARE, _BESIDE),
        (_HAD, _BESIDE),
        (_WERE, _BESIDE),
        (_OF_BOTH, re.compile(r", respectively")),
    ),
    *((_FIRST, _BESIDE), (_BETTER, _BESIDE), (_FAVOURED, _BESIDE), (_FAVOURED_IN_RISK, _BESIDE), (_GAINED, _BESIDE)),
    *((_LIVED, _BESIDE), (_MARKED, _BESIDE), (_EACH, re.compile(r"[)\]] than ")), (_NAMED_FIRST, _BESIDE)),
    (_FALLS, re.compile(r" than ")),
    *((_OFTENER, re.compile(r"[)\]],? (?:than|as) ")), (_OFTENER_FIRST, re.compile(r" than .*\("))),
)
"""The forms, each with what every sentence of that form has."""
_SIGNS = frozenset(sign for _, sign in _FORMS)
_NOT = re.compile(
    r"\b(?:no|not|nor|neither|without|never|nonsignificant\w*|whether|if|either|or|non-?inferior)\b|n't\b"
)
_REVERSED = re.compile(
    r"\b(?:reduc\w*|decreas\w*|declin\w*|drop\w*|los[st]\w*|fell|fall|chang\w*|likely|odds|ratio|"
    r"P value|negative|worse|poor\w*)\b",
    re.IGNORECASE,
)
"""Words beside which a smaller number may be the more of the two, or the numbers may be of something else."""
_SETS_APART = (" than ", " compared ", "associated with", "fewer ", "longer", "more p", "more of", " vs", " versus ")
"""A sentence that sets two groups apart has one of these."""


_SOMETIMES = re.compile(r"\bin (?:one|two|three|four|five|some|most|\d+) of (?:the )?(?:two|three|four|five|six|\d+) ")
"""`more in women than in men in two of the three periods (105 versus 121, 90 versus 73)`."""


def check_directions(case: Case) -> None:
    """Compare the word with the two numbers behind it, in every sentence of prose that sets two groups so."""
    for p in sentences_with(case, *_SETS_APART, citing=True):
        judged: set[tuple[tuple[int, int], tuple[int, int]]] = set()
        has = {sign for sign in _SIGNS if sign.search(case.flat, p.start, p.end)}
        for form, sign in _FORMS:
            for m in form.finditer(case.flat, p.start, p.end) if sign in has else ():
                if (m["u"] or m["v"]) != (m["v"] or m["u"]) or len({_so_many(case, m, x) for x in "ab"} - {""}) > 1:
                    continue
                if (m.span("a"), m.span("b")) in judged or _SOMETIMES.search(case.flat, p.start, m.start("a")):
                    continue
                ahead = case.flat[max(p.start, m.start() - 60) : m.start()]
                of_another = _REVERSED.search(case.flat[max(p.start, m.start() - 60) : m.start("a")])
                if _NOT.search(case.flat[m.start() : m.start("b")] if form is _OFTENER_FIRST else ahead):
                    continue
                if form is _FALLS and _is_negative(case, m, "a") != _is_negative(case, m, "b"):
                    continue
                if of_another and form is not _FALLS and not _HOW_OFTEN.search(m["less"] or m["more"]):
                    continue
                _judge(case, (m.span("a"), m.span("b")), m["less"], m["more"], on=held(case, p, m.span("b")))
                judged.add((m.span("a"), m.span("b")))
        if not judged:
            _by_parts(case, p)


def _is_negative(case: Case, m: re.Match[str], which: str) -> bool:
    return case.flat.endswith("-", 0, m.start(which))


_CONDITION = re.compile(r"\b(?:pH|day|week|month|grade|stage|level|version|type|phase|cycle|visit) $")
"""Before a number that says under what something was seen: `at pH 6.5 it was lower than at pH 5.7`."""
_PER_SO_MANY = re.compile(r" per ([\d,]+)\b")


def _so_many(case: Case, m: re.Match[str], which: str) -> str:
    """The number of people or years that a rate is per, empty where it tells none."""
    found = _PER_SO_MANY.match(case.flat, m.end(which), m.end(which) + 20)
    return found[1] if found else ""


_DONE = re.compile(
    r"(?<!was )(?<!were )(?<!been )(?<!be )(?<!is )\b(?:(?P<less>reduc(?:ed|es)|lower(?:ed|s)|decreas(?:ed|es)|"
    r"lessen(?:ed|s)|diminish(?:ed|es)|shorten(?:ed|s))|(?P<more>increas(?:ed|es)|rais(?:ed|es)|prolong(?:ed|s)|"
    r"extend(?:ed|s)|lengthen(?:ed|s)))\b(?! from\b| by\b| to\b)(?= [a-z0-9])"
)
"""What the group named first did to the value: `CABG reduced mortality compared with PCI (9.1% vs 12.4%)`."""
_AGAINST = re.compile(r"\b(?:compared (?:with|to)|versus|relative to|in comparison (?:with|to))\b(?= [A-Za-z])")
_COMPARED = re.compile(rf"\b{_WORD}\b(?! than (?:about |approximately |or equal to )?[\d<>≤≥])")
_THAN = re.compile(r"\bthan\b(?! (?:expected|predicted|planned|usual|normal|average|\d))")
_OTHER_KIND = re.compile(
    r"\b(?:no|not|nor|neither|never|whether|if|either|although|however|except|threshold|cut-?off|at least|up to|decile|"
    r"quartile|tertile|quintile|percentile|margin|score of|grade|years? of age|respectively|likely|odds|ratio|risk of|"
    r"expected|would|should|twice|times|half|fold|or more|or less|more than|less than|fewer than|higher than|lower "
    r"than|longer than|shorter than|older than|younger than|greater than|P value|compared|worse|poor\w*|reduc\w*|"
    r"decreas\w*|declin\w*|drop\w*|los[st]\w*|fell|fall|chang\w*|increas\w*|rose|gain\w*|improv\w*)\b|n't\b|>|<|≥|≤",
    re.IGNORECASE,
)
_FAR = 130
_SIZED = re.compile(r"(?:in|of|among|for|from|[nN] ?=|/) ?$")


def _by_parts(case: Case, p: Passage) -> None:
    """One word of comparison, one `than` and two values, the first told before `than` or both in one bracket behind."""
    words = list(_COMPARED.finditer(case.flat, p.start, p.end))
    thans = list(_THAN.finditer(case.flat, p.start, p.end))
    done = list(_DONE.finditer(case.flat, p.start, p.end)) if not words and not thans else []
    if done:
        words, thans = done, list(_AGAINST.finditer(case.flat, done[0].end(), p.end))
    if len(words) != 1 or len(thans) != 1 or not 0 < thans[0].start() - words[0].end() < _FAR:
        return
    said = case.flat[p.start : words[0].start()] + case.flat[words[0].end() : p.end] if done else ""
    if (
        _OTHER_KIND.search(
            _AGAINST.sub("", said).replace(", respectively", "")
            if done
            else _WITHOUT.sub("", case.flat[p.start : p.end])
        )
        or ";" in case.flat[p.start : thans[0].start()]
    ):
        return
    values = values_in(case, p.start, p.end)
    if (
        len(values) != 2
        or values[0].unit not in ("", values[1].unit)
        or values[0].value.digits != values[1].value.digits
    ):
        return
    (a, b), than = (v.span for v in values), thans[0].start()
    if b[0] < than or any(_SIZED.search(case.flat, p.start, x[0]) for x in (a, b)):
        return
    if not values[1].unit and not _of_one_noun(case, a, b):
        return
    if a[0] > than and not _BESIDE.match(_UNIT_BEHIND.sub("", case.flat[a[1] : b[1]]).lstrip(" ,")):
        return
    w = words[0]
    _judge(case, (a, b), w["less"], w["more"], on=held(case, p, b))


_WITHOUT = re.compile(rf"\b{_WORD}\b[^.;]{{0,130}}?\bthan without\b")
_UNIT_BEHIND = re.compile(rf"^ ?(?:{_UNITS})(?![\w/])|^ [a-z]+(?= (?:v|vs|versus)\b)")
_NOUN = re.compile(
    r" (?!samples|patients|participants|subjects|women|men|children|people|studies|cases|groups|animals"
    r"|mice|genes)([a-z]{4,})"
)


def _of_one_noun(case: Case, a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Whether two numbers without a unit have one noun behind them: `34 falls` and `29 falls`, or decimals."""
    found = [_NOUN.match(case.flat, x[1]) for x in (a, b)]
    if not all(len(case.flat[slice(*x)]) > 1 for x in (a, b)):
        return False
    alike = found[0] is not None and found[1] is not None and found[0][1] == found[1][1]
    return alike or all("." in case.flat[slice(*x)] for x in (a, b))


def _judge(
    case: Case,
    members: tuple[tuple[int, int], tuple[int, int]],
    less: str | None,
    more: str | None,
    *,
    on: tuple[Statement, ...],
) -> None:
    a, b = (read_printed(case.flat[slice(*x)].replace(",", "")) for x in members)
    if a.value == b.value or all(_CONDITION.search(case.flat, max(0, x[0] - 12), x[0]) for x in members):
        return
    word = less or more
    if (a.value < b.value) == (less is not None):
        case.relate(
            "direction",
            members,
            "ok",
            f"{a.text} is {'less' if less else 'more'} than {b.text}, as told.",
            "words against numbers",
        )
    else:
        sentence = f"The words say {word}, and {a.text} is {'more' if less else 'less'} than {b.text}."
        case.relate("direction", members, "unlikely", sentence, "words against numbers", on=on)
