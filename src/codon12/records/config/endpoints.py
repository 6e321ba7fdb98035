"""Times to event by name: what each is called, whose assessment decides it, and where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

import msgspec

from codon12.errors import ConfigError

__all__ = ["ENDPOINTS", "Endpoint", "endpoint_named", "endpoints_of"]


def _told(sentence: str) -> msgspec.Meta:
    return msgspec.Meta(description=sentence)


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time to event. A new one is an entry of `ENDPOINTS`, or of ``[endpoints]`` in ``codon12.toml``."""

    title: Annotated[str, _told("Name as printed, in sentence case.")]
    assessed: Annotated[
        bool | None,
        _told("Whether a reader's assessments decide it, so that each reader has times; else the data say it."),
    ] = None
    section: Annotated[Literal["response", "survival"], _told("Section of the report it stands in.")] = "survival"
    population: Annotated[str, _told("Whose subjects are analysed by default.")] = "efficacy"
    axis: Annotated[str, _told("What a curve shows, on its axis; the title when left out.")] = ""
    since: Annotated[str, _told("What time counts from, on the axis of a curve.")] = "start"
    headline: Annotated[bool, _told("Whether its median stands at the head of the page.")] = True
    censored: Annotated[str, _told("How a time without an event is told where the records give no reason.")] = (
        "No event, reason not recorded"
    )
    curve: Annotated[bool, _told("Whether its curve is drawn.")] = True

    @property
    def inside(self) -> str:
        """Title within a sentence.

        Examples
        --------
        >>> ENDPOINTS["OS"].inside
        'overall survival'
        """
        return self.title[:1].lower() + self.title[1:] if self.title[1:2].islower() else self.title


_OF_RESPONSE: dict[str, Any] = {"assessed": True, "section": "response", "population": "response"}
ENDPOINTS: Mapping[str, Endpoint] = MappingProxyType(
    {
        "TTR": Endpoint(title="Time to response", curve=False, headline=False, **_OF_RESPONSE),
        "DOR": Endpoint(title="Duration of response", axis="Still in response", since="response", **_OF_RESPONSE),
        "PFS": Endpoint(title="Progression-free survival", assessed=True),
        "TTP": Endpoint(title="Time to progression", axis="Free of progression", assessed=True),
        "EFS": Endpoint(title="Event-free survival", assessed=True),
        "DFS": Endpoint(title="Disease-free survival", assessed=True),
        "RFS": Endpoint(title="Relapse-free survival", assessed=True),
        "TTF": Endpoint(title="Time to treatment failure", assessed=False, axis="Free of treatment failure"),
        "DSS": Endpoint(title="Disease-specific survival", assessed=False),
        "OS": Endpoint(title="Overall survival", assessed=False, censored="Alive at last contact"),
    }
)
"""PARAMCD -> time to event, in the order of a plan."""


def endpoints_of(own: Mapping[str, Endpoint]) -> dict[str, Endpoint]:
    """Endpoints of a study: those known, and its own, which go before and may redefine one.

    Examples
    --------
    >>> list(endpoints_of({"CNSPFS": Endpoint(title="CNS progression-free survival")}))[-1]
    'CNSPFS'
    """
    for code in own:
        if code != code.upper() or not code.isidentifier():
            raise ConfigError(f"codon12.toml, [endpoints.{code}]: a PARAMCD is written in capitals and digits.")
    return {**ENDPOINTS, **own}


def endpoint_named(code: str, own: Mapping[str, Endpoint]) -> Endpoint:
    """Endpoint of a PARAMCD; one that nobody has described is called by its code.

    Examples
    --------
    >>> endpoint_named("OS", {}).title, endpoint_named("XYZ", {}).title
    ('Overall survival', 'XYZ')
    """
    return own.get(code) or ENDPOINTS.get(code) or Endpoint(title=code)
