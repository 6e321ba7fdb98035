# Two commands for a new user: `make demo` and `make test`. Both do all set-up and may be run again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEERS := .peers

.PHONY: demo setup test tests doctests test-all lint bench wheelhouse clean

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "codon12 needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	touch $(STAMP)

setup: $(STAMP)

demo: $(STAMP)
	$(BIN)/codon12 report examples/codebreak100 --out build/codebreak100

test: lint tests doctests

tests: $(STAMP)  # each worker takes a half in one piece, so that what a module shares is made once
	$(BIN)/python -m pytest -m 'not slow' -n 2 --dist worksteal

doctests: $(STAMP)  # the examples of the docstrings
	$(BIN)/python -m pytest --doctest-modules src/codon12 -n 2 --dist worksteal

test-all: lint doctests  # the long runs too, and each law on many more examples
	$(BIN)/python -m pytest -n 2 --dist worksteal --hypothesis-profile=thorough
	$(BIN)/python -m pytest -s tests/check/test_annotated.py tests/check/test_typos.py  # prints recall, precision, rates

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyrefly check --summary=none
	$(BIN)/lint-imports --no-cache

$(PEERS)/.installed: pyproject.toml
	test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --group bench
	touch $@

bench: $(STAMP) $(PEERS)/.installed  # codon12 beside other programs, which live in an environment of their own
	$(BIN)/python benchmarks/survival.py --peers $(PEERS)/bin/python
	for name in records response biomarker design check report serve; do $(BIN)/python benchmarks/$$name.py || exit 1; done

# For machines without a network: pip install --no-index --find-links build/wheelhouse 'codon12[documents,genomics]'
wheelhouse: $(STAMP)
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --wheel-dir build/wheelhouse '.[documents,genomics]'

clean:
	rm -rf $(VENV) $(PEERS) build .pytest_cache .ruff_cache
