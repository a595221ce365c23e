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

same_codec() {
    mkdir -p build
    PYTHON=.venv/bin/python schemas/generate.sh build &&
        cmp build/_generated.py mexchange/codec/_generated.py &&
        cmp build/generated.rs native/engine/src/codec/generated.rs &&
        diff -r build/generated web/src/feed/generated
}

step lint .venv/bin/ruff check .
step format .venv/bin/ruff format --check .
step types .venv/bin/mypy
step floors .venv/bin/lint-imports --no-logo
step codec same_codec
step docs .venv/bin/python -m tools.generate_docs --check
step native tools/native.sh check
step web tools/web.sh check
if [ -e mexchange/native/_native.abi3.so ]; then
    step stubs .venv/bin/python -m mypy.stubtest mexchange.native._native
fi

if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    case $failed in *codec* | *docs*) echo "  hint: make generate" >&2 ;; esac
    exit 1
fi
echo "all checks passed"
