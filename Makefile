# The few commands that people type. Each installs what it needs at its first run, and says what it does.
# Needs an installed uv, or Python 3.11 or newer. `make help` lists the commands.

BIN := .venv/bin
SYNCED := .venv/.synced
TIMED := @tools/timed
NEWEST := .venv-protobuf-newest
NEWEST_SYNCED := $(NEWEST)/.synced
WORKLOADS_SYNCED := workloads/.venv/.synced
IN_WORKLOADS := tools/inside workloads

STACK ?= team
# Further arguments for the command behind a target: make test ARGS='tests/cli -k preview'
ARGS ?=

# Of what Python compiles it keeps the result, whatever the caller's environment says: a run starts some hundred
# processes, and to compile the libraries again takes each of them several seconds, of which importing takes one.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help preview test coverage test-newest lint types architecture format docs bench mutation fidelity fuzz moto checkov axe languages \
	setup clean workloads workloads-test workloads-compile
.SUFFIXES:

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

preview: setup ## Show the plan of an environment: make preview STACK=learner|team|regulated
	$(TIMED) 'Previewing $(STACK)' $(BIN)/groundplan preview '$(STACK)' $(ARGS)

test: setup ## Run every test
	$(TIMED) 'Testing' $(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

coverage: setup ## Run every test, and fail where less than 95 % of the branches are covered (half as long again)
	$(TIMED) 'Testing' $(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term $(ARGS)

test-newest: $(NEWEST_SYNCED) ## Test the mock cloud's doors and scenarios on the newest protobuf
	$(TIMED) 'Testing on the newest protobuf' $(NEWEST)/bin/python -m pytest -n auto --dist worksteal \
		tests/mockcloud/doors/grpc tests/mockcloud/doors/process tests/mockcloud/scenarios $(ARGS)

lint: setup ## Check style and formatting
	$(TIMED) 'Checking style' $(BIN)/ruff check $(ARGS) .
	$(TIMED) 'Checking formatting' $(BIN)/ruff format --check .

types: setup ## Check types (two minutes the first time, then seconds)
	$(TIMED) 'Checking types' $(BIN)/mypy $(ARGS)
	$(TIMED) 'Checking types of the policy pack' $(BIN)/mypy policies/__main__.py

architecture: setup ## Check who imports whom, and the other rules of the house
	$(TIMED) 'Checking the architecture' $(BIN)/python -m pytest -q tests/architecture $(ARGS)

format: setup ## Rewrite the sources as the formatter has them
	$(TIMED) 'Formatting' $(BIN)/ruff format .

docs: setup ## Build the documentation site into site/
	$(TIMED) 'Building the documentation' env NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict $(ARGS)

bench: setup ## Run the benchmarks and print their ratios
	$(TIMED) 'Running the benchmarks' $(BIN)/python -m benchmarks.run $(ARGS)

fidelity: setup ## Try the mock cloud through Google's clients, and write docs/reference/fidelity.md
	$(TIMED) 'Measuring the fidelity of the mock cloud' $(BIN)/python -m tools.fidelity $(ARGS)

fuzz: setup ## Send the mock cloud 100,000 right and broken requests, through every door: make fuzz ARGS='--seed 7'
	$(TIMED) 'Sending requests to the mock cloud' $(BIN)/python -m tools.fuzz $(ARGS)

moto: setup ## Install moto into .tools/moto, for the benchmark that compares with its server
	$(TIMED) 'Installing moto' tools/moto

checkov: setup ## Install checkov into .tools/checkov, for the benchmark that compares with it
	$(TIMED) 'Installing checkov' tools/checkov

axe: ## Install axe-core into .tools/axe, for the test of the evidence's page (needs npm, and Chromium for the test)
	$(TIMED) 'Installing axe-core' tools/axe

languages: setup ## Build Pulumi's command and its hosts of languages, and test projects in them (needs Go; TypeScript: npm)
	$(TIMED) 'Building the Pulumi command' tools/pulumi-cli/build
	$(TIMED) 'Building the hosts of languages' tools/pulumi-languages/build
	@if command -v npm >/dev/null; then tools/timed 'Installing the packages of Node' tools/pulumi-node; fi
	$(TIMED) 'Testing projects in other languages' $(BIN)/python -m pytest -n auto --dist worksteal \
		tests/conformance/test_languages.py tests/conformance/test_plain_commands.py $(ARGS)

mutation: setup ## Break the rules one place at a time, and see that tests notice (over an hour): make mutation ARGS='network --most 8'
	$(TIMED) 'Breaking the rules' $(BIN)/python -m tools.mutation $(ARGS)

workloads: $(WORKLOADS_SYNCED) ## Run the example pipeline on this machine, into workloads/runs/
	$(TIMED) 'Running the pipeline' $(IN_WORKLOADS) python -m census_workloads run $(ARGS)

workloads-test: $(WORKLOADS_SYNCED) ## Check the types of the pipeline, and test it
	$(TIMED) 'Checking types of the pipeline' $(IN_WORKLOADS) mypy
	$(TIMED) 'Testing the pipeline' $(IN_WORKLOADS) python -m pytest $(ARGS)

workloads-compile: $(WORKLOADS_SYNCED) ## Write the pipeline as YAML, into workloads/compiled/
	$(TIMED) 'Compiling the pipeline' $(IN_WORKLOADS) python -m census_workloads compile --out compiled/census-income.yaml $(ARGS)

setup: $(SYNCED) ## Make the environment in .venv as uv.lock has it (the others do this for you)

$(SYNCED): uv.lock pyproject.toml $(wildcard */pyproject.toml) tools/setup
	$(TIMED) 'Installing the environment into .venv' tools/setup
	@touch $@

# A group of dependencies that conflicts with the others: an environment of its own.
$(NEWEST_SYNCED): uv.lock pyproject.toml $(wildcard */pyproject.toml) tools/setup
	$(TIMED) 'Installing the newest protobuf into $(NEWEST)' tools/setup . protobuf-newest
	@touch $@

# Dependencies of its own, which conflict with the rest: an environment and a lock file of its own.
$(WORKLOADS_SYNCED): workloads/uv.lock workloads/pyproject.toml tools/setup
	$(TIMED) 'Installing the environment into workloads/.venv' tools/setup workloads
	@touch $@

clean: ## Remove what these commands made: environment, tools, caches, results
	$(TIMED) 'Cleaning' rm -rf .venv $(NEWEST) .tools site htmlcov .coverage .coverage.* .mypy_cache .ruff_cache \
		.pytest_cache .hypothesis .import_linter_cache \
		workloads/.venv workloads/runs workloads/.mypy_cache workloads/.pytest_cache
