"""Two numbers of one sentence whose names tell how they go together, in whatever order numbers and names stand.

Opposites are at most all (`81% went on, and 29% stopped`); what is severe or fatal is some of its kind (`bleeding in 9,
fatal bleeding in 12`), and what is related to a drug is some of any cause.
"""

from __future__ import annotations

from codon12.check import patterns as re
from codon12.check.verify.case import Case
from codon12.check.verify.counted.reading.by_name import counted_by_name
from codon12.check.verify.counted.reading.items import Item, Told, told_in
from codon12.check.verify.counted.said import is_added, tell
from codon12.check.verify.side_by_side import Mention, mentions_of

__all__ = ["APART", "check_opposed", "of_the_sentence_before"]

_GOES_ON = (
    r"continu(?:ed|ing|e)|ongoing|still (?:on|taking|receiving|using|under|being)|remain(?:ed|ing)? (?:on|in|under)|"
    r"persisted|went on|kept|retained|stayed|in (?:place|situ)|maintained"
)
_STOPS = (
    r"discontinu(?:ed|ing|ation)|stopped|ended|off (?:study|treatment|drug|the)|come off|came off|gave (?:it )?up|"
    r"given up|quit|withdr[ae]wn?|dropped out|removed|abandoned|explanted|did not|ceased"
)
_OPPOSITES = tuple(
    (tuple(words.split("|")), re.compile(rf"\b(?:(?P<a>{a})|(?P<b>{b}))\b"))
    for words, a, b in (
        ("wom|female|girl", r"wom[ae]n|females?(?: sex)?|girls", r"m[ae]n|males?(?: sex)?|boys"),
        ("hand", r"right[- ]hand(?:ed|ers)", r"left[- ]hand(?:ed|ers)"),
        ("rural", r"rural(?: \w+)?", r"urban(?: \w+)?"),
        ("vaccinated|immuni", r"vaccinated|immuni[sz]ed", r"unvaccinated|not (?:vaccinated|immuni[sz]ed)"),
        (
            "died|dead|deaths|survivors|deceased",
            r"survived|alive|survivors|living",
            r"died|dead|deaths|non-?survivors|deceased",
        ),
        (
            "discontinu|stop|ended|off|came|gave|giv|quit|withdr|drop|remov|abandon|explant|did not|ceas",
            _GOES_ON,
            _STOPS,
        ),
        (
            "complete|finished|to the end",
            r"completed|finished|(?:stayed|remained) to the end|completers",
            r"dropped out|withdr[ae]wn?|discontinued|did not|left|stopped|non-?completers|dropouts?|gave up",
        ),
        (
            "discharged|went home|returned home",
            r"discharged(?: home| alive)?|went home|returned home",
            r"died(?: in hospital)?|dead|deaths",
        ),
        (
            "missed|overlooked|not |undetected",
            r"found|detected|identified|recogni[sz]ed|picked up|caught",
            r"missed|overlooked|not (?:found|detected)|undetected",
        ),
        ("emic", r"isch(?:a)?emic(?: stroke)?", r"ha?emorrhagic(?: stroke)?"),
        ("benign", r"benign", r"malignant"),
        ("refused|declined", r"accepted|agreed|consented", r"refused|declined"),
        ("unilateral", r"unilateral", r"bilateral"),
        ("incorrect|wrong", r"(?<!not )(?<!partially )correct(?:ly)?", r"incorrect(?:ly)?|wrong(?:ly)?"),
        ("false", r"sensitiv(?:e|ity)", r"false[- ]negative(?: rate)?"),
        ("false", r"specificity", r"false[- ]positive(?: rate)?"),
        ("singleton", r"singletons?", r"twins?|multiples"),
        ("emergenc|urgent", r"elective(?:ly)?|planned", r"emergenc(?:y|ies)|urgent"),
        ("outpatient", r"inpatients?", r"outpatients?"),
        ("uninsured", r"insured", r"uninsured"),
        ("unemployed", r"employed", r"unemployed"),
        ("smokers", r"smokers", r"non-?smokers|never[- ]smokers"),
    )
)
APART = re.compile(
    r"\b(?:versus|vs|than|compared|respectively|before|after|each|per|both|either|also|some|ci|confidence|odds"
    r"|ratio|in the (?:former|latter)|"
    r"groups|arms|cohorts|whereas|among those|of those|of whom|of which|of (?:these|them)|at (?:⓪|①|②|③|④|⑤|⑥|⑦|⑧|⑨)|"
    r"predict\w*|sensitivity of|accura\w+|estimat\w+|median|mean|score|increas\w+|decreas\w+|rose|fell|declin(?:ed"
    r"|ing) from|"
    r"first|second|later|again|resumed|restarted|initially|or more|at least|up to|rates? (?:was|were|of|for|among"
    r"|in)|who|"
    r"if|would|should|expected|assum\w*|survival|mortality|prevalence|incidence|north|south|east|west)\b"
)
"""Words that part a sentence into groups or times, each with a share of its own."""
_OF_ONE_ONLY = re.compile(
    r"\b(?:in|of|among|for|with) (?:the )?(?:[a-z-]+ ){0,2}(?:group|arm|cohort|hospital|trial|study)\b"
)
_WITHIN = re.compile(r"\b(?:in|of|among|for|by)(?: an?| the| all| these| those)? $")
_OF_WHOM = re.compile(r"\d ?% of (?:the |all |our )?(?!them\b|these\b|those\b)([a-z]+(?: [a-z]+)?)")
_MOST, _FEWEST = 160, 5

