from __future__ import annotations

import polars as pl

from codon12.figures import draw, patient_timeline

SCHEMA = {
    "LANE": pl.String,
    "KIND": pl.String,
    "DAY": pl.Int64,
    "UNTIL": pl.Int64,
    "VALUE": pl.Float64,
    "TEXT": pl.String,
}


def rows(*given):
    return pl.DataFrame(list(given), schema=SCHEMA, orient="row")


def test_every_kind_of_row_is_drawn_once():
    seen = rows(
        ("Treatment", "span", 0, 90, None, "drug 960 mg"),
        ("Response, Central", "point", 42, None, None, "PR"),
        ("Adverse events", "span", 10, 12, 3.0, "nausea, grade 3"),
        ("Course", "point", 100, None, None, "death"),
        ("Central", "sum", -7, None, 50.0, "50 mm"),
        ("Central", "sum", 42, None, 30.0, "30 mm"),
        ("Course", "point", None, None, None, "no day"),
    )
    svg = draw(patient_timeline(seen, month=30.4375, subject="S-1"))
    for text in ("drug 960 mg", "PR", "nausea, grade 3", "death", "50 mm", "Sum of target lesions"):
        assert text in svg
    assert "no day" not in svg
    assert draw(patient_timeline(seen.reverse(), month=30.4375, subject="S-1")) != ""


def test_one_row_and_hostile_texts_can_be_drawn():
    svg = draw(
        patient_timeline(
            rows(("</svg><script>", "point", 3, None, None, "<b>\u202ex")), month=30.4375, subject="</script>"
        )
    )
    assert "<script>" not in svg
    assert "\u202e" not in svg


def test_of_many_adverse_events_the_worst_are_drawn():
    many = rows(
        *(("Adverse events", "span", i, i, float(1 + i % 5), f"term {i:03d}, grade {1 + i % 5}") for i in range(100))
    )
    svg = draw(patient_timeline(many, month=30.4375))
    assert "term 004" in svg  # grade 5
    assert "term 000" not in svg  # grade 1
