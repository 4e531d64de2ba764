# Sub Rosa. `make help` lists what there is.
.DEFAULT_GOAL := help
.PHONY: help run services reset-demo test check requirements screenshots bench proof materials
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
OPS := exec $(VENV)/bin/python -m ops
INSTALL := $(VENV)/bin/python -m pip install -qq --disable-pip-version-check --require-hashes

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | while IFS='|' read -r name what; do printf '  make %-14s %s\n' "$$name" "$$what"; done

run: $(VENV)/run.stamp ## the whole house with the demo practice (PORT=8000)
	@$(OPS) run

services: $(VENV)/run.stamp ## only PostgreSQL and Redis; prints the lines to export
	@$(OPS) services

reset-demo: $(VENV)/run.stamp ## throw the demo's data away and start over
	@$(OPS) reset-demo

test: $(VENV)/dev.stamp ## the whole test suite; ARGS="tests/records -x" narrows it
	@$(OPS) test -- $(or $(ARGS),--numprocesses 2 --dist loadfile --no-loadscope-reorder)

check: $(VENV)/dev.stamp ## linters, types, deployment check, architecture tests
	@$(OPS) check

proof: $(VENV)/dev.stamp ## the large proofs, an hour; prints their figures (SEED=20261122)
	@$(OPS) test -- tests/proofs/proof_*.py -q -s $(ARGS)

bench: $(VENV)/run.stamp ## how fast it is, against bare views; seeds once (CLIENTS=20000 NOTES=500000 ARGS=--quick)
	@exec $(VENV)/bin/python -m bench $(and $(CLIENTS),--clients $(CLIENTS)) $(and $(NOTES),--notes $(NOTES)) $(and $(TRAIL),--lines $(TRAIL)) $(ARGS)

screenshots: $(VENV)/dev.stamp ## the pictures of the README, taken from a demo
	@exec $(VENV)/bin/python docs/screenshots.py

materials: $(VENV)/dev.stamp ## what the house is made of, as a list for other programs (CycloneDX): var/materials.json
	@mkdir -p var && $(VENV)/bin/cyclonedx-py requirements requirements.txt --output-reproducible --output-format JSON --output-file var/materials.json
	@echo "var/materials.json"

requirements: $(VENV)/dev.stamp ## compile the pinned requirements from the *.in files
	$(VENV)/bin/python -m piptools compile $(COMPILE) --output-file requirements.txt requirements.in
	$(VENV)/bin/python -m piptools compile $(COMPILE) --output-file requirements-dev.txt requirements-dev.in
COMPILE := --quiet --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links

# Redone only when a requirements file changed.
$(VENV)/run.stamp: requirements.txt | $(VENV)/made.stamp
	@echo "Installing what Sub Rosa runs on …"
	@$(INSTALL) -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing what the tests need …"
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

# A half-made environment is made again.
$(VENV)/made.stamp:
	@test -n "$(PYTHON)" || { echo "Sub Rosa needs Python 3.11 or newer."; exit 1; }
	@$(VENV)/bin/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || \
		{ echo "Python cannot make virtual environments here. On Debian: apt-get install python3-venv"; exit 1; }
	@touch $@
