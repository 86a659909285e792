# shellcheck shell=bash disable=SC2034,SC2154  # the pieces share their variables
# Lamppost itself: its settings, its schema and key, its two pools. Sourced, not run.

settings=()  # --config FILE ...; the last one wins

# The settings of this start; the socket's folder is another each time.
settings_write() {  # PORT
  local settings_file=$state/lamppost.conf
  cat >"$settings_file" <<TXT
# Written anew by each ./dev up; settings of your own go into a file for its --config.
site_name = Lamppost
site_origin = http://localhost:$1
public_socket = $sockets/public.sock
admin_socket = $sockets/admin.sock
database = unix://$mariadb_socket
database_name = lamppost
database_user = $service_user
public_database_user = lamppost_public
public_database_password_file = $state/public-db-password
vapid_subject = mailto:admin@example.com
vapid_key_file = $state/keys/vapid.pem
click_secret_file = $state/click-secret
TXT
  settings=(--config "$settings_file")
}

settings_add() {  # FILE
  local file
  [[ -r $1 ]] || die "--config $1: there is no such file, or it cannot be read"
  file=$(realpath -s "$1")
  if ! service_can -r "$file"; then
    service_secret "$state/extra.conf" <"$file"
    file=$state/extra.conf
  fi
  settings+=(--config "$file")
}

lamppost() { as_service "$binary" "$@" "${settings[@]}"; }

# The binary and the pages, where the service user can read them.
lamppost_place() {
  www=$root/www
  [[ -x $binary ]] || die "$binary is not there, or cannot be run"
  if service_can -x "$binary" && service_can -r "$www/index.html"; then return; fi
  rm -rf "$state/copy"
  mkdir -p "$state/copy"
  cp "$binary" "$state/copy/lamppost"
  cp -r "$www" "$state/copy/www"
  chmod -R u=rwX,go=rX "$state/copy"
  binary=$state/copy/lamppost
  www=$state/copy/www
}

lamppost_prepare() {
  lamppost migrate >&2 || die "lamppost migrate failed"
  mariadb_public_user lamppost_public "$state/public-db-password" "$root/sql/grants.sql" lamppost ||
    die "the rights of sql/grants.sql could not be granted"
  if [[ ! -e $state/keys/vapid.pem ]]; then
    lamppost keys new >&2 || die "lamppost keys new failed"
  fi
}

pool_start() {  # public|admin WORKERS
  child_start "$1" "$state/logs/$1.log" \
    "$binary" serve --pool "$1" --workers "$2" "${settings[@]}"
}
# What cron does on a real host: goes on with what was interrupted or is to be tried again, and stays
# for new subscribers until shortly before its next turn. The script goes as text, since the user who
# runs it may not be able to read the checkout.
ticks_start() {  # SECONDS
  local stay=() seconds=$(($1 - 2))
  [[ $seconds -lt 1 ]] || stay=(--stay $((seconds < 3600 ? seconds : 3600)))
  child_start resume "$state/logs/resume.log" bash -c "$(<"$root/tests/rig/ticks.sh")" ticks.sh \
    "$1" "$binary" resume "${stay[@]}" "${settings[@]}"
}
pool_listens() { [[ -S $sockets/$1.sock ]]; }
