#!/bin/sh
# The native engine:  tools/native.sh build|check|test
#
# `build` puts it into the checkout if native/ has changed since the last time. Where cargo or its crates are missing,
# one line says so and the engine in Python runs; MX_NATIVE=require makes that an error, MX_NATIVE=off does nothing.
# `check` and `test` are what cargo knows of formatting, lints and tests of its own.
set -eu
cd "$(dirname "$0")/.."
wish=${MX_NATIVE:-auto}
module=mexchange/native/_native.abi3.so
missing=.venv/.native-missing

is_newer_than_sources() {
    # Folders are looked at too: they change when a file goes.
    [ -e "$1" ] && [ -z "$(find native hatch_build.py -path native/target -prune -o -newer "$1" -print | head -n 1)" ]
}

is_known_missing() {
    is_newer_than_sources "$missing" && [ "$(head -n 1 "$missing")" = "$1" ]
}

build() {
    if [ "$wish" = off ] || is_newer_than_sources "$module"; then return; fi
    cargo=$(command -v cargo || echo none)
    if [ "$wish" = auto ] && is_known_missing "$cargo"; then
        tail -n +2 "$missing" >&2
        return
    fi
    # An engine of other sources must not run, and what changes during the build makes the next one necessary.
    rm -f "$module"
    mkdir -p native/target
    echo "$cargo" > "$missing"
    if [ "$cargo" != none ]; then echo "Building the native engine ..." >&2; fi
    if said=$(.venv/bin/python hatch_build.py 2>&1); then
        if [ -e "$module" ]; then
            touch -r "$missing" "$module"
            rm "$missing"
        else
            echo "$said" | tee -a "$missing" >&2
        fi
    else
        echo "$said" >&2
        rm "$missing"
        exit 1
    fi
}

has_cargo() {
    if [ -e "$module" ] && command -v cargo >/dev/null; then return; fi
    echo "native/ is not looked at: the native engine is not built here" >&2
    return 1
}

case ${1:-} in
build) build ;;
check)
    has_cargo || exit 0
    cd native
    cargo fmt --all --check
    cargo fmt --manifest-path fuzz/Cargo.toml --check
    PYO3_NO_PYTHON=1 cargo clippy --quiet --locked --offline --workspace --all-targets -- -D warnings
    ;;
test)
    has_cargo || exit 0
    cd native
    PYO3_NO_PYTHON=1 cargo test --quiet --locked --offline --workspace
    ;;
*) echo "usage: tools/native.sh build|check|test" >&2; exit 2 ;;
esac
