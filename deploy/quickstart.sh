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

# shellcheck source=deploy/lib/build.sh
source deploy/lib/build.sh

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

require_tools
deploy/lib/fetch-servers.sh ${servers[@]+"${servers[@]}"} >/dev/null
build_if_needed
run_e2e io.milvuscdc.e2e.quickstart.Quickstart "${options[@]}"
