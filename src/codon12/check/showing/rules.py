"""What every rule of `check` compares, where it comes from, and where it ends."""

from __future__ import annotations

import msgspec

from codon12.errors import UsageError

__all__ = ["RULES", "Rule", "explain"]


class Rule(msgspec.Struct, frozen=True):
    """A rule: its name in findings and relations, what is compared, its source, and its limits."""

    name: str
    rule: str
    source: str
    limits: str


_COUNTS = "Whole numbers; rounding half up, half to even, and cut off."
RULES: tuple[Rule, ...] = (
    Rule(
        "count/percent",
        "n of N in percent prints as it does, for the total tied to it by words or table; else for a total "
        "of the text.",
        _COUNTS,
        "A total that is only inferred gives at most error-if; where several totals compete nothing is confirmed. "
        "Percentages of rows that may be Kaplan-Meier estimates, weighted or imputed are not judged. Without a total "
        "tied to it, a share that one other digit makes fit a group named is unlikely.",
    ),
    Rule(
        "percent",
        "A percentage alone is that of some whole count of the total in force, and of a group at most 100; a share "
        "of the planned size is that of the two numbers.",
        "Brown and Heathers 2017 (GRIM), on counts.",
        "Says nothing where the total is so large that every percentage of so many digits is possible.",
    ),
    Rule(
        "one total",
        "Nearly all shares of a column, or of the rows below one heading, are of one number, or each of the total in "
        "its row; the one that falls out is wrong. Of categories that are all of a column the others say what one is.",
        "Arithmetic; the reading is that of the other cells.",
        "Eight shares of a column or six below a heading must be of one number, and one in ten at most may fall out; a "
        "share of somewhat fewer may be of those with data and is passed over unless its row or its heading speaks "
        "against it.",
    ),
    Rule(
        "worked out",
        "A column of a table that follows from two others in most rows (a share from a count and a size, a sensitivity "
        "from true positives and false negatives, a rate from events and person-time), or a share of one number for "
        "all, follows from them in the others too; so do its limits, by the method of the other rows.",
        "Arithmetic; the intervals of `proportion_interval` and `rate_interval`. Which column follows from which the "
        "table itself shows, to more digits than chance would, or its heads say.",
        "Three rows in four must show it. Rows called pooled, adjusted or weighted are passed over; of limits a "
        "difference in the last two units of the last digit.",
    ),
    Rule(
        "limits",
        "In a table whose values nearly all lie within the limits printed behind them, the rest do too, and no lower "
        "limit is above the upper.",
        "Order of the numbers.",
        "Four such cells must agree for each that does not; a row of which no value lies within is read otherwise.",
    ),
    Rule(
        "interval",
        "A share lies in its interval; its limits are those of one of nine methods for its count: Clopper-Pearson, "
        "Wilson, Wilson with correction, Wald, Wald with correction, Agresti-Coull, Jeffreys, mid-P, log-log; rounded "
        "once or, from one place more, twice.",
        "Clopper and Pearson 1934; Wilson 1927; Agresti and Coull 1998; Brown, Cai and DasGupta 2001; Newcombe 1998.",
        "Limits of stratified, clustered or model-based shares are by other methods: unlikely at most. A difference of "
        "means or shares lies in the middle of its limits (Student, Welch, Wald; Newcombe nearly): unlikely where it "
        "is a fifth of their half width off; medians, ratios, bootstrap and Bayesian limits are not "
        "judged. An estimate that only stands near its limits "
        "(words between them, a bare pair in a list of ratios) is error-if; limits in other units or on another scale "
        "than the estimate (18 % lower, 0.62 to 0.83) are not compared.",
    ),
    Rule(
        "landmark",
        "A Kaplan-Meier estimate and its limits are explained by one Greenwood variance on one of five scales; "
        "survival "
        "of one outcome never rises.",
        "Greenwood 1926; Borgan and Liestøl 1990; Klein and Moeschberger 2003, section 4.3.",
        "Robust or model-based limits, and estimates of other methods, need not fit: small misfits confirm nothing. "
        "Where three or more other landmarks share a scale, one that is far off on it is odd.",
    ),
    Rule(
        "median/landmarks",
        "Survival above 50 % at a time puts the median after it, below 50 % before it; so with the whole interval of "
        "survival and the limits of the median.",
        "Definition of the median survival time; Brookmeyer and Crowley 1982.",
        "Only where one group is followed, or one sentence tells one median and one rate; in a text with arms nothing "
        "tells which median goes with which rate.",
    ),
    Rule(
        "median/table",
        "A median printed in the text is that of the counts a table gives.",
        "Definition of the median.",
        "Rows must be labelled by whole numbers under one heading.",
    ),
    Rule(
        "order",
        "A value lies between its limits, limits are in order, progression-free survival is not above "
        "overall survival; values at entry lie within the limits of entry (age, performance status, lines of therapy, "
        "size, laboratory values, scores).",
        "Order of numbers; death is an event of progression-free survival.",
        "Comparisons of two outcomes assume the same patients: error-if. A text that names several limits of one "
        "measure, and values of later, of parts or of others than patients, are passed over.",
    ),
    Rule(
        "ratio",
        "A hazard, odds or risk ratio lies in its own interval, and the lower limit is below the upper.",
        "Order of numbers.",
        "None: this is impossible under any method.",
    ),
    Rule(
        "ratio/events",
        "A hazard ratio has no narrower interval than the events that its sentence counts allow.",
        "Schoenfeld 1981, Biometrika 68:316: the variance of the log hazard ratio is 4 / events or more.",
        "Models are left out, and every count of events in the sentence is added; half the standard error is let "
        "pass, so that it is unlikely.",
    ),
    Rule(
        "log symmetry",
        "The interval of a ratio is symmetric about it on the logarithmic scale.",
        "Wald interval of a log ratio.",
        "Profile likelihood, exact and bootstrap intervals are not symmetric: unlikely where far off, of hazard and "
        "pooled ratios sooner than of odds ratios, or where one other digit puts a sharp one in the middle.",
    ),
    Rule(
        "P/interval",
        "The Wald P that a ratio, or a difference, and its limits allow, over all roundings, against the P printed "
        "with them.",
        "Altman and Bland 2011, BMJ 343:d2304.",
        "Log-rank, exact, one-sided and adjusted P values differ; P for interaction or trend is not compared. "
        "Unlikely where P and all but one of ratio and limits agree.",
    ),
    Rule(
        "P/counts",
        "P of two counted groups by Fisher's, the chi-square and the corrected chi-square test.",
        "Pearson 1900; Yates 1934; Fisher 1935.",
        "Stratified or adjusted tests differ; needs both counts and totals in one comparison.",
    ),
    Rule(
        "P/medians",
        "P of equal medians from their limits as if log medians were normal, against the P printed.",
        "An approximation; it cannot replace a log-rank test.",
        "Never more than cannot confirm.",
    ),
    Rule(
        "P/words",
        "What the clause says of significance against the P in it, at 0.05, or against the interval of a ratio.",
        "Words of the clause only.",
        "One-sided tests, other levels, and clauses with a turn (but, except) are passed over.",
    ),
    Rule("P", "A P value lies between 0 and 1, and is never zero.", "Definition.",
         "Zeros of one table are told once, at the first."),
    Rule(
        "chi-square",
        "A chi-square statistic with its degrees of freedom gives the P printed.",
        "Chi-square distribution, over all that rounding allows.",
        "Degrees of freedom that are not printed are never assumed: then nothing is more than unconfirmed.",
    ),
    Rule(
        "test",
        "A t, F, r or z with its degrees of freedom gives the P printed, two-sided or one-sided.",
        "Student 1908; Snedecor 1934; Nuijten et al. 2016 (statcheck).",
        "Corrected or permutation P values differ: unlikely at most.",
    ),
    Rule(
        "statistic",
        "An AUC, C-index, kappa, correlation, I² or standard deviation lies in the range it can have, and in its own "
        "interval; I² is (Q - df) / Q, or 0; a deviation is at most half the range of its values or scale, nearly. "
        "Scores (MMSE, Apgar, Karnofsky, ...) lie on their scale, measurements (haemoglobin, body mass index, ...) "
        "where a patient's can in the unit printed; scores also on the scale that their sentence names.",
        "Definition of the statistic; Higgins and Thompson 2002, Stat Med 21:1539; Popoviciu 1935.",
        "I² of other estimators may differ: unlikely at 8 points or more. An area under a concentration curve "
        "is no AUC of this kind; units near by make it unconfirmed.",
    ),
    Rule(
        "incidence",
        "Events over person-time, in whatever unit and order, and cases per 1,000 screened or among so many, give "
        "the rate printed.",
        "Definition.",
        "Where no pair of a count and a time of the sentence gives it; adjusted rates are unconfirmed. Time "
        "is taken with its rounding; rates within 2 % are unconfirmed, not wrong.",
    ),
    Rule(
        "accuracy",
        "Sensitivity, specificity, predictive values, accuracy and likelihood ratios from true and false results, or "
        "from each other and the prevalence; kappa from the agreement seen and that of chance.",
        "Definition; Deeks and Altman 2004, BMJ 329:168.",
        "Each of the four is counted once; the others need one sensitivity and one specificity in the sentence.",
    ),
    Rule(
        "ratio/counts",
        "The odds ratio or relative risk of two counted groups against the one printed; where it is theirs, the "
        "width of its limits against that of the counts.",
        "Definition; Woolf 1955; Katz 1978.",
        "Adjusted ratios differ: unlikely only where both totals are printed and no word says adjusted. Limits: only "
        "less than 0.6 or more than 2.2 times as wide, and of no clusters, pairs, models.",
    ),
    Rule(
        "ratio/percents",
        "The odds ratio or relative risk of the two percentages of a sentence against the one printed.",
        "Definition, over all that rounding allows.",
        "Nothing in texts that model, adjust, match or pool; unlikely only where it lies outside the interval printed "
        "or a quarter off on the log scale.",
    ),
    Rule(
        "NNT",
        "A number needed to treat, harm or screen is one over the absolute difference beside it, rounded either way.",
        "Cook and Sackett 1995, BMJ 310:452.",
        "Needs the difference, or just two percentages, in the sentence; those from survival curves differ.",
    ),
    Rule(
        "P/means",
        "P of two means with standard deviations and sizes by Student's and Welch's t test against the P printed.",
        "Student 1908; Welch 1947; over all that rounding allows.",
        "Where the text does not say SD, what follows ± may be a standard error: both must disagree. Adjusted, paired "
        "and rank tests differ: unlikely at most.",
    ),
    Rule(
        "direction",
        "Medians, words and ratio name the same group as the better one; `lower in A than in B` is followed by a "
        "smaller and a larger number; an interval and its P value decide alike at 0.05; a lower risk has a "
        "ratio below 1.",
        "Proportional hazards; order of numbers.",
        "Curves that cross; a ratio of the other group over this one; sentences that deny, or speak of a fall.",
    ),
    Rule(
        "derived",
        "A risk said to be so many percent lower or higher, halved, doubled or n-fold is that of the ratio; a "
        "relative reduction that of the two rates "
        "before it; a standardised ratio the observed over the expected; doses by weight, in fractions, repeated, "
        "cycles, body-mass index, explained variance, people times years, sizes with losses are the product they name; "
        "half of so many events, medians of a planned hazard ratio (hazards constant), the size to enrol not below "
        "the one needed; "
        "one measurement in two units is the same.",
        "Definition.",
        "Needs one ratio, or two rates, in the sentence; where it has none, as a conclusion, only that no ratio of the "
        "text and no two rates it compares make the reduction. Other studies, plans and assumptions are passed over.",
    ),
    Rule("difference", "A difference or a multiple in words or figures is that of the two numbers beside it, in "
         "whatever order the three stand.",
         "Subtraction, division.",
         "Adjusted differences: small gaps are unconfirmed. Needs just three numbers in the clause, or two beside a "
         "multiple in words."),
    Rule("claim", "A benefit of so many months is a difference of medians, not a median.", "Subtraction.",
         "Needs both medians."),
    Rule(
        "sum",
        "Arms, categories, parts of anything counted and rows of a table add up to their total; what excludes each "
        "other is at most all.",
        "Addition of whole numbers.",
        "Categories that may overlap or be incomplete are error-if or unconfirmed; parts that are fewer than all are "
        "unlikely only where one digit would explain it. Reasons of which a patient may have several are passed over.",
    ),
    Rule("row sum", "Columns of grades add up to any grade where they do so in most rows.", "Addition.",
         "Needs five rows, four fifths of which add up."),
    Rule("ratio of counts", "Two cells of n/N in a row of a table make the risk or odds ratio of the row.",
         "Ratio of two shares.", "Needs three rows of the table that agree; an adjusted ratio need not."),
    Rule("words", "A fraction or amount in words (`half`, `one in five`, `the majority`) is about the share behind it.",
         "Arithmetic.", "Within 6.5 points, 9 with `about`; only with a count or percentage right behind it."),
    Rule("subset", "A part is not more than the whole it is of.", "Order of whole numbers.",
         "Where only the words say that one is part of the other: error-if."),
    Rule(
        "inclusion-exclusion",
        "Those in both of two groups are at most the smaller and at least what the total cannot hold apart; those "
        "in one or both are those in each less those in both.",
        "Inclusion and exclusion.",
        "Needs the same total for all, where one is needed.",
    ),
    Rule("complement", "What is left of a group.", "Subtraction.", "Only notes it."),
    Rule("mixture", "A share or mean of all lies between those of its parts, a pooled one within its studies.",
         "Convex combination.",
         "Assumes that the two parts are all."),
    Rule("joint_grim", "Two percentages of arms that share a printed total are possible together.",
         "Brown and Heathers 2017, jointly.", "Only notes what fits."),
    Rule("denominator", "A total fits the percentages it serves.", _COUNTS, "As count/percent."),
    Rule(
        "mean",
        "Some whole numbers of so many subjects have this mean and standard deviation; a standard error, or half an "
        "interval, of a mean is the deviation over the root of its size.",
        "Brown and Heathers 2017 (GRIM); Anaya 2016 (GRIMMER).",
        "Only for things that are counted: cycles, lesions, lines. An error or interval must be half as much "
        "off again.",
    ),
    Rule("allocation", "Arms are as the allocation ratio expects, in its order.", "Binomial, 3.5 standard errors.",
         "Ratios that changed in the course of a trial: unlikely at most."),
    Rule("benchmark", "A value or limit that is said to exceed, meet or stay below a threshold does; a trial went on, "
         "stopped or was called a success as the rule told before says (responses of a stage, a probability, a goal).",
         "Order of numbers; Simon 1989, Control Clin Trials 10:1.",
         "Needs one value in the unit of the threshold, or one interval; plans, denials and other reasons to stop are "
         "passed over."),
    Rule("calendar", "Dates exist and are in the order that the words tell: begun before ended, seen before the data "
         "cut-off, the last one in within the time of entry; a period is as long as from its first date to its last.",
         "Gregorian calendar.", "One date of each role; a text analysed more than once is not judged."),
    Rule("follow-up", "No follow-up is longer than from first enrolment to data cut-off, no least one longer than from "
         "the end of enrolment.", "Date arithmetic.", "Needs one date or span of enrolment and one cut-off."),
    Rule("power", "Sample size, power and benchmark of a design agree.", "Exact binomial; Schoenfeld 1983.",
         "Only designs whose numbers are all printed."),
    Rule("planned", "A planned number is not above what was enrolled.", "Order of numbers.", "Only notes it."),
    Rule("level", "A confidence level that nobody chooses, in a text that uses another.", "Comparison of levels.",
         "Adjusted levels exist: unlikely at most."),
    Rule("method", "The interval method the text names is the one its intervals agree with.", "Nine methods.",
         "Needs counted intervals."),
    Rule("copies", "Two of three numbers are those printed elsewhere, the third is not.", "Comparison.",
         "Whole numbers are equal by chance and passed over; what a conclusion says of a test is compared with all "
         "that was printed of it before."),
    Rule("restated", "A value of an abstract or a discussion is that of the body, if it is of the same.", "Comparison.",
         "Only one digit apart or of one total, printed nowhere else, and with the same words for patients, reading "
         "and analysis: unlikely at most. Other trials, plans and rounded values are passed over."),
    Rule("repeated", "The same number printed again.", "Comparison.", "Only notes it."),
    Rule("text/table", "A count of the text is that of the table under the same words.", "Comparison.",
         "Needs two other counts of the sentence that agree."),
    Rule("identifier", "A registration number has its form.", "ClinicalTrials.gov.", "Not looked up."),
)  # fmt: skip


def explain(name: str) -> str:
    """The rule of a kind of finding, its source and its limits, as lines.

    Raises
    ------
    UsageError
        There is no such rule; the message lists them.

    Examples
    --------
    >>> print(explain("P"))
    P
      compares  A P value lies between 0 and 1, and is never zero.
      source    Definition.
      limits    Zeros of one table are told once, at the first.
    """
    found = next((r for r in RULES if r.name.lower() == name.lower()), None)
    if found is None:
        raise UsageError(f"--explain: no rule {name!r}; there are: {', '.join(sorted(r.name for r in RULES))}")
    return f"{found.name}\n  compares  {found.rule}\n  source    {found.source}\n  limits    {found.limits}"
