# Two commands are enough: `make demo` shows the club, `make test` proves it works. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/sh
.SUFFIXES:

PORT ?= 8000
HOST ?= 127.0.0.1
JOBS ?= auto
ARGS ?=

# The newest Python that is new enough, or nothing. `make PYTHON=/path/to/python setup` names another.
FIND_PYTHON = for p in python3.13 python3.12 python3.11 python3; do \
  "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done
PYTHON ?= $(shell $(FIND_PYTHON))

# Compiled tests and modules are kept, so that every process of the tests need not compile them anew.
export PYTHONDONTWRITEBYTECODE :=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
FLASK := $(BIN)/flask --app wsgi
READ_ENV := if [ -f .env ]; then set -a; . ./.env; set +a; fi
APP := $(VENV)/.stamp-app
DEV := $(VENV)/.stamp-dev
PEERS := .venv-bench/.stamp
CATALOGUES := $(VENV)/.stamp-catalogues
PO := $(wildcard volunteer_match/translations/*/LC_MESSAGES/messages.po)

.PHONY: help setup demo demo-reset serve worker test check fast a11y screens bench i18n requirements chromium clean

help: ## List the commands
	@echo "make <command>, for example: make demo PORT=8080"; echo
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  %-13s %s\n", $$1, $$2}'

$(VENV)/bin/python:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is missing (Debian: apt install python3 python3-venv)," \
	  "or name one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; fi
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "$(PYTHON) is older than Python 3.11 or does not start." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "$(PYTHON) has no venv module (Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV)

$(APP): requirements.txt | $(VENV)/bin/python
	@echo "Installing what the application needs"
	@$(PIP) -r requirements.txt
	@touch $@

$(DEV): requirements/dev.txt $(APP)
	@echo "Installing what the tests need"
	@$(PIP) -r requirements/dev.txt
	@touch $@

# What the benchmarks are measured against stays out of the application's environment.
$(PEERS): requirements/bench.txt | $(VENV)/bin/python
	@echo "Installing what the engine is measured against"
	@$(BIN)/python -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@touch $@

$(CATALOGUES): $(PO) $(APP)
	@[ -z "$(PO)" ] || $(BIN)/pybabel --quiet compile --directory volunteer_match/translations
	@touch $@

setup: $(APP) $(CATALOGUES) ## Make .venv with everything the application needs
	@:

demo: setup ## Start the demo club on http://127.0.0.1:$(PORT), mails on a page of its own
	@$(BIN)/python -m volunteer_match.run_demo run --host $(HOST) --port $(PORT)

demo-reset: setup ## Throw the demo's data away and start over
	@$(BIN)/python -m volunteer_match.run_demo reset
	@$(MAKE) --no-print-directory demo

serve: setup ## Run the web part of a configured installation
	@$(READ_ENV); exec $(BIN)/gunicorn --bind $(HOST):$(PORT) --workers 1 --threads 8 --no-control-socket wsgi:app

worker: setup ## Run the worker of a configured installation
	@$(READ_ENV); exec $(FLASK) worker

chromium: $(DEV) ## Find or install the browser of the browser tests
	@$(BIN)/python -m tools.chromium

test: setup $(DEV) chromium ## Install what is missing and run every test
	@$(BIN)/python -m pytest -n $(JOBS) $(ARGS)

fast: setup $(DEV) ## Run the tests without browser on SQLite only
	@$(BIN)/python -m pytest -q -n $(JOBS) --db=sqlite -m "not browser and not slow" $(ARGS)

check: setup $(DEV) ## Style, types, imports, sizes and the fast tests
	@$(BIN)/ruff format --check --quiet . || { echo "run: $(BIN)/ruff format ." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m tools.report
	@$(MAKE) --no-print-directory fast

a11y: setup $(DEV) chromium ## Every page x role x language x theme x width under axe
	@A11Y_MATRIX=full $(BIN)/python -m pytest -n $(JOBS) tests/browser/test_a11y.py -k test_no_page_has_a_barrier $(ARGS)

screens: setup $(DEV) chromium ## Photograph every page into screens/
	@$(BIN)/python -m tests.browser.screens $(ARGS)

bench: setup $(DEV) $(PEERS) ## Measure pages, and the matching engine beside its alternatives
	@$(BIN)/python -m tests.bench $(ARGS)

i18n: setup ## Gather the texts from the sources and compile the catalogues
	@$(BIN)/python -m tools.catalogue

requirements: ## Compile the pinned requirements from the .in files (needs uv)
	@command -v uv >/dev/null || { echo "uv is missing: pip install uv" >&2; exit 1; }
	@cd requirements && for pair in app.in:../requirements.txt dev.in:dev.txt bench.in:bench.txt; do \
	  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	    --no-emit-index-url --no-emit-find-links $(ARGS) --output-file "$${pair#*:}" "$${pair%%:*}"; done

clean: ## Remove caches and the environment; data in instance/ stays
	@rm -rf $(VENV) .venv-bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache screens
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
