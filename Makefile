# Everything a user or a contributor does, by name. `make` alone lists it.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DUMPS ?= dumps/sample
DOCUMENTS ?= 1000000
DATA ?= ../shared/matching

.PHONY: help setup ingest test lint types check compiled ui dictionary cookbook benchmark benchmark-matching benchmark-readers benchmark-size fuzz fuzz-compiled audit test-majors soak clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

setup: $(VENV)/.ready ## make .venv with all that is needed (uv where it is present, else pip)

$(VENV)/.ready: pyproject.toml constraints.txt $(wildcard pipelines/readers/*.[ch])
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12")'
	@echo "making $(VENV) (a minute or two, once) ..."
	@rm -f pipelines/readers/*.so
	@if command -v uv >/dev/null; then \
		uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
		uv pip install --quiet --python $(BIN)/python --constraints constraints.txt --editable '.[dev]'; \
	else \
		$(PYTHON) -m venv $(VENV) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-warn-script-location --constraint constraints.txt --editable '.[dev]'; \
	fi
	@$(BIN)/python -c 'from pipelines.readers.compiled import IS_COMPILED as done; done or print("no C compiler or no headers of Python: some readers are not compiled, and slower")'
	@touch $@

ingest: setup ## dumps into the warehouse: make ingest [DUMPS=path]
	@$(BIN)/vufind-warehouse ingest $(DUMPS)

test: setup ## all tests, against a real Postgres
	@$(BIN)/python -m pytest -n auto --dist worksteal

lint: setup ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup ## mypy, strict
	@$(BIN)/mypy

check: lint types compiled test ## what CI runs

compiled: setup ## whether the readers are compiled, where there is a compiler
	@if command -v $(CC) >/dev/null && [ -e "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_paths()["include"])')/Python.h" ]; then \
		$(BIN)/python -c 'import sys; from pipelines.readers.compiled import IS_COMPILED; sys.exit(not IS_COMPILED and "the readers were not compiled: look at what make setup says")'; \
	fi

ui: setup ## Dagster's UI and daemon on the warehouse
	@$(BIN)/vufind-warehouse ui

dictionary: setup ## docs/dictionary.md, from the comments in the schema
	@$(BIN)/python -m pipelines.warehouse.dictionary

cookbook: setup ## docs/cookbook.md, from sql/cookbook and the shipped sample
	@$(BIN)/python -m pipelines.cookbook

benchmark: setup ## the whole road against its floor: make benchmark [DOCUMENTS=1000000]
	@$(BIN)/python -m benchmarks.throughput --documents $(DOCUMENTS)

benchmark-matching: setup ## quality and speed of matching on labelled sets: make benchmark-matching [DATA=dir]
	@$(BIN)/python -m benchmarks.matching $(DATA)

benchmark-readers: DATA := ../shared/dumps/pages
benchmark-readers: setup ## exactness of reading pages beside their truth, speed of every format: make benchmark-readers [DATA=dir]
	@$(BIN)/python -m benchmarks.readers $(DATA)

benchmark-size: GIGABYTES := 5
benchmark-size: PAGES := 100000
benchmark-size: setup ## memory and time of large dumps: make benchmark-size [GIGABYTES=5] [PAGES=100000]
	@$(BIN)/python -m benchmarks.reading_size --gigabytes $(GIGABYTES) --pages $(PAGES)

fuzz: SECONDS := 60
fuzz: setup ## coverage-guided fuzzing of the readers, with atheris: make fuzz [SECONDS=60]
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[fuzz]'
	@mkdir -p var/fuzz
	@nice $(BIN)/python -m tests.fuzz.read_dump var/fuzz/corpus -max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=3000 -artifact_prefix=var/fuzz/

soak: DUMPS := 200
soak: SEED := 1
soak: setup ## dumps in random order under random faults, against a rebuild: make soak [DUMPS=200] [SEED=1]
	@$(BIN)/python -m tests.faults.long_soak --dumps $(DUMPS) --seed $(SEED)

fuzz-compiled: SECONDS := 60
fuzz-compiled: setup ## random changes of what compiled readers read, under gcc's sanitizers: make fuzz-compiled [SECONDS=60]
	@mkdir -p var/fuzz/sanitized
	@# With and without what only some processors have.
	@include=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_paths()["include"])'); \
	for processor in "" -U__SSE2__; do \
		for source in pipelines/readers/*.c; do \
			$(CC) $$processor -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=undefined -shared -fPIC \
				-I"$$include" "$$source" -o "var/fuzz/sanitized/$$(basename "$$source" .c).abi3.so" || exit 1; \
		done; \
		LD_PRELOAD="$$($(CC) -print-file-name=libasan.so) $$($(CC) -print-file-name=libubsan.so)" \
			ASAN_OPTIONS=detect_leaks=0 PYTHONMALLOC=malloc \
			$(BIN)/python -m tests.fuzz.compiled var/fuzz/sanitized $$(($(SECONDS) / 2)) || exit 1; \
	done

audit: setup ## known vulnerabilities of what is pinned, with pip-audit; needs the network
	@$(BIN)/python -c 'import pip_audit' 2>/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[audit]'
	@# --strict: a package of which nothing can be learnt fails the audit, and is not passed over.
	@$(BIN)/python -m pip_audit --strict --no-deps --disable-pip --progress-spinner off --requirement constraints.txt

test-majors: setup ## a selection of tests on other Postgres: make test-majors POSTGRES="/path/to/14/bin /path/to/16/bin"
	@$(BIN)/python -m tests.majors $(POSTGRES)

clean: ## remove .venv and caches; the warehouse in ./var stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
