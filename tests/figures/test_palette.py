"""Colours hold for readers with every kind of colour vision and on grey paper: differences are computed, not judged."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from codon12.figures.oncoprint import ALTERATIONS
from codon12.figures.theme import GROUP_COLOURS, RESPONSE_COLOURS, group_colours

# Machado, Oliveira & Fernandes 2009, IEEE TVCG 15:1291, severity 1.0; on linear RGB.
VISION = {
    "all cones": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
VISION["grey"] = np.repeat(XYZ[1:2], 3, axis=0)


def linear(colour):
    part = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(colour, vision="all cones"):
    xyz = XYZ @ np.clip(np.array(VISION[vision]) @ linear(colour), 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one, other):
    """Sharma, Wu & Dalal 2005, Color Res Appl 30:21."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    g = 0.5 * (1 - np.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    dh = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    total = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(dh / 2))
    hue = h1 + h2 if c1 * c2 == 0 else h1 + dh / 2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    cosines = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.2, 4, -63))
    t = 1 + sum(k * np.cos(np.radians(n * hue + shift)) for k, n, shift in cosines)
    turn = 30 * np.exp(-((((hue % 360) - 275) / 25) ** 2))
    sl = 1 + 0.015 * (light - 50) ** 2 / np.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    rotation = -2 * np.sqrt(chroma**7 / (chroma**7 + 25**7)) * np.sin(np.radians(2 * turn))
    dl, dc = (l2 - l1) / sl, (c2 - c1) / sc
    return float(np.sqrt(dl**2 + dc**2 + (total / sh) ** 2 + rotation * dc * total / sh))


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [  # table 1 of Sharma 2005
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ],
)
def test_the_difference_is_that_of_the_paper(one, other, difference):
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(difference, abs=1e-4)


def least(colours, vision):
    return min(ciede2000(lab(a, vision), lab(b, vision)) for a, b in itertools.combinations(colours, 2))


@pytest.mark.parametrize(("vision", "limit"), [*((v, 10) for v in VISION if v != "grey"), ("grey", 8)])
def test_six_groups_and_five_responses_are_told_apart(vision, limit):
    assert len(GROUP_COLOURS) == 6
    assert least(GROUP_COLOURS, vision) >= limit
    assert least([RESPONSE_COLOURS[r] for r in ("CR", "PR", "SD", "PD", "NE")], vision) >= limit


def test_classes_of_alterations_are_apart():
    assert least(list(ALTERATIONS.values()), "all cones") >= 10


def test_lines_stand_out_from_the_paper():
    contrast = [1.05 / (float(XYZ[1] @ linear(c)) + 0.05) for c in GROUP_COLOURS]
    assert min(contrast) >= 2.2
    assert sorted(contrast)[1] >= 3  # all but one as WCAG 2.2 (1.4.11) asks of graphics; the sixth has its dashes


def test_no_two_groups_share_colour_and_dash():
    colours, dashes = group_colours([str(i) for i in range(36)])
    assert len({(c, tuple(d)) for c, d in zip(colours, dashes, strict=True)}) == 36
    assert len({tuple(d) for d in dashes[:6]}) == 6
