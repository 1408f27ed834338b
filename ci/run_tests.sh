# Sourced after ci/ready.sh by ci/test and .ci/run: runs ctest, and tells why tests were skipped.
# shellcheck shell=bash
# shellcheck disable=SC2154  # tree: ci/ready.sh

# skip_reasons LOG NAME..: `NAME: reason` for each, from what the test printed. A reason is what
# stands behind GoogleTest's `FILE:LINE: Skipped`, else the last line of the output.
skip_reasons() {
  local log=$1
  shift
  printf '%s\n' "$@" | awk '
    FILENAME == "-" { asked[$0] = 1; order[++n] = $0; next }
    /^[0-9]+\/[0-9]+ Testing: / { name = $0; sub(/^[^:]*: /, "", name); inside = 0; next }
    $0 == "Output:" { inside = 1; in_reason = 0; next }
    $0 == "<end of output>" { inside = 0 }
    !inside || !(name in asked) { next }
    /^\[  SKIPPED \]/ { in_reason = 0; stated[name] = 1; next }
    /: Skipped$/ && !(name in stated) { in_reason = 1; reason[name] = ""; next }
    in_reason && NF { reason[name] = reason[name] (reason[name] == "" ? "" : " ") $0; next }
    !in_reason && !(name in stated) && NF && !/^-+$/ { reason[name] = $0 }
    END {
      for (i = 1; i <= n; ++i)
        print "  " order[i] ": " (reason[order[i]] == "" ? "no reason stated" : reason[order[i]])
    }' - "$log"
}

# skips_within_shards LOG: `PROGRAM/TEST: reason` for each test that was skipped by a program that ran
# many (STARTLE_TEST_SHARDS): to ctest, such a program has passed.
skips_within_shards() {
  awk '
    /^[0-9]+\/[0-9]+ Testing: / {
      name = $0; sub(/^[^:]*: /, "", name)
      sharded = sub(/shard-[0-9]+-of-[0-9]+$/, "", name); in_reason = 0
    }
    !sharded { next }
    /^\[ RUN      \] / { reason = ""; in_reason = 0; next }
    /^\[  SKIPPED \] .* \([0-9]+ ms\)$/ {
      test = $0; sub(/^\[  SKIPPED \] /, "", test); sub(/ \([0-9]+ ms\)$/, "", test)
      print "  " name test ": " (reason == "" ? "no reason stated" : reason)
      in_reason = 0; next
    }
    /: Skipped$/ && reason == "" { in_reason = 1; next }
    in_reason && NF { reason = reason (reason == "" ? "" : " ") $0 }' "$1"
}

# fit_terminal WIDTH: a line of ctest a test, without its dots and `Start`s, in at most WIDTH columns;
# of what a failed program of many tests printed, only what does not say that one of them passed.
fit_terminal() {
  awk -v width="$1" '
    function finish() { if (held != "") print held; held = "" }
    /^ *Start +[0-9]+: / { next }
    /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
      finish()
      place = $1
      line = $0
      sub(/^[^#]*#[0-9]+: /, "", line)
      time = "-"
      if (sub(/ sec *$/, "", line)) {
        time = line
        sub(/.* /, "", time)
        sub(/ +[0-9.]+$/, "", line)
      }
      status = line
      if (!sub(/.* \.+ */, "", status)) sub(/.*\.\.+ */, "", status)
      gsub(/\*/, "", status)
      name = line
      sub(/ *\.+ *\**[A-Z][A-Za-z ():]*$/, "", name)
      text = sprintf("%*s  %-7s %8s s  %s", 9, place, status, time, name)
      if (length(text) > width) text = substr(text, 1, width - 2) ".."
      print text
      fflush()
      next
    }
    /^\[ RUN      \] / { finish(); held = $0; next }
    /^\[       OK \] / { if (held != "") held = ""; else print; next }
    /^\[-----/ && / ms total\)$|^\[----------\] [0-9]+ tests? from / { next }
    { finish(); print }
    END { finish() }'
}

# hold_back_summary LOG: copies ctest's output; the reasons of skipped tests go in front of its summary.
hold_back_summary() {
  local line summary=() skipped=()
  while IFS= read -r line; do
    if ((${#summary[@]} == 0)) && [[ $line != *'% tests passed, '* ]]; then
      printf '%s\n' "$line"
      continue
    fi
    summary+=("$line")
    if [[ $line =~ ^$'\t'\ *[0-9]+\ -\ (.*)\ \(Skipped\)$ ]]; then
      skipped+=("${BASH_REMATCH[1]}")
    fi
  done
  local within=
  [[ ! -e $1 ]] || within=$(skips_within_shards "$1")
  if ((${#skipped[@]} > 0)) || [[ -n $within ]]; then
    printf 'Skipped, and why:\n'
    ((${#skipped[@]} == 0)) || skip_reasons "$1" "${skipped[@]}"
    [[ -z $within ]] || printf '%s\n' "$within"
    printf '\n'
  fi
  [[ ! -e $1 ]] || failures_within_shards "$1"
  ((${#summary[@]} == 0)) || printf '%s\n' "${summary[@]}"
}

# failures_within_shards LOG: how to run each failed test of a program that ran many alone.
failures_within_shards() {
  awk '
    /^[0-9]+\/[0-9]+ Testing: / { sharded = /shard-[0-9]+-of-[0-9]+$/ }
    /^Command: "/ { program = $0; sub(/^Command: "/, "", program); sub(/".*/, "", program) }
    sharded && /^\[  FAILED  \] .* \([0-9]+ ms\)$/ {
      test = $0; sub(/^\[  FAILED  \] /, "", test); sub(/,? where .*/, "", test); sub(/ \([0-9]+ ms\)$/, "", test)
      if (!n++) print "Failed; each alone:"
      print "  \047" program "\047 --gtest_filter=" test
    }
    END { if (n) print "" }' "$1"
}

# run_tests PRESET ARGS..: the status is ctest's.
run_tests() {
  local preset=$1 log=$tree/build/$1/Testing/Temporary/LastTest.log
  shift
  (CDPATH='' cd -- "$tree" && ctest --preset "$preset" --no-label-summary "$@" </dev/null 2>&1) |
    fit_terminal "${COLUMNS:-100}" | hold_back_summary "$log"
}
