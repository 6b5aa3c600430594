# The Python of the environment; to use another one: make setup PYTHON=python3.12
PYTHON ?= python3
VENV ?= .venv
# The number of test processes: one more than two processors, since some tests wait.
JOBS ?= 3

BIN := $(VENV)/bin
READY := $(VENV)/.ready
LIGHT := $(VENV)/.light
EXPLORER := src/nevkg/explorer
# Debian has venv in a separate package, which root can install.
VENV_PACKAGE := { test "$$(id -u)" = 0 && command -v apt-get >/dev/null && echo "Installing python3-venv ..." && \
  export DEBIAN_FRONTEND=noninteractive && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; }

PYTHON_IS_NEW := $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
  echo "nevkg needs Python 3.11 or newer, but $(PYTHON) is older or missing. Choose another one: make setup PYTHON=python3.12" >&2; exit 1; }
MAKE_VENV := { { $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(VENV_PACKAGE) || { \
  echo "$(PYTHON) cannot create virtual environments; on Debian: apt-get install python3-venv" >&2; exit 1; }; } && $(PYTHON) -m venv --clear $(VENV); }
# uv installs the locked versions, in a third of the time. Where it is missing, pip adds it to the environment; where it cannot install,
# such as from an index that only pip knows, pip installs all. $(1) and $(2) select the packages for uv and for pip.
INSTALL = { { if uv --version >/dev/null 2>&1; then uv=uv; else uv=$(BIN)/uv; \
    $$uv --version >/dev/null 2>&1 || { $(HAVE_PIP) && $(PIP_INSTALL) uv; }; fi; } && \
  UV_PROJECT_ENVIRONMENT=$(VENV) $$uv sync --quiet --frozen --inexact --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(1); } || \
  { echo "Without uv: pip chooses the versions ..." >&2; $(HAVE_PIP) && $(PIP_INSTALL) --upgrade 'pip>=25.1' && $(PIP_INSTALL) --editable . $(2); }
HAVE_PIP = { $(BIN)/python -m pip --version >/dev/null 2>&1 || $(MAKE_VENV); }
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check

# In CI, tests that failed run once more, alone: on two cores, other tests may have kept a server or a browser from answering in time.
AGAIN = { test $$? -eq 1 && test -n "$(CI)" && echo "Again, alone:" && $(BIN)/python -m pytest -m "" --last-failed; }

.DEFAULT_GOAL := help
# Tests start many processes; without bytecode files each would compile the code again.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help services setup engines demo explorer test test-quick test-slow test-all test-python test-explorer coverage lint lint-python lint-explorer format bench docs docs-site version edition site clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## create .venv with everything that users and developers need

demo: $(LIGHT) ## answer one question; needs only the package without extras
	@$(BIN)/nevkg ask local-manufacturers bloc=place:asean --format table --limit 15
	@printf '\nTry next:\n'
	@printf '  %s\n' "$(BIN)/nevkg explain local-manufacturers bloc=place:asean --row 1   # its sources" \
	  "$(BIN)/nevkg ask local-manufacturers country=Brazil --cite        # another place, with its sources"

# npm packages are fetched only if the lock file has changed, and the explorer is built only if its sources have.
explorer: setup ## build the web explorer of nevkg serve
	@$(BIN)/python $(EXPLORER)/build.py

test: setup ## lint, then run all tests except the slow ones
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target lint-python test-explorer
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal || $(AGAIN)

