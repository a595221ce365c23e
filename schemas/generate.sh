#!/bin/sh
# The only writer of mexchange/codec/_generated.py. Run it after every change of a schema.
#
#   schemas/generate.sh [OUTPUT]      PYTHON: the interpreter with the dev requirements, `python` by default
set -eu
cd "$(dirname "$0")/.."
python="${PYTHON:-python}"
flatc="${FLATC:-$("$python" -c 'import autobahn._flatc as f, pathlib; print(pathlib.Path(f.__file__).parent / "bin" / "flatc")')}"
PYTHONPATH=. "$python" tools/generate_codec.py --flatc "$flatc" --schemas schemas --output "${1:-mexchange/codec/_generated.py}"
