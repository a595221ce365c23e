#!/bin/sh
# Make or refresh .venv and the native engine:  tools/environment.sh run|dev
#
# `run` is what the programs need, `dev` adds what tests and checks need. Nothing happens when the locks and
# pyproject.toml are those of the last time. PYTHON names the interpreter to use.
#
# The native engine is built too where it can be: tools/native.sh.
set -eu
cd "$(dirname "$0")/.."

kind=${1:-dev}
case $kind in
run) lock=requirements.lock ;;
dev) lock=requirements-dev.lock ;;
*) echo "usage: tools/environment.sh run|dev" >&2; exit 2 ;;
esac

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14 python}; do
        if is_new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    found=$(${PYTHON:-python3} --version 2>&1 || true)
    echo "mExchange needs Python 3.11 or newer; found: ${found:-none}." >&2
    echo "  hint: install one (on Debian and Ubuntu: apt-get install python3 python3-venv)," >&2
    echo "        or name it: make PYTHON=/path/to/python3.12 ..." >&2
    return 1
}

stamp_of() {
    # The path is part of it: an environment that was moved with its folder does not work any more.
    { cat pyproject.toml "$1"; pwd; } | cksum
}

is_fresh() {
    [ -x .venv/bin/mx ] && [ "$(cat ".venv/.installed-$1" 2>/dev/null)" = "$(stamp_of "$2")" ]
}

has_packages() {
    # What tests need contains what the programs need.
    is_fresh "$kind" "$lock" || { [ "$kind" = run ] && is_fresh dev requirements-dev.lock; }
}

install_packages() {
    if ! { [ -x .venv/bin/python ] && is_new_enough .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
        python=$(find_python)
        echo "Making .venv with $("$python" --version) ..." >&2
        if ! "$python" -m venv --clear .venv; then
            rm -rf .venv
            echo "error: $python cannot make virtual environments." >&2
            echo "  hint: on Debian and Ubuntu: apt-get install python3-venv" >&2
            exit 1
        fi
    fi

    echo "Installing the packages of $lock into .venv ..." >&2
    rm -f .venv/.installed-run .venv/.installed-dev
    if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"; then
        echo "error: the packages of $lock could not be installed; pip says why above." >&2
        echo "  hint: the first time needs the network (or a pip configured for your mirror); later runs do not." >&2
        exit 1
    fi
    # Editable and without isolation: the build backend is in the lock too, so nothing comes in unhashed. The native
    # engine is built afterwards, where pip does not hide what is said.
    MX_NATIVE=off .venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --no-deps --no-build-isolation --editable .
    stamp_of "$lock" > ".venv/.installed-$kind"
}

has_packages || install_packages
tools/native.sh build
