"""Evidence as pictures: each function gives a plain Vega-Lite specification, `draw` and `save` make the picture.

All figures share one theme (`codon12.figures.theme`) and one font, which ships with the converter, so that the same
numbers give the same SVG and PNG bytes on every run.
"""

from codon12.drawing import FORMATS, draw, picture, save
from codon12.figures.boundary import boundary
from codon12.figures.co_occurrence import co_occurrence
from codon12.figures.cumulative_incidence import cumulative_incidence
from codon12.figures.cut_point_profile import cut_point_profile
from codon12.figures.forest import TextColumn, forest
from codon12.figures.kaplan_meier import kaplan_meier
from codon12.figures.lollipop import lollipop
from codon12.figures.oncoprint import oncoprint
from codon12.figures.schoenfeld import schoenfeld
from codon12.figures.spider import spider
from codon12.figures.swimmer import swimmer
from codon12.figures.theme import WIDTH
from codon12.figures.waterfall import waterfall

__all__ = [
    "FORMATS",
    "WIDTH",
    "TextColumn",
    "boundary",
    "co_occurrence",
    "cumulative_incidence",
    "cut_point_profile",
    "draw",
    "forest",
    "kaplan_meier",
    "lollipop",
    "oncoprint",
    "picture",
    "save",
    "schoenfeld",
    "spider",
    "swimmer",
    "waterfall",
]
