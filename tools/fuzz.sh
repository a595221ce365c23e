#!/bin/sh
# Coverage-guided fuzzing of what reads bytes in the native engine:  tools/fuzz.sh SECONDS [TARGET ...]
#
# Each target runs for SECONDS, from the golden files and whatever earlier runs have found in native/fuzz/corpus. What
# breaks one is kept in native/fuzz/artifacts and fails the run. Needs cargo and a C++ compiler, for libFuzzer; the flags
# are those of cargo-fuzz, without the address sanitizer: the engine has no unsafe code.
set -eu
cd "$(dirname "$0")/../native/fuzz"
seconds=${1:?"usage: tools/fuzz.sh SECONDS [TARGET ...]"}
shift
if [ $# -eq 0 ]; then set -- codec snapshot frames commands; fi
if ! command -v cargo >/dev/null || ! command -v c++ >/dev/null; then
    echo "nothing is fuzzed: cargo or a C++ compiler is missing" >&2
    exit 0
fi
host=$(rustc -vV | sed -n 's/^host: //p')
export RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Ccodegen-units=1"
bin=target/$host/release
cargo build --quiet --release --target "$host" --bins
for target; do
    echo "== $target, $seconds s"
    mkdir -p "artifacts/$target" "corpus/$target"
    "$bin/$target" "corpus/$target" -max_total_time="$seconds" -max_len=65536 -len_control=0 -rss_limit_mb=2048 -timeout=10 \
        -artifact_prefix="artifacts/$target/" -print_final_stats=1 2>&1 |
        grep -E '^(==|INFO: seed corpus|#[0-9]+.*(DONE|INITED)|stat::(number|average|new_units)|SUMMARY|thread|artifact|Test unit|assert)' || true
    if [ -n "$(ls "artifacts/$target")" ]; then
        echo "failed: native/fuzz/artifacts/$target has what breaks it" >&2
        exit 1
    fi
done
