"""Commands that are misspelt, and sentences of the help that are whole."""

import pytest
from click.testing import CliRunner

from codon12.cli import _root


@pytest.mark.parametrize(
    ("words", "near"), [(["reprot"], "report"), (["design", "simom"], "simon"), (["simulate", "cohrt"], "cohort")]
)
def test_a_misspelt_command_is_told_the_nearest(words, near):
    got = CliRunner().invoke(_root, words)
    assert got.exit_code == 2
    assert f"Did you mean '{near}'?" in got.output


@pytest.mark.parametrize("words", [[], ["design"], ["simulate"]])
def test_sentences_of_the_help_are_whole(words):
    assert "..." not in CliRunner().invoke(_root, [*words, "--help"]).output.split("Commands:")[1]
