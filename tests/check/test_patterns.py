"""Patterns are compiled when first used; here all of them are, so that none waits for its text to show it broken."""

import gc
import marshal
import pkgutil
import re
from functools import cache
from importlib import import_module

import pytest

import codon12.check
from codon12.check import compiled, patterns


def test_every_pattern_compiles():
    for module in pkgutil.walk_packages(codon12.check.__path__, "codon12.check."):
        import_module(module.name)
    made = [x for x in gc.get_objects() if isinstance(x, patterns._Uncompiled)]
    assert len(made) > 1000
    for pattern in made:
        re.compile(pattern.pattern, pattern.flags)


def test_a_pattern_is_compiled_by_its_first_use(monkeypatch):
    asked = []
    monkeypatch.setattr(patterns, "compiled", lambda *given: asked.append(given) or re.compile(*given))
    died = patterns.compile(r"\bdied (?P<n>\d)", patterns.IGNORECASE)
    assert (died.pattern, died.flags, asked) == (r"\bdied (?P<n>\d)", re.IGNORECASE, [])
    assert died.search("Died 4")["n"] == "4"
    assert [m["n"] for m in died.finditer("died 1, died 2")] == ["1", "2"]
    assert died.findall("x died 1", 3) == []
    assert len(asked) == 1
    assert died.groupindex == {"n": 1}


def test_what_a_process_compiled_the_next_one_reads(monkeypatch, tmp_path):
    def starts():
        monkeypatch.setattr(compiled, "_kept", cache(compiled._read))
        monkeypatch.setattr(compiled, "_made", {})

    monkeypatch.setattr(compiled, "_place", lambda: tmp_path / "new" / "x.patterns")
    monkeypatch.setattr(compiled.sys, "dont_write_bytecode", False)
    monkeypatch.setattr(compiled.atexit, "register", lambda _: None)
    starts()
    compiled.compiled(r"(?P<who>É\w+) (\d)", re.IGNORECASE)
    compiled._keep()
    starts()
    compiled.compiled("another")
    compiled._keep()
    starts()
    monkeypatch.setattr(compiled, "_parts", lambda *_: 1 / 0)
    read = compiled.compiled(r"(?P<who>É\w+) (\d)", re.IGNORECASE)
    assert read == re.compile(r"(?P<who>É\w+) (\d)", re.IGNORECASE)
    assert read.fullmatch("élan 3").groupdict() == {"who": "élan"}
    assert compiled.compiled("another").search("one and another")


@pytest.mark.parametrize("held", [b"", b"not a file of ours", marshal.dumps(("3.8", {})), marshal.dumps(7)])
def test_a_file_that_is_not_of_this_python_is_passed_over(monkeypatch, tmp_path, held):
    place = tmp_path / "x.patterns"
    place.write_bytes(held)
    monkeypatch.setattr(compiled, "_place", lambda: place)
    assert compiled._read() == {}
