# Two commands for a new user: `make demo` and `make test`. Both do all set-up and may be run again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEERS := .peers
UV := $(BIN)/python -m uv
PYTHONS ?= 3.11 3.12 3.13 3.14
PROBE := tests/records tests/report tests/survival tests/check tests/tables tests/drawing tests/biomarker
MUTATION := .mutation
ROOM ?= *
SAMPLE ?=
SEED ?= 1

.PHONY: demo setup test tests doctests test-all test-lowest test-matrix coverage lock lint bench docs wheelhouse mutants clean

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "codon12 needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[documents,genomics,serve]' --group dev
	touch $(STAMP)

setup: $(STAMP)

demo: $(STAMP)
	$(BIN)/codon12 report examples/codebreak100 --out build/codebreak100

test: lint tests doctests

tests: $(STAMP)  # each worker takes a half in one piece, so that what a module shares is made once
	$(BIN)/python -m pytest -m 'not slow' -n 2 --dist worksteal

doctests: $(STAMP)  # the examples of the docstrings
	$(BIN)/python -m pytest --doctest-modules src/codon12 -n 2 --dist worksteal

test-all: lint doctests  # the long runs too, each law on many more examples, and the pages in the system's Chromium
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group browser
	$(BIN)/python -m pytest -n 2 --dist worksteal --hypothesis-profile=thorough
	$(BIN)/python -m pytest -s tests/check/test_annotated.py tests/check/test_typos.py  # prints recall, precision, rates

test-lowest: $(STAMP)  # every dependency at the lowest version that pyproject.toml allows
	$(UV) venv --quiet --clear --python $(BIN)/python .lowest
	$(UV) pip install --quiet --python .lowest/bin/python --resolution lowest-direct --editable '.[documents,genomics,serve]' --group dev
	.lowest/bin/python -m pytest -m 'not slow' -n 2 --dist worksteal $(PROBE)

test-matrix: $(STAMP)  # on every Python that is supported
	for v in $(PYTHONS); do \
	  printf '\n== Python %s\n' $$v; \
	  $(UV) venv --quiet --clear --python $$v .matrix/$$v || exit 1; \
	  $(UV) pip install --quiet --python .matrix/$$v/bin/python --editable '.[documents,genomics,serve]' --group dev || exit 1; \
	  .matrix/$$v/bin/python -m pytest -m 'not slow' -n 2 --dist worksteal || exit 1; \
	done

coverage: $(STAMP)
	$(BIN)/python -m coverage run -m pytest -m 'not slow'
	$(BIN)/python -m coverage report --skip-covered --sort=cover

lock: $(STAMP)  # an environment that passed, pinned with hashes; for: pip install --require-hashes -r requirements-dev.lock
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --custom-compile-command 'make lock' \
	  --python-version 3.11 --extra documents --extra genomics --extra serve --group dev --group docs --no-emit-package codon12 -o requirements-dev.lock pyproject.toml

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

$(VENV)/.docs: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group docs
	touch $@

docs: $(VENV)/.docs  # the documentation as a site that opens from disk; a warning is an error
	$(BIN)/python docs/website.py

# For machines without a network: pip install --no-index --find-links build/wheelhouse 'codon12[documents,genomics]'
wheelhouse: $(STAMP)
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --wheel-dir build/wheelhouse '.[documents,genomics]'

$(MUTATION)/.installed: pyproject.toml
	test -x $(MUTATION)/bin/python || $(PYTHON) -m venv $(MUTATION)
	$(MUTATION)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(MUTATION)/bin/python -m pip install --quiet --disable-pip-version-check --editable . --group mutants
	touch $@

# Small changes of the code that no test sees; one room: make mutants ROOM=safety; some: make mutants SAMPLE=200 SEED=1.
# A sample needs mutants to draw from: the first `mutmut run`, of none, makes them and times the tests.
mutants: $(MUTATION)/.installed
	if [ -z "$(SAMPLE)" ]; then $(MUTATION)/bin/mutmut run 'codon12.$(ROOM).*'; else \
	  $(MUTATION)/bin/mutmut run codon12.none > /dev/null 2>&1 ; \
	  $(MUTATION)/bin/mutmut run $$($(MUTATION)/bin/python tests/sampled_mutants.py $(SAMPLE) $(SEED) '$(ROOM)'); fi
	$(MUTATION)/bin/mutmut results  # then: .mutation/bin/mutmut show NAME

clean:
	rm -rf $(VENV) $(PEERS) $(MUTATION) .lowest .matrix .coverage build mutants .pytest_cache .ruff_cache
