# make book    build the site of both editions      make test    run all tests
# make serve   show the site at localhost:8000      make lint    ruff and mypy
# make lab     open the chapters in JupyterLab      make clean   remove what was built
# make bench   measure what the audit reaches      make check-site  open and weigh every page
# make pdf     each edition as one PDF (needs Chromium)
# make launch  tell the chapters the repository's address      make check-launch  do they run there?
#
# Each sets up .venv first, from pinned versions; nothing is downloaded again until a pin changes.

PYTHON ?=
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help book pdf test lint bench check-site launch check-launch serve lab clean setup
.DEFAULT_GOAL := help

help:
	@sed -n 's/^# //p' Makefile

setup:
	@PYTHON="$(PYTHON)" sh .ci/setup $(VENV) requirements.txt

book: setup
	@$(BIN)/python -m recount.book

pdf: book
	@$(BIN)/python -m recount.book.pdf

test: setup
	@$(BIN)/python -m pytest -n auto --dist loadfile

lint: setup
	@PYTHON="$(PYTHON)" sh .ci/setup $(VENV) requirements-dev.txt
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy

bench: setup
	@PYTHON="$(PYTHON)" sh .ci/setup $(VENV) requirements-bench.txt
	@$(BIN)/python -m benchmarks

check-site: setup
	@$(BIN)/python -m benchmarks.site

launch: setup
	@$(BIN)/python -m recount.book.launch

check-launch: setup
	@$(BIN)/python -m benchmarks.launch

serve: book
	@echo "http://localhost:$(PORT)/  (stop with Ctrl-C)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/site

lab: setup
	@$(BIN)/python -m jupyterlab --notebook-dir=chapters

clean:
	@rm -rf _build build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@echo "removed what was built; $(VENV) is kept"
