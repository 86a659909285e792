# shellcheck shell=bash disable=SC2034,SC2154  # the pieces share their variables
# ./dev demo, test, bench, crash, lint and clean. Sourced, not run.

# The npm packages that drive the tests, again only when the lock file has changed.
need_node_packages() {
  local lock=$root/tests/package-lock.json mark=$root/tests/node_modules/.lamppost-lock
  cmp -s "$lock" "$mark" && return
  in_step npm ci --prefix "$root/tests" --no-audit --no-fund >&2 || die "npm ci in tests/ failed"
  cp "$lock" "$mark"
}

run_test() {
  local node options=(--output-on-failure --no-tests=error --parallel 4)
  [[ $# -le 1 ]] || misused "test takes the name of one suite, or none"
  [[ $# -eq 0 ]] || options+=(-R "$1")
  mapfile -t node < <(packages_for_node)
  need_packages "${packages_to_run[@]}" "${packages_to_build[@]}" "${packages_to_test[@]}" "${node[@]}"
  need_node_packages
  configure_anew=yes
  build_lamppost
  # The last line that is printed is ctest's own.
  exec ctest --test-dir "$root/build/$build_type" "${options[@]}"
}

run_demo() {
  local node
  [[ $# -eq 0 ]] || misused "demo takes no options"
  mapfile -t node < <(packages_for_node)
  need_packages "${packages_to_run[@]}" "${packages_to_build[@]}" "${node[@]}"
  need_node_packages
  build_lamppost lamppost
  LAMPPOST_BINARY=$binary exec node "$root/tests/rig/demo.mjs"
}

# One measurement, with what it needs beside it.
measure() {  # PROGRAM
  case $1 in
    *.mjs) LAMPPOST_BINARY=$binary in_step bash "$root/tests/rig/with_mariadb.sh" node "$1" ;;
    */bench_store) in_step bash "$root/tests/rig/with_mariadb.sh" "$1" ;;
    */bench_send) in_step node "$root/tests/rig/with_push_service.mjs" --keep requests "$1" ;;
    *) in_step "$1" ;;
  esac
}

# All whose names begin with NAME: "campaign" is all that send whole campaigns.
run_bench() {
  local node name found missed=()
  [[ $# -le 1 ]] || misused "bench takes the name of one measurement, or none"
  mapfile -t node < <(packages_for_node)
  need_packages "${packages_to_run[@]}" "${packages_to_build[@]}" "${node[@]}" nghttp2-client
  need_node_packages
  build_lamppost lamppost benches
  mapfile -t found < <(
    find "$root/build/$build_type/tests" -name "bench_${1:-}*" -type f -executable | sort
    find "$root/tests/bench" -maxdepth 1 -name "${1:-}*.mjs" | sort
  )
  [[ ${#found[@]} -gt 0 ]] || die "there is no measurement '${1:-}' in tests/bench"
  for name in "${found[@]}"; do
    measure "$name" || missed+=("${name##*/}")
  done
  [[ ${#missed[@]} -eq 0 ]] || die "did not reach their targets: ${missed[*]}"
}

crash_usage() {
  cat <<'TXT'
./dev crash [options]: sends a campaign while its workers and MariaDB are killed with -9, and looks who is lost or has it twice
  --recipients N       (default 20000)
  --kills N            workers killed, one each 120 to 400 ms (default 200)
  --database-kills N   (default 5)
  --workers N          processes that send it together (default 4)
  --seed S             of what is left to chance (default: another each time; it is printed)
TXT
}

run_crash() {
  local node
  if [[ ${1:-} == --help ]]; then
    crash_usage
    exit 0
  fi
  mapfile -t node < <(packages_for_node)
  need_packages "${packages_to_run[@]}" "${packages_to_build[@]}" "${node[@]}"
  need_node_packages
  [[ -n $binary ]] || build_lamppost lamppost
  LAMPPOST_BINARY=$binary exec node "$root/tests/crash/campaign.mjs" "$@"
}

run_lint() {
  local cpp shell
  need_packages "${packages_to_lint[@]}" cmake
  shell=("$root"/dev "$root"/.ci/run "$root"/tests/rig/*.sh)
  if [[ ${1:-} == --fix ]]; then
    mapfile -t cpp < <(find "$root"/{lib,fcgi,tests} -path '*/node_modules' -prune -o \
      \( -name '*.h' -o -name '*.cpp' \) -print)
    clang-format -i "${cpp[@]}"
  elif [[ $# -gt 0 ]]; then
    misused "lint takes --fix or nothing, not '$1'"
  fi
  cmake -DROOT="$root" -P "$root/tests/format.cmake" || die "clang-format is not content: ./dev lint --fix"
  shellcheck "${shell[@]}" || die "shellcheck is not content"
}

run_clean() {
  local state lock
  [[ $# -eq 0 || ($# -eq 1 && $1 == --all) ]] || misused "clean takes --all or nothing, not '$1'"
  if [[ ${1:-} == --all && -e $root/.state ]]; then
    # Not away from under a running instance.
    state=$(realpath "$root/.state")
    exec {lock}>>"$state/lock"
    flock -n "$lock" || die "the state $root/.state is in use by $(state_holder): stop that one first"
    rm -rf "$state" "$root/.state"
  fi
  rm -rf "$root/build" "$root/tests/node_modules"
}
