# shellcheck shell=bash disable=SC2034,SC2154  # the pieces share their variables
# A private MariaDB: unix socket only, login by unix_socket, small memory. Sourced, not run.

mariadb_folder=  # the data
mariadb_socket=

# As the service user, who is the database's administrator. --no-defaults comes first, or /etc/mysql leaks in.
mariadb_sql() { as_service mariadb --no-defaults --socket="$mariadb_socket" --user="$service_user" "$@"; }
mariadb_answers() { mariadb_sql -e 'SELECT 1' >/dev/null 2>&1; }

# First start: makes the data in a folder beside, so that an interrupted making is made anew.
mariadb_make() {  # LOG
  local making=$mariadb_folder.new
  [[ ! -d $mariadb_folder ]] || return 0
  rm -rf "$making"
  service_folder "$making" 0700
  service_folder "${mariadb_socket%/*}/mariadb-tmp" 0700
  # --force: a bare system has no /etc/hosts, and the host's own name cannot be resolved.
  as_service mariadb-install-db --no-defaults --force --datadir="$making" --skip-test-db \
    --tmpdir="${mariadb_socket%/*}/mariadb-tmp" \
    --auth-root-authentication-method=socket --auth-root-socket-user="$service_user" \
    --innodb-log-file-size=16M --innodb-temp-data-file-path=ibtmp1:4M:autoextend >"$1" 2>&1 </dev/null ||
    die "the database could not be made: $(grep -E 'ERROR|FATAL|rror:' "$1" | tail -n 3 | tr '\n' ' '); its log: $1"
  mv "$making" "$mariadb_folder"
}

# A temporary folder of its own: a server that starts clears away what it takes for another's leftovers.
mariadb_start() {  # LOG
  service_folder "${mariadb_socket%/*}/mariadb-tmp" 0700
  child_start mariadb "$1" mariadbd --no-defaults --datadir="$mariadb_folder" --socket="$mariadb_socket" \
    --tmpdir="${mariadb_socket%/*}/mariadb-tmp" \
    --pid-file="${mariadb_socket%/*}/mariadb.pid" --skip-networking --skip-log-bin --skip-name-resolve \
    --innodb-flush-log-at-trx-commit=1 --innodb-lock-wait-timeout=5 \
    --innodb-log-file-size=16M --innodb-temp-data-file-path=ibtmp1:4M:autoextend \
    --innodb-buffer-pool-size=64M --innodb-log-buffer-size=4M --key-buffer-size=1M \
    --aria-pagecache-buffer-size=1M --table-open-cache=200 --performance-schema=off \
    --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_520_ci \
    --sql-mode=STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION --local-infile=0
  child_ready mariadb 60 mariadb_answers
}

mariadb_create() {  # DATABASE
  mariadb_sql -e "CREATE DATABASE IF NOT EXISTS $1 CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci"
}

# The public pool's own user. By standard input: arguments can be read by everybody on the machine.
mariadb_public_user() {  # USER PASSWORD_FILE GRANTS_FILE DATABASE
  {
    printf "CREATE USER IF NOT EXISTS '%s'@'localhost';\n" "$1"
    printf "ALTER USER '%s'@'localhost' IDENTIFIED BY '%s';\n" "$1" "$(<"$2")"
    cat "$3"
  } | mariadb_sql "$4"
}
