# Completion of startle's command line for bash: subcommands and options as `startle --help` names
# them, ids as `startle list` does, a matrix one axis at a time, and the words that options take.
# shellcheck shell=bash

# The program that is being completed for. ci/startle would build first: what it has built is asked.
_startle_program() {
  local given=${1/#\~/$HOME}
  [[ $given != *ci/startle ]] || given=${given%ci/startle}build/release/cases/startle
  type -P -- "$given"
}

# _startle_options PROGRAM SUBCOMMAND: one a line, and what it takes. A subcommand may be two words.
_startle_options() {
  local of
  read -ra of <<<"$2"
  "$1" "${of[@]}" --help 2>/dev/null | sed -nE 's/^  (-[a-z],)?(--[a-z-]+ ?[^ ]*).*/\2/p'
}

# _startle_subcommands PROGRAM WORD..: those that PROGRAM, or its subcommand WORD, has.
_startle_subcommands() {
  "$@" --help | sed -nE '/^Subcommands:/,/^$/s/^  ([a-z]+) .*/\1/p'
}

# _startle_up_to_slash PREFIX: of the ids on stdin each up to the `/` that follows PREFIX.
_startle_up_to_slash() {
  awk -v typed="${#1}" '{
    slash = index(substr($0, typed + 1), "/")
    id = slash ? substr($0, 1, typed + slash) : $0
    if (!seen[id]++) print id
  }'
}

# _startle_ids PROGRAM PREFIX
_startle_ids() {
  [[ $2 != *[*?]* ]] || return 0
  "$1" list "$2*" 2>/dev/null | _startle_up_to_slash "$2"
}

# _startle_names PROGRAM PREFIX: whatever can be explained.
_startle_names() {
  mapfile -t COMPREPLY < <(compgen -W "$("$1" explain --names 2>/dev/null)" -- "$2" | _startle_up_to_slash "$2")
}

# _startle_paragraphs: stdin, each line that is indented behind the one that it continues.
_startle_paragraphs() {
  awk '/^ / { sub(/^ +/, " "); text = text $0; next } { if (NR > 1) print text; text = $0 } END { print text }'
}

# _startle_listed PROGRAM WHAT: the words of the paragraph `WHAT: a, b` of serve --help.
_startle_listed() {
  "$1" serve --help 2>/dev/null | _startle_paragraphs | sed -nE "s/^$2: (.*)[.;]$/\1/p" | tr -d ,
}

# _startle_trust_models PROGRAM: as run --help lists them, in one line or several.
_startle_trust_models() {
  "$1" run --help 2>/dev/null | tr '\n' ' ' |
    sed -nE 's/.* --trust-model MODEL +([^[]*), or all .*/\1/p' | tr -d , | tr -s ' ' && echo
}

# _startle_speaks_ldap WORD..: whether a server of LDAP is asked for.
_startle_speaks_ldap() {
  [[ " $* " == *' ldap'* || " $* " == *'mode=ldap'* ]]
}

# _startle_words PROGRAM SUBCOMMAND OPTION WORD..: what OPTION takes, where that is a word, behind
# the words of the line so far.
_startle_words() {
  case $3 in
    --suite) echo quick default full ;;
    --client) echo builtin && "$1" list --defects 2>/dev/null && "$1" list --clients 2>/dev/null ;;
    --mode) echo smtp-starttls smtps ldap-starttls ldaps && if [[ $2 == @(run|compare) ]]; then echo smtp-plain ldap-plain; fi ;;
    --trust-model) _startle_trust_models "$1" && if [[ $2 == @(run|compare) ]]; then echo all; fi ;;
    --tls-policy) echo required enable ;;
    --store-model) echo documented jsse && if [[ $2 != diagnose ]]; then echo all; fi ;;
    --transport) echo memory tcp ;;
    --report) if [[ $2 == bench ]]; then echo text json csv; elif [[ $2 == @(diagnose|explain) ]]; then echo text json markdown; else echo text json jsonl junit markdown sarif; fi ;;
    --tls) echo 1.2 1.3 ;;
    --group) echo X25519 P-256 P-384 P-521 ;;
    --stop-after) echo tls auth sender message ;;
    --resume) if [[ $2 == bench ]]; then echo off ticket; fi ;;
    --key) echo rsa-2048 rsa-3072 rsa-4096 ecdsa-p256 ecdsa-p384 ecdsa-p521 ed25519 ed448 ;;
    --fail-on) echo warning note wrong-reason false-refuse false-accept leak ;;
    --certificate) "$1" certs list 2>/dev/null ;;
    --format) echo pem pkcs12 jks ;;
    --persona) echo openldap active-directory ;;
    --mechanisms) _startle_listed "$1" Mechanisms ;;
    --sasl-lie) if _startle_speaks_ldap "${@:4}"; then _startle_listed "$1" 'in LDAP'; else _startle_listed "$1" 'Lies in SMTP'; fi ;;
    --reply)
      if _startle_speaks_ldap "${@:4}"; then
        printf '%s=\n' greeting starttls root-dse root-dse-in-tls bind whoami search unbind
      else
        printf '%s=\n' greeting ehlo helo starttls ehlo-in-tls auth mail rcpt data message quit
      fi
      ;;
  esac
}

