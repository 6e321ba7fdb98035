"""The words that stand where a number does not exist."""

from __future__ import annotations

from typing import Literal

__all__ = ["BEYOND", "NOT_ESTIMABLE", "NOT_REACHED", "Status"]

NOT_REACHED = "not reached"
BEYOND = "beyond last follow-up"
NOT_ESTIMABLE = "not estimable"
Status = Literal["not reached", "beyond last follow-up", "not estimable"]
