# Two commands do all the set-up: `make serve` and `make test`. Both need Python 3.11 and make alone.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
export PIP_DISABLE_PIP_VERSION_CHECK = 1

# Tests look for other people's classifications and suites here when the folder is there.
export PESAI_TAXONOMIES ?= $(abspath $(wildcard ../shared/data/taxonomies))
export PESAI_W3C_TESTS  ?= $(abspath $(wildcard ../shared/data/w3c))
# Where they are, a test that does not find them fails instead of saying that it was skipped.
ifneq ($(and $(PESAI_TAXONOMIES),$(PESAI_W3C_TESTS)),)
export PESAI_REQUIRE_TAXONOMIES ?= 1
endif

.DEFAULT_GOAL := help
.PHONY: help install assets serve build test attacks lint format bench soak translations screenshots lock clean

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "PESAI needs Python 3.11 or newer; set PYTHON=/path/to/python")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

install: $(VENV)/.installed ## the program and its tools in .venv, at locked versions

build: install ## the graph from the data in the repository; nothing changed, no new release
	$(BIN)/pesai build

assets: install ## what pages take from npm; pages work without it
	$(BIN)/python -m tools.vendor

serve: install assets build ## build the graph and serve it on http://127.0.0.1:8000 (PORT=8080: another)
	$(BIN)/pesai serve --port $(PORT)

test: install ## all tests: side by side, then those that are held against the clock
	$(BIN)/python -m tools.vendor --tests
	$(BIN)/python -m pytest --numprocesses auto -m "not alone"
	$(BIN)/python -m pytest -m alone

lint: install ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install ## put the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## what is measured, against whom
	$(BIN)/python -m benchmarks

attacks: install ## what has been done to services like this one, tried here
	$(BIN)/python -m pytest --numprocesses auto -m "(attack or undefended) and not alone"
	$(BIN)/python -m pytest -m "(attack or undefended) and alone"

soak: ## the long suites, whole
	PESAI_SOAK=1 $(MAKE) test

translations: install ## take the texts of pages and errors into the catalogues
	$(BIN)/python -m tools.translations

screenshots: install assets ## pictures of every page in .cache/screenshots
	$(BIN)/python -m tools.vendor --tests
	$(BIN)/python -m tools.screenshots

lock: ## renew requirements.lock from pyproject.toml
	$(PYTHON) -m venv .cache/lock
	.cache/lock/bin/pip install --quiet uv
	.cache/lock/bin/uv pip compile pyproject.toml --extra check --extra groups --group dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock

clean: ## remove what the commands above made, but not the graph in ./var
	rm -rf $(VENV) .cache build dist .mypy_cache .pytest_cache .ruff_cache pesai/web/static/vendor
