# make dist    publish every page in seeds/ to dist/ (does all set-up first)
# make test    run the tests                make check   types and style
# make bench   measure, print the ratios    make clean   remove what was made
#
# Only Python 3.11 or later and make are needed; scripts/set_up.py gets the rest.

PYTHON ?= python3
VENV   ?= .venv
READY  := $(VENV)/.ready
TESTS  := $(VENV)/.ready-for-tests
NPP    := $(VENV)/bin/npp-publish

# Homebrew's libraries are not where macOS looks for them.
ifeq ($(shell uname -s),Darwin)
export DYLD_FALLBACK_LIBRARY_PATH := $(shell brew --prefix 2>/dev/null)/lib:/usr/local/lib
endif

.PHONY: dist test check bench slow schema clean distclean

dist: $(READY)
	@$(NPP) build seeds/* -o dist

test: $(TESTS)
	@$(VENV)/bin/python -m pytest -n auto --dist worksteal

slow: $(TESTS)
	@$(VENV)/bin/python -m pytest -m "slow or java or chromium or cluster"

check: $(TESTS)
	@$(VENV)/bin/python -m mypy
	@$(VENV)/bin/python -m ruff check src tests scripts

bench: export NPP_BENCH_README = 1
bench: $(TESTS)
	@$(VENV)/bin/python tests/bench/publishing.py
	@$(VENV)/bin/python tests/bench/book.py
	@$(VENV)/bin/python tests/bench/remains.py
	@$(VENV)/bin/python tests/bench/batch.py

schema: $(READY)
	@$(NPP) backends --schema pdf epub html pdf-typst > docs/npp.schema.json

$(READY): pyproject.toml scripts/set_up.py
	@$(PYTHON) scripts/set_up.py --venv $(VENV)
	@touch $@

$(TESTS): pyproject.toml scripts/set_up.py
	@$(PYTHON) scripts/set_up.py --venv $(VENV) --tests
	@touch $@ $(READY)

clean:
	@find dist -mindepth 1 ! -name .gitkeep -delete
	@rm -rf build .pytest_cache .mypy_cache .ruff_cache .hypothesis

distclean: clean
	@rm -rf $(VENV)
