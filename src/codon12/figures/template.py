"""What every chart template does with frames that it cannot draw."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import polars as pl

from codon12.errors import UsageError
from codon12.figures.page import fitted

__all__ = ["template"]

Arguments = ParamSpec("Arguments")
Drawn = TypeVar("Drawn")


def template(function: Callable[Arguments, Drawn]) -> Callable[Arguments, Drawn]:
    """Refuse what is no polars frame, lacks a column, or has a column that does not hold what is drawn of it.

    The arguments that must be frames are those whose annotation says so. A width that is not given is the template's
    own, or that of the page (`codon12.figures.page`) where this is less.

    Raises
    ------
    UsageError
        From the function: it names the chart, what is wrong, and the columns that were given.

    Examples
    --------
    >>> @template
    ... def dots(frame: pl.DataFrame) -> list[float]:
    ...     return frame["AVAL"].to_list()
    >>> dots(pl.DataFrame({"PCHG": [1.0]}))
    Traceback (most recent call last):
    ...
    codon12.errors.UsageError: dots: cannot be drawn of these columns (frame: PCHG): "AVAL" not found
    """
    signature = inspect.signature(function)
    frames = [name for name, p in signature.parameters.items() if "pl.DataFrame" in str(p.annotation)]
    usual = signature.parameters["width"].default if "width" in signature.parameters else None
    may_be_none = {name for name in frames if "None" in str(signature.parameters[name].annotation)}

    @wraps(function)
    def drawn(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Drawn:
        given = signature.bind(*args, **kwargs).arguments
        held = {name: given[name] for name in frames if name in given}
        for name, frame in held.items():
            if not (isinstance(frame, pl.DataFrame) or (frame is None and name in may_be_none)):
                raise UsageError(f"{function.__name__}: {name} must be a polars data frame, not {type(frame).__name__}")
        wide = {"width": fitted(usual)} if usual is not None and "width" not in given else {}
        try:
            return function(*args, **(kwargs | wide))  # type: ignore[arg-type]
        except pl.exceptions.PolarsError as err:
            told = "; ".join(f"{n}: {', '.join(f.columns) or 'no columns'}" for n, f in held.items() if f is not None)
            reason = str(err).strip().partition("\n")[0].partition("; valid columns")[0]
            raise UsageError(f"{function.__name__}: cannot be drawn of these columns ({told}): {reason}") from err

    return drawn
