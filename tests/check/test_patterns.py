"""Patterns are compiled when first used; here all of them are, so that none waits for its text to show it broken."""

import gc
import json
import pkgutil
import random
import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

import codon12.check
from codon12.check import patterns
from codon12.check.compiled import compiled

HOSTILE = "grade 3\u212aK\u017fS\u0130\u0131I\u00b5\u03bc in 12 of 40 (30.0%; 95% CI, 1.2\u20133.4), P < .001\nN\u00b0 1,234 vs 5"
LETTERS = "aAiIkKsS\u212a\u017f\u0130\u0131\u00df\u03bc0129 .,;:%()<>=\u2265\u00b1-/\n\t_\U0001d7d8"


@cache
def made():
    """Pattern and flags of all that Check makes."""
    for module in pkgutil.walk_packages(codon12.check.__path__, "codon12.check."):
        import_module(module.name)
    return sorted({(x.pattern, x.flags) for x in gc.get_objects() if isinstance(x, patterns._Uncompiled)})


def sentences(every):
    lines = Path(__file__).with_name("sentences.jsonl").read_text(encoding="utf-8").splitlines()[::every]
    rng = random.Random(1)
    return [json.loads(x)["text"] for x in lines] + ["".join(rng.choices(LETTERS, k=60)) for _ in range(2)] + [HOSTILE]


def finds(pattern, texts):
    return [[m.regs for m in pattern.finditer(text)] for text in texts]


def differ(made, texts):
    """Patterns that find something else than with `re` alone."""
    out = []
    for pattern, flags in made:
        own, plain = compiled(pattern, flags), re._compiler.compile(pattern, flags)
        assert (own.flags, own.groups, dict(own.groupindex)) == (plain.flags, plain.groups, dict(plain.groupindex))
        if finds(own, texts) != finds(plain, texts):
            out.append(pattern)
    return out


def test_every_pattern_compiles():
    assert len(made()) > 1000
    for pattern, flags in made():
        compiled(pattern, flags)


def test_a_pattern_finds_what_it_does_with_re_alone():
    assert differ(made()[::20], sentences(1500)) == []


@pytest.mark.slow
def test_every_pattern_finds_what_it_does_with_re_alone():
    assert differ(made(), sentences(60)) == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bk|(?<!x)s",
        r"(?:\bka|\bkb|s|\bi)x?",
        r"(?=[ks])\w",
        r"[^k]s",
        r"(?i:k)s|\Ds",
        r"a?\b(?:k|s)",
        r"(?<=k)(?:s|i)|",
        r"(?P<a>k)?(?:(?P=a)|i)",
        r"\S(?:\u017f|\u212a|i)",
        r"(?s:.)k|\Wk|\u0131",
        r"(?-i:K)|\b[ks]|[h-j]",
        r"(?>k|s)i|(?:k|s)++",
        r"\b\S",
    ],
)
@pytest.mark.parametrize("flags", [0, re.IGNORECASE, re.IGNORECASE | re.ASCII, re.MULTILINE | re.DOTALL])
def test_no_letter_with_which_a_match_can_begin_is_passed_over(pattern, flags):
    alike = "kKsSiI\u212a\u017f\u0130\u0131 x-\n\x1c"
    texts = ["", *alike, *(a + b for a in alike for b in alike), *(f"{a}s{b}k" for a in alike for b in alike)]
    assert finds(compiled(pattern, flags), texts) == finds(re._compiler.compile(pattern, flags), texts)


def test_a_pattern_is_compiled_by_its_first_use(monkeypatch):
    asked = []
    monkeypatch.setattr(patterns, "compiled", lambda *given: asked.append(given) or compiled(*given))
    died = patterns.compile(r"\bdied (?P<n>\d)", patterns.IGNORECASE)
    assert (died.pattern, died.flags, asked) == (r"\bdied (?P<n>\d)", re.IGNORECASE, [])
    assert died.search("Died 4")["n"] == "4"
    assert [m["n"] for m in died.finditer("died 1, died 2")] == ["1", "2"]
    assert died.findall("x died 1", 3) == []
    assert len(asked) == 1
    assert died.groupindex == {"n": 1}
