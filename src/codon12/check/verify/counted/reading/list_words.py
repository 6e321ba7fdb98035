"""The words of wholes and parts: which close a list, which deny that it is one, which put nobody in two of it."""

from __future__ import annotations

from collections.abc import Sequence

from codon12.check import patterns as re

__all__ = [
    "ALONE", "ARM", "AT_ONE", "AT_ONE_AGAIN", "BACK", "BEGINS_INSIDE", "BOTH", "CAUSED", "CLOSES", "COLON",
    "COMPRISING", "COUNTED_ONCE", "CUMULATIVE", "FINER", "GROUP", "IN", "IN_ALL", "IN_TWOS", "LEFT_OUT", "LINKS",
    "MARKER",
    "NAMED", "NOT_YET", "NO_OTHER", "OF_EACH", "OF_PARTS", "OF_THE_REST", "ONCE", "ONLY_ONES", "OPEN", "OVERLAP",
    "PEOPLE", "RANDOM", "RATE", "REST", "SIZED", "SOME", "SYMPTOMS", "TIME", "TOTAL", "VALUE", "VARIABLE", "VERB",
    "WHOLE_BEHIND", "WHO_THEY_ARE", "WITH", "is_scale",
]  # fmt: skip

REST = re.compile(
    r"\bthe rest\b|\bother(?= (?:or|and|race|ethnicit\w+|causes?|reasons?|origins?|types?|histolog\w*|tumou?rs?|"
    r"cancers?|sites?|known|unknown|categor\w+|patients|in|for)\b|\W*$)|\b(?:others|remaining|remainder|unknown|"
    r"unspecified|(?<!had )missing|elsewhere|neither|undetermined|unclassified|miscellaneous|another|unreported|"
    r"unrecorded|unstated|not (?:known|reported|recorded|stated|available|specified|classified|assessed|evaluable)|"
    r"indeterminate|no opinion|undecided)\b"
)
LEFT_OUT = re.compile(
    r"\b(?:the rest|the others?|the remaining [a-z]+|others|elsewhere|left out|bilateral\w*|smaller numbers|twins?|"
    r"unknown|unclassified|had both|some of|in two|more than one|twice|several|before (?:week|day|month))\b"
)
"""Words behind a list that say that it leaves some out, or has some twice."""
BOTH, ALONE = re.compile(r"\bboth\b"), re.compile(r"\b(?:alone|only|confined|exclusively|solely)\b")
AT_ONE = re.compile(
    r"^(?:(?:lived|worked|resided|came|attended|were (?:from|recruited|born)) (?:in|on|at|from|as)?|from) ?\w"
)
AT_ONE_AGAIN = re.compile(
    r"^(?:(?:lived|worked|resided|came|attended|were (?:from|recruited|born)) )?(?:in|on|at|from|as|by) "
)
COLON = re.compile(r": (?:[a-z-]+ ){1,3}[a-z-]+[, (]+$")
"""Before the first number of a list that a colon opens: `all 333 patients: calcium oxalate, 212; uric acid, 97`."""
NO_OTHER = re.compile(r"\bnone (?:was|were) (?:of )?(?:un|in)[a-z]+|\bnothing else\b|\bno others?\b|\bnone other\b")
FINER = re.compile(r"\bvery good partial\b|\bvgprs?\b|\bminor responses?\b|\bstringent complete\b")
CAUSED = re.compile(r"\bcaused by\b")
VERB = re.compile(
    r"^((?:held|had|were|was|took|gave|went|chose|did|spoke|drank|[a-z]{3,}ed))\b(?! (?:from|by|at|in|on|as)\b)"
)
MARKER = re.compile(r"\b([\w①-⑨⓪]+)(?: was| were| status)*[- ](?:positive|negative|mutated|wild)\b")
OF_THE_REST = re.compile(r"^of (?:the (?:remaining|others?|rest)|these|them|those|whom)\b")
CLOSES = re.compile(
    r"\b(?:compris\w+|consist\w*|made up|composed|namely|divided|classified|categori[sz]ed|distribut\w+|split|"
    r"grouped|stratified|broken down|as follows|viz\.?|i\.e\.|that is|rated|graded|scored|distribution|each counted|"
    r"counted once|(?:came|derived|drawn|taken) from|nothing else|no other|respective\w* categor\w+)\b|:\s*$"
)
RANDOM = re.compile(r"\b(?:randomi[sz]\w*|randomly|allocat\w+|allotted|assigned)\b")
ARM = re.compile(
    r"^(?:(?:patients|participants|women|men|children|people|subjects|mice|dogs|rats) )?(?:were )?(?:randomly "
    r")?(?:assigned |allo(?:cat|tt)ed |randomi[sz]ed )?(?:(?P<to>to|in the|with)|received|receiving|had|on|got|"
    r"underwent)\b"
)
_SCALE = re.compile(
    r"(?:\b(?:grades?|gr|stages?|class|score|level|status|ecog|ihc|gleason|asa|nyha|type|group|t|n|g|ps|be|was|were|"
    r"and)|^|[,;( ])(?: ?)(?P<l>[⓪①-⑨]+(?:-[⓪①-⑨]+)?\+?|i{1,3}[abc]?|iv[abc]?|v)(?:\b|(?=\+)|$)"
)
_SITE = re.compile(
    r"\b(?:study|trial|site|cent(?:er|re)|hospital|clinic|series|part|arm|group|cohort|ward|school|country|"
    r"region|dataset) (?P<l>[a-h]|[⓪①-⑨]+|i{1,3}|iv)\b"
)
_WORDS_OF_SCALE = re.compile(
    r"\b(mild|moderate|severe|(?:un)?favou?rable|low|intermediate|medium|high|good|fair|poor|excellent|never|former|"
    r"current|lowest|middle|highest|minor|major|married|single|widowed|divorced|white|black|asian|hispanic|complete|"
    r"partial|stable|progressive|agreed|disagreed|neutral|well|moderately|poorly|emergency|urgent|elective|local|"
    r"distant|primary|secondary|tertiary|always|sometimes|often|rarely|head|body|tail|upper|lower|oral|intravenous|"
    r"subcutaneous|intramuscular|weekly|daily|monthly|improved|unchanged|worsened|part|full|left|right|bilateral|"
    r"anterior|posterior|superior|inferior|mixed)\b"
)
_KINDS = (
    *("mild moderate severe", "low intermediate medium high", "good fair poor excellent", "never former current"),
    *("lowest middle highest", "minor major", "married single widowed divorced", "white black asian hispanic"),
    *("complete partial stable progressive", "agreed disagreed neutral", "well moderately poorly"),
    *("emergency urgent elective", "local distant", "primary secondary tertiary", "always often sometimes rarely"),
    *("head body tail", "upper middle lower", "oral intravenous subcutaneous intramuscular", "daily weekly monthly"),
    *("favourable intermediate poor", "favorable intermediate poor", "favourable intermediate unfavourable"),
    *("favorable intermediate unfavorable", "improved unchanged worsened", "left right bilateral"),
    *("anterior posterior", "part full", "superior inferior"),
)
_KINDS_OF = {w: [k for k, words in enumerate(_KINDS) if w in words.split()] for x in _KINDS for w in x.split()}
CUMULATIVE = re.compile(
    r"[≥≤<>]|\bor (?:more|higher|worse|greater|above|less|lower|below)\b|\bat (?:least|most)\b|\bany\b"
)
OVERLAP = re.compile(
    r"\b(?:some|also|includ\w+|at least|more than one|multiple|several|respectively|most (?:common|frequent)\w*|"
    r"overlap\w*|such as|mainly|mostly|additional\w*|further|another(?! (?:or|race|kind|type|histolog\w+|cause|reason|"
    r"origin|site)\b)|followed by|plus|per|each|e\.g\.?|one or more|versus|vs|than|compared|increas\w+|decreas\w+|rose|"
    r"fell|and/or|(?:approximately|about|nearly|almost|over)(?= +\d)|among others|predominantly|either or both|median|"
    r"mean|predict\w*|associated|declin\w+|dropp\w+|after|persist\w+)\b"
)
COUNTED_ONCE = re.compile(
    r"\bno(?:ne|body| one)?\b[^.;]*?\bmore than (?:one|⓪*①)\b[^.;]*|"
    r"\beach (?:\w+ ){0,2}(?:being )?counted (?:only )?once\b|\bsingle choice\b|\bworst grade\b"
)
ONCE = re.compile(
    r"\b(?:each|every|all)\b[^.;:]{0,40}\b(?:one|a single|single|only one|exactly one|[0⓪]*[1①]) (?:of (?:these|the) "
    r")?(?:main |primary |principal |underlying |single |leading |final )*(?:cause|reason|site|diagnosis|indication|"
    r"type|category|class|group|origin|complaint|lesion|answer|kind|source|value|subtype|injury)\b|\b(?:one|a single|"
    r"only one|0*1) (?:main |primary |principal |underlying )*[a-z]+ (?:was |being )?(?:assigned|given|recorded|"
    r"attributed|allotted|coded|chosen|allowed) (?:to |for |per )?(?:each|every|per)\b|\b(?:single|sole) (?:main |"
    r"primary |most important )*(?:reason|cause|indication|diagnosis|site|agent)\b|\b(?:(?:first and|single or|sole "
    r"and) only|single|sole) (?:first )?(?:site|place|location|organ|seat) of\b|\bnone (?:had|carried|harbou?red|"
    r"showed|was in|were in) (?:two|both|several|[0⓪]*[2②])\b|\bthe only (?:main )?(?:agent|reason|cause|diagnosis|"
    r"site|indication|finding) in\b|\bmutually exclusive\b"
)
"""Nobody is in two of the parts."""
ONLY_ONES = re.compile(
    r"\bno other (?:main )?(?:reasons?|causes?|grounds?|categor(?:y|ies)|outcomes?|diagnos[ei]s)\b|\b(?:being|were|"
    r"are) the only (?:causes|reasons|ones|categories|outcomes)\b|\bno(?:body|ne| one) (?:took|received|had|was given|"
    r"chose) neither\b"
)
"""Nobody is in none of the parts."""
OPEN = re.compile(
    r"^(?:\w+ )?(?:had|have|with|received|receiving|underwent|reported|took|used|showed|experienced|presented|"
    r"developed|were (?:also|taking|on|treated|using))\b"
)
COMPRISING = re.compile(r"^(?:comprising|consisting of|namely|made up of|being)\b")
VARIABLE = re.compile(
    r"\b(?:status|type|subtype|blood group|genotype|stage|category|class|method|mode|route|approach|site|location|"
    r"origin|histology|ae?tiology|cause|level|setting|anae?sthesia|race|ethnicity|sex|gender|severity|outcome|"
    r"diagnosis|indication|grade|quality) (?:was|were) "
)
"""A variable of which each has one value: `employment status was full time in 48%`."""
VALUE = re.compile(r"^(?!.*\b(?:was|were|had|have|has|received|and)\b)\S+(?: \S+){0,3}$")
WHO_THEY_ARE = re.compile(
    r"\b(?:patients|participants|subjects|people|persons|individuals|women|men|children|adults|cases)\b"
)
IN_TWOS = re.compile(r" ?(?:[a-z-]+ ){0,2}?(?:pairs|combinations|links|edges|interactions|associations)\b")
"""Made of two things each, which may be in many of them: `97 pairs comprising 8 of A and 60 of B`."""
NAMED = re.compile(r"\b(?:the )?([a-z-]+) (?:group|arm|cohort|set)\b")
OF_PARTS = re.compile(
    r"(?<!consisted )(?<!composed )(?<!comprised )(?<!made up )(?<!total )(?<!consist )(?<!number )\b(?:of|"
    r"among|out of)(?: the| these| those| all| our)* $"
)
BACK = re.compile(r"^\W*(?:of|among) (?:these|those|them|whom|which)\b|^\W*(?:they|these)\b|^\W*(?:in|by) ")
TOTAL = re.compile(
    r"(?:^[^a-z]*|\b(?:making|giving|for|yielding|thus|and) )(?:a |in |the )?total(?: of|:)?\W*$|\b(?:totall?ing|"
    r"adding up to|added up to|making(?: up)?|sum of|altogether|account\w* for (?:all|the)(?: of the)?|amounting "
    r"to)\W*$|\b(?:whole|entire|total|overall|combined|pooled) (?:data ?set|cohort|series|sample|group|population|"
    r"collection|study population|study)(?: of| comprised| included| was| numbered| consisted of|,)* $|\((?:total|"
    r"overall|combined|all|together|altogether)(?: (?:sample|number|size|population|n))?(?: (?:of )?[a-z]+)?[,:]? "
    r"?(?:n ?= ?)?$|\b(?:thus|therefore|hence) (?:had|has|comprised|included|numbered|consisted of|enrolled) $"
)
IN_ALL = re.compile(r"^(?: [a-z-]+){0,4}? (?:in all|in total|altogether|overall)\b")
WHOLE_BEHIND = re.compile(
    r"\bout of $|^[;.] (?:the|these|all|all the) $|\b(?:of|in|among) (?:the|these|all|our)(?: the| these| our)? $"
)
SOME = re.compile(
    r"\bhad (?:two|both|⓪*②|0*2)\b|\b(?:more than (?:one|⓪*①)|some (?:for|of them|had|were)|overlap\w*|one or more|"
    r"not mutually)\b"
)
SYMPTOMS = re.compile(
    r"\b(?:metasta\w+|symptoms?|comorbid\w*|medications?|drugs|side effects?|adverse|relapses?|recurrences?|sites of|"
    r"diagnoses|related events|toxicit\w+|complications?|risk factors?|signs|treatments|procedures|findings|features|"
    r"criteria|received|mutations in|co-?infect\w*|coexist\w*)\b"
)
TIME = re.compile(
    r"\b(?:at|after|within|by|in) (?:[⓪①-⑨]+|one|two|three|four|five|six|ten|twelve|baseline|entry|the end|last|"
    r"discharge)\b(?: (?:months?|weeks?|years?|days?))?|\bat ?$|\bbaseline\b|\bfollow-up\b"
)
BEGINS_INSIDE = re.compile(r"^ ?(?:,|,? and|,? or)? $")
SIZED = re.compile(
    r"^(?:all |the |eligible |consecutive )*(?:patients|participants|women|men|children|people|subjects|adults)$"
)
WITH = re.compile(r"\b(?:with|without|tested|were in|aged)\b")
LINKS = frozenset(("were", "was", "the", "and", "had", "with", "for", "from"))
NOT_YET = re.compile(r"\b(?:screened|assessed|registered|eligible|approached|invited|per-protocol|analy[sz]ed)\b")
PEOPLE = re.compile(
    r" (?:[a-z-]+ )?(?:in all|in total|overall|altogether|patients|participants|subjects|women|men|people|"
    r"cases|persons|individuals|operations|procedures)\b"
)
IN = re.compile(
    r"^(?:(?:lived|worked|resided|were (?:born|seen|treated|recruited|from|in)|came|studied) )?(?:in|from|at) "
)
GROUP = re.compile(r"\b(?:groups?|arms?|cohorts?)\b")
OF_EACH = re.compile(r"\b(?:risk of|of death|chance|probabilit\w+|those|who|compar\w+)\b")
RATE = re.compile(
    r"\b(?:surviv\w*|rates?|prevalence|incidence|mortality|adherence|sensitivity|specificity|accuracy|ci|"
    r"m?(?:os|pfs|dfs|rfs|efs|css|dss|ttp)|orr|dcr)\b"
)
_OUTCOME = re.compile(
    r"\b(?:surviv\w*|rates?|mortality|m?(?:OS|PFS|DFS|RFS|EFS|CSS|DSS)|ORR|DCR|respon\w*|relapse\w*|recurrence\w*|"
    r"recurred|mutat\w*|detect\w*|positiv\w*|cured?|cures|control|died|deaths?|complicat\w*|toxicity|benefit|"
    r"sensitivity|specificity|prevalence|incidence)\b[^;:%]{0,40}$",
    re.IGNORECASE,
)
_IN_GROUP = re.compile(r"^ ?(?:in|for|among)\b", re.IGNORECASE)


def is_of_each_group(lead: str, words: Sequence[str]) -> bool:
    """Whether shares are of an outcome in one group each: `the response rate was 61% in stage II, 74% in stage I`."""
    return _OUTCOME.search(lead) is not None and sum(_IN_GROUP.match(w) is not None for w in words) > 1


def is_scale(words: Sequence[str]) -> bool:
    """Whether each of the parts is another level of one scale: `grade 1`, `grade 2`; `mild`, `moderate`."""
    levels = [m["l"] if (m := _SCALE.search(w)) else None for w in words]
    if all(levels) and len({*levels}) == len(levels):
        return True
    sites = [m["l"] if (m := _SITE.search(w)) else None for w in words]
    if all(sites) and len({*sites}) == len(sites):
        return True
    named = [{k: w for w in _WORDS_OF_SCALE.findall(x) for k in _KINDS_OF.get(w, ())} for x in words]
    shared = set.intersection(*(set(n) for n in named)) if named else set()
    return any(len({n[k] for n in named}) == len(named) for k in shared)
