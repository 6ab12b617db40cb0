#!/usr/bin/env bash
# Measures throughput, lag, memory and recovery on real servers.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
# shellcheck source=deploy/lib/build.sh
source deploy/lib/build.sh
# shellcheck source=deploy/lib/run-options.sh
source deploy/lib/run-options.sh

usage() {
    cat <<'TEXT'
Usage: deploy/bench.sh [--parts P,P] [--rounds N] [--rows N] [--insert N] [--seconds S]
                       [--collections N] [--outage S] [--mq MQ] [--shapes TEXT] [--table FILE] [--json FILE]

  --parts P,P      of catchup, ticks, lag, shapes, idle, kill, outage (default all of them: an hour and a half)
  --rounds N       of catchup, ticks and kill (default 5); catchup and ticks have one more that warms up
  --rows N         of 128 floats in a round (default 250000); other shapes have as many bytes
  --insert N       rows of an insert in catchup (default 4096, which are 2 MiB)
  --seconds S      that lag is measured (default 60)
  --collections N  of the part idle (default 1000)
  --outage S       seconds that the part outage has it down (default 600)
  --mq MQ          queue of the source: kafka (default) or pulsar
  --shapes TEXT    of the part shapes only those with this text in their names, such as "16 shards"
  --table FILE     where the table goes (default target/bench.md)
  --json FILE      where all figures go (default target/bench.json)

All figures are taken from the brokers' append times. Source, target, etcd, broker and this tool
share the machine; nothing else should run on it. Needs what deploy/quickstart.sh needs.
docs/performance.md says what each figure means. Data and logs: target/servers/bench.
TEXT
}

table=target/bench.md
options=()
parts='^(catchup|ticks|lag|shapes|idle|kill|outage)(,(catchup|ticks|lag|shapes|idle|kill|outage))*$'
number='^[1-9][0-9]{0,8}$'
while [ $# -gt 0 ]; do
    case "$1" in
        --parts)
            [[ "${2:-}" =~ $parts ]] || misuse "--parts needs names of parts with commas between"
            ;;
        --rounds | --rows | --insert | --seconds | --collections | --outage)
            [[ "${2:-}" =~ $number ]] || misuse "$1 needs a number above 0"
            ;;
        --mq)
            [[ "${2:-}" =~ ^(kafka|pulsar)$ ]] || misuse "--mq needs kafka or pulsar"
            ;;
        --shapes)
            [ -n "${2:-}" ] || misuse "--shapes needs a text"
            ;;
        --json)
            [ -n "${2:-}" ] || misuse "--json needs a file"
            ;;
        *) common_option "$@" ;;
    esac
    options+=("$1" "$2")
    shift 2
done

require_tools
mkdir -p target "$(dirname "$table")"
deploy/lib/fetch-servers.sh >/dev/null
build_if_needed
e2e_heap=1500m
run_e2e io.milvuscdc.e2e.bench.Bench "${options[@]}"
