#!/usr/bin/env bash
# nginx alone, in the foreground until SIGTERM, in front of sockets that somebody else listens on.
#
#   tests/rig/with_nginx.sh FOLDER PORT WWW PUBLIC_SOCKET ADMIN_SOCKET RATE
#
# The login is admin with the password "password". Ends at once if nginx does.
# shellcheck disable=SC2034,SC2154  # the pieces share their variables
set -euo pipefail

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
for piece in ground children nginx; do
  # shellcheck source=/dev/null
  source "$root/tests/rig/$piece.sh"
done
[[ $# -eq 6 ]] || misused "with_nginx.sh takes FOLDER PORT WWW PUBLIC_SOCKET ADMIN_SOCKET RATE"

finish() {
  trap '' INT TERM HUP
  set +e
  child_stop nginx 10
}
trap finish EXIT
trap 'exit 0' HUP INT TERM

service_folder "$1/logs" 0755
printf 'admin:%s\n' "$(openssl passwd -6 password)" | service_secret "$1/htpasswd"
nginx_write "$1/nginx" "$2" "$3" "$1/htpasswd" "$4" "$5" "$6" "$1/logs"
child_start nginx "$1/logs/nginx-error.log" "${nginx_command[@]}"
child_ready nginx 10 port_answers "$2"
echo ready
watch_children
