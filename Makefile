# make run     set everything up and open the window (or the terminal, where there is no display)
# make test    set everything up and run the tests
# make demo    a day and a night in a throw-away home, in the terminal
# make check   what a change must pass: format, lint, types, layers, tests
# make screenshots   the demo, with its pictures of the real window in docs/pictures

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed.stamp
PIP := $(BIN)/python -m pip --disable-pip-version-check
TEST_ENV := QT_QPA_PLATFORM=offscreen HF_HUB_OFFLINE=1

.PHONY: run test demo check screenshots setup clean

run: setup
	@$(BIN)/dormouse $(ARGS)

test: setup
	$(TEST_ENV) $(BIN)/python -m pytest $(ARGS)

demo: setup
	@$(BIN)/dormouse demo $(ARGS)

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(TEST_ENV) $(BIN)/python -m pytest $(ARGS)

screenshots: setup
	@$(BIN)/dormouse demo --screenshots docs/pictures

setup: $(STAMP)

# torch comes first and alone: everything else then builds against the version that is wanted.
$(STAMP): pyproject.toml constraints.txt packaging/system-packages.sh
	@PYTHON=$$(command -v $(PYTHON) || echo python3) sh packaging/system-packages.sh
	@command -v $(PYTHON) >/dev/null 2>&1 || command -v python3 >/dev/null 2>&1 || { \
		echo "Dormouse needs Python 3.11 or 3.12. Please type: sudo apt-get install -y python3 python3-venv"; exit 1; }
	@test -x $(BIN)/python || { command -v $(PYTHON) >/dev/null 2>&1 && $(PYTHON) -m venv $(VENV); } || python3 -m venv $(VENV)
	$(PIP) install -c constraints.txt torch==2.13.0
	$(PIP) install -c constraints.txt -e ".[dev]"
	@touch $(STAMP)

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache
