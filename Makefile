# All that a person or CI runs here. `make` alone lists it.

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

# Tests of the engine wait a lot for other programs, so two cores carry three workers.
WORKERS ?= 3

# The defaults of `make soak`; a failure prints its seed.
CRASHES ?= 30
RELAYS ?= 1000
SEED ?= $(shell date +%s)

CHECKS := $(wildcard tests/test_architecture.py tests/test_generated.py tests/engine/test_docs.py)
# `test` runs these too, so that `make check test` runs them once.
ifneq ($(filter test,$(MAKECMDGOALS)),)
CHECKS :=
endif

.PHONY: help up down test soak check generate docs bench engine emulator dist release-check clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

up: $(INSTALLED) ## bring up the example on a local emulator, through the real Pulumi engine
	@$(BIN)/python tools/demo up

down: $(if $(wildcard .livepull),$(INSTALLED)) ## take away what `make up` brought
	@$(if $(wildcard .livepull),$(BIN)/python,$(PYTHON)) tools/demo down

test: $(INSTALLED) ## run all tests
	@engine=$$($(BIN)/python tools/engine) && LIVEPULL_ENGINE="$$engine" \
	  $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

soak: $(INSTALLED) ## kill the engine at CRASHES random points, which SEED chooses; start RELAYS relays
	@engine=$$($(BIN)/python tools/engine) && LIVEPULL_ENGINE="$$engine" \
	  LIVEPULL_CRASHES=$(CRASHES) LIVEPULL_CRASH_SEED=$(SEED) \
	  LIVEPULL_RELAYS=$(RELAYS) \
	  $(BIN)/python -m pytest tests/engine/test_crash.py tests/emulator/media/test_soak.py

check: $(INSTALLED) ## check format, lint, types, dependencies and that generated files are fresh
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy
	@$(BIN)/python -m pip check
	@$(BIN)/python tools/audit.py
	@$(if $(CHECKS),$(BIN)/python -m pytest $(CHECKS))

generate: $(INSTALLED) ## write schema.json, the typed modules and the docs tables
	@$(BIN)/python tools/generate.py

docs: $(INSTALLED) ## build the documentation site into build/site
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

bench: $(INSTALLED) ## run the benchmarks
	@engine=$$($(BIN)/python tools/engine) && LIVEPULL_ENGINE="$$engine" $(BIN)/python -m benchmarks

engine: $(INSTALLED) ## find the Pulumi engine or get it, and print its folder
	@$(BIN)/python tools/engine

emulator: $(INSTALLED) ## run the emulator in the foreground
	@$(BIN)/livepull emulator

dist: $(INSTALLED) ## build the wheel, the plugin's archives, the SBOM and checksums into dist
	@$(BIN)/python tools/release build

release-check: check dist ## do all of a release that needs no network, and try what it made
	@$(BIN)/python tools/release check
	@engine=$$($(BIN)/python tools/engine) && LIVEPULL_ENGINE="$$engine" LIVEPULL_DIST=dist \
	  $(BIN)/python -m pytest tests/test_release.py tests/engine/test_install.py \
	  tests/engine/test_archives.py

clean: ## remove .venv, caches and the demo; the engine stays in the user's cache folder
	@$(PYTHON) tools/demo down --forget
	@rm -rf .venv .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv that is there already is kept as long as its Python runs.
$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit( \
	  "make: $(PYTHON) is Python %d.%d, and this needs 3.11.\n" % sys.version_info[:2] + \
	  "Name another: make PYTHON=python3.12 ...")'
	@echo "Installing the package and its tools into .venv: about a minute"
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
