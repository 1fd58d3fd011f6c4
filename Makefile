# Two commands for a fresh machine: `make app` and `make test`. Both make the environment first.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
# The suite runs in so many processes, which take turns at files in the order of their names; the
# tests of the page, which take longest, come early. `make test WORKERS=0` has all in one process.
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
STAMP := $(VENV)/.requirements
MODULES := node_modules/.package-lock.json

# What a CPU without AVX-512 computes with: torch's, oneDNN's, MKL's and OpenBLAS's kernels for AVX2.
AVX2 := ATEN_CPU_CAPABILITY=avx2 DNNL_MAX_CPU_ISA=AVX2 MKL_ENABLE_INSTRUCTIONS=AVX2 \
	OPENBLAS_CORETYPE=Haswell

.PHONY: app test test-avx2 check web format env benchmarks clean

app: env ## environment, requirements, the app with the embedded model and gallery, offline
	$(BIN)/python app.py $(ARGS)

test: check ## format, lint, strict types, then layers, units, parity and the page in a browser
	$(PYTEST) $(ARGS)

test-avx2: env ## the tests as a CPU without AVX-512 and bfloat16 runs them: its kernels, float32
	$(AVX2) $(PYTEST) --float32 $(ARGS)

check: env
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	@$(MAKE) --no-print-directory web

# Node is a tool of development only: the page needs none. CI always checks the page's scripts.
web:
	@if node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; then \
		$(MAKE) --no-print-directory $(MODULES) && npm run --silent check && npm run --silent test; \
	elif [ "$(CI)" = true ]; then \
		echo "CI needs node 20 or newer, and npm" >&2; exit 1; \
	else \
		echo "node 20 is not installed: the page's scripts are not linted, typed and unit-tested"; \
	fi

$(MODULES): package-lock.json
	npm ci --silent --no-audit --no-fund
	touch $@

format: env
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	@if [ -d node_modules ]; then npm run --silent format; fi

benchmarks: env ## every figure of the README, printed beside its baseline
	$(BIN)/python -m benchmarks $(ARGS)

env: $(STAMP)

$(STAMP): requirements.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	touch $@

clean:
	rm -rf $(VENV)
