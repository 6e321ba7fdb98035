"""Words around a row of counts: what says that it is all, what opens it, and what leaves it open."""

from __future__ import annotations

from codon12.check import patterns as re

__all__ = [
    "ALL_OF_THEM", "BY_NATURE", "CLOSING", "COMPLETE", "COMPRISED", "GONE", "HEDGED", "KIND", "LEVELS", "LISTED",
    "MORE", "NOT_SAID", "OF", "ONE", "OPEN", "OTHER_GROUPS", "OVERALL", "PEOPLE", "REASON", "SCALE", "SIDES", "SITES",
    "SOME", "SPLIT", "SUMMED", "SURE", "TIMED", "UNITS",
]  # fmt: skip

OF = re.compile(r"\b(?:of|among|in|from)(?: the| these| those| all| our| a total of)*$", re.IGNORECASE)
LISTED = re.compile(
    r": (?!.*[:.] )|\b(?:namely|viz\.?|i\.e\.|that is|these being|being|called|rated|judged|graded|labelled|typed "
    r"as),? (?:as )?$|[a-z] \($",
    re.IGNORECASE,
)
"""What opens a list."""
OF_ANOTHER = re.compile(
    r"(?:[,;] (?:and|but|while|whereas|although|yet)| and (?:the|there|few|too|an?|no|so)) "
    r"[^():;]*[a-z] \((?:in |[nN] ?= ?)?$"
)
"""Between a count and a bracket behind another noun: `in 9 cases, and too few homozygotes (8 men and 4 women)`."""
SURE = re.compile(
    r"\b(?:ended (?:in|with|as)|result(?:ed|ing) in|compris\w+|consist\w+ of|composed of|made up of|"
    r"(?:divided|split|subdivided|classified|grouped|categori[sz]ed|broken down|distributed)\b|as follows|were used:|"
    r"(?:formed|built|assembled) (?:from|of)\b)",
    re.IGNORECASE,
)
CLOSING = re.compile(
    rf"{SURE.pattern}|\b(?:randomi[sz]ed|allocated|allotted|assigned|which were)\b(?![^(]*,)", re.IGNORECASE
)
OVERALL = re.compile(r"\b(?:overall|in all|in total|altogether|all told)\b", re.IGNORECASE)
SUMMED = re.compile(
    r"(?:,| -|;|\() ?(?:and )?(?:hence|thus|therefore|giving|making|yielding|for a total of|a total of|totall?ing|"
    r"altogether|in all|together|summing to|adding up to|amounting to|i\.e\.|(?:which|that|this) (?:makes|gives|made|"
    r"gave)|for an? (?:overall|total|final|combined|grand) [a-z]+ of)[ ,]*(?:a |the |of |up |to |total |n ?= ?)*$|(?:,|"
    r";) ?(?:in )?total(?: of)?:? ?(?:n ?= ?)?$|\b(?:formed|constituted|made up) (?:the|an?) (?:[a-z-]+ ){1,4}of $",
    re.IGNORECASE,
)
ALL_OF_THEM = re.compile(
    r"\b(?:giving|making|makes|made|gives|gave|formed|constituted|overall|total\w*|summing|adding|amounting|"
    r"yielding)\b|\b(?:in all|in total|altogether|together)\b",
    re.IGNORECASE,
)
UNITS = re.compile(
    r"\b(?:complete|analy[sz]\w+|evaluable|eligible|remain\w*|left|per|median|mean|average|each|with|controls?|not|"
    r"un\w{4,}|other|only|more|fewer|less)\b",
    re.IGNORECASE,
)
COMPLETE = re.compile(
    r"\b(?:there was|there were|with|and) no other\b|\bdata (?:were|are) complete\b|\bno (?:data|values?) (?:was|were) "
    r"missing\b|\b(?:no|without) missing (?:data|values?)\b|\bno (?:case|patient|tumou?r|woman|man|child|participant|"
    r"subject)s? (?:lacked|was without|had no)\b|\bno [a-z]+ [a-z]+ (?:(?:in |of |to )?any(?:where|thing)? (?:else|"
    r"other)|elsewhere)\b|\b(?:known|recorded|available|complete) (?:for|in) (?:all|everyone|everybody|each|every)\b|"
    r"\bnone (?:was|were) (?:missing|unknown|unclassified)\b|\ball (?:\d+ )?[a-z]+ (?:[a-z]+ ){0,5}?(?:are|were) "
    r"(?:counted|classified|typed|accounted for)\b",
    re.IGNORECASE,
)
HEDGED = re.compile(
    r"\b(?:(?<!were )(?<!was )includ\w+|main\w*|most\w*|common\w*|frequent\w*|among others|among them|such as|e\.g|for "
    r"example|at least|about|approximately|nearly|almost|roughly|up to|more than|or more|several|overlap\w*|multiple|"
    r"either|some|also|again|additional\w*|another|further|primarily|predominantly|particularly|especially|notably|"
    r"principal\w*|leading|top|(?<!not )(?:evaluable|assessable)|with (?:known|available)|twins?|triplets?|"
    r"bilateral\w*|rest|remaining|could|may|might)\b",
    re.IGNORECASE,
)
OPEN = re.compile(
    r"\b(?:more than one|both|overlap\w*|twice|two or more|unknown|missing|not (?:available|known|recorded|reported|"
    r"classif\w+)|unclassif\w+|could not be|elsewhere|smaller|combined|concomitant\w*|simultaneous\w*)\b",
    re.IGNORECASE,
)
"""Outside the row: some are in none of its parts, or in two."""
BY_NATURE = re.compile(
    r"\b(?:symptoms?|signs?|sites?|metasta\w+|comorbid\w*|drugs?|medication\w*|steroids?|antibiotics?|adverse|"
    r"toxicit\w+|side effects?|reactions?|complications?|reasons?|sources?|risk factors?|mutations?|mutated|mutant|"
    r"alterations?|genes?|hypertens\w+|diabet\w+|smok\w+|obes\w+|cough|fever|nausea|vomiting|pain|fatigue|rash|"
    r"diarrh?o?ea|anaemia|anemia|neutropenia|procedures?|features?|findings?|events?|episodes?|lesions?|questions?|"
    r"answers?|items?|topics?|(?<!-)years|months|days|times|visits|(?<!gram-)positive|resistan\w+|susceptib\w+|"
    r"sensitive|expressed|regimens?|therap\w+|domains?)\b",
    re.IGNORECASE,
)
"""What one may have several of."""
OTHER_GROUPS = re.compile(
    r"\brespectively\b|\b(?:vs|versus)\b|\bcompar\w+|\bthan\b|\b(?:per|each(?! (?:case|patient))|both (?:arms|"
    r"groups))\b",
    re.IGNORECASE,
)
SIDES = re.compile(r"\b(?:left|right|both|bilateral)\b", re.IGNORECASE)
LEVELS = re.compile(
    r"\b(?:Child(?:-Pugh)?|stages?|grades?|class|ASA|NYHA|ECOG|WHO|FIGO|Dukes'?|BI-?RADS|Ann Arbor|Fitzpatrick|Okuda|"
    r"BCLC|Rai|Binet|ISUP|type|category|phase|group|clinic|cent(?:re|er)|hospital|ward|unit|site|region)(?: (?:class|"
    r"stage|grade|score|group|status))?(?: was| were)? (?P<l>[IVX]+|[A-E]|[⓪①-⑨])[abc]?\b",
    re.IGNORECASE,
)
SITES = re.compile(
    r"\b(?:symptoms?|sites? of|metastatic sites?|comorbid\w*|medications?|risk factors?|adverse events?|toxicities)\b",
    re.IGNORECASE,
)
"""What a list that `comprised` opens may be of, and still overlap."""
SCALE = re.compile(r"\b(?:stages?|grades?|class|score|Child|ASA|NYHA|ECOG|FIGO|Dukes|BI-?RADS|AJCC)\b", re.IGNORECASE)
TIMED = re.compile(
    r"\b(?:before|after|within|during|until|by) (?:the )?(?:week|month|day|year|age|end|"
    r"(?![⓪①-⑨\d]+(?:st|nd|rd|th) (?:[a-z/-]+ ){0,2}(?:edition|version|revision))[⓪①-⑨\d])",
    re.IGNORECASE,
)
PEOPLE = re.compile(
    r"^(?:(?!with\b|had\b|were\b|was\b|and\b|of\b)[\w-]+ ){0,3}?(?:patients?|participants|subjects|individuals|adults|"
    r"children|persons?|people|pts|cases|infants|recipients|records|articles|studies|tumou?rs|samples|specimens|"
    r"biopsies|responders|responses|deaths|events|women|men|persons|survivors|lesions)\b",
    re.IGNORECASE,
)
SOME = re.compile(
    r"\b(?:main(?:ly)?(?! (?:phase|study|trial|cohort|part|period|group)\b)|most|mostly|such as|e\.g|common\w*|"
    r"primarily|predominantly|additional\w*|"
    r"another(?! (?:[a-z-]+ ){0,3}(?:disease|disorder|illness|condition|cancer|malignancy|tumou?r|diagnosis|drug|"
    r"treatment|trial|study|hospital|reason|cause)\b)|further|"
    r"confirmed and unconfirmed|(?:at least|up to|about|approximately|over)(?= \d))\b",
    re.IGNORECASE,
)
COMPRISED = re.compile(
    r"\b(?:compris\w+|consist\w+ of|composed of|made up of|divided into|split into|subdivided|classified (?:as|into)|"
    r"(?:was|were) as follows|broken down)\b",
    re.IGNORECASE,
)
ONE = re.compile(r"\b(?:in|and|with|had) one\b", re.IGNORECASE)
"""One that the reader of numbers takes for a pronoun."""
SPLIT = re.compile(r"\b(?:randomi[sz]|assign|allocat|allott)", re.IGNORECASE)
REASON = re.compile(
    r"\b(?:for|due to|because of|because|owing to|attributed|attributable|caused|from|of|by|progress\w*|adverse|"
    r"toxic\w*|death|died|withdr\w+|lost|loss|"
    r"decision|choice|consent|refus\w+|declin\w+|ineligib\w+|protocol|violation|non-?complian\w+|did not|other|unknown|"
    r"no|with|without|preference|request|comorbid\w*|missing|lack|unable|not|insufficient|screen\w*)\b",
    re.IGNORECASE,
)
GONE = re.compile(
    r"\b(?:excluded|ineligible|discontinu\w+|withdrew|withdrawn|died|deaths?|dropped out|stopp\w+|off (?:study|"
    r"treatment)|did not (?:receive|undergo|complete|start|proceed)|not (?:eligible|randomi[sz]ed|enrolled|included|"
    r"treated|evaluable)|dropouts?|withdrawals|fatal|deaths|unavailable)\b",
    re.IGNORECASE,
)
NOT_SAID = re.compile(
    r"\b(?:evaluable|available|known|unknown|missing|assess\w+|data|more than|information|median|first|initially)\b",
    re.IGNORECASE,
)
MORE = re.compile(r"\b(?:others?|remaining|rest)\b", re.IGNORECASE)
KIND = re.compile(r"(?!with\b|had\b|were\b|in\b|of\b|at\b|from\b|by\b|serious\b)[a-z-]+(?: [a-z-]+){0,2}\W*$")
"""What a count is of, in up to three words: `screen-detected cancers`."""
