#!/usr/bin/env bash
# Measures how the speed of a catch-up grows with parallelism and pchannels: a real job, Kafka and
# etcd, and a simulated target that answers every request after a fixed delay.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
# shellcheck source=deploy/lib/build.sh
source deploy/lib/build.sh
# shellcheck source=deploy/lib/run-options.sh
source deploy/lib/run-options.sh

usage() {
    cat <<'TEXT'
Usage: deploy/scaling.sh [options]

  --delays MS        of the target's answers, with commas (default 5)
  --pchannels N      of the source, with commas (default 16,64,256)
  --parallelism N    of the job, with commas (default 1,2,4,8)
  --seconds S        of a measurement (default 10), after 3 s to settle
  --backlog MIB      of each source; what lasts too short ends a measurement early (default 2048)
  --rows N           of an insert (default 200)
  --interval MS      between checkpoints (default 500)
  --consumer LIST    properties of the job's Kafka consumers, key=value with commas (default none)
  --heap MB          of the job's JVM (default 4096)
  --table FILE       where the table goes (default target/scaling.md)

Needs what deploy/quickstart.sh needs, and nothing else to run on the machine. Data and logs:
target/servers/scaling and target/scaling.log; the backlogs are removed at the end. MILVUS_CDC_JAVA_OPTS are further
options of the job's JVM.
TEXT
}

delays=5
pchannels=16,64,256
parallelism=1,2,4,8
seconds=10
backlog=2048
rows=200
interval=500
heap=4096
consumer=
table="target/scaling.md"
list='^[0-9]+(,[0-9]+)*$'
number='^[1-9][0-9]{0,6}$'
while [ $# -gt 0 ]; do
    case "$1" in
        --delays | --pchannels | --parallelism)
            [[ "${2:-}" =~ $list ]] || misuse "$1 needs numbers with commas between"
            declare "${1#--}=$2"
            ;;
        --seconds | --backlog | --rows | --interval | --heap)
            [[ "${2:-}" =~ $number ]] || misuse "$1 needs a number"
            declare "${1#--}=$2"
            ;;
        --consumer)
            [[ "${2:-}" =~ ^([a-z.]+=[^=,]+)?(,[a-z.]+=[^=,]+)*$ ]] || misuse "$1 needs key=value"
            consumer="$2"
            ;;
        *) common_option "$@" ;;
    esac
    shift 2
done

require_tools
mkdir -p "$(dirname "$table")"
deploy/lib/fetch-servers.sh >/dev/null
build_if_needed
log=target/scaling.log
trap 'rm -rf target/servers/scaling/kafka/data' EXIT

# as bin/milvus-cdc starts it, with more memory
opens=()
for package in lang util util.concurrent nio; do
    opens+=("--add-opens=java.base/java.$package=ALL-UNNAMED")
done
opens+=("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED")
e2e=(cdc-e2e/target/cdc-e2e-*.jar)
# shellcheck disable=SC2086
MALLOC_ARENA_MAX=2 "$java" "${opens[@]}" \
    "-Xmx${heap}m" -XX:MaxDirectMemorySize=1g -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -XX:+ExitOnOutOfMemoryError \
    ${MILVUS_CDC_JAVA_OPTS:-} \
    -cp "${e2e[0]}:$(cat cdc-e2e/target/classpath)" \
    io.milvuscdc.e2e.scale.ScalingMeter \
    "$delays" "$pchannels" "$parallelism" "$seconds" "$backlog" "$rows" "$interval" "$consumer" \
    "$table" \
    2>"$log" || {
    tail -n 20 "$log" >&2
    fail "see above, and $log"
}
