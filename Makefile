# make book    build the site of both editions      make test    run all tests
# make serve   show the site at localhost:8000      make quick   tests without browser and book
# make lint    style, types and the data packages
# make lab     open the chapters in JupyterLab      make clean   remove what was built
# make bench   measure what the audit reaches      make check-site  open and weigh every page
# make pdf     each edition as one PDF (needs Chromium)
# make matrix  run every chapter under every combination of LANGS, READINGS, ROUNDINGS and EVIDENCE
# make ledger-diff BASE=main  what the ledger says otherwise than at that commit
# make links   ask for every outside address        make hooks  check before each commit
# make launch  tell the chapters the repository's address      make check-launch  do they run there?
#
# Each sets up .venv first with what it needs, from pinned versions (requirements*.txt, constraints.txt);
# nothing is downloaded again until a pin changes.

PYTHON ?=
PORT ?= 8000
LANGS ?= zh,en
READINGS ?= literal,customary,loose
ROUNDINGS ?= half_up,truncation,ceiling
EVIDENCE ?= all,report
CHAPTERS ?= $(basename $(notdir $(wildcard chapters/*.ipynb)))
JOBS ?=
BASE ?=
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help book pdf test quick lint bench check-site launch check-launch matrix ledger-diff links hooks
.PHONY: serve lab clean setup setup-test
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# //p' Makefile

SETUP := PYTHON="$(PYTHON)" sh .ci/setup $(VENV) requirements.txt

setup:
	@$(SETUP)

setup-test:
	@$(SETUP) requirements-test.txt

book: setup
	@$(BIN)/python -m recount.book

pdf: setup-test book
	@$(BIN)/python -m recount.book.pdf

test: setup-test
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

quick: setup-test
	@$(BIN)/python -m pytest -n auto --dist worksteal --quick

lint: setup
	@$(SETUP) requirements-dev.txt
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/python -m mypy
	@$(BIN)/python .ci/check_data.py

bench: setup
	@$(SETUP) requirements-test.txt requirements-bench.txt
	@$(BIN)/python -m benchmarks

check-site: setup-test
	@$(BIN)/python -m benchmarks.site

matrix: setup
	@$(BIN)/recount sweep $(CHAPTERS) --set lang=$(LANGS) --set reading=$(READINGS) \
	  --set rounding=$(ROUNDINGS) --set evidence=$(EVIDENCE) --out _build/matrix $(if $(JOBS),--jobs $(JOBS))

ledger-diff: setup
	@BIN="$(BIN)" .ci/ledger-diff "$(BASE)" _build/ledger-diff.md

links: setup
	@$(BIN)/python -m recount.book.links --out _build/links.md

hooks: setup
	@$(SETUP) requirements-dev.txt
	@$(BIN)/pre-commit install

launch: setup
	@$(BIN)/python -m recount.book.launch

check-launch: setup-test
	@$(BIN)/python -m benchmarks.launch

serve: book
	@echo "http://localhost:$(PORT)/  (stop with Ctrl-C)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/site

lab:
	@$(SETUP) requirements-lab.txt
	@$(BIN)/python -m jupyterlab --notebook-dir=chapters

clean:
	@rm -rf _build build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@echo "removed what was built; $(VENV) is kept"
