"""Evidence as pictures: each function gives a plain Vega-Lite specification, `draw` and `save` make the picture.

All figures share one theme (`codon12.figures.theme`) and one font, which ships with the converter, so that the same
numbers give the same SVG and PNG bytes on every run.
"""

from codon12.drawing import draw, picture, save
from codon12.figures.after_swimmer import after_swimmer
from codon12.figures.alluvial import alluvial
from codon12.figures.boundary import boundary
from codon12.figures.clone_burden import clone_burden
from codon12.figures.co_occurrence import co_occurrence
from codon12.figures.cumulative_incidence import cumulative_incidence
from codon12.figures.cut_point_profile import cut_point_profile
from codon12.figures.forest import TextColumn, forest
from codon12.figures.kaplan_meier import kaplan_meier
from codon12.figures.lollipop import lollipop
from codon12.figures.occupancy_course import dose_response, occupancy_course
from codon12.figures.oncoprint import oncoprint
from codon12.figures.organ_bars import organ_bars
from codon12.figures.paired_oncoprint import paired_oncoprint
from codon12.figures.parameter_ranges import ensemble_ranges, tornado
from codon12.figures.patient_timeline import patient_timeline
from codon12.figures.schoenfeld import schoenfeld
from codon12.figures.spider import spider
from codon12.figures.swimmer import swimmer
from codon12.figures.switch_cycle import switch_cycle, switch_states
from codon12.figures.upset import upset
from codon12.figures.vaf_slope import serial_fractions, vaf_slope
from codon12.figures.waterfall import waterfall

__all__ = [
    "TextColumn",
    "after_swimmer",
    "alluvial",
    "boundary",
    "clone_burden",
    "co_occurrence",
    "cumulative_incidence",
    "cut_point_profile",
    "dose_response",
    "draw",
    "ensemble_ranges",
    "forest",
    "kaplan_meier",
    "lollipop",
    "occupancy_course",
    "oncoprint",
    "organ_bars",
    "paired_oncoprint",
    "patient_timeline",
    "picture",
    "save",
    "schoenfeld",
    "serial_fractions",
    "spider",
    "swimmer",
    "switch_cycle",
    "switch_states",
    "tornado",
    "upset",
    "vaf_slope",
    "waterfall",
]
