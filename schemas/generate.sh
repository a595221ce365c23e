#!/bin/sh
# The only writer of mexchange/codec/_generated.py and native/engine/src/codec/generated.rs. Run it after every change
# of a schema.
#
#   schemas/generate.sh [FOLDER]      into a folder of yours, to compare; else into the tree
#                                     PYTHON: the interpreter with the dev requirements, `python` by default
set -eu
cd "$(dirname "$0")/.."
python="${PYTHON:-python}"
flatc="${FLATC:-$("$python" -c 'import autobahn._flatc as f, pathlib; print(pathlib.Path(f.__file__).parent / "bin" / "flatc")')}"
PYTHONPATH=. "$python" tools/generate_codec.py --flatc "$flatc" --schemas schemas \
    --python "${1:-mexchange/codec}/_generated.py" --rust "${1:-native/engine/src/codec}/generated.rs"