_DEGREE = (
    r"severe|serious|fatal|lethal|life-threatening|major|deep|grade ③(?: (?:or|to) (?:higher|worse|④|⑤)|-④|-⑤)?|"
    r"high-grade|clinically relevant|symptomatic|invasive|complicated|nonfatal|non-fatal"
)
_SEVERE = re.compile(rf"\b(?:{_DEGREE}) (?P<noun>[a-z]{{5,}})\b")
_BEFORE_ALL = re.compile(
    r"(?:^|[;:,.(] |\b(?:any|all|of|had|have|with|the|an?|and|developed|experienced|reported|was|were|total|in) )$"
)
_AGAIN = re.compile(r" (?:of|with|for|after|in|due|caused|from) (?:the )?(?!any\b|all\b|\d)[a-z]")
_OF_PARTS = re.compile(
    r"\b(?:versus|vs|than|compared|respectively|mild|minor|moderate|non-?severe|other|further|additional\w*|placebo|"
    r"control\w*|groups|arms|before|after|previous|history|reduc\w*|increas\w*|decreas\w*|days?|each|per|another|"
    r"different|without|no)\b"
)


def check_opposed(case: Case, told: Told) -> None:
    """Check opposites of a sentence against all there are, and what is severe against its kind."""
    _flow(case, told)
    if 2 <= len(told.items) <= 5:
        _opposites(case, told)
        _severe(case, told)
        _related(case, told)


_ANY_CAUSE = (
    r"(?:irrespective|regardless|independent(?:ly)?) of (?:the |their )?(?:cause|causality|relation(?:ship)?"
    r"|attribution)|(?:of|from|due to|for) (?:any|whatever) (?:cause|causality)|(?:any|all)-cause|all-causality"
)
_RELATED = (
    r"(?:treatment|drug|therapy|vaccine|device)-related|(?:related|attribut(?:ed|able)|ascribed|due|linked) to "
    r"(?:the )?(?:study |trial |investigational )?(?:drugs?|treatment|therapy|medication|vaccine|device|procedure)"
)
_CAUSES = ("caus", "relation", "attribution")
_OF_A_CAUSE = re.compile(rf"\b(?:(?P<any>{_ANY_CAUSE})|(?P<related>{_RELATED}))\b")
_KIND_OF_EVENT = re.compile(r"\b(?:events?|toxicit(?:y|ies)|reactions?|side effects|deaths?|died|discontinu\w+)\b")
_NOT_RELATED = re.compile(r"\b(?:not|un|none|no|never|neither)[ -]?(?:[a-z]+ ){0,3}$")


