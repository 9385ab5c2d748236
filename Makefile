# Two commands: `make run` and `make test`. `make help` lists the others.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PY := .venv/bin/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --no-warn-script-location
export PYTHON
# Compiled modules are kept, whatever the surroundings say: every process starts a fifth sooner.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install run test bench bench-large pictures format lint messages migration lock wheel system
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1|/' | column -t -s '|'

install: .venv/.app node_modules/.assets ## set everything up (Python packages, browser assets, fonts, map, places)

run: install ## migrate, load the demo into an empty database, serve web and worker
	@$(PY) -m crm serve --migrate --demo

test: .venv/.dev node_modules/.all install system ## all that CI checks
	@failed=0; .ci/lint.sh || failed=1; .ci/wheel.sh || failed=1; .ci/pytest.sh $(ARGS) || failed=1; exit $$failed

bench: .venv/.dev install system ## every promised figure beside its limit, with 100,000 people, on both databases
	@$(PIP) --no-deps --require-hashes -r requirements-bench.txt
	@for each in sqlite postgresql; do $(PY) -m tests.benchmarks --database $$each; done

bench-large: .venv/.dev install ## pages and saves with 10,000, 100,000 and 1,000,000 people, on SQLite
	@for each in 10000 100000 1000000; do $(PY) -m tests.benchmarks --people $$each --parts pages saves; done

pictures: .venv/.dev install system ## take the README's pictures anew
	@$(PY) .ci/pictures.py

format: .venv/.dev ## put the code into its one shape
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

lint: .venv/.dev install ## format, lint, types, import floors, templates; no tests
	@.ci/lint.sh

messages: .venv/.dev install ## collect new sentences into locales/, list the untranslated
	@$(PY) .ci/messages.py

migration: .venv/.dev install ## make migration m="What changes": a migration from the difference to the models
	@test -n "$(m)" || { echo 'Say what changes: make migration m="Add a colour to rooms"'; exit 1; }
	@$(PY) -m crm.migrations "$(m)"

wheel: .venv/.dev install ## build the wheel, install it into a clean environment, open one page
	@.ci/wheel.sh && ls -l dist/*.whl

lock: .venv/.dev ## renew requirements*.txt and package-lock.json from pyproject.toml and package.json
	@$(PIP) uv
	@.ci/lock.sh

system: # what tests need beside Python
	@.ci/system.sh

# Stamps: a second `make run` only compares their times.
.venv/.python: .ci/venv.sh
	@.ci/venv.sh
	@touch $@

.venv/.runtime: requirements.txt | .venv/.python
	@echo "Installing Python packages ..."
	@$(PIP) --require-hashes -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/.python
	@echo "Installing Python packages, those of the tests too ..."
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch .venv/.runtime $@

.venv/.app: pyproject.toml .venv/.runtime
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

node_modules/.shipped: package-lock.json .npmrc | .venv/.python
	@echo "Installing browser assets and fonts ..."
	@.ci/node.sh --omit=dev
	@touch $@

node_modules/.all: package-lock.json .npmrc | .venv/.python
	@echo "Installing browser assets, fonts and checkers ..."
	@.ci/node.sh
	@touch node_modules/.shipped $@

node_modules/.assets: node_modules/.shipped .ci/assets.py static/icons.txt static/icons-inside.txt crm/core/places/__main__.py .venv/.app
	@$(PY) .ci/assets.py
	@$(PY) -m crm.core.maps build
	@$(PY) -m crm.core.places build
	@touch $@
