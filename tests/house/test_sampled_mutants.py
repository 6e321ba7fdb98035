"""The mutants that `make mutants SAMPLE=...` draws."""

import importlib.util
import json
from pathlib import Path

FILE = Path(__file__).parents[1] / "sampled_mutants.py"


def test_a_sample_is_the_same_on_every_run_and_of_the_room_asked_for(tmp_path):
    spec = importlib.util.spec_from_file_location("sampled_mutants", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for room in ("safety", "numbers"):
        keys = {f"codon12.{room}.x__mutmut_{i}": None for i in range(30)}
        (tmp_path / f"{room}.py.meta").write_text(json.dumps({"exit_code_by_key": keys}))
    drawn = module.sampled(tmp_path, sample=5, seed=1)
    assert drawn == module.sampled(tmp_path, sample=5, seed=1) != module.sampled(tmp_path, sample=5, seed=2)
    assert len(set(drawn)) == 5
    own = module.sampled(tmp_path, sample=99, seed=1, room="safety")
    assert len(own) == 30
    assert all(name.startswith("codon12.safety.") for name in own)
