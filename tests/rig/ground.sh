# shellcheck shell=bash disable=SC2034,SC2154  # the pieces share their variables
# What every piece of ./dev stands on: words to the user, waiting, and who does what.
# Sourced, not run.

umask 022

say() { printf 'dev: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
misused() { say "$*"; exit 2; }

i_am_root() { [[ $EUID -eq 0 ]]; }

# Runs a command as root.
as_root() {
  if i_am_root; then "$@"; else sudo "$@"; fi
}

# Servers never run as root: then everything that they touch belongs to this user.
# setpriv, because runuser and su cannot run a binary below a folder that the user may not enter.
service_user=$(id -un)
service_group=$(id -gn)
service_prefix=()
if i_am_root; then
  service_user=nobody
  service_group=$(id -gn nobody)
  service_prefix=(setpriv --reuid="$service_user" --regid="$service_group" --clear-groups)
fi
as_service() { "${service_prefix[@]}" "$@"; }

# Makes a folder that belongs to the service user.
service_folder() {  # PATH MODE
  if i_am_root; then
    install -d -m "$2" -o "$service_user" -g "$service_group" "$1"
  else
    install -d -m "$2" "$1"
  fi
}

# Writes standard input to a file that only the service user reads.
service_secret() {  # PATH
  rm -f "$1"
  if i_am_root; then
    install -m 0600 -o "$service_user" -g "$service_group" /dev/null "$1"
  else
    install -m 0600 /dev/null "$1"
  fi
  cat >"$1"
}

# Runs a long program so that a signal to ./dev ends it, with all that it has started, at once: bash runs a
# trap only after the command in the foreground has ended, but `wait` is left for it.
step=
step_stop() {
  [[ -n $step ]] || return 0
  kill -TERM -- "-$step" 2>/dev/null || say "step $step had ended"
  step=
}
in_step() {
  local status=0
  setsid setpriv --pdeathsig TERM "$@" </dev/null &
  step=$!
  wait "$step" || status=$?
  step=
  return "$status"
}

# Asks every 0.1 s until a command succeeds; false after SECONDS_TO_WAIT.
wait_until() {  # SECONDS_TO_WAIT COMMAND...
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [[ $SECONDS -lt $end ]] || return 1
    sleep 0.1
  done
}

# Somebody listens on this port of loopback.
port_answers() {  # PORT
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null
}

loopback_has_ipv6() {
  [[ -r /proc/net/if_inet6 ]] && grep -q '^00000000000000000000000000000001 ' /proc/net/if_inet6
}

need_whole_number() {  # OPTION VALUE LOWEST HIGHEST
  [[ $2 =~ ^[0-9]{1,7}$ && $((10#$2)) -ge $3 && $((10#$2)) -le $4 ]] ||
    misused "$1 takes a whole number from $3 to $4, not '$2'"
}
