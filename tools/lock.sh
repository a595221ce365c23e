#!/bin/sh
# Choose versions again and write the hashed locks, for every platform and without a word about any index.
set -eu
cd "$(dirname "$0")/.."

compile() {
    "${UV:-.venv/bin/uv}" pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header --group build "$@"
}

compile --upgrade --output-file requirements.lock
# The dev lock keeps to the versions that the programs run with.
compile --upgrade --extra dev --constraints requirements.lock --output-file requirements-dev.lock