# Programs that some tests need; root on Debian installs them. Tests whose program is missing are skipped.
services:
	@missing=""; command -v dot >/dev/null || missing="$$missing graphviz"; \
	command -v chromium-headless-shell >/dev/null || missing="$$missing chromium-headless-shell"; \
	command -v curl >/dev/null || missing="$$missing curl"; \
	ls /usr/share/fonts/truetype/wqy/*.ttc >/dev/null 2>&1 || missing="$$missing fonts-wqy-microhei"; \
	{ command -v nginx || test -x /usr/sbin/nginx; } >/dev/null || missing="$$missing nginx-light"; \
	command -v virtuoso-t >/dev/null || missing="$$missing virtuoso-opensource-7-bin"; \
	command -v javac >/dev/null || missing="$$missing default-jdk-headless"; \
	ls /usr/share/java/jena-tdb2.jar >/dev/null 2>&1 || missing="$$missing libapache-jena-java"; \
	if [ -n "$$missing" ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing$$missing ..."; export DEBIAN_FRONTEND=noninteractive; \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing >/dev/null; } || echo "Not installed:$$missing; their tests are skipped."; \
	fi

test-quick: setup ## run tests that take a minute, for use during development
	$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal tests/unit tests/rules $(addprefix --ignore tests/rules/test_,clocks.py ontology_model.py reason.py snapshots.py)

test-all: lint-python test-explorer engines ## run all tests, as every night and before a release
	$(BIN)/python -m pytest -m "slow or not slow" -n $(JOBS) --dist worksteal

test-python: setup ## run the tests that depend on the version of Python; each function once with CASES=--first-cases
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(CASES) @tests/python.txt || $(AGAIN)

coverage: explorer services ## measure the coverage of the tests of each change; htmlcov/index.html has the details
	$(BIN)/python -m pytest -m "not nightly" -n $(JOBS) --dist worksteal --cov --cov-report=term --cov-report=html

# Too large for the default development environment.
engines: setup
	@$(BIN)/python -c 'import importlib.util as u, sys; sys.exit(not (u.find_spec("chdb") and u.find_spec("pyspark")))' || { \
	  echo "Adding the SQL engines for nightly tests (a minute) ..."; \
	  $(call INSTALL,--group engines,--group dev --group engines); \
	}

test-slow: explorer services ## run the slow tests
	$(BIN)/python -m pytest -m "slow and not nightly" -n $(JOBS) --dist worksteal || $(AGAIN)

lint: lint-python lint-explorer ## run ruff, mypy, import-linter, codespell, Biome and tsc

lint-python: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/codespell

lint-explorer: setup
	$(BIN)/python $(EXPLORER)/build.py lint typecheck

test-explorer: explorer services
	$(BIN)/python $(EXPLORER)/build.py lint typecheck
	$(BIN)/python $(EXPLORER)/build.py test

format: setup ## format the code, apply the automatic fixes of ruff, and generate the types of the explorer
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format
	$(BIN)/python $(EXPLORER)/response_types.py
	$(BIN)/python $(EXPLORER)/build.py format

bench: setup ## run the benchmarks
	$(BIN)/python benchmarks/run.py

docs: setup ## regenerate the documentation of ontology and data
	$(BIN)/nevkg docs dataset data/description.ttl
	$(BIN)/nevkg docs format docs/format.md
	$(BIN)/nevkg docs ontology docs/ontology
	$(BIN)/nevkg docs data docs/data-report.md
	$(BIN)/nevkg docs heartbeat docs/images/heartbeat.svg
	$(BIN)/python docs/notebooks/make.py
	$(BIN)/nevkg graph makers-plants-countries bloc=place:asean --output docs/images/asean.svg

docs-site: explorer ## build the site of the documentation in build/documentation
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# The package and the citations take the version from the ontology; touching pyproject.toml makes the next target install it again.
version: ## set the version of everything: make version VERSION=0.3.0
	@printf '%s' '$(VERSION)' | grep -qE '^[0-9]+\.[0-9]+\.[0-9]+$$' || { echo "Give the new version: make version VERSION=0.3.0" >&2; exit 2; }
	@sed -i.bak -E 's#(/ontology(/[a-z]+)?/)[0-9]+\.[0-9]+\.[0-9]+([>"])#\1$(VERSION)\3#; s#(owl:versionInfo )"[^"]+"#\1"$(VERSION)"#' \
	  ontology/nevkg.ttl ontology/mappings.ttl ontology/catalog-v001.xml ontology/modules/*.ttl
	@sed -i.bak -E 's#^version: .*#version: $(VERSION)#; s#^date-released: .*#date-released: '"$$(sed -n 's/.*datasetDate "\(.*\)"^^.*/\1/p' data/dataset.ttl)#" CITATION.cff
	@sed -i.bak -E 's#("version": )"[^"]+"#\1"$(VERSION)"#' .zenodo.json
	@rm -f ontology/*.bak ontology/modules/*.bak CITATION.cff.bak .zenodo.json.bak && touch pyproject.toml

edition: setup ## renew the answers that tests expect, from all of the data; before a release
	@sed -n 's/.*datasetDate "\(.*\)"^^.*/\1/p' data/dataset.ttl > tests/golden/edition.txt
	NEVKG_UPDATE_GOLDEN=1 $(BIN)/python -m pytest -q tests/questions/test_questions.py tests/questions/test_graphs.py -k golden
	$(BIN)/python -m benchmarks.scoring golden

site: explorer ## publish a static site in build/site
	@mkdir -p build
	$(BIN)/nevkg publish --site build/site

clean: ## remove .venv, builds and caches
	rm -rf .venv build dist src/nevkg/built $(EXPLORER)/dist $(EXPLORER)/node_modules .mypy_cache .pytest_cache .ruff_cache
	find src tests benchmarks data -name __pycache__ -type d -prune -exec rm -rf {} +

# With uv the versions are those of uv.lock, with pip they are within the ranges of pyproject.toml.
# .venv is updated when either file changes; otherwise nothing runs and no network is needed.
# Installed packages remain, so make demo after make setup removes nothing.
$(LIGHT): pyproject.toml uv.lock
	@$(PYTHON_IS_NEW)
	@echo "Making $(VENV) (a few seconds to half a minute) ..."
	@$(call INSTALL,--no-dev,)
	@touch $@

$(READY): pyproject.toml uv.lock
	@$(PYTHON_IS_NEW)
	@echo "Adding what developers need to $(VENV) (a minute) ..."
	@$(call INSTALL,,--group dev)
	@touch $(LIGHT) $@
