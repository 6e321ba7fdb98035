"""More of something than there were to have it: `of the 46 responders, 52 had`, `57/52 patients`, `all 32` of 31."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from codon12.check import patterns as re
from codon12.check.statements import Statement
from codon12.check.verdicts import PROBLEMS
from codon12.check.verify.case import Case, holder, is_cited
from codon12.check.verify.counted.reading.clauses import Count, Sentence, may_count, read_sentence
from codon12.check.verify.counted.wholes.equations import shares_of_one_group
from codon12.check.verify.prose import prose_of

__all__ = ["check_no_more_than"]

_OF = re.compile(r"(?:^|\. |\n|, )(?:Of|Among)$|\b(?:of|among) (?:the|these|those|all)(?: of the)?$", re.IGNORECASE)
_ALL = re.compile(r"\ball(?: of)?(?: the)?$", re.IGNORECASE)
_WHO = re.compile(
    r"^(?:(?!with\b|from\b|in\b|and\b|of\b)[a-z-]+ ){0,3}?(?:patients|participants|subjects|individuals|adults|"
    r"children|women|men|people|persons|pts|responders|survivors|responses|samples|biopsies|deaths)\b",
    re.IGNORECASE,
)
_DID = re.compile(
    r"^(?:(?:patients|participants|subjects|individuals|adults|children|women|men|people|persons|pts|of them) +)?"
    r"(?:had|have|has|were|was|received|underwent|completed|achieved|experienced|responded|died|discontinued|developed|"
    r"progressed|remained|reported|showed|tested|withdrew|needed|took|gave|went|got|chose|did|\w{3,}ed)\b",
    re.IGNORECASE,
)
_ENTERED = re.compile(r"\b(?:enrolled|included|treated|randomi[sz]ed|recruited|followed)\b", re.IGNORECASE)
_NOT_ENTERED = re.compile(r"\b(?:never|not|no longer|neither|without)\b", re.IGNORECASE)
_ENTERED_OR_SEEN = re.compile(r"\b(?:enrolled|included|treated|randomi[sz]ed|recruited|received)\b", re.IGNORECASE)
_WHOM = re.compile(r"\b(?:of whom|of which|of these|among whom),? (?:only )?$", re.IGNORECASE)
_THEM = re.compile(
    r"^(?: ?\([^()]*\))? *of (?:these|them|those|whom)\b(?! (?:with|who)\b|(?<!them) in\b)", re.IGNORECASE
)
_DEATHS = re.compile(
    r" (?:deaths|(?:PFS|OS|DFS|EFS) events|events \((?:PFS|OS|DFS|EFS)\))[^.;,()\d]{0,30}\b(?:in|among) (?:the |"
    r"all )?$",
    re.IGNORECASE,
)
_SEEN_IN = re.compile(r"\b(?:occurred|seen|observed|found|noted|reported|recorded|detected|developed) (?:in|by)$")
_POPULATION = re.compile(
    r"\b(?:safety|full analysis|intention-to-treat|efficacy|evaluable|analysis|per-protocol) (?:population|set|"
    r"cohort)\b.{0,90}\b(?:comprised|included|consisted of|was|of)$",
    re.IGNORECASE,
)
_GRADE = re.compile(r"\b(?:being|including|of which|of) (?:of )?grade\b.{0,20} in$", re.IGNORECASE)
_OTHERS = re.compile(r"\b(?:other|others|additional|another|further|respectively|vs|versus|each|per)\b", re.IGNORECASE)
_JUST_OF = re.compile(r"^ *(?:out )?(?:of|among) ")
_OTHER = re.compile(
    r"\b(?:respectively|controls?|comparators?|simultaneously|matched|separate(?:ly)?|other|others|additional|"
    r"another|further|lesions?|samples?|episodes?|arms?|groups?|"
    r"vs|versus|cycles|events?|per|each)\b",
    re.IGNORECASE,
)


_N = r"\d{1,3}(?:,\d{3})+|\d+"
_NO_NUMBER = r"(?![\d.]*\d|,\d{3}| ?%|-|/| ?(?:years?|months?|weeks?|days?|mg|times|cycles?)\b)"
_PEOPLE = (
    r"(?:patients?|participants?|subjects|women|men|children|adults|cases|pts|infants|respondents|implants|eyes|"
    r"knees|hips|"
    r"lesions|tumou?rs|samples|specimens|procedures|centres|centers|trials|studies)"
)
_OF_THE = re.compile(
    rf"\b(?:Of|Among|From) (?:the |these |those |all |our )?(?P<t>{_N}){_NO_NUMBER} (?:[a-z-]+ ){{0,3}}?{_PEOPLE}\b"
    rf"[^,;.()\d]{{0,80}}, (?:only |a total of )?(?P<n>{_N}){_NO_NUMBER}(?! of\b)"
    rf"(?! (?:(?!had\b|have\b|were\b|was\b|with\b|\w+ed\b)[a-z-]+ ){{0,2}}?(?:events|episodes|samples|lesions|"
    r"tumou?rs|biopsies|metastases|mutations|isolates|strains|organisms|pathogens|infections|nodules|polyps|eyes|"
    r"operations|stents|fractures|aneurysms|specimens|visits|cycles|relapses|procedures|adverse|complications|"
    r"doses|courses)\b)",
)
_OVER = re.compile(rf"(?<![\d/.,-])(?P<n>{_N})/(?P<t>{_N})(?![\d/]) (?:of )?(?:the )?{_PEOPLE}\b", re.IGNORECASE)
_ALL_OF = re.compile(
    rf"\b[Aa]ll (?:of the )?(?P<n>{_N}){_NO_NUMBER} (?:[a-z-]+ ){{0,2}}?(?:patients|participants|subjects|women|men|"
    rf"children)\b"
)
_NONE = re.compile(
    rf"\b(?:none of the (?:\d+ )?(?:[a-z-]+ ){{0,2}}?{_PEOPLE}|no (?:[a-z-]+ )?{_PEOPLE})\b[^.;,()\d%]{{0,60}}"
    rf"\((?P<p>\d+(?:\.\d+)?) ?%\)",
    re.IGNORECASE,
)
_INCLUDED = re.compile(
    r"\b(?:included|enrolled|recruited|randomi[sz]ed|treated|entered|registered|analy[sz]ed|studied)\b", re.IGNORECASE
)
_WHO_ARE = r"(?:pts|patients|participants|subjects|women|men|children|adults)"
_HOLDS = (
    r"(?:per|each|years?|months?|items?|points?|hospitals|centres|centers|sites|schools|practices|families|countries|"
    r"households)\b"
)
"""Behind a whole whose parts may be more than it is: events of patients, patients of hospitals."""
_SOME_OF = tuple(
    re.compile(x, re.IGNORECASE)
    for x in (
        (
            rf"\bintention-to-treat (?:population|set|analysis|cohort)\b[^.;\d]{{0,30}}?(?P<t>{_N}){_NO_NUMBER}"
            rf"[^.\d]{{0,30}}\bper-protocol\b[^.;\d]{{0,40}}?(?P<n>{_N}){_NO_NUMBER}"
        ),
        rf"\bn ?= ?(?P<n>{_N}) of the (?P<t>{_N}){_NO_NUMBER} (?:randomi[sz]ed|enrolled|included|treated)\b",
        (
            rf"\b(?:tested|assessed|analy[sz]ed|examined|sought|searched)(?: for)? in (?P<t>{_N}){_NO_NUMBER}"
            rf"(?: [a-z]+)? and (?:was |were )?(?:found|detected|present|positive|identified|seen) in "
            rf"(?P<n>{_N}){_NO_NUMBER}"
        ),
        (
            rf"\b(?:done|performed|undertaken|carried out|attempted|available|obtained) in (?P<t>{_N})"
            rf"(?: of (?:them|these|those|the (?:{_N})))?(?: {_WHO_ARE})?(?: \([\d.]+ ?%\))?,? and "
            r"(?:was (?:positive|abnormal|successful|complicated|diagnostic) |(?:yielded|revealed|showed|found|"
            r"detected|identified|disclosed|confirmed) (?:[a-z-]+ ){1,4}?|(?:succeeded|failed) )"
            rf"in (?P<n>{_N}){_NO_NUMBER}(?! (?!of (?:them|these|those)\b|{_WHO_ARE}\b)[a-z])"
        ),
        (
            rf"\b(?P<t>{_N}) {_WHO_ARE} (?:were )?(?:enrolled|included|treated|randomi[sz]ed|entered)"
            rf"(?: ?\([^()]*\))?[;,] (?:and )?(?P<n>{_N}) (?:{_WHO_ARE} )?(?:were |are )?(?:evaluable|assessable)\b"
        ),
        (
            rf"\ball (?P<t>{_N}) {_WHO_ARE} (?:had|experienced|reported) (?:at least (?:one|0*1) |an |any )?"
            rf"[a-z -]{{0,40}}[;,] (?:and )?(?P<n>{_N}) (?:{_WHO_ARE} )?(?:had|experienced|reported|died)\b"
        ),
        (
            rf"\bin (?P<t>{_N}) (?:(?:out )?of (?:the )?\d[\d,]* )?{_WHO_ARE}(?: \(\d[\d.]* ?%\))?,? \((?:of )?grades? "
            rf"?(?:[≥>]=? ?)?\d(?:[-/]\d| or (?:higher|worse|more|\d))?(?: in |, |: ?|,? n ?= ?)(?P<n>{_N}){_NO_NUMBER}"
        ),
        (
            rf"(?<![\w.,/-])(?P<n>{_N}) (?:[a-z-]+ ){{1,6}}(?:were|was) (?:among|part of|included (?:in|among)|counted "
            rf"among) (?:all )?(?:the|these|those) (?P<t>{_N}) [a-z]"
        ),
        (
            rf"\b(?-i:Of|Among) (?:the |these |all )?(?P<t>{_N}) (?:(?!who\b|and\b|or\b|{_HOLDS})[a-z-]+ ){{1,6}}?"
            rf"(?!{_HOLDS})[a-z-]+, (?P<n>{_N})(?: \([\d.]+ ?%\))? (?:were|was|had|died|proved|underwent|required|"
            r"received|developed)\b"
        ),
        (
            rf"(?<![\w.,/-])(?P<n>{_N}) (?:deaths|deceased|dead) (?:in|among|of) (?P<t>{_N}) (?:[a-z-]+ ){{0,2}}?"
            rf"{_WHO_ARE}"
        ),
        (
            rf"\b(?:occurred|seen|found|present|recorded|reported|observed|diagnosed|noted|developed) in (?P<t>{_N}) "
            rf"(?:of [a-z ]+ )?[a-z]+(?: \([\d.]+ ?%\))?,? and (?:was|were|proved) (?:fatal|severe|serious|bilateral|"
            rf"multiple|confirmed|life-threatening|a?symptomatic|recurrent|complete|lethal) in (?P<n>{_N})(?! ?%)"
        ),
    )
)
"""Those of a smaller group and the group that holds them, in one breath."""
_LARGE = 10
_MOST_TIMES = 100
"""A count so many times as large is of another group: `∼186,000 in the 10 countries, 73,000 of those`."""
_SHARE_WITHIN = 10
"""Characters behind a count within which its share stands: the first share of a sentence is of the group named."""


def check_no_more_than(case: Case) -> None:
    """Check counts of those who had what each can have once against how many there were, and shares of none."""
    for p in prose_of(case, range(len(case.text.passages))):
        slashed = case.flat.find("/", p.start, p.end) >= 0
        for m in (
            m
            for r in (*_SOME_OF, _OF_THE, _OVER)[: None if slashed else -1]
            if case.may(r, p)
            for m in r.finditer(case.figures, p.start, p.end)
        ):
            n, total = (int(m[k].replace(",", "")) for k in "nt")
            if re.match(r", \d", case.flat[m.end("n") : m.end("n") + 3]):
                continue  # one of a list: `of the 3 studies, 4, 9 and 11 patients`
            _tell(case, p.index, n, total, (m.span("n"), m.span("t")))
    for p, statements in case.prose():
        for m in _NONE.finditer(case.flat, p.start, p.end) if case.may(_NONE, p) else ():
            if float(m["p"]) > 0:
                on = (holder(statements, m.start("p")),)
                sentence = f"{m['p']} % of none."
                case.relate("words", [m.span("p")], "error-if", sentence, "words against numbers", on=on)
        if case.may(_ALL_OF, p):
            _all_of(case, statements, (p.start, p.end))
    for passage in range(len(case.text.passages)):
        for part, whole in _pairs(case, read_sentence(case, passage)) if may_count(case, passage, 2) else ():
            _tell(case, passage, part.n, whole.n, ((part.start, part.end), (whole.start, whole.end)))


_SOME_ONLY = re.compile(
    r"\bof (?:the |these |those )?\d[\d,]* (?:(?:evaluable|assessable|measurable|tested|assessed|examined|"
    r"analy[sz]ed) )?"
    r"(?:[a-z]+ )?(?:with|who|whose|in whom|for whom|having|available|tested|assessed|examined|evaluable|assessable)\b|"
    r"\bof (?:the |these |those )?\d[\d,]* (?:evaluable|assessable|measurable|tested|assessed|examined|analy[sz]ed)\b"
)
"""Of a group that is told by what only some have: `51 of the 68 patients with a scan`."""


def _all_of(case: Case, statements: Sequence[Statement], span: tuple[int, int]) -> None:
    """`all 32 patients`, where the text names at most 31 of them."""
    for m in _ALL_OF.finditer(case.figures, *span):
        n = int(m["n"].replace(",", ""))
        others = [
            p for p in case.populations
            if not p.subgroup and p.statement.normal_end <= m.start()
            and _INCLUDED.search(case.spelled(p.statement) + case.around(p.statement, 0, 50)[1])
            and not _SOME_ONLY.search(case.spelled(p.statement) + case.around(p.statement, 0, 50)[1])
        ]  # fmt: skip
        largest = max(others, key=lambda p: p.n, default=None)
        if largest is None or largest.n < _LARGE or n <= largest.n or n in case.sums or case.sizes[n] > 1:
            continue
        if n <= 1.2 * largest.n:
            sentence = f"All {n} are more than the {largest.n} of the largest group named."
            on = (holder(statements, m.start("n")),)
            case.relate("subset", (largest.statement, m.span("n")), "error-if", sentence, "part <= whole", on=on)


def _pairs(case: Case, sentence: Sentence) -> Iterator[tuple[Count, Count]]:
    """Counts of a sentence the first of which is of the second, and more than it."""
    counts = sentence.counts
    for k, c in enumerate(counts[1:], 1):
        last = k - 1
        while last and ")" in counts[last + 1].gap and counts[last].gap.endswith("("):
            last -= 1  # 136 patients (18 of them treated), 77 of whom
        if last and _OF_WHOM.match(c.behind) and _OF_WHOM.match(counts[last].behind):
            last -= 1  # 4 of whom died and 9 of whom were lost
        before = counts[last]
        whole = counts[last - 1] if before.of else before
        if before.n > c.n:
            of = c.of and _JUST_OF.match(c.gap) and _WHO.match(c.behind) and not _OTHER.search(sentence.text)
            if of or _DEATHS.match(case.figures, before.end, c.start):
                yield before, c
        if c.gap == " and " and _THEM_BOTH.match(c.behind):
            continue  # `196 and 211 of these deaths`: each of those named before
        if _of_both(counts, k) or _OF_THE_REST.match(c.behind):
            continue
        if c.n > whole.n and (_is_some_of(case, sentence, c, whole) or (k == 1 and _is_of(sentence, c, before))):
            yield c, whole


_THEM_BOTH = re.compile(r"of (?:these|those|the) [a-z]")
_OF_WHOM = re.compile(r"of (?:whom|which)\b")
_OF_THE_REST = re.compile(r"of (?:those|the) (?:left|remaining|others|rest)\b")


def _of_both(counts: Sequence[Count], k: int) -> bool:
    """`68 girls and 57 boys, 115 of whom ...`: of the two together."""
    if k < 2 or counts[k - 1].of or not counts[k - 1].gap.endswith(" and "):
        return False
    return counts[k].n <= counts[k - 2].n + counts[k - 1].n


def _is_some_of(case: Case, sentence: Sentence, part: Count, whole: Count) -> bool:
    """`30 had brain metastases, of whom 12 ...`, `62 had a mutation and 51 of these ...`, `being of grade 3 in 12`."""
    if part.of:
        return False  # `32 of 48 of those used once`: it has a part of its own
    whom = _WHOM.search(part.gap) and not _JUST_OF.match(part.gap)  # but `six of these 36`
    if whom or _THEM.match(part.behind):
        begin = case.text.passages[sentence.passage].start
        shared = case.figures.find("%", begin, whole.end + _SHARE_WITHIN) >= whole.end and not whole.level
        if _ONE_OF_A_LIST.search(part.gap) or _HAD_SOME.fullmatch(part.gap) or shares_of_one_group(case, whole, part):
            return False
        named = _THESE_THINGS.match(part.behind)
        if named is not None and named[1] not in case.flat[whole.end : part.start] and _WHO.match(whole.behind):
            return False  # `332 individuals completed 13,360 of these surveys`
        first = (whole is sentence.counts[0] or (shared and not _OTHER.search(sentence.text))) and not part.sized
        return (first or _THEM.match(part.behind) is not None) and not _OTHER.search(part.gap)
    graded = _GRADE.search(part.gap.rstrip(" (")) is not None and not _OTHERS.search(part.gap)
    return graded and ";" not in part.gap  # of another event, behind a semicolon


_THESE_THINGS = re.compile(
    r"of (?:these|those) (?:[a-z-]+ ){0,2}?(?!patients|participants|subjects|individuals|people|persons|women|was|has"
    r"|is\b)([a-z-]{4,}s)\b"
)
_HAD_SOME = re.compile(
    r" (?:[a-z-]+ ){1,2}?(?:had|have|met|received|took|used|carried|reported|showed|named) (?:all )?"
)
"""Between those who had some of these and how many of them: `one man had two of these`."""
_ONE_OF_A_LIST = re.compile(r"\bor (?:all )?$|^,? and $")
"""`0, 1, 2, or all 3 of these`, a number that some may have; `12 and 46 of these, respectively`, of two groups."""


def _is_of(sentence: Sentence, part: Count, whole: Count) -> bool:
    """`Of the 46 responders, 21 had ...`, `160 patients were enrolled; 158 had ...`, `... occurred in 34 patients`."""
    if part.of or _WHO.match(whole.behind) is None or _OTHERS.search(sentence.text) or _IN_ALL.search(part.gap):
        return False
    seen = _POPULATION.search(part.gap.rstrip()) is not None or _SEEN_IN.search(part.before) is not None
    if seen and _ENTERED_OR_SEEN.search(whole.words) and _WHO.match(part.behind):
        return True
    if part.level or _DID.match(part.behind) is None or _OTHER.search(sentence.text):
        return False
    gap = whole.gap.rstrip()
    entered = _ENTERED.search(whole.words) is not None and re.search(r"[;,]", part.gap) is not None
    entered = entered and not _NOT_ENTERED.search(whole.words + part.gap)  # `four were never treated, so that 188 were`
    return entered or _OF.search(gap) is not None or _ALL.search(gap) is not None


_IN_ALL = re.compile(
    r"\b(?:whereas|while|but|and)\b[^.;]*\b(?:in|among|for|of) (?:all|the|our)(?: of)?(?: the| our)? $"
)
"""Before a group that stands beside another: `among the 22 responders, whereas survival in all 70 patients was`."""


def _tell(case: Case, passage: int, part: int, whole: int, members: tuple[tuple[int, int], tuple[int, int]]) -> None:
    """Claim that a part is more than its whole, where it is and nobody said so."""
    p = case.text.passages[passage]
    year = 1900 <= whole <= 2100 and case.flat[slice(*members[1])].isdigit()
    if (
        not part > whole > 0
        or part > _MOST_TIMES * whole
        or year
        or 1900 <= part <= 2100
        or is_cited(case.flat[p.start : p.end])
    ):
        return
    places = {case.text.normal.span(*x)[0] for x in members}
    part_at = case.text.normal.span(*members[0])[0]
    for r in case.relations:
        at = {x.start for x in r.places}
        if at == places or (part_at in at and r.verdict in PROBLEMS):
            return
    statements = case.by_passage.get(passage)
    on = (holder(statements, members[0][0]),) if statements else ()
    said = f"{part} of {whole} is more than all."
    computed = {"part": part, "whole": whole}
    case.relate("subset", members, "error-if", said, "part <= whole", computed, on=on)
