# shellcheck shell=bash disable=SC2034,SC2154  # the pieces share their variables
# Where the state of one instance lies, who holds it, and its secrets. Sourced, not run.
#
#   lock              held by ./dev up and its servers: a state is free only when nothing of it runs
#   run               who runs: sockets=FOLDER, port=, and the pids of dev, mariadb, public, admin, nginx
#   admin-password    for the person; htpasswd holds its hash for nginx
#   keys/vapid.pem    the VAPID key; lose it and every subscription is lost
#   click-secret      signs the links in messages; with another one, older links lead nowhere
#   public-db-password, lamppost.conf, database/, nginx/, logs/, copy/

# A file or folder that the service user can use without root's powers.
service_can() {  # -r|-x PATH
  as_service test "$1" "$2"
}

default_state() {
  local link=$root/.state
  if service_can -x "$root"; then
    printf '%s\n' "$link"
    return
  fi
  # The checkout lies where the service user cannot go (a 0700 home): the state goes elsewhere.
  local away
  away=/var/lib/lamppost-dev/$(printf '%s' "$root" | sha256sum | cut -c1-16)
  [[ -L $link || ! -e $link ]] ||
    die "$link is a folder that the user $service_user cannot reach: move it away, or name another with --state"
  mkdir -p "$away"
  ln -sfn "$away" "$link"
  printf '%s\n' "$link"
}

state_is_ours=

# Settles on a state folder and takes it, or ends with the reason.
state_take() {  # PATH
  # Servers are given where it really lies: a link may stand where they cannot go.
  state=$(realpath -m "$1")
  state_named=$(realpath -ms "$1")
  # These would need escapes in nginx.conf, lamppost.conf or SQL, in each in another way.
  [[ ! $state =~ [\"\'\$\\\;\{\}\#,[:cntrl:]] ]] ||
    misused "--state $1: its path may not hold any of \" ' \$ \\ ; { } # , or control characters"
  mkdir -p "$state" || die "the state folder $state cannot be made"
  [[ -w $state ]] || die "the state folder $state cannot be written by $(id -un)"
  service_can -x "$state" ||
    die "the state folder $state cannot be reached by the user $service_user: choose one that others may enter"
  if [[ -e $state/database && $(stat -c %U "$state/database") != "$service_user" ]]; then
    die "the state $state belongs to the user $(stat -c %U "$state/database"), not $service_user: choose another with --state"
  fi
  exec {state_lock}>>"$state/lock"
  flock -n "$state_lock" || die "the state $state_named is in use by $(state_holder): stop that one, or choose another with --state"
  state_is_ours=yes
  state_sweep
  service_folder "$state/logs" 0755
  service_folder "$state/keys" 0700
}

state_holder() {
  local pid=
  [[ ! -r $state/run ]] || pid=$(sed -n 's/^dev=//p' "$state/run")
  printf 'another ./dev up%s' "${pid:+ (pid $pid)}"
}

# What a killed ./dev up has left outside the state.
state_sweep() {
  local folder
  [[ -r $state/run ]] || return 0
  folder=$(sed -n 's/^sockets=//p' "$state/run")
  if [[ $folder =~ ^/tmp/lamppost-[A-Za-z0-9]{6}$ && -d $folder && -O $folder ]] ||
    [[ $folder =~ ^/tmp/lamppost-[A-Za-z0-9]{6}$ && $(stat -c %U "$folder" 2>/dev/null) == "$service_user" ]]; then
    rm -rf "$folder"
  fi
  rm -f "$state/run"
}

# Sockets lie in a short folder of their own: their paths end at 107 bytes, those of states don't.
sockets=
sockets_make() {
  sockets=$(as_service mktemp -d /tmp/lamppost-XXXXXX)
  state_note sockets "$sockets"
}
sockets_remove() {
  [[ -z $sockets ]] || rm -rf "$sockets"
  sockets=
}

state_note() { printf '%s=%s\n' "$1" "$2" >>"$state/run"; }

# Each start has logs of its own; those of the one before are kept beside.
logs_turn() {
  local log
  for log in "$state"/logs/*.log; do
    [[ ! -e $log ]] || mv -f "$log" "$log.1"
  done
}

state_secrets() {
  if [[ ! -s $state/admin-password ]]; then
    (umask 077 && openssl rand -base64 15 >"$state/admin-password")
  fi
  # Hashed anew at each start, so that a password written into the file by hand holds.
  printf 'admin:%s\n' "$(openssl passwd -6 -stdin <"$state/admin-password")" | service_secret "$state/htpasswd"
  if [[ ! -s $state/click-secret ]]; then
    openssl rand -hex 32 | service_secret "$state/click-secret"
  fi
  if [[ ! -s $state/public-db-password ]]; then
    openssl rand -hex 24 | service_secret "$state/public-db-password"
  fi
}
