from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def shared():
    """Folder with rules and public study data, beside the checkout; tests that need it are skipped without."""
    folder = ROOT.parent / "shared"
    if not (folder / "rules" / "resistance_cases.json").is_file():
        pytest.skip(f"needs {folder}, which is not part of the project")
    return folder
