# Names only: every target calls a command that also works without make.
PYTHON ?= python3
BIN := .venv/bin
# Written last, so that a set-up that was cut short goes on the next time.
READY := .venv/ready
# Tests at once: the unit tests and a page, then two pages. Each has a thread. Pages that take longest come first.
JOBS ?= 2
ALL := $(patsubst notebooks/%.ipynb,%,$(wildcard notebooks/*.ipynb))
LONG := $(foreach n,05 03 10 11 06 08,$(filter $(n)_%,$(ALL)))
PAGES := $(LONG) $(filter-out $(LONG),$(ALL))

.PHONY: help tables test unit-tests notebook-tests real lab bench data lint record lock clean

help:                 ## this list
	@grep -hE '^[a-z%-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 18

tables: $(READY)      ## all tables and figures into results/ (20 to 40 minutes; 8 when the cache is warm)
	$(BIN)/python -m vretlib tables

test: $(READY)        ## unit tests, and beside them the notebooks against their recorded outputs (12 to 19 minutes when the cache is warm)
	$(MAKE) --jobs=$(JOBS) --keep-going unit-tests notebook-tests

unit-tests: $(READY)  ## the library alone, on one core
	$(BIN)/python -m pytest tests

notebook-tests: $(PAGES:%=page-%)  ## the notebooks against their recorded outputs

page-%: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest notebooks/$*.ipynb

chapter-%: $(READY)   ## one chapter, e.g. make chapter-05 (2 to 7 minutes)
	$(BIN)/python -m vretlib tables --chapter $*

real: $(READY)        ## README's tables of a real film: make real FILM=path (about half an hour)
	$(BIN)/python -m vretlib real-film "$(FILM)"

bench: $(READY)       ## speed beside what one would use instead, into results/bench (half an hour)
	$(BIN)/python -m benchmarks

lint: $(READY)        ## style, types, and what may import what
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

record: $(READY)      ## run the notebooks and commit their outputs and numbers as the new reference
	$(BIN)/python -m vretlib record

lab: $(READY)         ## JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir notebooks

data: $(READY)        ## the data sets: size, licence, how to obtain
	$(BIN)/python -m vretlib data

# Compiled on all cores, where pip takes one. Left to the first import, it would be done again by every process wherever
# Python may not write bytecode. A file for another version of Python stays uncompiled, as with pip.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --require-hashes --no-compile -r requirements.lock
	$(BIN)/pip install --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -qq -j 0 .venv/lib || true
	@touch $@

lock:                 ## new exact versions (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --upgrade -o requirements.lock

clean:                ## removes results and caches, keeps .venv and data/real
	rm -rf results data/cache .mypy_cache .pytest_cache .ruff_cache
