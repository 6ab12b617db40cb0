#!/usr/bin/env bash
# Lets several writers change a real replication on this machine for a while, and looks whether
# anything grows that shouldn't.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
# shellcheck source=deploy/lib/build.sh
source deploy/lib/build.sh

usage() {
    cat <<'TEXT'
Usage: deploy/soak.sh [--minutes M] [--seed N] [--mq MQ] [--table FILE]

  --minutes M   how long it's watched (default 20)
  --seed N      decides what is written (default 1)
  --mq MQ       queue of the source: kafka (default) or pulsar
  --table FILE  where what was seen goes (default target/soak.md)

Exits with 0 when memory, heap, threads, open files, files of checkpoints, keys of the task store
and topics have stood still after the first third, source and target are equal, and every row has
arrived exactly once, else with 1. Needs what deploy/quickstart.sh needs. Data and logs:
target/servers/soak.
TEXT
}

misuse() {
    printf 'soak: %s\n\n' "$*" >&2
    usage >&2
    exit 2
}

minutes=20
seed=1
mq=kafka
table="target/soak.md"
while [ $# -gt 0 ]; do
    case "$1" in
        --minutes)
            [[ "${2:-}" =~ ^[1-9][0-9]{0,4}$ ]] || misuse "--minutes needs a number from 1 to 99999"
            minutes="$2"
            shift
            ;;
        --seed)
            [[ "${2:-}" =~ ^[0-9]{1,18}$ ]] || misuse "--seed needs a number"
            seed="$2"
            shift
            ;;
        --mq)
            [[ "${2:-}" =~ ^(kafka|pulsar)$ ]] || misuse "--mq needs kafka or pulsar"
            mq="$2"
            shift
            ;;
        --table)
            [ -n "${2:-}" ] || misuse "--table needs a file"
            table="$2"
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

require_tools
mkdir -p "$(dirname "$table")"
deploy/lib/fetch-servers.sh >/dev/null
build_if_needed
run_e2e io.milvuscdc.e2e.faults.Soak "$seed" "$minutes" "$table" "$mq" embedded
