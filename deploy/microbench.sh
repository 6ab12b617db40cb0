#!/usr/bin/env bash
# Measures what single steps of a message's way cost: time and allocated memory, without servers.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
# shellcheck source=deploy/lib/build.sh
source deploy/lib/build.sh
# shellcheck source=deploy/lib/run-options.sh
source deploy/lib/run-options.sh

usage() {
    cat <<'TEXT'
Usage: deploy/microbench.sh [--seconds S] [--table FILE]

  --seconds S   of an iteration (default 1); each benchmark has ten
  --table FILE  where the table goes (default target/microbench.md)

Needs JDK 17 and Maven, and nothing else to run on the machine: figures of a busy one are worth
nothing, but for the allocated memory. Takes about 4 minutes.
TEXT
}

seconds=1
table="target/microbench.md"
while [ $# -gt 0 ]; do
    case "$1" in
        --seconds)
            [[ "${2:-}" =~ ^[1-9][0-9]{0,2}$ ]] || misuse "--seconds needs a number from 1 to 999"
            seconds="$2"
            ;;
        *) common_option "$@" ;;
    esac
    shift 2
done

require_tools
mkdir -p "$(dirname "$table")"
build_if_needed
run_e2e io.milvuscdc.e2e.microbench.Microbench "$table" "$seconds"
