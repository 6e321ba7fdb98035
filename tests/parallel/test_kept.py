"""Blocks that are done."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from codon12.errors import InputError
from codon12.parallel import Kept, build, digest_of


def test_a_block_is_found_by_its_input(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "blocks")
    assert kept.find("a") is None
    kept.add("a", b"1")
    kept.add("a", b"2")
    assert Kept(tmp_path / "blocks").find("a") == b"2"
    assert kept.find("b") is None


def test_patients_are_for_their_owner_alone(tmp_path: Path) -> None:
    Kept(tmp_path / "blocks")
    assert stat.S_IMODE((tmp_path / "blocks").stat().st_mode) == 0o700


def test_clearing_keeps_the_files_of_others(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "blocks")
    kept.add("a", b"1")
    (tmp_path / "blocks" / "mine.txt").touch()
    kept.clear()
    assert [p.name for p in (tmp_path / "blocks").iterdir()] == ["mine.txt"]
    (tmp_path / "blocks" / "mine.txt").unlink()
    kept.clear()
    assert not (tmp_path / "blocks").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="blocks cannot be kept"):
        Kept(tmp_path / "file" / "blocks")


def test_a_digest_knows_parts_from_their_joining(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    assert digest_of(["a", "b"]) != digest_of(["ab"])
    assert digest_of(["a"]) == digest_of([tmp_path / "a.txt"]) == digest_of([b"a"])
    assert digest_of([]) != digest_of([""])


def test_clearing_looks_at_whole_names(tmp_path: Path) -> None:
    """A folder that was there before: only names that this class gives are removed."""
    kept = Kept(tmp_path)
    kept.add("0a", b"1")
    for name in ("report.new", "minutes.block", "0b.7.new"):
        (tmp_path / name).touch()
    kept.clear()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["minutes.block", "report.new"]


def test_two_builds_of_one_version_differ_in_their_source(tmp_path: Path) -> None:
    found = []
    for name, text in (("a", "x = 1"), ("b", "x = 1"), ("c", "x = 2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "room.py").write_text(text)
        found.append(build(tmp_path / name))
    assert found[0] == found[1]
    assert found[0] != found[2]
