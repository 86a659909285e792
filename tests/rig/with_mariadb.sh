#!/usr/bin/env bash
# Runs COMMAND with a throw-away MariaDB beside it, and ends with COMMAND's exit code.
#
#   tests/rig/with_mariadb.sh COMMAND [ARGUMENT...]
#
# The server runs as the unprivileged user; COMMAND runs as the caller, who logs in by unix_socket
# without a password and may do everything in the server. COMMAND sees:
#   LAMPPOST_TEST_DATABASE       unix:///tmp/lamppost-.../mariadb.sock
#   LAMPPOST_TEST_DATABASE_NAME  lamppost_test, empty
#   LAMPPOST_TEST_DATABASE_USER  the caller's name
#   LAMPPOST_TEST_DATABASE_PID   to stop and continue the server by signals
# shellcheck disable=SC2034,SC2154  # the pieces share their variables
set -euo pipefail

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
for piece in ground children mariadb; do
  # shellcheck source=/dev/null
  source "$root/tests/rig/$piece.sh"
done
[[ $# -gt 0 ]] || misused "with_mariadb.sh needs a command"

folder=
finish() {
  trap '' INT TERM HUP
  set +e
  step_stop
  # A test may have left it stopped, and then it would not hear.
  [[ -z ${child_pid[mariadb]:-} ]] || kill -CONT "${child_pid[mariadb]}" 2>/dev/null
  child_stop mariadb 30
  [[ -z $folder ]] || rm -rf "$folder"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

folder=$(as_service mktemp -d /tmp/lamppost-XXXXXX)
mariadb_folder=$folder/database
mariadb_socket=$folder/mariadb.sock
mariadb_make "$folder/install.log"
mariadb_start "$folder/mariadb.log"
mariadb_create lamppost_test
caller=$(id -un)
mariadb_sql -e "CREATE USER IF NOT EXISTS '$caller'@'localhost' IDENTIFIED VIA unix_socket;
  GRANT ALL ON *.* TO '$caller'@'localhost' WITH GRANT OPTION"

export LAMPPOST_TEST_DATABASE=unix://$mariadb_socket
export LAMPPOST_TEST_DATABASE_NAME=lamppost_test
export LAMPPOST_TEST_DATABASE_USER=$caller
export LAMPPOST_TEST_DATABASE_PID=${child_pid[mariadb]}
in_step "$@"
