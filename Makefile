# Two commands for a new user: `make demo` and `make test`. Both do all set-up and may be run again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test test-all lint bench clean

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "codon12 needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	touch $(STAMP)

demo: $(STAMP)
	$(BIN)/codon12 report examples/codebreak100 --out build/codebreak100

test: $(STAMP) lint
	$(BIN)/python -m pytest -m 'not slow' -n 2

test-all: $(STAMP) lint
	$(BIN)/python -m pytest -n 2
	$(BIN)/python -m pytest -s tests/check/test_annotated.py tests/check/test_typos.py  # prints recall, precision, rates

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyrefly check --summary=none
	$(BIN)/lint-imports --no-cache

bench: $(STAMP)
	for file in benchmarks/*.py; do $(BIN)/python $$file || exit 1; done

clean:
	rm -rf $(VENV) build .pytest_cache .ruff_cache
