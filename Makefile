# Two commands for a fresh machine: `make app` and `make test`. Both make the environment first.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
STAMP := $(VENV)/.requirements

.PHONY: app test check format env benchmarks clean

app: env ## environment, requirements, the app with the embedded model and gallery, offline
	$(BIN)/python app.py $(ARGS)

test: check ## format, lint, strict types, then layers, units, parity and the page in a browser
	$(BIN)/python -m pytest $(ARGS)

check: env
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: env
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

benchmarks: env ## every figure of the README, printed beside its baseline
	$(BIN)/python -m benchmarks $(ARGS)

env: $(STAMP)

$(STAMP): requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

clean:
	rm -rf $(VENV)
