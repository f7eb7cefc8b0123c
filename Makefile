# The verbs of this project; continuous integration runs the same ones.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq
INSTALL := $(PIP) install --no-deps --require-hashes -r
WHEELHOUSE := $(VENV)/wheelhouse
UV := uv==0.13.9
COMPILE := $(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.10 \
	--generate-hashes --custom-compile-command "make lock"
PYTEST_ARGS ?= -n 2
DIST ?= dist
SOURCE ?= .
BENCH_ARGS ?= --jobs 1000 10000 --rounds 1

.PHONY: help demo test format check accept docs site bench lock lowest archive sbom clean

help:  ## list the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime  ## lint examples/first-day and show its report
	@status=0; $(BIN)/dativo-lint check examples/first-day || status=$$?; \
	if [ $$status -ne 1 ]; then \
		echo "demo: expected findings and exit code 1, got exit code $$status" >&2; exit 1; \
	fi

test: check $(VENV)/.wheelhouse $(VENV)/.clients  ## check, then run all tests
	$(BIN)/python -m pytest $(PYTEST_ARGS)

format: $(VENV)/.dev  ## format the code, and fix what ruff can
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

check: $(VENV)/.dev  ## formatting, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

accept: $(VENV)/.dev $(VENV)/.wheelhouse $(VENV)/.clients  ## rewrite the golden files; review their diff like code
	ACCEPT=1 $(BIN)/python -m pytest $(PYTEST_ARGS)

docs: $(VENV)/.dev  ## rewrite what is generated: pages of rules, references, the index, the example
	ACCEPT=1 $(BIN)/python -m pytest tests/test_generated.py tests/test_examples.py

site: $(VENV)/.dev  ## build the documentation site into site/; fails on a warning
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

bench: $(VENV)/.runtime  ## measure the speed of a run
	$(BIN)/python -m benchmarks.run $(BENCH_ARGS)

lock: $(VENV)/lock/bin/uv  ## refresh requirements/ to the newest versions
	$(COMPILE) --upgrade --group dev pyproject.toml -o requirements/dev.txt
	$(COMPILE) --group build pyproject.toml -c requirements/dev.txt -o requirements/runtime.txt
	$(COMPILE) --resolution lowest-direct pyproject.toml -o requirements/lowest.txt

lowest: $(VENV)/.dev $(VENV)/.wheelhouse $(VENV)/.clients  ## run the tests with the lowest dependencies
	$(INSTALL) requirements/lowest.txt
	@rm -f $(VENV)/.runtime $(VENV)/.dev
	$(BIN)/python -m pytest $(PYTEST_ARGS)

# With the time of the commit, or without git a fixed one, two builds are equal byte for byte.
archive: $(VENV)/.dev  ## build the source archive and the wheel into dist/
	export SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct || echo 1580601600)}; \
	$(BIN)/python -m build --no-isolation --outdir $(DIST) $(SOURCE)

sbom: $(VENV)/.dev  ## list what the package and its build need in dist/, as CycloneDX
	@mkdir -p $(DIST)
	sed "s/^dynamic = .*/version = \"$$($(BIN)/hatchling version)\"/" pyproject.toml > $(VENV)/sbom.toml
	$(BIN)/cyclonedx-py requirements requirements/runtime.txt --pyproject $(VENV)/sbom.toml \
		--output-reproducible -o $(DIST)/dativo-lint.cdx.json

clean:  ## remove the environment and all caches
	rm -rf $(VENV) .hypothesis .mypy_cache .pytest_cache .ruff_cache dist site

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
		echo "Python 3.10 or later is needed; name one with: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	$(INSTALL) requirements/runtime.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	$(INSTALL) requirements/dev.txt
	@touch $@

# What an installation needs, kept as wheels, so that the tests install without an index.
$(VENV)/.wheelhouse: requirements/runtime.txt | $(BIN)/python
	@rm -rf $(WHEELHOUSE)
	$(PIP) wheel --no-deps --require-hashes -w $(WHEELHOUSE) -r requirements/runtime.txt
	@touch $@

# Clients of the reports that exist on npm alone; the node that runs them comes with .dev.
$(VENV)/.clients: tests/clients/package.json tests/clients/package-lock.json $(VENV)/.dev
	@mkdir -p $(VENV)/clients
	cp tests/clients/package.json tests/clients/package-lock.json $(VENV)/clients
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/npm ci --prefix $(VENV)/clients \
		--ignore-scripts --no-audit --no-fund --loglevel error
	chmod u+x $(VENV)/clients/node_modules/@microsoft/sarif-multitool-*/Sarif.Multitool
	@touch $@

$(VENV)/lock/bin/uv: | $(BIN)/python
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/python -m pip --disable-pip-version-check -qq install $(UV)
