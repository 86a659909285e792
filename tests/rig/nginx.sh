# shellcheck shell=bash disable=SC2034,SC2154  # the pieces share their variables
# nginx as an unprivileged instance on loopback, from the same snippets as a real host. Sourced, not run.

# Writes PREFIX/conf/nginx.conf and all that it includes.
nginx_write() {  # PREFIX PORT WWW HTPASSWD PUBLIC_SOCKET ADMIN_SOCKET RATE LOGS
  local prefix=$1 port=$2 www=$3 htpasswd=$4 public=$5 admin=$6 rate=$7 logs=$8 ipv6='' text
  rm -rf "$prefix"
  mkdir -p "$prefix/conf/lamppost"
  service_folder "$prefix/run" 0700
  cp "$root"/nginx/snippets/*.conf "$prefix/conf/lamppost/"
  chmod -R u=rwX,go=rX "$prefix/conf"
  if loopback_has_ipv6; then ipv6="listen [::1]:$port;"; fi
  if ((rate == 0)); then
    printf '# --rate 0: no limit.\n' >"$prefix/conf/lamppost/limits-public.conf"
    rate=1  # the zone wants one, and nobody counts in it
  fi
  text=$(<"$root/nginx/local.conf.in")
  # Quoted, or bash takes & in the new text for the old.
  text=${text//@PORT@/"$port"}
  text=${text//@LISTEN_IPV6@/"$ipv6"}
  text=${text//@WWW@/"$www"}
  text=${text//@HTPASSWD@/"$htpasswd"}
  text=${text//@PUBLIC_SOCKET@/"$public"}
  text=${text//@ADMIN_SOCKET@/"$admin"}
  text=${text//@RATE@/"$rate"}
  text=${text//@LOGS@/"$logs"}
  printf '%s\n' "$text" >"$prefix/conf/nginx.conf"
  nginx_command=(nginx -p "$prefix/" -c conf/nginx.conf -e "$logs/nginx-error.log")
}
