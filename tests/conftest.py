"""How many examples a law is tried on, and what every test session says at its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("quick", max_examples=20, deadline=None)  # `make test`
settings.register_profile("thorough", max_examples=300, deadline=None)  # `make test-all`
settings.load_profile("quick")

_WORDS = ("shared", "beside the checkout", "beside this checkout", " is missing")


@pytest.fixture(scope="session")
def shipped_evidence():
    """The evidence of the shipped study, made once for everybody who only looks at it."""
    from codon12.analyses import assemble
    from codon12.records import Study

    return assemble(Study.open(Path(__file__).parents[1] / "examples" / "codebreak100"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were skipped because what lies beside the checkout, in ../shared, was not there."""
    reports = terminalreporter.stats.get("skipped", [])
    missing = [r for r in reports if any(w in str(r.longrepr) for w in _WORDS)]
    if missing:
        terminalreporter.write_line(
            f"{len(missing)} tests were skipped for want of data beside the checkout (../shared)."
        )
