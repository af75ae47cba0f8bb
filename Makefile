# The commands of the project; each sets up the environment first when that is needed.
#
#   make run        serve the workbench on http://127.0.0.1:8501 (DATA=folder opens another label, PORT=)
#   make test       lint, unit and page tests, notebooks, journeys in a browser
#   make notebook   JupyterLab on notebooks/ with the label loaded (DATA=)
#   make bench      measure, and write docs/benchmarks.md
#   make clean      remove the environment and what tools left behind; labels stay

PYTHON ?= python3
PORT ?= 8501
DATA ?=

# a worker holds models and tables of its own: more than four gain little and fill the memory;
# each computes on one core, as the others are taken
CORES := --numprocesses logical --maxprocesses 4 --dist worksteal
ALONE := OMP_NUM_THREADS=1
BIN := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
ifneq ($(DATA),)
# a folder, made absolute because JupyterLab works from another one, or the name of a label
export WORKBENCH_LABEL := $(if $(wildcard $(DATA)/.),$(abspath $(DATA)),$(DATA))
endif

.PHONY: run test notebook bench clean ready
.DEFAULT_GOAL := run

run: ready
	@$(BIN)/python -m workbench serve --port $(PORT)

test: ready
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(ALONE) $(BIN)/python -m pytest $(CORES) tests --ignore tests/browser
	$(ALONE) $(BIN)/python -m pytest $(CORES) notebooks --nbmake
	$(ALONE) $(BIN)/python -m pytest --numprocesses 2 --dist worksteal tests/browser

notebook: ready
	@$(BIN)/jupyter lab --ip 127.0.0.1 notebooks

bench: ready
	$(BIN)/python -m benchmarks

clean:
	@$(PYTHON) tools/environment.py --remove

ready:
	@$(PYTHON) tools/environment.py
