"""Vega-Lite specifications as pictures: SVG, PNG and PDF, here or in processes of their own.

Knows nothing of evidence, frames or statistics, and imports none of them, so that a drawing process starts quickly.
"""

from codon12.drawing.engine import draw, picture, save
from codon12.drawing.look import Look
from codon12.drawing.press import Press

__all__ = ["Look", "Press", "draw", "picture", "save"]
