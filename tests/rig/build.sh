# shellcheck shell=bash disable=SC2034,SC2154  # the pieces share their variables
# Configures and builds into build/TYPE. Sourced, not run.

build_type=${LAMPPOST_BUILD:-RelWithDebInfo}

# LAMPPOST_BINARY names a binary that is built already (ctest does so): nothing is built then.
binary=${LAMPPOST_BINARY:-}

# Where programs that the tests need may have been installed since, cmake has to look for them again.
configure_anew=

need_build_type() {  # TYPE
  [[ " RelWithDebInfo Release Debug Sanitized " == *" $1 "* ]] ||
    misused "--build takes RelWithDebInfo, Release, Debug or Sanitized, not '$1'"
}

build_lamppost() {  # [TARGET...]; none: everything
  local folder=$root/build/$build_type options=(-DCMAKE_BUILD_TYPE="$build_type") lock
  need_build_type "$build_type"
  if [[ $build_type == Sanitized ]]; then
    options=(-DCMAKE_BUILD_TYPE=RelWithDebInfo -DLAMPPOST_SANITIZE=ON)
  fi
  mkdir -p "$folder"
  # Two builds in one folder spoil each other.
  exec {lock}>"$folder/.dev-lock"
  flock -n "$lock" || { say "waiting for another build in $folder"; in_step flock "$lock"; }
  [[ -e $folder/CMakeCache.txt ]] || options+=(-G Ninja)
  if [[ -n $configure_anew || (! -e $folder/build.ninja && ! -e $folder/Makefile) ]]; then
    in_step cmake -S "$root" -B "$folder" "${options[@]}" >&2 ||
      die "cmake could not configure $folder"
  fi
  in_step cmake --build "$folder" ${1:+--target "$@"} >&2 || die "the build in $folder failed"
  exec {lock}>&-
  binary=$folder/lamppost
}
