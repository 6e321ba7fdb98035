"""What a number of the study is called: words by which running text may name it, and those that name it to people."""

from __future__ import annotations

import re

from codon12.check.comparing.equality import Row
from codon12.check.finding.wording import whole_words

__all__ = ["FILLERS", "in_words", "names_of"]

FILLERS = whole_words("previous history type status disease data agents therapy treatment subjects antibody molecule")
"""Words of a label that running text may lack."""
_MOVED = whole_words("increased decreased elevated reduced abnormal blood")
"""Words of a laboratory finding that a text has in other ones."""
_VAGUE = whole_words(
    "other never ever current former missing unknown none any high low positive negative mild moderate severe left "
    "right local central first second third normal abnormal death event events mutated wild yes "
    "adverse discontinued ongoing neither withdrawal one two three four five"
)
"""Words too common to name a number by themselves."""
_AT_BASELINE = ("baseline.", "prevalence.")
_SHORT = (
    ("alanine aminotransferase", "ALT"),
    ("aspartate aminotransferase", "AST"),
    ("diarrhoea", "loose stools"),
    ("fatigue", "tiredness"),
    ("nausea", "feeling sick"),
    ("pruritus", "itching"),
)
"""What an adverse event is called in short, or in plain words."""
_DIED = ("deaths", "died")
_PROGRESSED = (
    "PFS events",
    "progression or died",
    "progression or death",
    "progressed or died",
    "progression died",
)
_ALSO = {
    "best_change.shrinkage": (
        "tumor shrinkage",
        "any tumor reduction",
        "tumor shrank",
        "tumors shrank",
        "shrinkage target lesions",
    ),
    "response.ongoing": ("still responding", "still responding on treatment", "still response"),
    "os.events": _DIED,
    "os.effect.events": _DIED,
    "pfs.events": _PROGRESSED,
    "pfs.effect.events": _PROGRESSED,
    "disposition.eotstt.ongoing": (
        "still receiving treatment",
        "remained on treatment",
        "treatment ongoing",
        "still on treatment",
        "still on therapy",
        "still on drug",
    ),
    "disposition.eotstt.discontinued": ("discontinued treatment", "treatment discontinued", "stopped"),
    "disposition.eotstt.completed": ("completed treatment", "treatment completed"),
    "disposition.eosstt.discontinued": (
        "withdrew early",
        "early withdrawal",
        "discontinued study",
        "study discontinued",
        "withdrew study",
    ),
    "disposition.eosstt.completed": ("completed study", "study completed"),
}
"""What running text calls a number whose label is another."""


def names_of(row: Row) -> list[frozenset[str]]:
    """The words by which running text may name a row."""
    label, endpoint = str(row["label"] or ""), str(row["endpoint"])
    out = [whole_words(x) for x in _ALSO.get(endpoint, ())]
    if ".effect." in endpoint:
        return out
    words, code = whole_words(label), str(row["variable"] or "")
    if endpoint.startswith(_AT_BASELINE) and re.search(r"[A-Z]\d+[A-Z]", code) and whole_words(code) <= words:
        out.append(whole_words(code))  # an allele: G12C
    if re.search(r"(?<![\w-])\d", label) or not words:
        return out
    if endpoint.startswith("baseline.") and label.lower() in ("yes", "y") and row.get("section"):
        return [*out, whole_words(str(row["section"]).split(",")[0])]
    if endpoint.startswith(_AT_BASELINE) and row["variable"] and (words <= _VAGUE or len(words - FILLERS) < 1):
        words |= whole_words(row["variable"].replace("_", " "))
        return [*out, words] if words - _VAGUE else out
    short = [whole_words(x) for long, x in _SHORT if endpoint.startswith("ae.") and label.lower().startswith(long)]
    out += [y for x in short for y in (x, x | (words & _MOVED))]
    if endpoint.startswith("ae.") and len(words - _MOVED) > 1:
        out.append(words - _MOVED)
    if endpoint.startswith("ae.") and label.startswith("Any event of the class"):
        of = [w for w in endpoint.rsplit(".", maxsplit=1)[-1].split("_") if w not in ("disorders", "and")]
        return [whole_words(" ".join((*of, "disorders"))), whole_words(f"{of[0]} disorders")]
    if not words <= _VAGUE | FILLERS:
        out.append(words)
        if len(words - FILLERS) > 1:
            out.append(words - FILLERS)
    return out


_OUTCOMES = {"pfs", "os", "dor", "ttr", "efs"}
_WHOLE = {None, "all", "all assessed", ""}


def in_words(row: Row) -> str:
    """What a number is of, for people: heading, label, subgroup or grade, arm and reader, what is plain left out.

    Examples
    --------
    >>> row = {"endpoint": "pfs", "label": "At 6 months, %", "section": "Kaplan-Meier estimate", "evaluator": "central"}
    >>> in_words(row | {"arm": "all", "group": "all", "level": "all", "statistic": "rate_6mo"})
    'PFS, At 6 months, central review'
    """
    endpoint, section, label = str(row["endpoint"]), str(row.get("section") or ""), str(row["label"] or "")
    root, level, group = endpoint.split(".", maxsplit=1)[0], row.get("level"), row.get("group")
    label = re.sub(r", (?:%|months|events/n \(%\))(?=$|:)", "", label)
    if ".effect" in endpoint:
        label = {"hr": "Hazard ratio", "n": "Events"}.get(str(row["statistic"]), label)
    about = [root.upper()] if root in _OUTCOMES and not section.startswith(root.upper()) else []
    about += ["Treatment-related"] if endpoint.startswith("ae.related.") and "related" not in label else []
    if section and "against" not in section and not section.startswith("Kaplan"):
        about.append(re.sub(r", (?:%|years)$", "", section))
    about.append(label)
    if group not in _WHOLE and level not in _WHOLE:
        about.append(f"{group} {level}" if str(group) not in section or ".effect" in endpoint else str(level))
    elif "grade" in str(level).lower():
        about.append(str(level).lower())
    about += [str(row["arm"])] if row.get("arm") not in _WHOLE else []
    about += [f"{row['evaluator']} review"] if row.get("evaluator") else []
    return ", ".join(dict.fromkeys(x for x in about if x))
