#!/bin/sh
# Every check that needs no test run; all of them run, and one failure fails the whole.
set -u
cd "$(dirname "$0")/.."
failed=""

step() {
    name=$1
    shift
    echo "== $name"
    "$@" || failed="$failed $name"
}

step lint .venv/bin/ruff check .
step format .venv/bin/ruff format --check .
step types .venv/bin/mypy
step floors .venv/bin/lint-imports --no-logo

if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    exit 1
fi
echo "all checks passed"
