"""Words that lists and rows of counts share: who is counted, who is gone, what opens a list or leaves some out."""

from __future__ import annotations

from codon12.check import patterns as re

__all__ = ["COMPRISED", "GONE", "KIND", "MORE", "NOT_SAID", "ONE", "PEOPLE", "REASON", "SOME", "SPLIT"]

PEOPLE = re.compile(
    r"^(?:(?!with\b|had\b|were\b|was\b|and\b|of\b)[\w-]+ ){0,3}?(?:patients?|participants|subjects|individuals|adults|"
    r"children|persons?|people|pts|cases|infants|recipients|records|articles|studies|tumou?rs|samples|specimens|"
    r"biopsies|"
    r"responders|responses|deaths|events|women|men|persons|survivors|lesions)\b",
    re.IGNORECASE,
)
SOME = re.compile(
    r"\b(?:main(?:ly)?(?! (?:phase|study|trial|cohort|part|period|group)\b)|most|mostly|such as|e\.g|common\w*|"
    r"primarily|predominantly|additional\w*|another|further|"
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
SPLIT = re.compile(r"\b(?:randomi[sz]|assign|allocat)", re.IGNORECASE)
REASON = re.compile(
    r"\b(?:for|due to|because of|because|owing to|attributed|attributable|caused|from|of|by|progress\w*|adverse|"
    r"toxic\w*|death|died|withdr\w+|lost|loss|"
    r"decision|choice|consent|refus\w+|declin\w+|ineligib\w+|protocol|violation|non-?complian\w+|did not|other|unknown|"
    r"no|with|without|preference|request|comorbid\w*|missing|lack|unable|not|insufficient|screen\w*)\b",
    re.IGNORECASE,
)
GONE = re.compile(
    r"\b(?:excluded|ineligible|discontinu\w+|withdrew|withdrawn|died|deaths?|dropped out|stopp\w+|off (?:study|"
    r"treatment)|"
    r"did not (?:receive|undergo|complete|start|proceed)|not (?:eligible|randomi[sz]ed|enrolled|included|treated|"
    r"evaluable)|dropouts?|withdrawals|fatal|deaths|unavailable)\b",
    re.IGNORECASE,
)
NOT_SAID = re.compile(
    r"\b(?:evaluable|available|known|unknown|missing|assess\w+|data|more than|information|median|first|initially)\b",
    re.IGNORECASE,
)
MORE = re.compile(r"\b(?:others?|remaining|rest)\b", re.IGNORECASE)
KIND = re.compile(r"(?!with\b|had\b|were\b|in\b|of\b|at\b|from\b|by\b|serious\b)[a-z-]+(?: [a-z-]+){0,2}\W*$")
"""What a count is of, in up to three words: `screen-detected cancers`."""
