"""Patterns are compiled when first used; here all of them are, so that none waits for its text to show it broken."""

import gc
import pkgutil
import re
from importlib import import_module

import codon12.check
from codon12.check import patterns


def test_every_pattern_compiles():
    for module in pkgutil.walk_packages(codon12.check.__path__, "codon12.check."):
        import_module(module.name)
    made = [x for x in gc.get_objects() if isinstance(x, patterns._Uncompiled)]
    assert len(made) > 1000
    for pattern in made:
        re.compile(pattern.pattern, pattern.flags)


def test_a_pattern_is_compiled_by_its_first_use(monkeypatch):
    compiled = []
    monkeypatch.setattr(patterns.re, "compile", lambda *given: compiled.append(given) or re._compiler.compile(*given))
    died = patterns.compile(r"\bdied (?P<n>\d)", patterns.IGNORECASE)
    assert (died.pattern, died.flags, compiled) == (r"\bdied (?P<n>\d)", re.IGNORECASE, [])
    assert died.search("Died 4")["n"] == "4"
    assert [m["n"] for m in died.finditer("died 1, died 2")] == ["1", "2"]
    assert died.findall("x died 1", 3) == []
    assert len(compiled) == 1
    assert died.groupindex == {"n": 1}
