# shellcheck shell=bash disable=SC2034,SC2154  # the pieces share their variables
# ./dev up: everything, in the foreground, until Ctrl-C or SIGTERM. Sourced, not run.

up_usage() {
  cat <<'TXT'
./dev up [options]: installs, builds and runs everything on http://localhost:PORT until Ctrl-C
  --port N        where nginx listens, on loopback only (default 8080)
  --state DIR     database, keys, passwords, logs (default .state in the checkout)
  --workers N     processes in each of the two pools (default 2)
  --config FILE   extra settings, same syntax as lamppost.conf, read last
  --tick N        seconds between two runs of `lamppost resume` (default 60)
  --rate N        public posts a minute and address (default 30; 0: no limit)
  --build TYPE    RelWithDebInfo (default), Release, Debug, Sanitized
TXT
}

up_options() {
  port=8080 workers=2 tick=60 rate=30 state_wish='' extra_settings=()
  while [[ $# -gt 0 ]]; do
    case $1 in
      --help) up_usage; exit 0 ;;
      --port | --state | --workers | --config | --tick | --rate | --build)
        [[ $# -ge 2 && -n $2 ]] || misused "$1 needs a value" ;;
      *) misused "up does not know '$1'; see ./dev up --help" ;;
    esac
    case $1 in
      --port) need_whole_number "$1" "$2" 1 65535; port=$((10#$2)) ;;
      --state) state_wish=$2 ;;
      --workers) need_whole_number "$1" "$2" 1 64; workers=$((10#$2)) ;;
      --config) extra_settings+=("$2") ;;
      --tick) need_whole_number "$1" "$2" 1 86400; tick=$((10#$2)) ;;
      --rate) need_whole_number "$1" "$2" 0 1000000; rate=$((10#$2)) ;;
      --build) need_build_type "$2"; build_type=$2 ;;
    esac
    shift 2
  done
}

up_stop() {
  local name
  # Nothing interrupts the ending; Ctrl-C pressed twice changes nothing.
  trap '' INT TERM HUP
  set +e
  step_stop
  child_stop nginx 5
  # Both at once: what is in flight to the push services settles within 10 s.
  for name in resume tidy public admin; do child_ask_to_end "$name"; done
  for name in resume tidy public admin; do child_stop "$name" 15; done
  child_stop mariadb 60
  sockets_remove
  [[ -z $state_is_ours ]] || rm -f "$state/run"
  policy_restore
}

# The answer of our own site, without needing curl: its first line.
site_answers() {
  local line=
  exec 4<>"/dev/tcp/127.0.0.1/$port" || return 1
  printf 'GET /api/health HTTP/1.0\r\nHost: localhost\r\n\r\n' >&4
  read -r -t 5 line <&4
  exec 4>&-
  [[ $line == HTTP/1.1\ 200* ]]
}
site_answers_quietly() { (site_answers) 2>/dev/null; }

up_doctor() {
  # Older builds have no doctor.
  if lamppost doctor --help >/dev/null 2>&1; then
    lamppost doctor >&2 || die "lamppost doctor found the faults above"
  fi
}

run_up() {
  local name packages=("${packages_to_run[@]}")
  up_options "$@"
  trap up_stop EXIT

  [[ -n $state_wish ]] || state_wish=$(default_state)
  state_take "$state_wish"
  state_note dev $$
  state_note port "$port"
  ! port_answers "$port" || die "port $port is in use: stop what listens there, or choose another with --port"
  [[ -n $binary ]] || packages+=("${packages_to_build[@]}")
  need_packages "${packages[@]}"
  [[ -n $binary ]] || build_lamppost lamppost
  lamppost_place

  sockets_make
  state_secrets
  logs_turn
  mariadb_folder=$state/database
  mariadb_socket=$sockets/mariadb.sock
  settings_write "$port"
  for name in "${extra_settings[@]}"; do settings_add "$name"; done
  lamppost config check >&2 || die "the settings above are not valid"

  mariadb_make "$state/logs/mariadb-install.log"
  mariadb_start "$state/logs/mariadb.log"
  mariadb_create lamppost
  lamppost_prepare
  pool_start public "$workers"
  pool_start admin "$workers"
  child_ready public 30 pool_listens public
  child_ready admin 30 pool_listens admin
  nginx_write "$state/nginx" "$port" "$www" "$state/htpasswd" "$sockets/public.sock" "$sockets/admin.sock" \
    "$rate" "$state/logs"
  child_start nginx "$state/logs/nginx-error.log" "${nginx_command[@]}"
  child_ready nginx 30 site_answers_quietly
  ticks_start "$tick"
  for name in "${!child_pid[@]}"; do state_note "$name" "${child_pid[$name]}"; done
  up_doctor

  printf 'ready http://localhost:%s   admin http://localhost:%s/admin/   user admin   password-file %s\n' \
    "$port" "$port" "$state_named/admin-password"
  # From here on, being asked to stop is how it ends well.
  trap 'exit 0' HUP INT TERM
  watch_children
}