def _related(case: Case, told: Told) -> None:
    """`52 had events of any cause and 58 had events related to the drug`: these are some of those."""
    names = mentions_of(_OF_A_CAUSE, told.words) if any(map(told.words.__contains__, _CAUSES)) else []
    if [*sorted(m.name for m in names)] != ["any", "related"] or _OF_PARTS.search(told.words):
        return
    if not _KIND_OF_EVENT.search(told.words) or any(_NOT_RELATED.search(told.words, 0, m.start) for m in names):
        return
    read = counted_by_name(told, case.text.passages[told.passage].start, names)
    if read is None or len(read[0]) != 2:
        return
    one = {m.name: x for m, x in read[0]}
    related, all_ = one["related"], one["any"]
    more = related.n > all_.n if related.n is not None and all_.n is not None else False
    if related.n is None and all_.n is None and related.share is not None and all_.share is not None:
        more = related.share.low > all_.share.high
    if more and not any(is_added(case, x.at) for x in one.values()):
        said = f"{_text(related)} related cannot be more than {_text(all_)} of any cause, if these are of the same."
        tell(case, case.text.passages[told.passage], "subset", [related.at, all_.at], "error-if", said, "part <= whole")


_STARTED = r"(?:started|began|entered|enrolled|commenced)"
_DONE = r"(?:completed|finished)"
_NOT_DONE = (
    r"(?:not completed|did not complete|non-?completers|incomplete|not finished|(?:did not|"
    r"failed to) (?:complete|finish)|"
    r"(?:withdrew|withdrawn|left|stopped) (?:before|without) complet\w+)"
)
_FLOW = (
    re.compile(
        rf"\b{_STARTED}\b(?: (?:the )?[a-z]+){{0,2}}[: |]*(?P<a>\d+)\W+{_DONE}\b(?: (?:the )?[a-z]+){{0,2}}[: |]*"
        rf"(?P<b>\d+)\W+(?:and )?{_NOT_DONE}\b(?: (?:the )?[a-z]+){{0,2}}[: |]*(?P<c>\d+)\b"
    ),
    re.compile(
        rf"\b(?P<a>\d+) (?:[a-z]+ )?{_STARTED}(?: [a-z]+){{0,3}}[,;:] (?P<b>\d+) (?:[a-z]+ )?{_DONE}(?: [a-z]+){{0,3}}?"
        rf"[,;]? (?:and )?(?P<c>\d+) (?:{_NOT_DONE}\b|did not(?: complete(?: [a-z]+){{0,2}})?(?=[.;,]|$))"
    ),
)
"""Who started, who completed and who did not, as registers list them."""


def _flow(case: Case, told: Told) -> None:
    """`Started: 57, completed: 41, not completed: 26`: each either completed or did not."""
    p = case.text.passages[told.passage]
    for pattern in _FLOW if "complet" in told.words or "finish" in told.words else ():
        for m in pattern.finditer(told.words):
            places = [(p.start + m.start(k), p.start + m.end(k)) for k in "abc"]
            started, completed, rest = (int(m[k]) for k in "abc")
            if any(x.n == completed + rest for x in told.items):
                continue  # of all there were, some of whom never started
            if completed + rest != started:
                said = f"{completed} + {rest} = {completed + rest}, not {started}: each completed or did not."
                tell(case, p, "sum", places, "error-if", said, "opposites are at most all")


def _opposites(case: Case, told: Told) -> None:
    if APART.search(told.words) or len(_OF_ONE_ONLY.findall(told.words)) > 1:
        return
    p = case.text.passages[told.passage]
    for needed, pattern in _OPPOSITES:
        if not any(map(told.words.__contains__, needed)):
            continue
        names = mentions_of(pattern, told.words)
        if {m.name for m in names} != {"a", "b"}:
            continue
        read = counted_by_name(told, p.start, names)
        if read is None or len(read[0]) != 2 or read[0][0][0].name == read[0][1][0].name:
            continue
        (_, x), (_, y) = read[0]
        if x.n is None and len(set(_OF_WHOM.findall(case.flat, p.start, p.end))) > 1:
            return  # `found in 44% of the adenomas and not found in 95% of the normal samples`
        if x.n is None and any(_WITHIN.search(told.words, 0, m.start) for m, _ in read[0]):
            return  # `in 63% of women and 47% of men`: shares of each
        if any(is_added(case, z.at) for z in (x, y)):
            return
        _together(case, told, x, y, read[1])
        return