_startle_files() {
  compopt -o filenames 2>/dev/null || true
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_startle() {
  local line=${COMP_LINE:0:COMP_POINT} words=() current='' previous program subcommand='' behind=() word takes=''
  COMPREPLY=()
  read -ra words <<<"$line"
  if [[ $line != *[[:blank:]] ]]; then
    current=${words[-1]}
    unset 'words[-1]'
  fi
  ((${#words[@]} > 0)) || return 0
  program=$(_startle_program "${words[0]}") || return 0
  previous=${words[-1]}
  for word in "${words[@]:1}"; do
    if [[ -n $takes ]]; then
      takes=''
      continue
    fi
    if [[ $word == -* ]]; then
      [[ $word == *=* ]] || takes=$(_startle_options "$program" "$subcommand" | grep -e "^$word [A-Z]")
      continue
    fi
    if [[ $subcommand == certs ]]; then
      subcommand+=" $word"
    elif [[ -n $subcommand ]]; then
      behind+=("$word")
    else
      subcommand=$word
    fi
  done
  if [[ $current == --*=* ]]; then
    previous=${current%%=*}
    current=${current#*=}
  fi

  if [[ $previous == --* ]] && _startle_options "$program" "$subcommand" | grep -q -e "^$previous [A-Z]"; then
    if [[ $previous == --@(report|shown) && $current == *=* ]]; then
      _startle_files "${current#*=}"
      return 0
    elif [[ $previous == --resume && $subcommand == bench ]]; then
      mapfile -t COMPREPLY < <(compgen -W 'off ticket' -- "$current")
    elif [[ $previous == --@(config|cacerts|store|log|chain|password-file|cacerts-password-file|store-password-file|resume|expected-failures|write-expected|certificate-file|key-file|pcap|keylog) ]]; then
      _startle_files "$current"
    elif [[ $subcommand == compare && $previous == --report ]]; then
      mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$current")
    elif [[ $previous == --case ]]; then
      mapfile -t COMPREPLY < <(_startle_ids "$program" "$current")
    elif [[ $previous == --home || $previous == --out ]]; then
      compopt -o filenames 2>/dev/null || true
      mapfile -t COMPREPLY < <(compgen -d -- "$current")
    else
      mapfile -t COMPREPLY < <(compgen -W "$(_startle_words "$program" "$subcommand" "$previous" "${words[@]}")" -- "$current")
    fi
  elif [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_startle_options "$program" "$subcommand" | cut -d ' ' -f 1)" -- "$current")
  elif [[ -z $subcommand || $subcommand == certs ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(_startle_subcommands "$program" ${subcommand:+"$subcommand"})" -- "$current")
  elif [[ $subcommand == merge ]]; then
    _startle_files "$current"
  elif [[ $subcommand == compare ]]; then
    _startle_files "$current"
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$(_startle_words "$program" run --client)" -- "$current")
  elif [[ $subcommand == explain ]]; then
    _startle_names "$program" "$current"
    ((${#COMPREPLY[@]} > 0)) || _startle_files "$current"
  elif [[ $subcommand == fuzz ]]; then
    : # options alone
  elif [[ $subcommand == bench ]]; then
    mapfile -t COMPREPLY < <(compgen -W 'smtp:// smtps:// ldap:// ldaps://' -- "$current")
  elif [[ $subcommand == diagnose ]]; then
    _startle_files "$current"
    mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -W 'smtp:// smtps:// ldap:// ldaps://' -- "$current")
  elif [[ $subcommand == 'certs export' ]] && ((${#behind[@]} == 0)); then
    compopt -o filenames 2>/dev/null || true
    mapfile -t COMPREPLY < <(compgen -d -- "$current")
  elif [[ $subcommand == certs' '* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$("$program" certs list 2>/dev/null)" -- "$current")
    ((${#COMPREPLY[@]} > 0)) || _startle_files "$current"
  else
    mapfile -t COMPREPLY < <(_startle_ids "$program" "$current")
    for word in smtp ldap; do
      [[ $subcommand != serve || $word != "$current"* ]] || COMPREPLY+=("$word")
    done
    ((${#COMPREPLY[@]} > 0)) || [[ $subcommand == list ]] || _startle_files "$current"
  fi
  # A part of an id, or a point that its text has to follow, is not yet a word.
  if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *[/=] ]]; then compopt -o nospace 2>/dev/null || true; fi

  # Readline breaks words at `=` and `:`, and replaces only what stands behind the last of them.
  local breaks=${COMP_WORDBREAKS//[!=:]/}
  [[ -z $breaks ]] || COMPREPLY=("${COMPREPLY[@]#"${current%"${current##*["$breaks"]}"}"}")
  return 0
}

complete -F _startle startle
