#!/usr/bin/env bash
# Fetches the schema of compose files into the cache of fetch-servers.sh, as
# compose-spec-0.37.4/compose-spec.json: the copy that check-jsonschema of that version carries.
# Prints the file's path. Nothing half made is left behind.
set -euo pipefail

version=0.37.4
cache="${MILVUS_CDC_CACHE:-$HOME/.cache/milvus-cdc}"
schema="$cache/compose-spec-$version/compose-spec.json"

if [ ! -f "$schema" ]; then
    mkdir -p "$cache"
    staging="$(mktemp -d "$cache/.staging.XXXXXX")"
    trap 'rm -rf "$staging"' EXIT
    python3 -m pip download --quiet --no-deps --only-binary :all: --no-input \
        --disable-pip-version-check --dest "$staging/wheel" "check-jsonschema==$version" >&2
    mkdir "$staging/schema"
    python3 - "$staging"/wheel/*.whl "$staging/schema/compose-spec.json" <<'PYTHON'
import sys, zipfile

wheel, schema = sys.argv[1:]
inside = "check_jsonschema/builtin_schemas/vendor/compose-spec.json"
with zipfile.ZipFile(wheel) as archive, open(schema, "wb") as out:
    out.write(archive.read(inside))
PYTHON
    # another call may have been faster; what it put there is the same
    mv -T "$staging/schema" "$(dirname "$schema")" 2>/dev/null || [ -f "$schema" ]
fi
printf '%s\n' "$schema"
