# Needs a POSIX shell, make and Python >= 3.11. Everything is installed into .venv, from hashed locks.
# `make help` lists the targets.

.POSIX:
SHELL = /bin/sh
PYTHON ?=
TEST_WORKERS ?= 2
FUZZ_SECONDS ?= 60
BIN = .venv/bin

.PHONY: help install native web demo test check bench plots screenshots soak fuzz lock generate transcripts readme format clean

help:
	@echo 'make demo     a living market on this machine; DEMO_SECONDS=20 stops it after 20 seconds'
	@echo 'make test     the test suite, under ten minutes; TEST_WORKERS=N processes'
	@echo 'make check    linters, types, floors, generated code'
	@echo 'make bench    measure; writes build/bench.json'
	@echo 'make plots    draw docs/img from build/bench.json'
	@echo 'make screenshots  photograph the terminal client, and every page of the web at three widths, into docs/img'
	@echo 'make soak     the long forms of the tests, and a little of make fuzz'
	@echo 'make fuzz     let coverage search for bytes that break the native engine; FUZZ_SECONDS=60 for each target'
	@echo 'make generate write the generated codec and pages again, after a change of schemas or rejects'
	@echo 'make transcripts  type the examples into a shell again and write down what they print'
	@echo 'make readme   type the transcript of README.md into a shell again'
	@echo 'make install  only make the environment; .venv/bin/mx is the program'
	@echo 'make native   build the native engine, or say why not; MX_NATIVE=auto|require|off in every target'
	@echo 'make web      build the web page, or say why not; MX_WEB=auto|require|off in every target'
	@echo 'make lock     choose versions again and write the hashed locks'

install:
	@PYTHON='$(PYTHON)' tools/environment.sh dev

native:
	@MX_NATIVE=require PYTHON='$(PYTHON)' tools/environment.sh dev

web:
	@MX_WEB=require tools/web.sh build

demo:
	@PYTHON='$(PYTHON)' tools/environment.sh run
	@tools/web.sh build
	@$(BIN)/mx demo $${DEMO_SECONDS:+--seconds "$$DEMO_SECONDS"}

test: install
	@tools/native.sh test
	@tools/web.sh build
	@tools/web.sh test
	@$(BIN)/python -m pytest -n $(TEST_WORKERS) --dist worksteal

check: install
	@tools/check.sh

bench: install
	@$(BIN)/python -m tests.bench

plots: install
	@$(BIN)/python -m tests.bench.plots

soak: install
	@$(BIN)/python -m pytest -m soak -n 0 -v
	@tools/fuzz.sh 20

fuzz:
	@tools/fuzz.sh $(FUZZ_SECONDS)

format: install
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

generate: install
	@PYTHON=$(BIN)/python schemas/generate.sh
	@$(BIN)/python -m tools.generate_docs

screenshots: install
	@MX_WEB=require tools/web.sh build
	@$(BIN)/python -m tests.browser.screenshots --docs
	@$(BIN)/python -m tests.tui.screenshots

transcripts: install
	@WRITE_TRANSCRIPTS=1 $(BIN)/python -m pytest -n 0 tests/e2e

readme: install
	@$(BIN)/python -m tests.e2e.readme

lock: install
	@tools/lock.sh

clean:
	rm -rf native/target native/fuzz/target web/node_modules mexchange/gateway/static mexchange/native/_native.abi3.so .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
