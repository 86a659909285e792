# shellcheck shell=bash disable=SC2034,SC2154  # the pieces share their variables
# The Debian packages that each command needs, and their installation without side effects:
# what comes in is neither started nor left enabled. Sourced, not run.

# mariadb-*-core: the server and the client without a service. openssl: passwd and rand.
packages_to_run=(nginx mariadb-server-core mariadb-client-core openssl ca-certificates)
packages_to_build=(g++ cmake ninja-build pkg-config libfcgi-dev libssl-dev libcurl4-openssl-dev
  libmysqlcppconn-dev rapidjson-dev doctest-dev)
packages_to_lint=(clang-format shellcheck)
packages_to_test=("${packages_to_lint[@]}" chromium firefox-esr fonts-dejavu-core dbus libnss3-tools
  nghttp2-client faketime curl galera-4 iproute2 php-cli python3)

# Node comes from Debian only where there is none: its npm brings hundreds of packages, and refuses to go
# beside a nodejs of another source.
packages_for_node() {
  command -v node >/dev/null || printf '%s\n' nodejs
  command -v npm >/dev/null || printf '%s\n' npm
}

missing_packages() {  # PACKAGE...
  local name
  for name in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] ||
      printf '%s\n' "$name"
  done
}

policy=/usr/sbin/policy-rc.d
policy_mark='lamppost ./dev: nothing that is installed now is started'
policy_ours=

policy_put() {
  if [[ -e $policy ]] && ! grep -qF "$policy_mark" "$policy"; then
    as_root mv -f "$policy" "$policy.before-lamppost"
  fi
  policy_ours=yes
  printf '#!/bin/sh\n# %s\nexit 101\n' "$policy_mark" | as_root tee "$policy" >/dev/null
  as_root chmod 0755 "$policy"
}

# Called from ./dev's exit trap too: an interrupted installation must not leave the policy behind.
policy_restore() {
  [[ -n $policy_ours ]] || return 0
  policy_ours=
  as_root rm -f "$policy"
  [[ ! -e $policy.before-lamppost ]] || as_root mv -f "$policy.before-lamppost" "$policy"
}

need_packages() {  # PACKAGE...
  local missing
  command -v dpkg-query >/dev/null || die "dpkg-query is not here: ./dev installs on Debian only"
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -gt 0 ]] || return 0
  i_am_root || command -v sudo >/dev/null ||
    die "Debian packages are missing: ${missing[*]}; run ./dev as root, or install sudo"
  say "installing ${missing[*]}"
  policy_put
  # In the foreground: sudo may ask for a password, and dpkg is not to be cut off in the middle.
  as_root apt-get -o DPkg::Lock::Timeout=300 update -qq >&2 || die "apt-get update failed"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
    install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    die "apt-get could not install ${missing[*]}"
  # Only if it came by us: a site that was served before is served after the next boot too.
  if [[ " ${missing[*]} " == *" nginx "* ]]; then
    as_root update-rc.d nginx disable >&2 || die "nginx's service could not be disabled"
  fi
  policy_restore
}
