"""Words that leave a number what it is: those of grammar, of reporting, of who is counted, of estimates and of time.

What is left of a clause without them, and without the words of the label, arm or subgroup it is about, may make the
number that of a part, a cause or a moment; then a difference is not called one.
"""

from __future__ import annotations

from codon12.check.finding.wording import whole_words

__all__ = ["restricting"]

_GRAMMAR = whole_words(
    "all any both each one two three four five six seven eight nine ten this that these those there which who "
    "whom whose our its their his her they them were was are has have had did does been being being not but than "
    "also only too about whereas while among until since because due with from into upon per via versus against "
    "between within under more less least most many much other another same such some none half third quarter "
    "majority here total overall respectively corresponding lot middle approximately roughly nearly almost just"
)
"""Words of grammar and of number."""
_REPORTING = whole_words(
    "reported occurred observed seen noted achieved needed required made included include including recorded "
    "registered documented described found identified detected experienced developed exhibited had shown showed "
    "show demonstrated represented accounted comprised constituted amounted numbered totalled totaled affected "
    "given assessed measured evaluated estimated calculated confirmed reached remained remaining remains started "
    "began received receiving underwent lived died lasted favored favoured favoring improved compared followed "
    "represent account comprise constitute presented yielded translating corresponded attained carried associated "
    "was stood said says announced company sponsor authors"
)
"""Verbs of reporting: they say that there is a number, not whose."""
_COUNTED = whole_words(
    "patients participants subjects adults people individuals persons case cases women men male female sex "
    "population set arm arms group groups study trial cohort enrolled randomized randomised evaluable measured "
    "estimable treated treatment therapy committee investigator investigators central independent blinded local "
    "review assessed according criteria recist version"
)
"""Who is counted, and by whose reading, which `Parts` knows."""
_ESTIMATES = whole_words(
    "number percent per cent percentage percentages proportion probability landmark similar longest shortest "
    "rate rates estimate estimates kaplan meier median mean interval "
    "confidence range standard deviation hazard ratio difference main analysis primary endpoint secondary "
    "efficacy safety result results further baseline characteristics score performance status ecog age level "
    "levels history present previous higher lower longer long shorter greater better worse common frequent often "
    "improvement significant benefit advantage risk magnitude best complete partial stable progressive disease "
    "objective response responses respond control orr dcr pfs bicr progression free survival duration follow "
    "alive deaths death dead grade grades event events adverse emergent related increase increased elevated "
    "elevation raised irrespective regardless worse got grew surviving survived dor ttr dose reduction reductions "
    "interruption exposure group end still up"
)
"""Words of results, which the statement or the label already says."""
_TIME = whole_words(
    "date data cutoff off time year years day days week weeks month months january february march april june july "
    "august september october november december"
)
_PLAIN = _GRAMMAR | _REPORTING | _COUNTED | _ESTIMATES | _TIME
_BEGUN = 6
"""Letters that words of one stem share: ethnic, ethnicity."""


def restricting(words: frozenset[str], known: frozenset[str]) -> frozenset[str]:
    """The words, of which adverbs are none, that are neither plain nor known: they may make a number another's.

    Examples
    --------
    >>> sorted(restricting(whole_words("nausea was usually reported by older patients"), whole_words("Nausea")))
    ['older']
    """
    begun = {w[:_BEGUN] for w in known if len(w) >= _BEGUN}
    return frozenset(w for w in words - _PLAIN - known if w[:_BEGUN] not in begun and not w.endswith("ly"))
