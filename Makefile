# Two commands do all set-up on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
unexport PYTHONDONTWRITEBYTECODE # each of the hundred servers that tests start would compile all of it anew

.PHONY: run test test-all-but-pages test-pages check bench faults locale lock-flows wordings constraints clean

run: $(VENV)/.run
	$(BIN)/xunqiao demo

test: test-all-but-pages test-pages # in processes of their own: a browser's event loop runs on in them

test-all-but-pages: $(VENV)/.dev
	$(BIN)/pytest -n auto --dist worksteal --ignore=tests/e2e

test-pages: $(VENV)/.dev
	$(BIN)/pytest -n auto --dist worksteal tests/e2e

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir $(VENV)/.import-linter

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

faults: $(VENV)/.dev
	XUNQIAO_TEST_MORE=5 $(BIN)/pytest tests/faults tests/channels/test_crowd.py
	$(BIN)/python -m tests.faults.notices
	$(BIN)/python -m tests.faults.reminding 2000 # 100000 without a number: long
	XUNQIAO_TEST_MORE=20 $(BIN)/pytest tests/dialogs/test_random_people.py tests/flows/test_random_visitors.py

# What people read: bring the catalogues up to date, keep the names of questions, see every text with its grade.
locale: $(VENV)/.dev
	$(BIN)/python -m tests.locale_sync

lock-flows: $(VENV)/.dev
	$(BIN)/python -m tests.flows_lock

wordings: $(VENV)/.dev
	$(BIN)/python -m tests.dialogs.wordings_table

# Exact versions for everyone; names no package index.
constraints: $(VENV)/.dev
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile pyproject.toml --universal --all-extras --no-header --no-annotate -q -o constraints.txt

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --upgrade 'pip>=25' # Python 3.11 brings one that takes three times as long for what follows

$(VENV)/.run: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/pip install -q -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/pip install -q --no-compile -c constraints.txt -e '.[dev]' # what is imported is compiled then: a third
	@touch $@ $(VENV)/.run

clean:
	rm -rf $(VENV) data build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
