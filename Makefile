# make demo   installs nordstat, builds a release from the bundled evidence, reconciles the founding figures
# make test   installs what the tests need, runs the whole suite
# make matrix runs the suite under the other Pythons on this machine, with the oldest and the newest libraries
# make mutate changes the code a bit at a time and lists the changes that no test notices;
#             MUTANTS='nordstat.decode.period*' takes one module only
# make sbom   writes build/sbom.json: every package that nordstat with its extras brings along, each with its licence
# All need only Python 3.11 or newer, pip and make, and are safe to run twice.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test matrix lint docs bench sbom mutate clean

demo: $(VENV)/.installed
	$(BIN)/nordstat build release/
	$(BIN)/nordstat report release/ --out release/report.html
	$(BIN)/nordstat reconcile varmland-seed

test: $(VENV)/.tested
	$(BIN)/python -m pytest -n auto

matrix: $(VENV)/.matrixed
	$(BIN)/nox

lint: $(VENV)/.linted
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/numpydoc lint $$(git ls-files 'src/*.py')

docs: $(VENV)/.documented
	$(BIN)/python -m sphinx -n -W --keep-going -q -b html docs build/docs
	$(BIN)/python docs/check_links.py build/docs

bench: $(VENV)/.benched
	$(BIN)/python benchmarks/run.py

sbom:
	$(PYTHON) -m venv --clear build/shipped
	build/shipped/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt \
		'.[report,balance,dask,maps]'
	$(PYTHON) -m venv build/cyclonedx
	build/cyclonedx/bin/python -m pip install --quiet --disable-pip-version-check 'cyclonedx-bom>=7'
	build/cyclonedx/bin/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml \
		--output-file build/sbom.json build/shipped/bin/python

mutate: $(VENV)/.mutated
	$(BIN)/mutmut run --max-children 1 $(MUTANTS)
	$(BIN)/mutmut results | sed '/not checked/d'

clean:
	rm -rf $(VENV) .nox build dist mutants release

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python Makefile pyproject.toml constraints.txt
	$(INSTALL) --editable '.[report,maps]'
	touch $@

$(VENV)/.tested: $(BIN)/python Makefile pyproject.toml constraints.txt
	$(INSTALL) --editable '.[test,browser,report,maps,balance,dask,docs]'
	touch $@

$(VENV)/.matrixed: $(BIN)/python Makefile pyproject.toml constraints.txt
	$(INSTALL) --editable '.[matrix]'
	touch $@

$(VENV)/.linted: $(BIN)/python Makefile pyproject.toml constraints.txt
	$(INSTALL) --editable '.[lint,report]'
	touch $@

$(VENV)/.benched: $(BIN)/python Makefile pyproject.toml constraints.txt
	$(INSTALL) --editable '.[bench,dask]'
	touch $@

$(VENV)/.mutated: $(BIN)/python Makefile pyproject.toml constraints.txt
	$(INSTALL) --editable '.[test,mutation]'
	touch $@

$(VENV)/.documented: $(BIN)/python Makefile pyproject.toml constraints.txt
	$(INSTALL) --editable '.[docs,report]'
	touch $@
