# Sourced, never run: makes the tree ready, for ci/startle, ci/test, ci/fuzz and .ci/run.
# It needs only what a bare Debian has. Everything it says goes to stderr, it reads no stdin, and it
# says nothing when there is nothing to do. Whatever fails ends the script: with 2 when the user must
# do something first, with 3 when the tree could not be built.
# shellcheck shell=bash

tree=$(readlink -f -- "${BASH_SOURCE[0]}")
tree=${tree%/ci/*}

say() { printf 'startle: %s\n' "$*" >&2; }

# stop STATUS SENTENCE..
stop() {
  local status=$1
  shift
  say "$*"
  exit "$status"
}

# failed WHAT LOG: shows the part of the log that matters, and where the rest is.
failed() {
  say "$1 failed:"
  if grep -q '^FAILED: ' "$2"; then
    sed -n '/^FAILED: /,$p' "$2" | head -n 40 >&2
  else
    tail -n 25 "$2" >&2
  fi
  stop 3 "the whole log is $2"
}

# One run at a time prepares this tree; the others wait. File descriptor 9 is the lock: programs that
# outlive the preparation must not inherit it.
lock_tree() {
  if ! mkdir -p "$tree/build/log" 2>/dev/null || [[ ! -w $tree/build || ! -w $tree/build/log ]]; then
    stop 2 "cannot write to $tree/build: run this as the user who owns it, or in a clone of your own"
  fi
  exec 9>>"$tree/build/.lock"
  if ! flock -n 9; then
    say "another run is preparing this tree; waiting for it"
    flock 9
  fi
}

unlock_tree() { exec 9>&-; }

# wanted_packages build|all|unpacked: the names of ci/packages.txt, one a line.
wanted_packages() {
  local line part=build
  while read -r line; do
    [[ $line != '# tests' ]] || part=tests
    [[ $line != '# unpacked' ]] || part=unpacked
    [[ -n $line && $line != '#'* ]] || continue
    [[ $part != "$1" && ($1 != all || $part == unpacked) ]] || printf '%s\n' "$line"
  done <"$tree/ci/packages.txt"
}

# missing_packages NAME..: those that dpkg does not hold as installed, one a line.
missing_packages() {
  local status name installed=' '
  while read -r status name; do
    [[ $status != installed ]] || installed+="$name "
  done < <(LC_ALL=C dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
  for name; do
    [[ $installed == *" $name "* ]] || printf '%s\n' "$name"
  done
}

# A fresh container has no package lists at all.
package_lists_present() { compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; }

# apt_get LOG ARGS..: waits up to ten minutes for another apt (DPkg::Lock::Timeout covers the lock of
# dpkg, not those of the lists and the archives).
apt_get() {
  local log=$1 tries
  shift
  for ((tries = 0; tries < 200; ++tries)); do
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 LC_ALL=C apt-get \
      -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@" </dev/null >"$log" 2>&1 9>&- && return
    grep -q -e 'Could not get lock' -e 'Unable to lock' "$log" || return 1
    sleep 3
  done
  return 1
}

# ready_packages build|all: installs what is missing, or says how to. Without those below `# tests` it
# goes on: the tests that need them are skipped.
ready_packages() {
  local stamp=$tree/build/.packages-$1 status=/var/lib/dpkg/status log=$tree/build/log/packages
  [[ $stamp -nt $tree/ci/packages.txt && $stamp -nt $status ]] && return
  # Elsewhere than on Debian the packages have other names: CMake says what it does not find.
  command -v dpkg-query >/dev/null || return 0

  local wanted missing as_root=()
  mapfile -t wanted < <(wanted_packages "$1")
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  if ((${#missing[@]} > 0)); then
    if [[ $(id -u) != 0 ]]; then
      if ! sudo -n true 2>/dev/null; then
        local command="apt-get install --no-install-recommends ${missing[*]}"
        package_lists_present || command="apt-get update && $command"
        say "Debian packages are missing. Run this as root, then the same again:"
        printf '    %s\n' "$command" >&2
        mapfile -t wanted < <(wanted_packages build)
        [[ $1 == all && -z $(missing_packages "${wanted[@]}") ]] || exit 2
        say "going on without them: tests that need them will be skipped"
        return
      fi
      as_root=(sudo -n)
    fi
    say "installing ${#missing[@]} Debian packages: ${missing[*]}"
    local install=(install -y --no-install-recommends --no-remove "${missing[@]}")
    # An update may fail for a foreign source in the machine's list: what counts is the installation.
    # It is also what mends lists that have grown too old to be installed from.
    package_lists_present || apt_get "$log" update || true
    if ! apt_get "$log" "${install[@]}"; then
      apt_get "$log" update || true
      apt_get "$log" "${install[@]}" || failed "apt-get ${install[*]}" "$log"
    fi
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    ((${#missing[@]} == 0)) || failed "apt-get left out ${missing[*]}; it" "$log"
  fi
  : >"$stamp"
}

# ready_unpacked: downloads the packages below `# unpacked` and unpacks them into build/unpacked, which
# takes no rights. Without them it goes on: the tests that need them are skipped.
ready_unpacked() {
  local folder=$tree/build/unpacked log=$tree/build/log/unpacked as_root=() names file
  [[ $folder/.complete -nt $tree/ci/packages.txt ]] && return
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 0
  mapfile -t names < <(wanted_packages unpacked)
  ((${#names[@]} > 0)) || return 0
  say "downloading ${#names[@]} Debian packages, to be unpacked and not installed: ${names[*]}"
  rm -rf -- "$folder"
  mkdir -p -- "$folder/packages"
  if ! (
    CDPATH='' cd -- "$folder/packages"
    apt_get "$log" download "${names[@]}" ||
      { [[ $(id -u) == 0 ]] && apt_get "$log" update && apt_get "$log" download "${names[@]}"; }
  ); then
    say "apt-get download failed (the whole log is $log): tests that need them will be skipped"
    return
  fi
  for file in "$folder"/packages/*.deb; do
    dpkg-deb -x "$file" "$folder" >"$log" 2>&1 || failed "dpkg-deb -x $file" "$log"
  done
  rm -r -- "$folder/packages"
  : >"$folder/.complete"
}

# ready_configured PRESET [-D..]: runs CMake where it never ran, where the presets have changed since,
# where the tree has moved, or where variables are given. Ninja sees to the rest.
ready_configured() {
  local preset=$1 build=$tree/build/$1 log=$tree/build/log/$1-configure fresh=() made_for=
  shift
  [[ ! -e $build/.configured ]] || made_for=$(<"$build/.configured")
  if [[ $# == 0 && $made_for == "$tree" && -e $build/build.ninja &&
    $build/.configured -nt $tree/CMakePresets.json ]]; then
    return
  fi
  [[ $made_for == "$tree" ]] || fresh=(--fresh)
  say "configuring $preset"
  if ! (CDPATH='' cd -- "$tree" && cmake --preset "$preset" "${fresh[@]}" "$@" </dev/null) \
    >"$log" 2>&1 9>&-; then
    failed "configuring $preset (its needs are in ci/packages.txt)" "$log"
  fi
  printf '%s\n' "$tree" >"$build/.configured"
}

# As many jobs as there are cores, and 1 GiB of free memory for each.
build_jobs() {
  local jobs key kib _
  jobs=$(nproc)
  while read -r key kib _; do
    [[ $key == MemAvailable: ]] && ((kib / 1048576 < jobs)) && jobs=$((kib / 1048576))
  done </proc/meminfo
  printf '%s\n' $((jobs > 0 ? jobs : 1))
}

# Copies Ninja's output, and shows how far it is: a line that moves on a terminal, else one line. What
# Ninja does before its first step (`[0/2] Re-checking globbed directories`) is not worth a word.
progress() {
  local line shown=
  while IFS= read -r line; do
    printf '%s\n' "$line"
    [[ $line =~ ^\[[1-9][0-9]*/([0-9]+)\]\  ]] || continue
    if [[ -t 2 ]]; then
      printf '\r\033[Kstartle: %s %s' "$1" "${BASH_REMATCH[0]}" >&2
    elif [[ -z $shown ]]; then
      say "$1 (${BASH_REMATCH[1]} steps)"
    fi
    shown=yes
  done
  if [[ -n $shown && -t 2 ]]; then printf '\r\033[K' >&2; fi
}

# ready_built PRESET [TARGET..]
ready_built() {
  local preset=$1 log=$tree/build/log/$1-build
  shift
  NINJA_STATUS='[%f/%t] ' ninja -C "$tree/build/$preset" -j "$(build_jobs)" "$@" \
    </dev/null 2>&1 9>&- | progress "building $preset" >"$log" || failed "building $preset" "$log"
}
