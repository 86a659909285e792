# shellcheck shell=bash disable=SC2034,SC2154  # the pieces share their variables
# The servers of one ./dev up: started, watched, ended by their pid. Sourced, not run.
#
# Each is the leader of a session of its own, so that Ctrl-C in the terminal reaches ./dev alone and the
# order of ending is ours; and each gets SIGTERM from the kernel should ./dev itself be killed.

declare -A child_pid=() child_log=() child_asked=()

child_start() {  # NAME LOG COMMAND...
  local name=$1 log=$2
  shift 2
  # The log is opened by the unprivileged process: root does not write into folders of others.
  # shellcheck disable=SC2016
  setsid setpriv --pdeathsig TERM "${service_prefix[@]:1}" -- \
    sh -c 'log=$1; shift; exec "$@" >>"$log" 2>&1 </dev/null' sh "$log" "$@" &
  child_pid[$name]=$!
  child_log[$name]=$log
}

child_lives() { kill -0 "${child_pid[$1]}" 2>/dev/null; }

# A process of the child's group is left (the group bears the leader's pid). A zombie is none: where nobody
# reaps orphans it would stay for ever.
group_lives() {  # PID
  local stat state group _
  kill -0 -- "-$1" 2>/dev/null || return 1
  for stat in /proc/[0-9]*/stat; do
    # "pid (name) state ppid pgrp ...", and the name may hold anything.
    { read -r -d '' stat <"$stat" || [[ -n $stat ]]; } 2>/dev/null || continue
    read -r state _ group _ <<<"${stat##*) }"
    [[ $group == "$1" && $state != Z ]] && return 0
  done
  return 1
}
group_is_gone() { ! group_lives "$1"; }

child_ask_to_end() {  # NAME
  local pid=${child_pid[$1]:-}
  [[ -n $pid && -z ${child_asked[$1]:-} ]] || return 0
  child_asked[$1]=yes
  # The leader hands it on; where the leader is gone, those that it has left are told themselves.
  kill -TERM "$pid" 2>/dev/null || kill -TERM -- "-$pid" 2>/dev/null || return 0
}

# Ends one child and whatever it has started; kills what has not gone after PATIENCE seconds.
child_stop() {  # NAME PATIENCE
  local pid=${child_pid[$1]:-}
  [[ -n $pid ]] || return 0
  child_ask_to_end "$1"
  unset "child_pid[$1]"
  wait_until "$2" group_is_gone "$pid" && return 0
  say "$1 (pid $pid) did not end within $2 s and is killed"
  kill -KILL -- "-$pid" 2>/dev/null || say "$1 ended at that moment"
  wait_until 5 group_is_gone "$pid" || say "$1 (pid $pid) is still there"
}

# The last words of a server, for the reason why it ended.
child_last_words() {  # NAME
  local log=${child_log[$1]}
  [[ -s $log ]] || { say "$1 wrote nothing to $log"; return 0; }
  tail -n 6 "$log" | sed "s/^/dev:   /" >&2
}

child_failed() {  # NAME REASON
  child_last_words "$1"
  die "$1 $2; its log: ${child_log[$1]}"
}

# Waits until a child is ready; stops everything when it ends or takes longer.
child_ready() {  # NAME SECONDS COMMAND...
  local name=$1 end=$((SECONDS + $2))
  local seconds=$2
  shift 2
  until "$@"; do
    child_lives "$name" || child_failed "$name" "ended while starting"
    [[ $SECONDS -lt $end ]] || child_failed "$name" "was not ready within $seconds s"
    sleep 0.05
  done
}

# Returns when a child ends: the program is over. Not `wait -n`, which can sleep for ever when a signal
# ends a child at the same moment.
watch_children() {
  local name
  while :; do
    for name in "${!child_pid[@]}"; do
      child_lives "$name" || child_failed "$name" "ended by itself"
    done
    sleep 0.3
  done
}
