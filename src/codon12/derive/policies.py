"""Policies of a study: read from ``codon12.toml`` once, a preset to start from and then single fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from codon12.errors import ConfigError
from codon12.policy import Policy
from codon12.records.config import StudyConfig
from codon12.response import RecistPolicy
from codon12.safety import SafetyPolicy
from codon12.survival import CensorRules

__all__ = ["Policies", "policies_of", "policy_from"]

P = TypeVar("P", bound=Policy)


@dataclass(frozen=True)
class Policies:
    """How responses, times to event and adverse events of a study are judged."""

    response: RecistPolicy = field(default_factory=RecistPolicy)
    survival: CensorRules = field(default_factory=CensorRules)
    safety: SafetyPolicy = field(default_factory=SafetyPolicy)
    asked: frozenset[str] = frozenset()
    """Keys of responses and times that the configuration has: ``response.confirmation``, ``survival.preset`` ..."""


def policies_of(config: StudyConfig) -> Policies:
    """Read ``[response]``, ``[survival]`` and ``[safety]`` of a configuration.

    ``[response] evaluator`` names the only reader whose assessments are read; the key ``evaluator`` the one whose
    assessments primary analyses use, of those that are read.

    Raises
    ------
    ConfigError
        Unknown preset or key, a value of the wrong type, or a primary reader whose assessments are not read.
    """
    # A word that is not known is a finding and not evaluable here, unless the configuration says to refuse it.
    given = dict(config.response)
    if isinstance(given.get("evaluator"), str):
        given["evaluator"] = given["evaluator"].upper()
    recist = policy_from(
        RecistPolicy,
        {"unknown_values": "ne", **given},
        section="response",
        presets=("recist_1_1", "admiralonco"),
    )
    read, primary = recist.evaluator, config.evaluator.upper()
    if read is not None and primary not in ("AUTO", read):
        raise ConfigError(
            f"codon12.toml: evaluator = {config.evaluator!r}, but [response] evaluator reads the assessments of "
            f"{read} alone; name one of them, or leave one key out."
        )
    return Policies(
        response=recist,
        survival=policy_from(CensorRules, config.survival, section="survival", presets=("fda", "ema", "admiralonco")),
        safety=policy_from(SafetyPolicy, config.safety, section="safety"),
        asked=frozenset([*(f"response.{k}" for k in config.response), *(f"survival.{k}" for k in config.survival)]),
    )


def policy_from(kind: type[P], values: dict[str, Any], *, section: str, presets: tuple[str, ...] = ()) -> P:
    """Build a policy from a section of the configuration; ``preset`` names the values to start from.

    Raises
    ------
    ConfigError
        Unknown preset or key, or a value of the wrong type; the message names section and key.
    """
    fields = dict(values)
    name = fields.pop("preset", None)
    if name is None:
        base = kind()
    elif name in presets:
        base = getattr(kind, name)()
    else:
        known = ", ".join(presets) or "none"
        raise ConfigError(f"codon12.toml, [{section}]: no preset {name!r}; known presets: {known}.")
    return kind.of({**msgspec.to_builtins(base), **fields}, where=f"codon12.toml, [{section}]")
