#!/usr/bin/env bash
# Strikes a real replication on this machine with one fault after the other, while several writers go
# on, and compares source and target after every round.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
# shellcheck source=deploy/lib/build.sh
source deploy/lib/build.sh
# shellcheck source=deploy/lib/run-options.sh
source deploy/lib/run-options.sh

usage() {
    cat <<'TEXT'
Usage: deploy/chaos.sh [--seed N] [--minutes M] [--mq MQ] [--flink MODE] [--hold S] [--faults TEXT]
                       [--table FILE]

  --seed N      decides what is written, and the order and the moments of the faults (default 1)
  --minutes M   no new round begins after that (default 10); a round has every fault once,
                and some once more while the task catches up
  --mq MQ       queue of the source: kafka (default) or pulsar
  --flink MODE  where the job runs: embedded (default) in the control plane, or session, a cluster
  --hold S      seconds that faults of the first round last (default 5); then 30, then 180
  --faults TEXT only faults with this text in their names, such as "stands still"; none in a catch-up
  --table FILE  where the table of what was seen goes (default target/chaos.md)

Exits with 0 when source and target were equal after every round, every row had arrived exactly
once and no server had ended without a fault that explains it, else with 1. After one that makes a
Milvus start again, such as etcd away for 3 minutes, it says CONTENT NOT JUDGED. Needs what deploy/quickstart.sh needs. Data and logs: target/servers/chaos.
TEXT
}

seed=1
minutes=10
mq=kafka
flink=embedded
hold=5
faults=""
table="target/chaos.md"
while [ $# -gt 0 ]; do
    case "$1" in
        --flink)
            [[ "${2:-}" =~ ^(embedded|session)$ ]] || misuse "--flink needs embedded or session"
            flink="$2"
            ;;
        --hold)
            [[ "${2:-}" =~ ^[1-9][0-9]{0,3}$ ]] || misuse "--hold needs a number from 1 to 9999"
            hold="$2"
            ;;
        --faults)
            [ -n "${2:-}" ] || misuse "--faults needs a text"
            faults="$2"
            ;;
        *) run_option "$@" ;;
    esac
    shift 2
done

require_tools
mkdir -p "$(dirname "$table")"
deploy/lib/fetch-servers.sh >/dev/null
build_if_needed
run_e2e io.milvuscdc.e2e.faults.LongRun "$seed" "$minutes" "$table" "$mq" "$flink" "$hold" \
    "$faults"
