"""Policies describe themselves and refuse what they do not know."""

import importlib
import pkgutil
import re
from pathlib import Path
from typing import Annotated

import msgspec
import pytest

import codon12
from codon12.errors import ConfigError
from codon12.policy import Policy


class Gap(Policy, frozen=True):
    days: Annotated[int, msgspec.Meta(description="The gap is {value} days.")] = 28
    strict: Annotated[bool, msgspec.Meta(description="", extra={"true": "It is strict.", "false": "It is loose."})] = (
        False
    )


def test_a_sentence_for_each_field_with_its_value():
    assert Gap(days=3).sentences() == {"days": "The gap is 3 days.", "strict": "It is loose."}


def test_changed_fields():
    assert Gap(days=3).changed_from_default() == {"days": 3}


def test_unknown_key_and_wrong_type_name_the_key():
    with pytest.raises(ConfigError, match=r"unknown field `dayz`.*Known keys: days, strict"):
        Gap.of({"dayz": 1})
    with pytest.raises(ConfigError, match=r"\$\.days"):
        Gap.of({"days": "x"}, where="[response]")


def every_policy():
    for info in pkgutil.walk_packages(codon12.__path__, "codon12."):
        importlib.import_module(info.name)
    return descendants(Policy)


def descendants(kind):
    return [x for own in kind.__subclasses__() for x in (own, *descendants(own))]


def test_every_policy_reads_back_from_plain_values_and_speaks():
    kinds = [kind for kind in every_policy() if kind.__module__.startswith("codon12.")]
    assert kinds
    for kind in kinds:
        try:
            value = kind()
        except TypeError:  # a policy with required fields is built by its own tests
            continue
        assert kind.of(msgspec.to_builtins(value)) == value, kind
        assert value.sentences(), f"{kind.__name__} does not describe itself"


def test_every_field_of_a_policy_is_read_by_the_code_it_speaks_for():
    text = "\n".join(p.read_text() for p in Path(codon12.__file__).parent.rglob("*.py"))
    kinds = [kind for kind in every_policy() if kind.__module__.startswith("codon12.")]
    unread = [
        f"{kind.__name__}.{field}"
        for kind in kinds
        for field in kind.__struct_fields__
        if not re.search(rf"\.{field}\b", text)
    ]
    assert not unread, f"choices that nothing keeps: {unread}"


def test_a_printed_policy_has_a_line_for_each_field_and_marks_what_was_changed():
    assert str(Gap()).splitlines() == ["Gap", "  days    28", "  strict  no"]
    assert str(Gap(days=3)).splitlines() == ["Gap, 1 of 2 changed", "* days    3  (28 by default)", "  strict  no"]
    shown = Gap(days=3)._repr_html_()
    assert "<b>3</b>" in shown
    assert "The gap is 3 days." in shown
    assert "<b>no</b>" not in shown


def test_a_policy_without_defaults_prints_and_its_text_is_inert_in_a_notebook():
    class Named(Policy, frozen=True):
        name: str
        inner: Gap = Gap()

    assert str(Named(name="x", inner=Gap(days=2))).splitlines() == ["Named", "  name   x", "  inner  Gap(days=2)"]
    assert "<script>" not in Named(name="<script>")._repr_html_()
