# The verbs of Longplay. Bare `make` lists them; each does its own set-up on a machine that has Python 3.11 or newer and make.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/.ready
# The functions' ZIP for the instruction set of this machine, which is what tests run.
FUNCTIONS := dist/functions-$(shell uname -m | sed -e s/aarch64/arm64/ -e s/amd64/x86_64/).zip
# What is compiled is kept: without it every process that tests start would compile our modules anew.
export PYTHONDONTWRITEBYTECODE :=
# How an archive's path reaches the shell: through the environment, so that spaces and brackets stay what they are.
export EXPORT

.DEFAULT_GOAL := help
.PHONY: help setup run test check prove fuzz compare bench docs dbt-docs pictures lock package dist clean emulator checkov smoke-cloud

help:  ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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

test: setup emulator checkov airflow-ready site-ready $(FUNCTIONS)  ## every test, with the time of each suite
	@$(RUN)/ruff format --check .
	@$(RUN)/ruff check .
	@$(RUN)/lint-imports
	@$(RUN)/pyright
	@$(RUN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

prove: setup emulator checkov airflow-ready site-ready $(FUNCTIONS)  ## every test, also those that take many minutes, with many more invented cases
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

# An AWS for the tests. It needs a Python 3.13, as the functions do; where there is none, its tests are skipped and say so.
PYTHON313 = $(shell for p in python3.13 "$$HOME"/.pyenv/versions/3.13*/bin/python3.13 "$$(uv python find 3.13 2>/dev/null)"; do "$$p" -c 'import sys, venv; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null && echo "$$p" && break; done)
EMULATOR := .aws/venv
CHECKOV := .checkov/venv

emulator: $(EMULATOR)/.ready
checkov: $(CHECKOV)/.ready

$(EMULATOR)/.ready: requirements/emulator.txt
	@python="$(PYTHON313)"; if [ -n "$$python" ]; then \
	    echo "Installing an emulated AWS into $(EMULATOR) ..." && "$$python" -m venv $(EMULATOR) \
	    && $(EMULATOR)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $< \
	    && touch $@; \
	else echo "No Python 3.13 was found: the tests of the cloud will be skipped." >&2; fi

$(CHECKOV)/.ready: requirements/checkov.txt | setup
	@$(RUN)/python -m venv $(CHECKOV)
	@echo "Installing checkov into $(CHECKOV) ..."
	@$(CHECKOV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch $@

smoke-cloud: setup  ## in your own AWS account: deploy, one poll, one archive, destroy (asks before it begins)
	@$(RUN)/python infra/smoke.py

# Airflow lives in an environment of its own, calls Longplay by its path, and keeps all it writes below .airflow.
AIRFLOW := .airflow/venv
AIRFLOW_READY := $(AIRFLOW)/.ready
AIRFLOW_PYTHON = $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)

.PHONY: airflow airflow-ready
airflow: setup airflow-ready  ## start Airflow here with the daily DAG, until Ctrl-C; says where to look
	@$(AIRFLOW)/bin/python orchestration/start.py

airflow-ready: $(AIRFLOW_READY)

$(AIRFLOW_READY): requirements/airflow.txt
	@if [ -n "$(AIRFLOW_PYTHON)" ]; then \
	    echo "Installing Airflow into $(AIRFLOW) ..." && $(AIRFLOW_PYTHON) -m venv $(AIRFLOW) \
	    && $(AIRFLOW)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $< \
	    && echo "$(CURDIR)/orchestration/dags" > $$(echo $(AIRFLOW)/lib/python3*/site-packages)/longplay.pth \
	    && touch $@; \
	else echo "Airflow needs Python 3.11, 3.12 or 3.13; none was found: its tests will be skipped." >&2; fi

LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --python-version 3.11

docs: setup  ## write the data dictionary and the reference pages anew, from the models' descriptions and the code
	@set -e; for page in docs/write_*.py; do $(RUN)/python "$$page"; done

# What builds the site lives in an environment of its own. Mermaid comes as one file of JavaScript, so it does not matter that its package
# asks for a newer Python.
SITE := .site/venv

.PHONY: site site-ready

site: setup site-ready  ## the documentation as a site, searched, offline: artefacts/site/index.html
	@$(RUN)/python docs/site/build.py

site-ready: $(SITE)/.ready

$(SITE)/.ready: requirements/site.txt | setup
	@$(RUN)/python -m venv $(SITE)
	@echo "Installing what builds the site into $(SITE) ..."
	@$(SITE)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --ignore-requires-python -r $<
	@touch $@

pictures: setup  ## draw the pictures of the README anew, from an invented listener (needs Chromium)
	@$(RUN)/python docs/make_pictures.py

dbt-docs: setup  ## every model, column and test as one page: artefacts/dbt-docs/static_index.html
	@mkdir -p artefacts/dbt-docs
	@LONGPLAY_WAREHOUSE="$(CURDIR)/artefacts/dbt-docs/empty.duckdb" DO_NOT_TRACK=1 $(RUN)/dbt docs generate --static --quiet \
		--target duckdb --project-dir transform --profiles-dir transform \
		--target-path "$(CURDIR)/artefacts/dbt-docs" --log-path "$(CURDIR)/artefacts/dbt-docs"
	@echo "The models' documentation: artefacts/dbt-docs/static_index.html"

lock:  ## lock the requirements anew (needs uv)
	@$(LOCK) pyproject.toml --output-file requirements/run.txt
	@$(LOCK) pyproject.toml --extra snowflake --output-file requirements/snowflake.txt
	@$(LOCK) pyproject.toml --extra aws --extra snowflake --group dev --output-file requirements/dev.txt
	@$(LOCK:3.11=3.13) requirements/functions.in --constraint requirements/dev.txt --output-file requirements/functions.txt
	@$(LOCK) requirements/build.in --output-file requirements/build.txt
	@for peer in pandas sqlite; do $(LOCK) requirements/compare-$$peer.in --output-file requirements/compare-$$peer.txt; done
	@for peer in dataloader maloja; do $(LOCK:3.11=3.12) requirements/compare-$$peer.in --output-file requirements/compare-$$peer.txt; done
	@$(LOCK) requirements/bench.in --output-file requirements/bench.txt
	@$(LOCK:3.11=3.13) requirements/emulator.in --output-file requirements/emulator.txt
	@$(LOCK) requirements/checkov.in --output-file requirements/checkov.txt
	@$(LOCK) requirements/airflow.in --output-file requirements/airflow.txt
	@$(LOCK:3.11=3.12) requirements/site.in --no-emit-package artoo-artifacts --output-file requirements/site.txt

ARCH ?= arm64
package: dist/functions-$(ARCH).zip  ## ARCH=arm64 or x86_64: the functions' ZIP, dist/functions-<arch>.zip

dist/functions-%.zip: infra/package.py requirements/functions.txt pyproject.toml $(shell find src/longplay -name '*.py') | $(READY)
	@$(RUN)/python infra/package.py $*

dist: setup  ## the wheel and the sources of this version, in dist/; one commit gives the same bytes every time
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct 2>/dev/null || echo 1580601600) $(RUN)/hatchling build --directory dist

clean:  ## take away what was installed and built here
	@rm -rf $(VENV) .aws .checkov .airflow .bench .site .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist artefacts
