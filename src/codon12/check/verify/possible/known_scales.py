"""Scores outside their scale (an MMSE of 34) and measurements no patient has (121 g/dL of haemoglobin)."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from codon12.check import patterns as re
from codon12.check.documents.passages import Passage
from codon12.check.verify.case import Case
from codon12.check.verify.prose import judge, prose_of
from codon12.numbers.unrounded import read_printed

__all__ = ["check_known_scales"]


class _Scale(NamedTuple):
    """A measure, its unit (empty where it has none) and the least and the greatest it can be."""

    name: str
    unit: str
    low: str
    high: str


_SCORES = (
    _Scale(r"MMSE|mini-?mental state(?: examination)?|MoCA|Montreal cognitive assessment", "", "0", "30"),
    _Scale(r"Apgar(?: score)?s?", "", "0", "10"),
    _Scale(r"Glasgow coma (?:scale|score)|GCS", "", "3", "15"),
    _Scale(r"Karnofsky(?: performance)?(?: status| score| index)?|KPS|Lansky(?: score)?", "", "0", "100"),
    _Scale(r"ECOG(?: performance status| PS)?", "", "0", "5"),
    _Scale(r"modified Rankin(?: scale)?|mRS", "", "0", "6"),
    _Scale(r"NIHSS|NIH stroke scale", "", "0", "42"),
    _Scale(r"Barthel(?: index)?", "", "0", "100"),
    _Scale(r"PHQ-9", "", "0", "27"),
    _Scale(r"GAD-7|PSQI|Pittsburgh sleep quality index", "", "0", "21"),
    _Scale(r"Epworth(?: sleepiness)?(?: scale)?", "", "0", "24"),
    _Scale(r"Beck depression inventory|BDI(?:-II)?", "", "0", "63"),
    _Scale(r"MADRS", "", "0", "60"),
    _Scale(r"HADS(?:-[AD])?", "", "0", "42"),
    _Scale(r"EDSS|expanded disability status scale", "", "0", "10"),
    _Scale(r"APACHE II", "", "0", "71"),
    _Scale(r"SOFA", "", "0", "24"),
    _Scale(r"CURB-65", "", "0", "5"),
    _Scale(r"CHA2DS2-VASc|CHA₂DS₂-VASc|HAS-BLED", "", "0", "9"),
    _Scale(r"Child-Pugh score|Child-Turcotte-Pugh score", "", "5", "15"),
    _Scale(r"Gleason(?: score| sum)", "", "2", "10"),
    _Scale(r"FACT-G", "", "0", "108"),
    _Scale(r"QLQ-C30|SF-36|EQ[- ]VAS|PedsQL|DASH|Oswestry(?: disability index)?|ODI|KOOS|SGRQ", "", "0", "100"),
    _Scale(r"IPSS|international prostate symptom score", "", "0", "35"),
    _Scale(r"IIEF-5|asthma control test", "", "5", "25"),
    _Scale(r"DLQI|EPDS|Edinburgh postnatal depression scale", "", "0", "30"),
    _Scale(r"PASI", "", "0", "72"),
    _Scale(r"DAS28", "", "0", "10"),
    _Scale(r"HAQ(?:-DI)?", "", "0", "3"),
    _Scale(r"(?-i:pH)", "", "0", "14"),
)
"""Scores with one scale alone, as their authors define it; of those with several the widest."""
_MEASURED = (
    _Scale(r"oxygen saturation|SpO2|SpO₂|SaO2|SaO₂", "%", "0", "100"),
    _Scale(r"ejection fraction|LVEF", "%", "0", "100"),
    _Scale(r"Karnofsky(?: performance)?(?: status| score| index)?|KPS", "%", "0", "100"),
    _Scale(r"ha?emoglobin", "g/d[lL]", "1", "26"),
    _Scale(r"ha?emoglobin", "g/[lL]", "15", "260"),
    _Scale(r"HbA1c", "%", "2", "25"),
    _Scale(r"(?:serum |plasma )?potassium", "mmol/[lL]|mEq/[lL]", "1", "12"),
    _Scale(r"(?:serum |plasma )?sodium", "mmol/[lL]|mEq/[lL]", "80", "210"),
    _Scale(r"(?:serum |plasma )?creatinine", "mg/d[lL]", "0.05", "40"),
    _Scale(r"(?:serum |plasma )?albumin", "g/d[lL]", "0.4", "9"),
    _Scale(r"(?:serum |plasma )?albumin", "g/[lL]", "4", "90"),
    _Scale(r"(?:serum |corrected |plasma )?calcium", "mmol/[lL]", "0.3", "7"),
    _Scale(r"(?:body mass index|BMI)", r"kg/m(?:2|²|\^2)", "6", "120"),
    _Scale(r"systolic (?:blood )?pressure", "mm ?Hg", "30", "320"),
    _Scale(r"diastolic (?:blood )?pressure", "mm ?Hg", "10", "220"),
    _Scale(r"heart rate|pulse(?: rate)?", r"beats/min(?:ute)?|beats per minute|bpm", "12", "350"),
    _Scale(r"birth ?weight", "g|grams", "200", "8000"),
    _Scale(r"birth ?weight", "kg", "0.2", "8"),
    _Scale(r"gestational age(?: at (?:birth|delivery))?", "weeks", "4", "46"),
    _Scale(
        r"(?:body|core|axillary|rectal|oral|tympanic|her|his) temperature",
        r"(?:° ?|º ?|degrees )C(?:elsius)?",
        "20",
        "46",
    ),
    _Scale(
        r"temperature|fever|pyrexia",
        r"(?:° ?|º ?|degrees )F(?:ahrenheit)?",
        "70",
        "115",
    ),
    _Scale(
        r"(?:body |standing |mean |their |boys['’] |girls['’] |children['’]s |men['’]s |women['’]s |patients['’] |"
        r"maternal )heights?|stature",
        "cm",
        "15",
        "275",
    ),
)
"""Measurements of a patient, with bounds that nobody on record lies beyond."""

_BETWEEN = (
    r"(?:[^.;:\d()<>≤≥=]|\((?:[A-Za-z][A-Za-z, -]*)\)|(?<=at )\d+(?= (?:min|hour|day|week|month|year)s?\b)|(?<=after "
    r")\d+(?= (?:min|hour|day|week|month|year)s?\b)|(?<=[ (])\d+-(?:min|hour|day|week|month|year)[a-z]*){0,70}?(?:was|"
    r"were|of|is|averaged|reached|stood at|(?:risen|rose|fell|fallen|dropped) to|:|=|,)(?: (?:only|about|approximately|"
    r"around|on average|a|an))?(?: (?:mean|median|average) of)? ?"
)
_SCORE_BEHIND = (
    r"(?![\d.,]*\d)(?= ?(?:[.,;:)(±[]|$|points?(?! (?:lower|higher|less|more|below|above))|in |for |at |before |after |"
    r"and (?!\d+ (?:in|of|had) )|was |were |versus |vs|to \d|with |among |on |compared |when |or (?:better|more|higher|"
    r"less|lower|worse|above|below)))"
)
_OTHER = re.compile(
    r"\b(?:reduction|drop|rise|fall|lowering|chang\w*|differ\w*|decreas\w*|increas\w*|declin\w*|improve\w*|gain\w*|"
    r"loss|fell by|rose by|per|each|ratio|cut-?off\w*|threshold\w*|total of|sum|odds|percentile\w*|z-?scores?|"
    r"version\w*|item\w*|patients|participants|subjects|variance|coefficient|correlat\w*|slope|target\w*|n|N|fetal|"
    r"foetal|rats?|mice|mouse|rabbits?|dogs?|cats?|horses?|calves|cows|sheep|pigs?|birds?|free|glycated|corpuscular|"
    r"urin\w+|dialysate|infusion\w*|dos\w+|supplement\w*)\b"
)
"""Words after a measure by which the number behind them is of something else, or of no human being."""


def check_known_scales(case: Case) -> None:
    """Check the first value behind each score or measurement named in prose against what it can be."""
    where = case.where(_ALL_WORDS)
    for words, pattern, scales in _KINDS if where else ():
        for p in prose_of(case, {k for word in words for k in where.get(word, ())}):
            for m in pattern.finditer(case.flat, p.start, p.end):
                _judge(case, p, m, scales)


def _judge(case: Case, p: Passage, m: re.Match[str], scales: tuple[_Scale, ...]) -> None:
    scale = scales[next(k for k in range(len(scales)) if m[f"s{k}"])]
    value = read_printed(m["v"])
    if _OTHER.search(case.flat, m.end("name"), m.start("v")) or _OTHER.search(
        case.flat, max(p.start, m.start() - 25), m.start()
    ):
        return
    low, high = Fraction(scale.low), Fraction(scale.high)
    which = "v"
    if not scale.unit and m["t"] and low <= value.value <= high:
        which = "t" if int(m["t"]) > high else "r"
        value = read_printed(m[which])
    if low <= value.value <= high or (not scale.unit and value.value > _OF_ELSE * high):
        return
    if value.value < low and _GAP.search(case.flat, p.start, p.end):
        return
    name = re.sub(r"\s+", " ", m["name"])
    name = name if name == "pH" else name[0].upper() + name[1:]
    if scale.unit:
        sentence = (
            f"{name} of {value.text} {m['unit']}: no patient's lies beyond {scale.low} to {scale.high}; is it the unit?"
        )
        verdict = "error" if scale.unit == "%" and scale.high == "100" else "unlikely"
    else:
        sentence, verdict = f"{name} {value.text}: the scale goes from {scale.low} to {scale.high}.", "error-if"
    judge(case, p, "statistic", [m.span(which)], verdict, sentence, "range of the scale")


_GAP = re.compile(
    r"\b(?:chang\w*|differ\w*|decreas\w*|increas\w*|reduc\w*|lower\w*|higher|greater|rises?|rose|falls?|fell|drop\w*|"
    r"declin\w*|effects?|improv\w*|gains?|between-group|benefits?)\b",
    re.IGNORECASE,
)
"""Words of a sentence in which a small value may be by how much a measurement differs."""
_OF_ELSE = 10
"""Times the end of a scale beyond which a number is no score: a year, a trial."""


def _pattern(scales: tuple[_Scale, ...]) -> re.Pattern[str]:
    names = "|".join(f"(?P<s{k}>{s.name})" for k, s in enumerate(scales))
    return re.compile(
        rf"(?<![\w-])(?P<name>(?i:{names}))(?![\w-])(?: scores?| levels?| concentrations?| values?)?{_BETWEEN}"
        rf"(?P<v>\d+(?:\.\d+)?){_SCORE_BEHIND}"
        r"(?: ?(?:points? )?[(\[](?:range|IQR|interquartile range)[,:]? ?(?P<r>\d+)(?: ?- ?| to"
        r" )(?P<t>\d+)(?![\d.]*\d))?"
    )


_GIVEN = re.compile("potassium|sodium|calcium|albumin|fever|heights")
"""Of what is given as well as measured, a number right behind is often a dose."""
_NO_CHANGE = (
    r"(?! ?(?:of\b|lower|higher|less|more|or (?:more|less)|above|below|increas|decreas|reduc|rise|fall|drop|gain|loss))"
)


def _measured(scale: _Scale) -> re.Pattern[str]:
    beside = "" if _GIVEN.search(scale.name) else rf"|(?: of)? (?=\d+(?:\.\d+)? ?(?:{scale.unit}){_NO_CHANGE})"
    return re.compile(
        rf"(?<![\w-])(?P<name>(?P<s0>(?i:{scale.name})))(?![\w-])(?: levels?| concentrations?| "
        rf"values?)?(?:{_BETWEEN}{beside})(?P<v>\d+(?:\.\d+)?) ?(?P<unit>{scale.unit})(?![\w/])"
    )


_WORDS_OF_SCORES = (
    "mmse|mini-mental|mini mental|moca|montreal|apgar|glasgow|gcs|karnofsky|kps|lansky|ecog|rankin|mrs|nihss|"
    "nih stroke|barthel|phq-9|gad-7|psqi|pittsburgh|epworth|beck |bdi|madrs|hads|edss|"
    "expanded disability|apache|sofa|curb-65|"
    "vasc|has-bled|pugh|gleason|fact-g|qlq-c30|sf-36|vas|pedsql|dash|oswestry|odi|koos|sgrq|ipss|prostate symptom|iief|"
    "asthma control|dlqi|epds|edinburgh|pasi|das28|haq|ph was|ph of|ph: |ph is|ph rose|ph fell"
)
_WORDS = (
    "saturation|spo2|spo₂|sao2|sao₂", "ejection|lvef", "karnofsky|kps", "moglobin", "moglobin", "hba1c",
    "potassium", "sodium",
    "creatinine", "albumin", "albumin", "calcium", "body mass index|bmi", "systolic", "diastolic", "heart rate|pulse",
    "birthweight|birth weight", "birthweight|birth weight", "gestational age", "temperature",
    "temperature|fever|pyrexia", "height|stature",
)  # fmt: skip
"""Words of which a sentence has one where a measurement, in the order above, is told."""
_KINDS = (
    (tuple(_WORDS_OF_SCORES.split("|")), _pattern(_SCORES), _SCORES),
    *((tuple(w.split("|")), _measured(x), (x,)) for w, x in zip(_WORDS, _MEASURED, strict=True)),
)
"""Words that a sentence must hold, what is looked for then, and the scales whose names it has in turn."""
_ALL_WORDS = tuple(sorted({word for words, _, _ in _KINDS for word in words}))
