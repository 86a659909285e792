#!/usr/bin/env bash
# Starts COMMAND every SECONDS, as cron does on a real host, but never beside one that still runs.
# SIGTERM ends it, once COMMAND has ended.
#
#   tests/rig/ticks.sh SECONDS COMMAND...
set -euo pipefail

every=$1
shift
asked=
waiting=
on_term() {
  asked=yes
  [[ -z $waiting ]] || kill "$waiting" 2>/dev/null || return 0
}
trap on_term TERM INT

while [[ -z $asked ]]; do
  next=$((SECONDS + every))
  setpriv --pdeathsig TERM "$@" &
  waiting=$!
  # A trap breaks the wait off; the command has been told and ends soon.
  while kill -0 "$waiting" 2>/dev/null; do wait "$waiting" || code=$?; done
  [[ ${code:-0} -eq 0 ]] || echo "ticks: $1 ended with ${code}" >&2
  code=0
  [[ -z $asked ]] || break
  # At least a second, should COMMAND take longer than its turn.
  sleep $((next > SECONDS ? next - SECONDS : 1)) &
  waiting=$!
  wait "$waiting" || code=0
done
