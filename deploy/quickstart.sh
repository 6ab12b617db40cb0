#!/usr/bin/env bash
# Replicates a real Milvus into another one on this machine, from nothing: fetches the servers,
# builds, starts everything on free loopback ports, and shows source and target side by side.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

usage() {
    cat <<'TEXT'
Usage: deploy/quickstart.sh [--check] [--mq kafka|pulsar] [--rows N]

  --check     stop everything when source and target are equal; exit 0, or 1 when they don't get so
  --mq NAME   message queue of the source: kafka (default) or pulsar; the target is on Kafka
  --rows N    rows of the largest collection (default 10000)

Needs JDK 17, Maven, Python 3 with pip, Linux on x86_64. Servers go to a cache, ~/.cache/milvus-cdc
or $MILVUS_CDC_CACHE; data and logs to target/servers/quickstart. Ctrl-C stops everything.
TEXT
}

say() { printf '[%3d s] %s\n' "$SECONDS" "$*"; }
fail() {
    printf 'quickstart: %s\n' "$*" >&2
    exit 1
}
misuse() {
    printf 'quickstart: %s\n\n' "$*" >&2
    usage >&2
    exit 2
}

options=()
servers=()
while [ $# -gt 0 ]; do
    case "$1" in
        --check) options+=(--check) ;;
        --rows)
            [[ "${2:-}" =~ ^[1-9][0-9]{0,7}$ ]] || misuse "--rows needs a number from 1 to 99999999"
            options+=(--rows "$2")
            shift
            ;;
        --mq)
            case "${2:-}" in
                kafka) servers=() ;;
                pulsar) servers=(pulsar-3.0.7) ;;
                *) misuse "--mq must be kafka or pulsar" ;;
            esac
            options+=(--mq "$2")
            shift
            ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) misuse "unknown option $1" ;;
    esac
    shift
done
if [ -t 1 ]; then options+=(--terminal); fi

# ---- what must be there ----------------------------------------------------------------------
[ "$(uname -sm)" = "Linux x86_64" ] || fail "Milvus 2.3.5 only runs on Linux on x86_64"
java="java"
if [ -n "${JAVA_HOME:-}" ]; then java="$JAVA_HOME/bin/java"; fi
command -v "$java" >/dev/null || fail "JDK 17 is not installed ($java not found)"
# into variables: a grep that ends early would break the pipe of what it reads
java_version="$("$java" -version 2>&1)" || fail "$java -version failed: $java_version"
[[ "$java_version" == *'version "17.'* ]] ||
    fail "JDK 17 is needed, but $java is ${java_version%%$'\n'*}. Set JAVA_HOME to a JDK 17."
command -v mvn >/dev/null || fail "Maven is not installed (mvn not found)"
mvn_version="$(mvn -v 2>&1)" || fail "mvn -v failed: $mvn_version"
[[ "$mvn_version" == *"Java version: 17."* ]] ||
    fail "Maven must run on JDK 17; set JAVA_HOME to a JDK 17"
command -v python3 >/dev/null || fail "Python 3 is not installed (python3 not found)"
python3 -m pip --version >/dev/null 2>&1 || fail "Python's pip is not installed (python3 -m pip)"
for tool in flock setsid; do
    command -v "$tool" >/dev/null || fail "$tool is not installed (it belongs to util-linux)"
done

# ---- servers ---------------------------------------------------------------------------------
deploy/lib/fetch-servers.sh ${servers[@]+"${servers[@]}"} >/dev/null

# ---- build -----------------------------------------------------------------------------------
stamp="cdc-e2e/target/quickstart-built"

up_to_date() {
    [ -f "$stamp" ] && [ -f cdc-e2e/target/classpath ] &&
        [ -x cdc-control/target/milvus-cdc/bin/milvus-cdc ] &&
        [ -z "$(find pom.xml ./*/pom.xml ./*/src flink-conf -newer "$stamp" -print -quit)" ]
}

build() {
    local log started=$SECONDS said=0 pid
    mkdir -p target
    log="target/quickstart-build.log"
    say "Building (log: $log) ..."
    mvn -B -ntp package -Dmaven.test.skip=true -Dspotless.check.skip=true >"$log" 2>&1 &
    pid=$!
    trap 'kill "$pid" 2>/dev/null || true' EXIT
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.5
        if ((SECONDS - started - said >= 5)); then
            said=$((SECONDS - started))
            say "Building ... $said s"
        fi
    done
    if ! wait "$pid"; then
        grep -E '^\[ERROR\]' "$log" | head -n 30 >&2 || tail -n 30 "$log" >&2
        fail "the build failed, see above and $log"
    fi
    trap - EXIT
}

if ! up_to_date; then
    started="$(mktemp)"
    build
    mv "$started" "$stamp" # its time is that of the build's start
fi

# ---- run -------------------------------------------------------------------------------------
e2e=(cdc-e2e/target/cdc-e2e-*.jar)
exec "$java" -Xmx512m -cp "${e2e[0]}:$(cat cdc-e2e/target/classpath)" \
    io.milvuscdc.e2e.quickstart.Quickstart "${options[@]}"
