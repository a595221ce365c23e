#!/bin/sh
# The web page:  tools/web.sh build|check|test
#
# `build` puts it where the gateway serves it from if web/ has changed since the last time. Where node or its packages
# are missing, one line says so and the gateway shows how to build it; MX_WEB=require makes that an error, MX_WEB=off
# does nothing. `check` is what the compiler and the linter find, `test` the tests of the page alone; those in a real
# browser are tests/browser.
set -eu
cd "$(dirname "$0")/.."
wish=${MX_WEB:-auto}
page=mexchange/gateway/static
installed=web/node_modules/.installed

say_or_fail() {
    if [ "$wish" = require ]; then
        echo "error: $1" >&2
        exit 1
    fi
    echo "no web page: $1" >&2
}

is_newer_than() {
    # Folders are looked at too: they change when a file goes.
    file=$1
    shift
    [ -e "$file" ] && [ -z "$(find "$@" -path web/node_modules -prune -o -newer "$file" -print | head -n 1)" ]
}

is_fresh() {
    is_newer_than "$page/.built" web tools/web.sh
}

has_node() {
    if [ "$wish" = off ]; then return 1; fi
    if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
        say_or_fail "node is not installed (20.19 or newer; on Debian: apt-get install nodejs npm)"
        return 1
    fi
    if ! node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'; then
        say_or_fail "node 20.19 or newer is needed, this is $(node --version)"
        return 1
    fi
}

has_packages() {
    has_node || return 1
    wanted=$(cat web/package.json web/package-lock.json | cksum)
    if [ "$(cat "$installed" 2>/dev/null)" = "$wanted" ]; then return; fi
    echo "Installing the packages of web/package-lock.json ..." >&2
    if ! said=$(cd web && npm ci --no-audit --no-fund --loglevel=error 2>&1); then
        say_or_fail "npm cannot get its packages: $(echo "$said" | grep -m 1 -i error || echo "$said" | tail -n 1)"
        return 1
    fi
    echo "$wanted" > "$installed"
}

build() {
    if [ "$wish" = off ] || is_fresh; then return; fi
    has_packages || return 0
    started=$(mktemp)
    echo "Building the web page ..." >&2
    if said=$(cd web && npm run --silent build 2>&1); then
        # What changed during the build makes the next one necessary.
        cp -p "$started" "$page/.built"
        rm "$started"
    else
        rm "$started"
        echo "$said" >&2
        exit 1
    fi
}

case ${1:-} in
build) build ;;
check)
    has_packages || exit 0
    cd web
    npm run --silent check
    ;;
test)
    has_packages || exit 0
    cd web
    npm run --silent test
    ;;
*) echo "usage: tools/web.sh build|check|test" >&2; exit 2 ;;
esac
