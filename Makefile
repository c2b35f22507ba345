# The verbs of Longplay. Bare `make` lists them; each does its own set-up on a machine that has Python 3.11 or newer and make.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/.ready
# How an archive's path reaches the shell: through the environment, so that spaces and brackets stay what they are.
export EXPORT

.DEFAULT_GOAL := help
.PHONY: help setup run test check prove fuzz compare bench docs dbt-docs lock clean

help:  ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## install everything into .venv

$(READY): requirements/dev.txt requirements/build.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Longplay needs Python 3.11 or newer; none was found." >&2; exit 1; }
	@test -x $(RUN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) ..."
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/build.txt
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

run: setup  ## EXPORT=my_spotify_data.zip: import, model, draw, open; without EXPORT on an invented listener
	@if [ -n "$$EXPORT" ]; then $(RUN)/longplay run --open -- "$$EXPORT"; else $(RUN)/longplay demo --open; fi

check: setup  ## the fast part: format, lint, imports, types, unit tests
	@$(RUN)/ruff format --check .
	@$(RUN)/ruff check .
	@$(RUN)/lint-imports
	@$(RUN)/pyright
	@$(RUN)/pytest -m "not slow and not prove"

test: setup  ## every test, with the time of each suite
	@$(RUN)/ruff format --check .
	@$(RUN)/ruff check .
	@$(RUN)/lint-imports
	@$(RUN)/pyright
	@$(RUN)/pytest -n 2 --dist loadgroup

prove: setup  ## every test, also those that take many minutes, with many more invented cases
	@HYPOTHESIS_PROFILE=prove $(RUN)/pytest -m "" --timeout 7200

SECONDS ?= 60
fuzz: setup  ## SECONDS=60: throw mutated archives at the reader; a crash is kept in artefacts/fuzz for a replay
	@$(RUN)/python tests/hostile/fuzz_reader.py --seconds "$(SECONDS)" --seed 0

compare: setup  ## beside peers, each in an environment of its own: docs/comparison.md (minutes)
	@$(RUN)/python -m bench.compare

PLAYS ?= 100k
BENCH := .bench/venv
BENCH_READY := $(BENCH)/.ready

bench: setup $(BENCH_READY)  ## PLAYS=100k, 1M or 10M: measure, print ratios, renew docs/performance.md; PART=reading for one part
	@$(RUN)/python -m bench --plays $(PLAYS) $(if $(PART),--only $(PART))

$(BENCH_READY): requirements/bench.txt
	@$(RUN)/python -m venv $(BENCH)
	@echo "Installing what is measured against into $(BENCH) ..."
	@$(BENCH)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/bench.txt
	@touch $(BENCH_READY)

LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11

docs: setup  ## write the data dictionary anew from the models' descriptions
	@$(RUN)/python docs/write_dictionary.py

dbt-docs: setup  ## every model, column and test as one page: artefacts/dbt-docs/static_index.html
	@mkdir -p artefacts/dbt-docs
	@LONGPLAY_WAREHOUSE="$(CURDIR)/artefacts/dbt-docs/empty.duckdb" DO_NOT_TRACK=1 $(RUN)/dbt docs generate --static --quiet \
		--target duckdb --project-dir transform --profiles-dir transform \
		--target-path "$(CURDIR)/artefacts/dbt-docs" --log-path "$(CURDIR)/artefacts/dbt-docs"
	@echo "The models' documentation: artefacts/dbt-docs/static_index.html"

lock:  ## lock the requirements anew (needs uv)
	@$(LOCK) pyproject.toml --output-file requirements/run.txt
	@$(LOCK) pyproject.toml --extra snowflake --output-file requirements/snowflake.txt
	@$(LOCK) pyproject.toml --group dev --output-file requirements/dev.txt
	@$(LOCK) requirements/build.in --output-file requirements/build.txt
	@for peer in pandas sqlite; do $(LOCK) requirements/compare-$$peer.in --output-file requirements/compare-$$peer.txt; done
	@for peer in dataloader maloja; do $(LOCK:3.11=3.12) requirements/compare-$$peer.in --output-file requirements/compare-$$peer.txt; done
	@$(LOCK) requirements/bench.in --output-file requirements/bench.txt

clean:  ## take away what was installed and built here
	@rm -rf $(VENV) .bench .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist artefacts
