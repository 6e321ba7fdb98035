"""Lets the tests of this folder import the naive program and the makers of patients."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
