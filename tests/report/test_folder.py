from __future__ import annotations

import pytest

from codon12.errors import UsageError
from codon12.report import replaced_folder


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_the_folder_appears_whole(tmp_path):
    target = tmp_path / "a" / "out"
    with replaced_folder(target, mark="run.json") as fresh:
        (fresh / "run.json").write_text("1")
        assert not target.exists()
    assert names(target) == ["run.json"]
    assert names(tmp_path / "a") == ["out"]


def test_a_failure_leaves_the_earlier_report_and_no_litter(tmp_path):
    target = tmp_path / "out"
    target.mkdir()
    (target / "run.json").write_text("old")

    def fail_half_way():
        with replaced_folder(target, mark="run.json") as fresh:
            (fresh / "run.json").write_text("new")
            raise ValueError("boom")

    with pytest.raises(ValueError, match="boom"):
        fail_half_way()
    assert (target / "run.json").read_text() == "old"
    assert names(tmp_path) == ["out"]


def test_an_earlier_report_is_replaced_whole(tmp_path):
    target = tmp_path / "out"
    for text in ("1", "2"):
        with replaced_folder(target, mark="run.json") as fresh:
            (fresh / "run.json").write_text(text)
            (fresh / f"only-{text}").write_text("")
    assert names(target) == ["only-2", "run.json"]
    assert names(tmp_path) == ["out"]


def test_a_folder_with_other_files_is_never_touched(tmp_path):
    target = tmp_path / "thesis"
    target.mkdir()
    (target / "chapter1.tex").write_text("precious")
    with pytest.raises(UsageError, match="holds other files"), replaced_folder(target, mark="run.json"):
        pass
    assert names(target) == ["chapter1.tex"]


def test_a_file_is_refused(tmp_path):
    (tmp_path / "out").write_text("")
    with pytest.raises(UsageError, match="is a file"), replaced_folder(tmp_path / "out", mark="run.json"):
        pass
