# shellcheck shell=bash
# Sourced by the scripts of deploy/: what they need of the machine, and the build of what they run.
# The caller has set -euo pipefail and is in the project's root.

say() { printf '[%3d s] %s\n' "$SECONDS" "$*"; }
fail() {
    printf '%s: %s\n' "$(basename "$0" .sh)" "$*" >&2
    exit 1
}

# Sets $java, or ends with what is missing.
require_tools() {
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
}

# The stamp is written by every build of all modules, and has the time of its start.
up_to_date() {
    local stamp="cdc-e2e/target/built"
    [ -f "$stamp" ] && [ -f cdc-e2e/target/classpath ] &&
        [ -x cdc-control/target/milvus-cdc/bin/milvus-cdc ] &&
        [ -z "$(find pom.xml ./*/pom.xml ./*/src flink-conf -newer "$stamp" -print -quit)" ]
}

build() {
    local log started=$SECONDS said=0 pid
    mkdir -p target
    log="target/build.log"
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

# Builds the distribution and the e2e classes, unless nothing has changed since the last time.
build_if_needed() {
    up_to_date || build
}

# Becomes a main class of cdc-e2e with these arguments.
run_e2e() {
    local e2e=(cdc-e2e/target/cdc-e2e-*.jar)
    exec "$java" "-Xmx${e2e_heap:-512m}" -cp "${e2e[0]}:$(cat cdc-e2e/target/classpath)" "$@"
}
