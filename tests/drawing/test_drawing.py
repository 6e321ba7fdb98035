from __future__ import annotations

import io
import itertools
import re
import signal
import subprocess
import sys
import threading

import polars as pl
import pytest

from codon12.drawing import Look, Press, draw, picture, save
from codon12.drawing.engine import letters_without_font
from codon12.drawing.look import restyled
from codon12.errors import UsageError
from codon12.figures import waterfall
from codon12.figures.lettering import MAX_CHARACTERS, shown, shown_column, shown_subject
from codon12.figures.theme import FONT, RESPONSE_COLOURS, response_scale

HOSTILE = ["</script><script>alert(1)</script>", "=cmd()|x", "a\nb\x00c", "x" * 10_000, '"&<>', "\u202egnp.exe"]


def bars(ids):
    n = len(ids)
    return pl.DataFrame({"USUBJID": ids, "PCHG": [10.0 * i - 50 for i in range(n)], "BOR": ["PR"] * n})


def test_svg_and_png_are_the_same_bytes_in_another_process():
    spec = waterfall(bars(["1", "2", "3"]))
    code = (
        "import sys, json, hashlib; from codon12.drawing import draw, picture; s = draw(json.load(sys.stdin));"
        "print(hashlib.sha256(s.encode()).hexdigest(), hashlib.sha256(picture(s, 'png')).hexdigest())"
    )
    import hashlib
    import json

    out = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(spec), capture_output=True, text=True, check=True
    )
    svg = draw(spec)
    here = [hashlib.sha256(svg.encode()).hexdigest(), hashlib.sha256(picture(svg, "png")).hexdigest()]
    assert out.stdout.split() == here


def test_png_stands_on_white_paper():
    from PIL import Image

    image = Image.open(io.BytesIO(picture(draw(waterfall(bars(["1"]))), "png"))).convert("RGBA")
    assert image.getpixel((0, 0)) == (255, 255, 255, 255)
    assert image.getextrema()[3] == (255, 255)


@pytest.mark.parametrize("form", ["svg", "png", "pdf"])
def test_the_ending_says_the_format(tmp_path, form):
    start = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}
    assert save(waterfall(bars(["1"])), tmp_path / f"w.{form}").read_bytes().startswith(start[form])


def test_unknown_ending_and_broken_specification_are_usage_errors(tmp_path):
    with pytest.raises(UsageError, match="svg, png, pdf"):
        save(waterfall(bars(["1"])), tmp_path / "w.gif")
    with pytest.raises(UsageError, match="cannot be drawn"):
        draw({"mark": {"type": "no such mark"}})


def test_hostile_identifiers_are_text_cut_to_length():
    svg = draw(waterfall(bars(HOSTILE)))
    assert "<script" not in svg
    assert "x" * (MAX_CHARACTERS + 1) not in svg
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", svg)


def test_the_font_is_the_one_that_ships():
    svg = draw(waterfall(bars(["1"])))
    assert set(re.findall(r'font-family="([^"]+)"', svg)) == {FONT}


def test_no_inline_style_in_an_svg_so_that_a_strict_policy_can_hold():
    assert "style=" not in draw(waterfall(bars(["1", "2"])))


def test_column_and_scalar_lettering_agree():
    column = pl.DataFrame({"t": HOSTILE}).select(shown_column(pl.col("t")))["t"].to_list()
    assert column == [shown(t) for t in HOSTILE]


def test_long_subject_ids_keep_the_end_that_tells_them_apart():
    ids = pl.DataFrame({"t": ["STUDY-1234-SITE-005-0012", "STUDY-1234-SITE-005-0013", "S\n1", None]})
    assert ids.select(shown_subject(pl.col("t"), 12))["t"].to_list() == ["…TE-005-0012", "…TE-005-0013", "S 1", None]


def test_unknown_response_gets_a_colour_after_the_known():
    scale = response_scale(["odd", "PR"])
    assert scale == {"domain": ["PR", "odd"], "range": [RESPONSE_COLOURS["PR"], RESPONSE_COLOURS["NE"]]}


def test_press_draws_what_draw_draws():
    specs = {f"f{i}": waterfall(bars([str(j) for j in range(i + 1)])) for i in range(4)}
    with Press() as press:
        for name, spec in specs.items():
            press.order(name, spec, ["png"])
        got = press.collect()
    assert list(got) == list(specs)
    for name, spec in specs.items():
        svg = draw(spec)
        assert got[name]["svg"].decode() == svg
        assert got[name]["png"] == picture(svg, "png")


@pytest.mark.slow
def test_press_takes_many_large_figures_without_waiting_for_itself():
    spec = waterfall(bars([f"S{i}" for i in range(400)]))
    with Press() as press:
        for i in range(6):
            press.order(f"f{i}", spec, ["png"])
        assert len(press.collect()) == 6


