#!/usr/bin/env bash
# A part of the documentation, run. Its commands (```sh) run in order and in one shell, with `gatehouse` on the PATH and,
# where they ask one, against a server under --dev with an empty database. Each must exit with 0, and what a block prints
# must match the block of another kind that follows it, where … stands for anything; without one it must print nothing.
#
#   tools/tour.sh FILE HEADING [URL]    such as README.md '## Five-minute tour'; http://127.0.0.1:5000 is the URL if none is
#                                       given. A part ends at the next heading of its level or of a higher one
set -Euo pipefail

readonly file=$1 heading=$2 default_url=http://127.0.0.1:5000
readonly url=${3-$default_url}

blocks=$(mktemp -d)
readonly blocks
running=''
exec 3>&2

# `exit`, or a variable that nobody has set, ends this shell in the middle of a step.
clean_up() {
  local status=$?
  if [ -n "$running" ]; then
    printf 'tour: step %s ends the shell\n%s\n' "$running" "$(<"$blocks/got")" >&3
    status=1
  fi
  rm -rf "$blocks"
  exit "$status"
}
trap clean_up EXIT

# Writes 01.commands, 01.expected, 02.commands, … into $blocks.
awk -v folder="$blocks" -v heading="$heading" '
  /^```/ && is_in_block { is_in_block = 0; close(block); block = ""; next }
  /^```/ {
    is_in_block = 1
    if (!is_in_part) next
    block = sprintf("%s/%02d.%s", folder, $0 == "```sh" ? ++count : count, $0 == "```sh" ? "commands" : "expected")
    if (block in seen || !count) {
      printf "tour: line %d of %s begins a block that follows no commands\n", NR, FILENAME >"/dev/stderr"
      exit 1
    }
    seen[block]
    printf "" >block
    next
  }
  is_in_block { if (block) print >block; next }
  $0 == heading { is_in_part = 1; match($0, /^#+/); level = RLENGTH; next }
  match($0, /^#+ /) && RLENGTH - 1 <= level { is_in_part = 0 }' "$file" || exit 1

with_url() { sed "s|$default_url|$url|g" "$1"; }

# The expected text as a pattern of [[ ]]: all is literal but … .
to_pattern() {
  local text
  text=$(with_url "$1" | sed 's/[][\\*?(|)]/\\&/g')
  printf '%s' "${text//…/*}"
}

fail() {
  printf 'tour: step %s does not %s\n--- commands\n%s\n--- expected\n%s\n--- got\n%s\n' \
    "$1" "$2" "$(<"$blocks/$1.commands")" "$(cat "$blocks/$1.expected" 2>/dev/null)" "$(<"$blocks/got")" >&2
  exit 1
}

run_step() {
  local step=$1 pattern='' failed tries=1
  local commands=$blocks/$step.commands expected=$blocks/$step.expected
  # Letters come a moment after the answer. Looking twice into a mailbox changes nothing.
  if ! grep -qv '^inbox ' "$commands"; then tries=40; fi
  if [ -f "$expected" ]; then pattern=$(to_pattern "$expected"); fi
  while true; do
    failed=''
    # Of every command, not only of the last one. What fails in a subshell fails there alone, as for whoever types it.
    trap 'failed=${failed:-$BASH_COMMAND}' ERR
    # In this shell, so that later steps know what earlier ones have set.
    # shellcheck disable=SC1090
    running=$step
    source <(with_url "$commands") >"$blocks/got" 2>&1
    running=''
    trap - ERR
    if [ -n "$failed" ]; then fail "$step" "succeed: $failed"; fi
    # shellcheck disable=SC2053
    if [[ $(<"$blocks/got") == $pattern ]]; then return; fi
    ((--tries > 0)) || fail "$step" "print what $file says"
    sleep 0.25
  done
}

steps=0
for commands in "$blocks"/*.commands; do
  [ -f "$commands" ] || { printf 'tour: %s has no commands under "%s"\n' "$file" "$heading" >&2 && exit 1; }
  run_step "$(basename "$commands" .commands)"
  steps=$((steps + 1))
done
printf 'tour: %d steps do what %s says\n' "$steps" "$file"
