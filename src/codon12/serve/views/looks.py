"""The looks taken so far."""

from __future__ import annotations

from typing import Any

from codon12.serve.holding import Say
from codon12.serve.same_by import looks_by
from codon12.serve.session import Session

__all__ = ["looks_page"]


def looks_page(session: Session, _: Any, __: Say) -> str:
    """What was looked at, when, by which settings."""
    return session.render(
        "looks.html.j2",
        here="looks",
        looks=session.looks.taken[::-1][:1000],
        all=session.looks,
        same=looks_by(session.holdings),
    )
