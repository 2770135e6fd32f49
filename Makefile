# Everything a developer or operator needs: make run, make test. The rest builds on them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export UV_COMPILE_BYTECODE := 1

.PHONY: run test check faults bench looks help

help:
	@echo "make run    the demo store with everything around it (PORT, DATA_DIR)"
	@echo "make test   lint, types, contracts, then every test but the long fault runs"
	@echo "make faults the long fault runs: kill -9, frozen queues, broken networks"
	@echo "make bench  the benchmarks, as ratios"
	@echo "make check  lint, types, import contracts, templates"
	@echo "make looks  a contact sheet of every page"

run: $(VENV)/.runtime
	@exec $(BIN)/python -m reviews_app.sandbox

test: $(VENV)/.dev check
	@tests/programs.sh
	$(BIN)/python -m pytest -n auto --dist loadgroup

faults: $(VENV)/.dev
	@tests/programs.sh
	$(BIN)/python -m pytest -m faults tests/faults tests/journeys

bench: $(VENV)/.dev
	@tests/programs.sh wrk ffmpeg
	$(BIN)/python -m bench

looks: $(VENV)/.dev
	@tests/programs.sh
	$(BIN)/python -m tests.looks

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --quiet --lint templates

$(VENV)/.runtime: requirements/sandbox.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/sandbox.txt
	@$(BIN)/python -m compileall -q reviews_app
	@touch $@

$(VENV)/.dev: requirements/dev.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/dev.txt
	@touch $@ $(VENV)/.runtime
