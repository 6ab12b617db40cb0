#!/usr/bin/env bash
# Lets several writers change a real replication on this machine for a while, and looks whether
# anything grows that shouldn't.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
# shellcheck source=deploy/lib/build.sh
source deploy/lib/build.sh
# shellcheck source=deploy/lib/run-options.sh
source deploy/lib/run-options.sh

usage() {
    cat <<'TEXT'
Usage: deploy/soak.sh [--minutes M] [--seed N] [--mq MQ] [--table FILE]

  --minutes M   how long it's watched (default 20)
  --seed N      decides what is written (default 1)
  --mq MQ       queue of the source: kafka (default) or pulsar
  --table FILE  where what was seen goes (default target/soak.md)

Exits with 0 when memory, heap, threads, open files, files of checkpoints, its keys in etcd and
topics have stood still after the first third, source and target are equal, and every row has
arrived exactly once, else with 1. Needs what deploy/quickstart.sh needs. Data and logs:
target/servers/soak.
TEXT
}

minutes=20
seed=1
mq=kafka
table="target/soak.md"
while [ $# -gt 0 ]; do
    run_option "$@"
    shift 2
done

require_tools
mkdir -p "$(dirname "$table")"
deploy/lib/fetch-servers.sh >/dev/null
build_if_needed
run_e2e io.milvuscdc.e2e.faults.Soak "$seed" "$minutes" "$table" "$mq" embedded
