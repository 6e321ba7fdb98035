"""Drawn figures, kept while they are looked at: the same specification is drawn once."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from codon12.drawing import draw, picture
from codon12.drawing.engine import Format

__all__ = ["Pictures"]


class Pictures:
    """SVG by specification, the most recent `keep` of them.

    Examples
    --------
    >>> pictures = Pictures()
    >>> pictures.svg({"data": {"values": [{"x": 1}]}, "mark": "point"})[:4]
    '<svg'
    """

    def __init__(self, *, keep: int = 120) -> None:
        self._keep = keep
        self._drawn: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def ready(self, spec: Mapping[str, Any]) -> str | None:
        """Give a figure that was drawn before; None for another."""
        with self._lock:
            return self._drawn.get(_key(spec))

    def svg(self, spec: Mapping[str, Any]) -> str:
        """Draw a figure as SVG, or give it as drawn before."""
        key = _key(spec)
        with self._lock:
            if key in self._drawn:
                self._drawn.move_to_end(key)
                return self._drawn[key]
        drawn = draw(spec)
        with self._lock:
            self._drawn[key] = drawn
            while len(self._drawn) > self._keep:
                self._drawn.popitem(last=False)
        return drawn

    def all(self, specs: Iterable[Mapping[str, Any]]) -> list[str]:
        """Draw several."""
        return [self.svg(s) for s in specs]

    def picture(self, spec: Mapping[str, Any], form: Format) -> bytes:
        """Bytes of a figure in a format."""
        return picture(self.svg(spec), form)


def _key(spec: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(spec, sort_keys=True, default=str).encode()).hexdigest()
