#!/bin/sh
# The only writer of mexchange/codec/_generated.py, native/engine/src/codec/generated.rs and web/src/feed/generated. Run
# it after every change of a schema.
#
#   schemas/generate.sh [FOLDER]      into a folder of yours, to compare; else into the tree
#                                     PYTHON: the interpreter with the dev requirements, `python` by default
set -eu
cd "$(dirname "$0")/.."
python="${PYTHON:-python}"
flatc="${FLATC:-$("$python" -c 'import autobahn._flatc as f, pathlib; print(pathlib.Path(f.__file__).parent / "bin" / "flatc")')}"
PYTHONPATH=. "$python" tools/generate_codec.py --flatc "$flatc" --schemas schemas \
    --python "${1:-mexchange/codec}/_generated.py" --rust "${1:-native/engine/src/codec}/generated.rs"

# The page reads market data as it is on the wire, with the schema compiler's own code; only what it reads is kept.
page="${1:-web/src/feed}/generated/mx"
kept="message-type channel rate-class level-s trade-s candle-row-s subscribe subscribed subscribe-refused unsubscribe
      book-snapshot book-delta trades trades-query candles"
all=$(mktemp -d)
"$flatc" --ts -o "$all" schemas/market_data.fbs schemas/queries.fbs schemas/message_type.fbs
rm -rf "$page"
mkdir -p "$page"
for name in $kept; do
    { echo "// Generated from schemas/*.fbs by schemas/generate.sh. Do not edit."; cat "$all/mx/$name.ts"; } > "$page/$name.ts"
done
rm -r "$all"
