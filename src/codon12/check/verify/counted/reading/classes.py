"""Classes of those counted, by axis: the words of each, which of them nobody is in two of, which leave nobody out.

Response by RECIST 1.1 (section 4.3.1); who left a study is not in it; a patient is alive or dead, a man or a woman.
"""

from __future__ import annotations

__all__ = ["CLASSES", "GONE", "ONE_OF", "WHOLE"]

CLASSES: dict[str, dict[str, str]] = {
    "response": {
        "NE": r"(?:not|non|un|in)[- ]?(?:evaluable|assessable)|could not be (?:evaluated|assessed)|\bNE\b",
        "no response": r"non-?respon\w+|(?:did|do) not respond|no (?:objective )?response|failed to respond",
        "CR": (
            r"complete (?:(?:metabolic|clinical) )?(?:responses?|remissions?|responders)|\bCRs?\b|^\W*(?:were |"
            r"had an? |with )?(?:confirmed )?complete$"
        ),
        "PR": (
            r"partial (?:(?:metabolic|clinical) )?(?:responses?|remissions?|responders|ones?)|\bPRs?\b|"
            r"^\W*(?:were |had an? |with )?(?:confirmed )?partial$"
        ),
        "SD": r"stable disease|\bSD\b|disease stabili[sz]ation",
        "PD": r"progressive disease|\bPD\b|\bprogressed\b|disease progression",
        "response": (
            r"(?:objective|overall|confirmed|tumou?r) responses?\b|\bresponders\b|\bresponded\b|had an? response"
        ),
    },
    "life": {
        "lost": r"lost to follow-?up|(?:were|was|been) lost\b",
        "alive with disease": r"(?:alive|living) with (?!no |out)",
        "alive without disease": (
            r"(?:alive|living)(?: and)? (?:disease-?free|without|with no|free|disease[- ]free|relapse-free|in )"
        ),
        "alive": r"\balive\b|\bsurvived\b|\bsurvivors\b|(?:are|were) living",
        "dead": r"\bdied\b|\bdead\b|\bdeaths?\b|\bdeceased\b|non-?survivors",
    },
    "status": {
        "missing": (
            r"(?:unknown|missing|indeterminate|equivocal|inconclusive|not (?:available|tested|determined|reported|"
            r"assessed|known|recorded))\b"
        ),
    },
    "sex": {
        "women": r"\bwom[ae]n\b|\bfemales?\b|\bgirls\b",
        "men": r"\bm[ae]n\b|\bmales?\b|\bboys\b",
    },
    "smoking": {
        "ever": r"\b(?:current or former|former or current|ever)[ -]smok\w+",
        "never": r"\bnever in\b|\bnever[- ]?smok\w+|never (?:had )?smoked|non-?smokers",
        "former": r"\bformer in\b|\b(?:former|ex-?|past|previous)[ -]?smokers?",
        "current": r"\bcurrent in\b|\b(?:current|active) smokers?",
    },
    "flow": {
        "out: not eligible": (
            r"\bexcluded\b|\bineligible\b|not eligible|(?:did|do|does) not (?:meet|fulfil|qualify)|"
            r"failed(?: the)? screening|screen(?:ing)? failures?|\bunfit\b|not fit\b|\bunresectable\b|"
            r"\binoperable\b|not (?:enrolled|included|randomi[sz]ed)|\bunsuitable\b|\binadequate\b|(?:testing|"
            r"sequencing|assay|extraction|analysis) failed|failed (?:testing|sequencing)|\binsufficient\b|"
            r"\bduplicates?\b|\bremoved\b|failed quality|(?:removal|exclusion) of|\bexcluding\b|\bremoving\b"
        ),
        "out: never began": r"(?:never|not|did not) (?:received?|started?|begin|began|treated|undergo|underwent)",
        "out: not evaluable": r"not (?:evaluable|assessable|analy[sz]ed)",
        "out: refused": (
            r"\bdeclined\b|\brefused\b|did not (?:consent|attend|participate|agree)|refusal|withheld consent"
        ),
        "out: silent": r"did not (?:respond|return|reply)",
        "out: lost": r"lost to follow-?up|(?:were|was) lost\b",
        "out: left": (
            r"\bdiscontinu\w+|\bwithdrew\b|\bwithdrawn\b|\bwithdrawals?\b|\bstopped\b|dropped out|\b(?:came |"
            r"went |were |are |was )?off (?:the )?(?:treatment|therapy|drug|study|trial|intervention|protocol|"
            r"follow-?up)|left the (?:treatment|therapy|drug|study|trial|intervention|protocol|follow-?up)|"
            r"did not (?:complete|finish)|\bdropouts?\b"
        ),
        "out: progressed": r"\b(?:had )?progressed\b|\brelapsed\b|\brecurred\b|disease progression",
        "in: stays": (
            r"\bongoing\b|\bstill (?:on|in|receiving|being|under|taking)\b|\bremain\w* (?:on|in|under)\b|continu\w+ "
            r"(?:to receive |on |with |the |study |trial )*(?:treatment|therapy|drug|study|trial|intervention|protocol|"
            r"follow-?up)|continued|\bcontinuing\b|(?:are|were|was|is) (?:on|receiving) (?:the )?(?:study "
            r")?(?:treatment|therapy|drug|study|trial|intervention|protocol|follow-?up)"
        ),
        "in: answered": r"completed (?:the |an? |their )?(?:[a-z]+ )?(?:questionnaires?|surveys?|forms?)\b",
        "in: completed": r"\bcompleted\b|\bfinished\b|\bcompleters\b|follow-?up (?:was|were) (?:complete|available)",
        "in: consented": (
            r"\bconsented\b|gave (?:\w+ )?consent|agreed|accepted|attended|participated|responded to|returned|took part"
        ),
        "out: failed": r"\bfailed\b(?! (?:treatment|therapy|prior|previous|to respond|on|with))|\bunsuccessful\b",
        "in: analysed": (
            r"(?:\bsuccessful\b|\bread in full|analy[sz]ed|evaluable|assessable|\bfollowed\b|\bassessed\b|"
            r"\bevaluated\b|\breviewed\b|for (?:the )?(?:present |final )?analys[ei]s|in the (?:\w+ )?analys[ei]s|"
            r"sequenced|available)"
        ),
        "in: entered": (
            r"\b(?:enrolled|enrol|randomi[sz]\w+|randomly|recruited|registered|included|eligible|assigned|"
            r"allo(?:cat|tt)ed|retained|retrieved|remained|selected)\b"
        ),
        "in: treated": r"\b(?:started|began|treated|received|underwent|operated|screened)\b",
    },
    "sign": {
        "wild type": r"\bwild[- ]?types?\b|\bnon-?mutated\b|\bunmutated\b",
        "mutated": r"\bmutated\b|\bmutants?\b|\bmutations?\b(?! (?:status|analysis|testing))",
        "negative": (
            r"(?<!false-)(?<!true-)(?<!false )(?<!true )\bnegative\b(?! (?:in|for|by|on) [a-z])|\babsent\b|"
            r"undetectable|not (?:detected|found|present)"
        ),
        "positive": (
            r"(?<!false-)(?<!true-)(?<!false )(?<!true )\bpositive\b(?! (?:in|for|by|on) [a-z])(?! (?:margins|nodes|"
            r"lymph))|\bpresent\b|\bdetected\b"
        ),
    },
    "number": {
        "more": r"\b(?:two|[⓪0]*②) or more\b|\bmultiple\b|more than (?:one|[⓪0]*①)\b",
        "one": r"\b(?:had|with|only|just) (?:only |just )?(?:an? single|one|[⓪0]*①)\b(?! or)|\ba single\b",
    },
    "severity": {
        "mild": r"\bmild\b",
        "moderate": r"\bmoderate\b(?![- ](?:risk|grade))",
        "severe": r"\bsevere\b",
    },
    "size": {
        "minor": r"\bminor\b",
        "major": r"\bmajor\b",
    },
    "line": {
        "first": r"\bfirst[- ]line\b",
        "second": r"\bsecond[- ]line\b",
        "later": r"\b(?:third|fourth|later|further)[- ]line\b",
    },
    "where": {
        "both": r"\bboth local|\blocal(?:ly)? and distant",
        "local": r"\bloco-?regional(?:ly)?\b|\blocal(?:ly)?\b(?! advanced| anesth)",
        "distant": r"\bdistant(?:ly)?\b",
    },
    "phase": {
        "escalation": r"\bescalation\b",
        "expansion": r"\bexpansion\b",
    },
    "set": {
        "training": r"\b(?:training|derivation|discovery)\b",
        "validation": r"\bvalidation\b",
    },
    "company": {
        "alone": r"^\W*alone\b",
        "with another": r"\bwith (?!(?:no|a|an)\b)[a-z-]+$|\bin combination\b|\bcombined with\b",
    },
    "readers": {
        "neither": r"\bneither\b",
        "both": r"\bboth\b(?! (?:groups|arms|cohorts|local))",
    },
    "control": {
        "cases": r"^\W*cases\b",
        "controls": r"^\W*controls\b",
    },
    "origin": {
        "primary": r"\bprimary\b(?! (?:end|care|analysis|cohort|site))",
        "metastatic": r"\bmetasta(?:tic|sis|ses)\b|\brecurrent\b|\brecurrences?\b",
    },
    "nature": {
        "benign": r"\bbenign\b|\bnon-?malignant\b",
        "malignant": r"\bmalignant\b",
    },
    "prior": {
        "naive": r"\b(?:treatment|chemotherapy)?-?na[iï]ve\b|\bpreviously untreated\b",
        "pretreated": r"\bpre-?treated\b|\bpreviously treated\b|\brefractory\b",
    },
    "extent": {
        "localised": r"\blocali[sz]ed\b|\blimited\b",
        "locally advanced": r"\blocally advanced\b|\bregional\b",
        "advanced": r"\bmetastatic\b|\bextensive\b|\bdistant\b",
    },
    "change": {
        "better": r"\bimproved\b|\bimprovement\b|\bbetter\b|\bless (?:pain|fatigue|severe)|\bdecreased\b",
        "same": r"\bunchanged\b|\bno change\b|\bstable\b(?! disease)|\bthe same\b",
        "worse": r"\bworse(?:ned|ning)?\b|\bdeteriorat\w+|\bmore (?:pain|fatigue|severe)|\bincreased\b",
    },
    "grading": {
        "well": r"\bwell[- ]differentiated",
        "moderately": r"\bmoderately(?:[- ]differentiated)?",
        "poorly": r"\bpoorly[- ]differentiated|\bundifferentiated",
    },
    "race": {
        "white": r"\b(?:White|Caucasian)\b",
        "black": r"\b(?:Black|African[- ]American)\b",
        "asian": r"\bAsian\b",
    },
    "risk": {
        "low": r"\blow[- ](?:risk|grade)|\bat low risk",
        "middle": r"\b(?:intermediate|medium|moderate)[- ](?:risk|grade)",
        "high": r"\bhigh[- ](?:risk|grade)|\bat high risk",
    },
}
"""Axis -> class -> words that put those counted in it; of one axis what is said first is meant."""
GONE = frozenset(
    (
        *("out: failed", "out: not eligible", "out: never began", "out: refused", "out: silent", "out: not evaluable"),
        *("out: lost", "out: left"),
    )
)
"""Classes of those who are no longer counted behind."""
ONE_OF = {
    "response": (("CR", "PR", "SD", "PD", "NE"), ("response", "no response"), ("response", "SD", "PD", "NE")),
    "life": (("alive", "dead", "lost"), ("alive with disease", "alive without disease", "dead", "lost")),
    "sex": (("men", "women"),),
    "smoking": (("never", "former", "current", "missing"), ("never", "ever", "missing")),
    "sign": (("positive", "negative", "missing"), ("mutated", "wild type", "missing")),
    "severity": (("mild", "moderate", "severe"),),
    "size": (("minor", "major"),),
    "line": (("first", "second", "later"),),
    "where": (("local", "distant", "both"),),
    "phase": (("escalation", "expansion"),),
    "set": (("training", "validation"),),
    "company": (("alone", "with another"),),
    "readers": (("neither", "both"),),
    "control": (("cases", "controls"),),
    "origin": (("primary", "metastatic"),),
    "nature": (("benign", "malignant"),),
    "prior": (("naive", "pretreated"),),
    "extent": (("localised", "locally advanced", "advanced"),),
    "change": (("better", "same", "worse"),),
    "grading": (("well", "moderately", "poorly"),),
    "race": (("white", "black", "asian"),),
    "number": (("one", "more"),),
    "risk": (("low", "middle", "high"),),
    "flow": (
        ("in: stays", "out: left", "out: lost", "out: progressed", "dead"),
        ("in: completed", "out: left", "out: lost", "out: refused", "out: not eligible", "dead"),
        ("in: entered", "out: not eligible", "out: refused", "out: silent"),
        ("in: treated", "out: not eligible", "out: never began", "out: refused", "out: silent"),
        ("in: consented", "out: not eligible", "out: refused", "out: silent"),
        ("in: answered", "out: not eligible", "out: refused", "out: silent"),
        (
            *("in: analysed", "out: not eligible", "out: not evaluable", "out: refused", "out: silent"),
            *("out: never began", "out: failed"),
        ),
    ),
}
"""Classes that nobody is in two of, by axis."""
WHOLE = (
    frozenset(("men", "women")), frozenset(("alive", "dead")), frozenset(("alive", "dead", "lost")),
    frozenset(("response", "no response")), frozenset(("positive", "negative")), frozenset(("mutated", "wild type")),
    frozenset(("one", "more")), frozenset(("primary", "metastatic")), frozenset(("benign", "malignant")),
    frozenset(("mild", "moderate", "severe")), frozenset(("minor", "major")), frozenset(("cases", "controls")),
    frozenset(("escalation", "expansion")), frozenset(("training", "validation")),
    frozenset(("naive", "pretreated")), frozenset(("better", "same", "worse")),
    frozenset(("positive", "negative", "missing")), frozenset(("CR", "PR", "SD", "PD")),
    frozenset(("CR", "PR", "SD", "PD", "NE")), frozenset(("never", "former", "current")),
    frozenset(("alone", "with another")),
)  # fmt: skip
"""Classes one of which everybody is in."""
