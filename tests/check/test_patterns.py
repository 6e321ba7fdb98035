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
        compiled._parts(pattern.pattern, int(pattern.flags))


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
    assert (read.pattern, read.flags, read.groups) == (r"(?P<who>É\w+) (\d)", re.IGNORECASE | re.UNICODE, 2)
    assert read.fullmatch("élan 3").groupdict() == {"who": "élan"}
    assert compiled.compiled("another").search("one and another")


@pytest.mark.parametrize("held", [b"", b"not a file of ours", marshal.dumps(("3.8", {})), marshal.dumps(7)])
def test_a_file_that_is_not_of_this_python_is_passed_over(monkeypatch, tmp_path, held):
    place = tmp_path / "x.patterns"
    place.write_bytes(held)
    monkeypatch.setattr(compiled, "_place", lambda: place)
    assert compiled._read() == {}


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        (r"\b(?:died|alive)\b", 0),
        (r"\b(?:died|alive)\b", re.IGNORECASE),
        (r"(?<!\d )(?=[a-z])(?:\w+ )?(?:of|in)", 0),
        (r"(?=\d)?x", 0),
        (r"(?:\bk|ß|µ)\w*", re.IGNORECASE),
        (r"(?i:K)\d|(?-i:s)", 0),
        (r"a?(?=b)b?c?", 0),
        (r"(a)?(?:\1|b)", 0),
        (r"(?<=\d)[^\d\s]", 0),
        (r"^\w", re.MULTILINE),
        (r"\A\w|(?<=s)\W", 0),
        (r"≥ ?\d|[а-я]|\d", 0),
        (r"(?:(?!a)\w)+?(?= )", re.ASCII),
        (r"\s+|[)\]]", 0),
    ],
)
def test_the_letters_it_begins_with_change_nothing_that_is_found(pattern, flags):
    text = "3 Died, alive K1 \u212a1 \u017fs ß µ μ É ab abc aa b\n≥3 привет ٣ s) 4x in of\tsix [é] " + "".join(
        map(chr, range(300))
    )
    found = [m.span() for m in compiled.compiled(pattern, flags).finditer(text)]
    assert found == [m.span() for m in re.compile(pattern, flags).finditer(text)]
    assert found


def test_where_nothing_may_be_written_patterns_are_compiled_anew(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(compiled, "_place", lambda: tmp_path / "file" / "x.patterns")
    monkeypatch.setattr(compiled.sys, "dont_write_bytecode", False)
    compiled._keep()
    assert compiled._read() == {}