def _together(case: Case, told: Told, x: Item, y: Item, wholes: list[Item]) -> None:
    p = case.text.passages[told.passage]
    if x.n is None and y.n is None and x.share is not None and y.share is not None:
        low, shown = float(x.share.low + y.share.low), f"{x.share.text} + {y.share.text}"
        total = float(x.share.value + y.share.value)
        if low > 100 and total < _MOST and not wholes:
            said = f"{shown} = {total:g} %, if these are opposites of the same."
            tell(case, p, "sum", [x.at, y.at], "error-if", said, "opposites are at most all")
        return
    if x.n is None or y.n is None or any(z.total is not None for z in (x, y)[:1]):
        return
    all_ = wholes or of_the_sentence_before(case, told)
    whole = y.total if y.total is not None else all_[0].n if len(all_) == 1 else None
    at = y.total_at if y.total is not None else all_[0].at if len(all_) == 1 else None
    if whole is None or at is None or whole < _FEWEST or max(x.n, y.n) > whole:
        return
    if x.n + y.n > whole:
        said = f"{x.n} + {y.n} = {x.n + y.n}, more than {whole}, if nobody is in both."
        tell(case, p, "sum", [at, x.at, y.at], "error-if", said, "opposites are at most all")


def of_the_sentence_before(case: Case, told: Told) -> list[Item]:
    """The only count of the sentence before, where that has no other number."""
    if told.passage == 0:
        return []
    q = told_in(case, told.passage - 1)
    same = case.text.passages[told.passage - 1].paragraph == case.text.passages[told.passage].paragraph
    return list(q.items) if same and len(q.items) == 1 and q.items[0].n is not None else []


_LED_TO = re.compile(r"\b(?:discontinu\w+|stopped|withdr[ae]w\w*|interrupted|reduced|delayed|led|leading|caus\w+) ")


_OF_ADJECTIVES = ("al", "ic", "ous", "ive", "ary", "able")


def _severe(case: Case, told: Told) -> None:
    """`9 had rejection and 12 had severe rejection`: two numbers of one kind of event, one of them of some only."""
    part = [m for m in _SEVERE.finditer(told.words) if not m["noun"].endswith(_OF_ADJECTIVES)]
    if not part or len({m["noun"][:6] for m in part}) != 1 or _OF_PARTS.search(told.words):
        return
    noun, p = part[0]["noun"][:6], case.text.passages[told.passage]
    found = [Mention("severe", *m.span()) for m in part]
    alone = [
        m for m in re.finditer(rf"\b{noun}[a-z]*", told.words) if not any(x.start <= m.start() < x.end for x in found)
    ]
    if not alone or not all(_BEFORE_ALL.search(told.words, max(0, m.start() - 24), m.start()) for m in alone):
        return
    if any(_AGAIN.match(told.words, m.end()) for m in alone):
        return
    read = counted_by_name(told, p.start, [*found, *(Mention("any", *m.span()) for m in alone)])
    if read is None or len(read[0]) != 2:
        return
    one = {m.name: x for m, x in read[0]}
    if len(one) != 2:
        return
    severe, any_ = one["severe"], one["any"]
    if _LED_TO.search(told.words):
        return  # `78 had severe events; treatment was stopped because of events in 15`
    more = severe.n > any_.n if severe.n is not None and any_.n is not None else False
    if severe.share is not None and any_.share is not None:
        more = more or (severe.n is None and any_.n is None and severe.share.low > any_.share.high)
    if more:
        said = f"{_text(severe)} of the severe kind cannot be more than {_text(any_)} of any, if these are of the same."
        tell(case, p, "subset", [severe.at, any_.at], "error-if", said, "part <= whole")


def _text(x: Item) -> str:
    return f"{x.share.text} %" if x.n is None and x.share is not None else str(x.n)
