"""Policies describe themselves and refuse what they do not know."""

from typing import Annotated

import msgspec
import pytest

from codon12.errors import ConfigError
from codon12.policy import Policy


class Gap(Policy, frozen=True):
    days: Annotated[int, msgspec.Meta(description="The gap is {value} days.")] = 28
    strict: Annotated[
        bool, msgspec.Meta(description="", extra={"true": "It is strict.", "false": "It is loose."})
    ] = False


def test_a_sentence_for_each_field_with_its_value():
    assert Gap(days=3).sentences() == {"days": "The gap is 3 days.", "strict": "It is loose."}


def test_changed_fields():
    assert Gap(days=3).changed_from_default() == {"days": 3}


def test_unknown_key_and_wrong_type_name_the_key():
    with pytest.raises(ConfigError, match=r"unknown field `dayz`.*Known keys: days, strict"):
        Gap.of({"dayz": 1})
    with pytest.raises(ConfigError, match=r"\$\.days"):
        Gap.of({"days": "x"}, where="[response]")
