"""What words say of a ratio beside them: which way risk or survival goes, and by how many percent.

`a lower risk than non-users (HR 1.24; 1.10 to 1.39)`; `prolonged survival (HR, 1.38)`; `13% more deaths (HR 1.32)`.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.finding.needed import in_small_letters
from codon12.check.verify.case import Case
from codon12.check.verify.prose import NUMBER, compared, judge
from codon12.numbers.unrounded import Printed, read_printed

__all__ = ["check_one_in_so_many", "check_ratio_words"]

_EVENT = (
    r"(?:risks?|hazards?|odds|mortality|deaths?|dying|recurrences?|relapses?|incidence|events?|progression"
    r"|likelihood|"
    r"infections?|complications?|strokes?|failures?|hospitali[sz]ations?|exacerbations?|bleeding|infarctions?|"
    r"cancers?|fractures?|falls|admissions|readmissions?|prevalence|chances?|probability|disease|reoperations?|"
    r"revisions?|delirium|dementia|diabetes|occurrence|frequency|thrombosis|leaks?|sepsis|toxicity)(?! ratio)"
)
_RISK = rf"(?:rates?|{_EVENT})"
_GOOD = r"(?:survival|PFS|OS|DFS|EFS|RFS|outcomes?|prognosis)"
_NO_VERB = r"(?!(?:had|have|has|was|were|is|are|and|or)\b|reduc|increas|decreas|lower|rais|prevent|improv)"
_BETWEEN = rf"(?:{_NO_VERB}[a-z0-9-]+ ){{0,4}}?"
_LESS = r"lower|reduced|decreased|less|fewer|smaller|diminished|lowered|rarer"
_MORE = r"higher|increased|elevated|greater|raised|more|excess"
_BETTER, _WORSE = (
    r"longer|better|improved|superior|prolonged|favou?rable",
    r"shorter|worse|poor(?:er)?|inferior|reduced|dismal|adverse",
)
_WAY = in_small_letters(
    rf"\b(?:(?P<less>{_LESS})|(?P<more>{_MORE})) {_BETWEEN}{_RISK}\b"
    rf"|\b{_RISK}\b(?: of (?:[a-z-]+ ?){{1,5}}?)? (?:was|were|being|is|became) (?:[a-z]+ly |much |also )?"
    rf"(?:(?P<less1>{_LESS})|(?P<more1>{_MORE}))(?! (?:in|with|after|among) (?:the )?(?:former|latter))\b"
    r"|\b(?:(?P<less2>less|reduc(?:ed|es|ing)|lower(?:ed|s|ing)|decreas(?:ed|es|ing)|delay(?:ed|s)|prevent(?:ed|s)"
    r"|halved|cuts?)|"
    r"(?P<more2>more|increas(?:ed|es|ing)|rais(?:ed|es|ing)|doubled|elevated)) "
    rf"(?:(?:likely|often|frequent(?:ly)?|common(?:ly)?)\b|(?:the |their |its )?{_BETWEEN}{_RISK}\b)"
    r"|\b(?P<less3>(?:protect(?:s|ed|ive|ing)?|conferred protection) (?:against|from|factor)|protective|"
    r"inversely (?:associated|related)|"
    r"inverse association|favou?rable (?:independent |prognostic )*(?:factor|marker|sign|feature|predictor))\b|"
    r"\b(?P<more3>risk factors? for|(?:unfavou?rable|adverse|poor) (?:independent |prognostic )*"
    r"(?:factor|marker|sign|feature|predictor)|positively (?:associated|related))\b"
    r"|\b(?<!risk of )(?<!odds of )(?<!likelihood of )(?<!risk for )"
    rf"(?:(?P<less4>{_BETTER})|(?P<more4>{_WORSE})) (?:[a-z-]+ ){{0,3}}?{_GOOD}\b"
    rf"|\b(?:(?P<less5>prolong(?:ed|s|ing)|improv(?:ed|es|ing)|extend(?:ed|s|ing)|lengthened)|"
    rf"(?P<more5>shorten(?:ed|s|ing)|worsen(?:ed|s|ing))) (?:[a-z-]+ ){{0,3}}?{_GOOD}\b"
    rf"|\b{_GOOD} (?:was|were|is) (?:[a-z]+ly |also |not )?(?:(?P<less6>{_BETTER})|(?P<more6>{_WORSE}))\b"
    rf"|\b{_RISK}(?: (?:of|for|from|in) (?:[a-z-]+ ?){{1,4}}?)? ?(?:(?P<less8>fell|declined|dropped|decreased|"
    r"was (?:cut|halved|reduced|lowered))|(?P<more8>rose|increased|grew|climbed|was (?:raised|increased|doubled)))\b"
    r"|\b(?:(?P<less9>survival (?:advantage|benefit|gain)|(?:fared|did) better|(?:lived|survived) longer)|"
    r"(?P<more9>survival disadvantage|(?:died|relapsed) (?:sooner|earlier)|(?:fared|did) (?:much )?worse|"
    r"(?:twice|(?:two|three|four|five|(?<![\d.])[1-9]\d*(?:\.\d+)?)(?: times|-?fold)) "
    r"(?:as |more |the |higher )(?:likely|common|frequent|often|high|risk|rate|odds)))\b"
    r"|\b(?:had|experienced|suffered|developed|underwent|reported|required) (?:[a-z]+ly )?"
    r"(?:(?P<less10>fewer|less)|(?P<more10>more)) (?:[a-z-]+ ){1,4}(?=\(|than\b)"
    rf"|\b{_GOOD} (?:[a-z]+ly )?(?:did )?(?:(?P<less11>improved?|lengthened)|(?P<more11>worsened|declined))\b"
    r"|\btime to (?:first )?(?:death|exacerbation|relapse|progression|recurrence|failure|stroke|bleeding|infection"
    r"|event)\b[^.;()\d]{0,20} (?:(?P<less7>longer|prolonged)|(?P<more7>shorter))\b",
)
_RATIO = re.compile(
    r"(?P<n>\b(?:[aAcCsS]?(?:HR|OR|RR|IRR|PR)s?(?!-)|(?i:hazards?|odds|risk|rate|prevalence|incidence rate|relative)"
    rf" (?:[Rr]atios?|[Rr]isks?|[Oo]dds))\b)(?P<w>(?:(?![Pp] ?[<=>])[^.;\d]|\bvs?\.){{0,60}}?)"
    rf"(?P<v>{NUMBER})(?![\d.,]*\d| ?%)"
    rf"(?:[,;:( \[]+(?:9\d(?:\.\d)? ?% ?)?(?:CI|confidence interval)?[,:=]? ?[(\[]?(?P<a>{NUMBER}) ?(?:to|-|,|and) ?"
    rf"(?P<b>{NUMBER}))?"
)
_TURNED = re.compile(
    r"\b(?:not|no|nor|neither|without|absence|lack|never(?! smok|-| us| married)|whether|if|non-?significan\w*|"
    r"although|however|except|similar\w*|reference|referent|interaction|each|every|attenuat\w*|unadjusted|stronger"
    r"|weaker|lowest|highest|"
    r"survivors|former|latter|respectively|rather|reversed?|hypothe\w+|assum\w+|detect|power|improvement|recovery"
    r"|cure|"
    r"remission|response|success|per)\b|compared with (?:low|high)|\bversus low",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"; |,? (?:but|whereas|while) |, and ")
_AGAINST = re.compile(r",? (?:but|whereas|while) ")
"""Between the words and a ratio of the clause behind, whose own words come later."""
_OF_WHOM = re.compile(r"\b(?:for|in|with|among|of) [a-zA-Z]")
_OF_GROUPS = re.compile(r"\b(?:versus|vs|per|reference|each|compared|comparing)\b")
_OF_NONE = re.compile(r"\b(?:[a-z-]+ )?(?:vs\.?|versus|compared with) (?:not?|none|never)\b")
"""A comparison with those who have nothing of it, as the words have it too."""
_OF_TWO = re.compile(r"\b([a-zA-Z-]+) (?:vs\.?|versus|compared with) (?:the )?([a-zA-Z-]+)")
_OF_AN_EVENT = re.compile(rf"\b(?:for|of) (?:[a-z-]+ ){{0,4}}?(?:{_EVENT}|mace)\b(?<!disease)", re.IGNORECASE)
_FOR_ANOTHER = re.compile(r"[,;]? (?:for|of|in) [a-z]")
"""Right behind a ratio, where it is said of whom it is: `HR 1.43 for men against women`."""
_HAZARD = re.compile(r"[acs]?HRs?$|hazard", re.IGNORECASE)
_FAR, _CLOSE = 170, 0.1


def check_ratio_words(case: Case, p: Passage) -> None:
    """Check each ratio against the one way, and the one percentage, that the words before it tell."""
    ratios = list(_RATIO.finditer(case.flat, p.start, p.end))
    begin = p.start
    for m in ratios:
        known = any(compared(case, m.span("v"), k) for k in ("direction", "ratio", "interval", "ratio/percents"))
        if not known:
            _which_way(case, p, m, begin)
        begin = m.end()
    if len(ratios) == 1:
        _by_how_much(case, p, ratios[0])


def _which_way(case: Case, p: Passage, m: re.Match[str], begin: int) -> None:
    words = list(_WAY.finditer(case.small, begin, m.start()))
    if not words and begin == p.start:
        _behind(case, p, m)
    if not words or _FOR_ANOTHER.match(case.flat, m.end("v")):
        return
    cuts = [x.end() for x in _CLAUSE.finditer(case.flat, begin, words[-1].start())]
    start = cuts[-1] if cuts else begin
    ways = {(w.lastgroup or "")[:4] for w in words if w.start() >= start}
    w = words[-1]
    if len(ways) != 1 or m.start() - w.end() > _FAR or _TURNED.search(_plain(case.flat[start : m.start()])):
        return
    if not _of_the_event(m["w"], case.flat[start : w.start()], case.flat[w.start() : m.start()]):
        return
    if ";" in case.flat[w.end() : m.start()] or _AGAINST.search(case.flat, w.end(), m.start()):
        return
    less, value = ways == {"less"}, read_printed(m["v"])
    if less and "outcome" in w[0] and not _HAZARD.match(m["n"]):
        return  # `associated with favorable outcomes (OR, 1.22)`: the odds of these
    limits = [read_printed(m[k]) for k in "ab" if m[k]]
    wrong = value.low > 1 if less else value.high < 1
    if not wrong or value.value <= 0 or (limits and not (limits[0].low > 1 if less else limits[1].high < 1)):
        return
    if not limits and (not value.digits or abs(float(value.value) - 1) < _CLOSE):
        return
    said = case.flat[slice(*w.span())]
    sentence = f"“{said}” is said of a ratio of {value.text}, which is {'above' if less else 'below'} 1."
    judge(case, p, "direction", [w.span(), m.span("v")], "unlikely", sentence, "direction of effect")


def _behind(case: Case, p: Passage, m: re.Match[str]) -> None:
    """`With an odds ratio of 0.44 (0.29-0.67), lens wearers had more keratitis`: the words behind a ratio alone."""
    said = case.flat[m.end() : p.end]
    words = list(_WAY.finditer(case.small[m.end() : p.end]))
    if len(words) != 1 or m["b"] is None or _TURNED.search(_plain(case.flat[p.start : p.end])):
        return
    before = said[: words[0].start()]
    if re.search(r"[;.] |\b(?:but|and|whereas|while|although)\b|\d", before) or not _of_the_event(m["w"], "", before):
        return
    less, value, low, high = (words[0].lastgroup or "")[:4] == "less", *(read_printed(m[k]) for k in "vab")
    if low.low > 1 if less else high.high < 1:
        way = said[slice(*words[0].span())]
        sentence = f"“{way}” is said of a ratio of {value.text}, which is {'above' if less else 'below'} 1."
        at = (m.end() + words[0].start(), m.end() + words[0].end())
        judge(case, p, "direction", [m.span("v"), at], "unlikely", sentence, "direction of effect")


def _plain(words: str) -> str:
    """Words before a ratio without the group that has nothing of what is compared: `longer with A than without`."""
    return _THAN_WITHOUT.sub("", words)


_THAN_WITHOUT = re.compile(
    r"\bthan (?:[a-z]+ ){0,3}?(?:without(?: [a-z]+)?|(?:who|that) (?:were|did|had|was) not\b|did not\b"
    r"|in those (?:without|not)\b)"
)
_TELLING = re.compile(r"[a-z]{4,}")
_NOT_TELLING = re.compile(
    r"\b(?:with|from|that|this|being|were|have|odds|ratio|relative|risk|hazard|adjusted|users?|group|arm|the|for"
    r"|patients|"
    r"participants|people|women|men|those|other|than)\b"
)


def _stems(words: str) -> set[str]:
    return {w[:4] for w in _TELLING.findall(_NOT_TELLING.sub("", words.lower()))}


def _of_the_event(words: str, subject: str, behind: str) -> bool:
    """Whether a ratio is told of the event, or of the group, that the words before it speak of, and of no other.

    `users had a higher risk of keratitis than others, the odds ratio for use being 0.44`.
    """
    words, before = _OF_NONE.sub("", words), subject + behind
    pair = _OF_TWO.search(words)
    if pair is not None and re.search(rf"\b{re.escape(pair[1])}\b.*\bthan\b.*\b{re.escape(pair[2])}\b", before):
        words = words.replace(pair[0], "")
    if _OF_GROUPS.search(words):
        return False
    if _OF_WHOM.search(words) is None or _OF_AN_EVENT.search(words) is not None:
        return True
    event, _, other = behind.partition(" than ")
    named = _stems(words)
    return bool((named & _stems(f"{subject} {event}")) - _stems(other))


_PERCENT = re.compile(
    rf"(?<![\w.-])(?P<p>{NUMBER}) ?(?:%|percent\b|per cent\b),? (?:relative |risk |significantly )*(?:(?P<less>lower|"
    r"fewer|less|reduction|decrease|reduced|decreased|decline|drop|cut)|(?P<more>higher|more|greater|increased?"
    r"|excess|"
    r"elevated|rise))\b(?! points?)"
    rf"|\b(?:(?P<less2>reduc|lower|decreas|cut|declin|fell|diminish|dropped)|(?P<more2>increas|rais|rose|elevat"
    rf"|grew))"
    rf"[a-z]*\b(?:[^.;()\d]{{0,70}}? by)? (?:about |approximately )?(?P<q>{NUMBER}) ?(?:%|percent\b)"
    r"|\b(?:relative |risk )+(?:(?P<less3>reduction|decrease)|(?P<more3>increase))(?: \([A-Z]{2,4}\))?"
    rf"(?: in [^.;()\d]{{3,40}}?)?(?: of| was|,|:| =)+ ?(?P<r>{NUMBER}) ?%",
    re.IGNORECASE,
)
_OF_EVENTS = re.compile(rf"\b(?:{_RISK}|likely|hospitali[sz]\w+|die[ds]?)\b", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:for (?:every|each)|per (?:year|decade|unit|point|SD|\d+|[a-z]+ ?(?:increase|decrease))|power(?:ed)?|"
    r"detect\w*|assum\w*|hypothes\w*|expected|would|planned|if|previous\w*|earlier|margin|dilution|dose|cut-?off"
    r"|threshold|"
    r"vaccine|efficacy|unadjusted|each|every|diagnostic)\b",
    re.IGNORECASE,
)
_POINTS = re.compile(r"percentage|absolute|points?\b|surviv", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|approximately|nearly|almost|roughly|over|more than|around|some|at least) $")
_WORST = re.compile(
    r"\b(?:worst|best|up to|at most|at least|as (?:low|high|large|much|little) as|rul(?:ed?|es|ing) out|exclud\w+|"
    r"compatible|consistent|limit)\b",
    re.IGNORECASE,
)
_METHOD = "ratio - 1"
_STEP = re.compile(
    r"\b(?:for (?:every|each)|with (?:every|each)|per|each|every) (?:further |additional |extra |added |prior |one-)?"
    r"(?!cent\b|day\b|week\b|\d)([a-z]+)(?! (?:increase|decrease|increment))\b",
    re.IGNORECASE,
)
"""A step of what is counted, of which ratio and percentage are where the sentence names no other."""
_EFFICACY = re.compile(
    r"\b(?:efficacy|effectiveness|protection)\b(?: \([A-Z]{2}\))?(?: against [^.;()\d]{3,40}?)?(?: of| was| is|,|:"
    r"|=| about)* ?"
    r"(?P<p>\d+(?:\.\d+)?) ?(?:%|percent\b|per cent\b)"
    r"|(?<![\d.])(?P<q>\d+(?:\.\d+)?) ?(?:%|percent|per cent) (?:vaccine )?(?:efficacy|effectiveness|protection)\b",
    re.IGNORECASE,
)
_ROUGH = 3


def _efficacy_of(case: Case, p: Passage, m: re.Match[str]) -> None:
    """`a relative risk of 0.12, that is an efficacy of 88%`: one less the ratio."""
    found, said = list(_EFFICACY.finditer(case.flat, p.start, p.end)), case.flat[p.start : p.end]
    if len(found) != 1 or said.count("%") > 1 + len(re.findall(r"% ?(?:CI|confidence)", said)):
        return
    x, value = found[0], read_printed(m["v"])
    which = "p" if x["p"] else "q"
    given = read_printed(x[which])
    between = case.flat[min(x.end(), m.end()) : max(x.start(), m.start())]
    if not 0 < value.value < 1 or re.search(r";|(?<!i\.e)(?<!e\.g)\.\s|\bbut\b", between) or _PLANNED.search(said):
        return
    size = 100 * (1 - value.value)
    places = [m.span("v"), x.span(which)]
    if abs(size - given.value) > _ROUGH + 50 * value.step and not any(compared(case, y, "derived") for y in places):
        sentence = f"A ratio of {value.text} makes an efficacy of {float(size):.3g} %, printed {given.text} %."
        judge(case, p, "derived", places, "unlikely", sentence, "1 - ratio")


_PLANNED = re.compile(r"\b(?:power\w*|detect|assum\w*|expected|would|planned|if|margin)\b", re.IGNORECASE)


_ONE_IN = re.compile(
    r"\b(?:0*1|one) (?:[a-z-]+ )?in (?:every )?0*(?P<k>[2-9])(?: [a-z-]+)? (?:was|were|is|are|would be|could be|being) "
    r"(?:prevented|averted|avoided|spared)\b|\b(?:prevent|avert|avoid)(?:s|ed|ing)? (?:about |roughly )?(?:0*1|"
    r"one) (?:[a-z-]+ )?in (?:every )?0*(?P<j>[2-9])\b"
    r"|\b(?P<half>half) (?:of )?(?:the |all )?(?:[a-z]+ ){1,2}(?:were|are|was|is) (?:prevented|averted|avoided)\b",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\b(?:mean(?:ing|s)|implying|implies|so that|that is|i\.e|correspond\w*|thus|equivalent|which)\b", re.IGNORECASE
)


def check_one_in_so_many(case: Case, p: Passage) -> None:
    """`hazard ratio 0.67, meaning that one stroke in two was prevented`: one less the ratio is a third."""
    ratios, told = (list(x.finditer(y, p.start, p.end)) for x, y in ((_RATIO, case.flat), (_ONE_IN, case.figures)))
    if len(ratios) != 1 or len(told) != 1 or _PLANNED.search(case.flat, p.start, p.end):
        return
    m, x = ratios[0], told[0]
    which, value = next(k for k in ("k", "j", "half") if x[k]), read_printed(m["v"])
    k = 2 if which == "half" else int(x[which])
    if not 0 < value.value < 1 or not m.end() <= x.start() or not _SAYS.search(case.flat, m.end(), x.start()):
        return
    if ";" in case.flat[m.end() : x.start()]:
        return
    size, said = 1 - float(value.value), 1 / k
    if abs(size - said) > _CLOSE and not any(compared(case, s, "derived") for s in (m.span("v"), x.span(which))):
        sentence = f"A ratio of {value.text} prevents {100 * size:.3g} %, not one in {k}."
        judge(case, p, "derived", [m.span("v"), x.span(which)], "unlikely", sentence, _METHOD)


_AT_LEAST = re.compile(r"(?:[≥>≤<]=?|\bat least|\b(?:more|less|greater) than) ?$")


def _by_how_much(case: Case, p: Passage, m: re.Match[str]) -> None:
    """`a 13% higher mortality (adjusted HR = 1.32`: the ratio less one, or one less the ratio, of either group."""
    found = list(_PERCENT.finditer(case.flat, p.start, p.end))
    if not found:
        _efficacy_of(case, p, m)
    steps = {x.lower()[:5] for x in _STEP.findall(case.flat, p.start, p.end)}
    said = case.flat[p.start : p.end] if len(steps) != 1 else _STEP.sub("", case.flat[p.start : p.end])
    if len(found) != 1 or _OTHER.search(said) or not _OF_EVENTS.search(case.flat, p.start, p.end):
        return
    x = found[0]
    which = next(k for k in "pqr" if x[k])
    if _AT_LEAST.search(case.flat, p.start, x.start(which)):
        return  # what parts the groups: `those with a ≥ 10% decrease had a higher risk (odds ratio = 1.87)`
    first, last = sorted((x, m), key=lambda y: y.start())
    if re.search(r";|\.\s|\bbut\b|, and (?:the|an?|each|every)\b", case.flat[first.end() : last.start()]):
        return
    if _POINTS.search(case.flat, x.start(), max(x.end(), m.start())):
        return
    value, given = read_printed(m["v"]), read_printed(x[which])
    if value.low <= 0 or compared(case, x.span(which), "derived", "difference"):
        return
    less = x["less"] or x["less2"] or x["less3"]
    ends = [100 * abs(1 - r) for r in (value.low, value.high)]
    turned = [100 * abs(1 - 1 / r) for r in (value.low, value.high)]
    places, size = [x.span(which), m.span("v")], float(100 * (value.value - 1))
    rough = 2 if _ABOUT.search(case.flat, p.start, x.start(which)) else 0
    if min(ends) - rough <= given.high and given.low <= max(ends) + rough:
        judge(case, p, "derived", places, "ok", f"{given.text} % goes with a ratio of {value.text}.", _METHOD)
    elif (value.value < 1) != bool(less) and min(turned) - 1 <= given.high and given.low <= max(turned) + 1:
        judge(case, p, "derived", places, "ok", f"{given.text} % is that of the other group, {value.text}.", _METHOD)
    elif not _of_a_limit(case, p, m, given):
        change = "a reduction" if size < 0 else "an increase"
        sentence = f"A ratio of {value.text} is {change} by {abs(size):.3g} %, printed {given.text} %."
        judge(case, p, "derived", places, "unlikely", sentence, _METHOD)


def _of_a_limit(case: Case, p: Passage, m: re.Match[str], given: Printed) -> bool:
    """Whether the percentage goes with a limit of the ratio: `in the worst case a 33% increase (1.01; 0.77-1.33)`."""
    limits = [read_printed(m[k]) for k in "ab" if m[k]] if _WORST.search(case.flat, p.start, p.end) else []
    return any(abs(100 * abs(1 - x.value) - given.value) <= 50 * x.step + given.step for x in limits)