def test_an_order_does_not_wait_for_a_process_that_is_busy():
    spec = {"data": {"values": [{"x": 1}]}, "mark": "point", "usermeta": {"text": "x" * 500_000}}  # no pipe holds that
    with Press() as press:
        press._row[0].send_signal(signal.SIGSTOP)
        asking = threading.Thread(target=press.order, args=("one", spec, []), daemon=True)
        asking.start()
        asking.join(20)
        waits = asking.is_alive()
        press._row[0].send_signal(signal.SIGCONT)
        assert not waits
        assert press.collect()["one"]["svg"].startswith(b"<svg")


def test_press_without_processes_draws_here():
    with Press(apart=False) as press:
        press.order("one", waterfall(bars(["1"])), ["pdf"])
        assert press.collect()["one"]["pdf"].startswith(b"%PDF")


def test_press_names_the_figure_that_cannot_be_drawn():
    with Press() as press:
        press.order("bad", {"mark": {"type": "no such mark"}}, [])
        with pytest.raises(UsageError, match="figure bad"):
            press.collect()


def test_png_has_the_dots_per_inch_that_it_states_and_a_figure_its_width():
    from PIL import Image

    svg = draw(waterfall(bars(["1", "2", "3"])))
    wide = float(re.search(r'width="([\d.]+)"', svg)[1])
    for look in (Look(), Look(dpi=150, width_mm=90), Look(theme="slide")):
        image = Image.open(io.BytesIO(picture(svg, "png", look)))
        assert image.info["dpi"] == pytest.approx((look.dpi, look.dpi), abs=0.1)
        assert image.width == pytest.approx(wide / 96 * look.dpi * look.scale, abs=1.5)
        drawn = picture(svg, "svg", look).decode()
        assert float(re.search(r'width="([\d.]+)"', drawn)[1]) == pytest.approx(wide * look.scale, rel=1e-4)
        assert drawn.partition("viewBox")[2] == svg.partition("viewBox")[2]
        points = re.search(rb"MediaBox \[0 0 ([\d.]+)", picture(svg, "pdf", look))[1]
        assert float(points) == pytest.approx(wide * 0.75 * look.scale, abs=1.5)


def test_the_grey_theme_leaves_no_colour_and_the_data_as_they_are():
    svg = draw(restyled(waterfall(bars(["1", "2", "#ff0000"])), "grey"))
    assert "#ff0000" in svg
    colours = set(re.findall(r"#[0-9a-f]{6}", svg.replace("#ff0000", "")))
    assert colours
    assert all(c[1:3] == c[3:5] == c[5:7] for c in colours)
    assert draw(restyled(waterfall(bars(["1"])), "journal")) == draw(waterfall(bars(["1"])))


@pytest.mark.parametrize("wrong", [{"theme": "neon"}, {"dpi": 1}, {"width_mm": 5.0}])
def test_a_look_that_cannot_be_is_refused(wrong):
    with pytest.raises(UsageError, match=r"theme|dpi|figure width"):
        Look(**wrong)


@pytest.mark.parametrize(
    ("domain", "colours"),
    [
        (["a", "b", "c", "d"], ["#0b4f8a", "#5d6770", "#098c5e", "#c4581c"]),  # two of them as light as each other
        ([-3, 0, 3], ["#c4581c", "#f1f2f3", "#0b4f8a"]),  # both ends dark
    ],
)
def test_grey_tells_the_levels_of_a_scale_apart(domain, colours):
    scale = {"encoding": {"color": {"scale": {"domain": domain, "range": colours}}}}
    greys = restyled(scale, "grey")["encoding"]["color"]["scale"]["range"]
    shades = sorted(int(g[1:3], 16) for g in greys)
    assert all(g[1:3] == g[3:5] == g[5:7] for g in greys)
    assert min(b - a for a, b in itertools.pairwise(shades)) > 25
    if domain[0] == -3:
        assert [int(g[1:3], 16) for g in greys] == shades[::-1]


def test_grey_leaves_a_scale_that_can_be_told_apart():
    scale = {"scale": {"domain": ["CR", "PD"], "range": ["#0b3366", "#b6bcc2"]}}
    greys = restyled(scale, "grey")["scale"]["range"]
    assert greys == [restyled({"color": c}, "grey")["color"] for c in scale["scale"]["range"]]


def test_letters_that_no_font_has_are_told():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="24"><text y="18">{}</text></svg>'
    assert letters_without_font(svg.format("Ω ≥ Ж é A")) == ""
    assert letters_without_font(svg.format("\ue0aa\ue0aa B")) == "\ue0aa"  # of private use: no font has a letter there
