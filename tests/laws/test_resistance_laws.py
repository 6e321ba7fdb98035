"""Laws of paired samples and of definitions."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from codon12.resistance import classify_resistance, compare_samples, shipped_definitions

GENES = ("KRAS", "NRAS", "BRAF", "EGFR", "MET", "NF1", "TP53", "PTEN")
PROTEINS = ("p.G12C", "p.G12D", "p.Q61K", "p.V600E", "p.R68S", "p.R1534*", "p.A100T", "p.T790M")

call = st.builds(
    lambda g, p, v: {"gene": g, "kind": "mutation", "protein": p, "vaf": v},
    st.sampled_from([g for g in GENES if g not in ("KRAS", "NRAS")]), st.sampled_from(PROTEINS),
    st.floats(0.01, 0.9).map(lambda v: round(v, 3)),
)  # fmt: skip
amplified = st.builds(lambda g: {"gene": g, "kind": "amplification"}, st.sampled_from(GENES))
genes = st.lists(st.sampled_from(GENES), min_size=1, unique=True)
samples = st.builds(
    lambda calls, listed: {"calls": calls, "assay": {"genes": sorted(listed), "kinds": ["mutation", "copy number"]}},
    st.lists(st.one_of(call, amplified), max_size=6), genes,
)  # fmt: skip
times = st.lists(samples, min_size=1, max_size=3)
quick = settings(max_examples=settings().max_examples // 4, deadline=None)


@quick
@given(times, times, st.randoms())
def test_order_of_samples_and_calls_within_a_time_does_not_matter(before, after, random):
    def shuffled(group):
        made = [{**s, "calls": random.sample(s["calls"], len(s["calls"]))} for s in group]
        return random.sample(made, len(made))

    one = compare_samples(before, after, drug="sotorasib")
    other = compare_samples(shuffled(before), shuffled(after), drug="sotorasib")
    assert (one.states, one.mechanisms, one.possible, one.notes) == (
        other.states, other.mechanisms, other.possible, other.notes,
    )  # fmt: skip


@quick
@given(times, times)
def test_a_wider_earlier_assay_never_turns_acquired_into_anything_else(before, after):
    """What it does not show more, it cannot take back."""
    wide = [{**s, "assay": {"genes": list(GENES), "kinds": ["mutation", "copy number"]}} for s in before]
    narrow = compare_samples(before, after, drug="sotorasib").states
    broad = compare_samples(wide, after, drug="sotorasib").states
    words = {"acquired", "present later only"}
    assert {a for a, s in narrow.items() if s in words} <= {a for a, s in broad.items() if s in words}


@quick
@given(times, times)
def test_acquired_and_retained_are_what_the_later_samples_show_within_the_earlier_reach(before, after):
    states = compare_samples(before, after, drug="sotorasib").states
    reach = {g for s in before for g in s["assay"]["genes"]}
    seen = {f"{c['gene']} {c.get('protein', 'amplification')}" for s in after for c in s["calls"]}
    earlier = {f"{c['gene']} {c.get('protein', 'amplification')}" for s in before for c in s["calls"]}
    within = {a for a in seen if a.split()[0] in reach or a in earlier}
    told = {a for a, s in states.items() if s in ("acquired", "retained", "present later only")}
    assert told == within


PEOPLE = st.lists(
    st.tuples(
        st.integers(1, 500), st.one_of(st.none(), st.integers(0, 500)), st.sampled_from(["CR", "PR", "SD", "PD", "NE"]),
        st.one_of(st.none(), st.integers(10, 700)), st.booleans(),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def frames(rows):
    ids = [str(i) for i in range(len(rows))]
    people = pl.DataFrame({"USUBJID": ids, "TRTSDT": [0] * len(rows), "TRTEDT": [last for _, last, *_ in rows]},
                          schema_overrides={"TRTEDT": pl.Int64})  # fmt: skip
    seen = []
    for name, (day, _, best, pd, again) in zip(ids, rows, strict=True):
        if pd is not None:
            seen += [(name, min(day, pd - 1) if pd > 1 else 0, best), (name, pd, "PD")]
            seen += [(name, pd + 30, "PD")] if again else []
        else:
            seen.append((name, day, best))
    schema = {"USUBJID": pl.String, "ADT": pl.Int64, "AVALC": pl.String}
    return people, pl.DataFrame(seen, schema=schema, orient="row")


@quick
@given(PEOPLE)
def test_adding_a_subject_changes_nobody_and_row_order_is_irrelevant(rows):
    rules = shipped_definitions().definitions
    people, seen = frames(rows)
    alone = [
        classify_resistance(people.filter(USUBJID=u), seen.filter(USUBJID=u), definition=rules)
        for u in people["USUBJID"]
    ]
    # One who never responded in any study record is judged by what the whole study records.
    courses = [bool((seen.filter(USUBJID=u)["AVALC"] != "PD").any()) for u in people["USUBJID"]]
    together = classify_resistance(people, seen.reverse(), definition=rules).sort("USUBJID", "DEFINITION")
    kept = [u for u, own in zip(people["USUBJID"], courses, strict=True) if own]
    one = pl.concat(alone).filter(pl.col("USUBJID").is_in(kept)).sort("USUBJID", "DEFINITION")
    assert one.equals(together.filter(pl.col("USUBJID").is_in(kept)))


@quick
@given(PEOPLE)
def test_a_stricter_definition_is_a_subset(rows):
    people, seen = frames(rows)
    made = classify_resistance(people, seen, definition=shipped_definitions().definitions)

    def of(name):
        return set(made.filter(DEFINITION=name, RESULT="meets")["USUBJID"])

    assert of("schoenfeld-2021") <= of("response-then-progression") <= of("durable-response-then-progression")
    assert not of("sitc-2020-primary") & of("sitc-2020-secondary")
    assert not of("sitc-2023-chemo-primary") & of("sitc-2023-chemo-acquired")
