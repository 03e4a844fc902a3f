# `make run` sets everything up and serves; `make test` sets everything up and runs every test.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed

NEW_ENOUGH = -c 'import sys; sys.exit(sys.version_info < (3, 11))'

.PHONY: run test check lock

run: $(INSTALLED)
	@$(BIN)/python cli.py serve

# One part of the tests: make test ARGS='tests/analytics -k demand'
test: $(INSTALLED)
	@$(BIN)/python -m pytest $(ARGS)

# Layers, lint, format and types alone; `make test` holds them too.
check: $(INSTALLED)
	@$(BIN)/python -m pytest tests/test_house.py $(ARGS)

# After a change of requirements.in; newest versions of everything: make lock ARGS=--upgrade
lock: $(INSTALLED)
	@$(BIN)/python -m pip install --disable-pip-version-check -qq uv
	@$(BIN)/uv pip compile requirements.in --universal --python-version 3.11 --generate-hashes \
		--custom-compile-command 'make lock' --quiet $(ARGS) --output-file requirements.txt

# Compiled by every core, where pip would take one; a file that does not compile is one that nobody imports.
$(INSTALLED): requirements.txt $(BIN)/python
	@echo 'Installing the libraries into .venv: once, and again when requirements.txt changes.'
	@$(BIN)/python -m pip install --disable-pip-version-check -qq --no-compile --require-hashes --requirement requirements.txt
	@$(BIN)/python -m compileall -qq -j 0 .venv/lib || :
	@touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo 'Tandem needs Python 3.11 or newer, and "$(PYTHON)" is not found. Install it, or name another: make $(MAKECMDGOALS) PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) $(NEW_ENOUGH) || { echo "Tandem needs Python 3.11 or newer, and \"$(PYTHON)\" is $$($(PYTHON) --version 2>&1). Name another: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; echo 'Python could not make .venv. On Debian and Ubuntu, install the package python3-venv and try again.' >&2; exit 1; }
