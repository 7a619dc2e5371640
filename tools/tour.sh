#!/usr/bin/env bash
# The tour of README.md, run. Its commands (```sh) run in order against a server under --dev with an empty database, and
# what they print must match the block that follows each, where … stands for anything.
#
#   tools/tour.sh [URL]        http://127.0.0.1:5000 when it is not given
set -uo pipefail

readme=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)/README.md
readonly readme default_url=http://127.0.0.1:5000
readonly url=${1-$default_url} heading='## Five-minute tour'

blocks=$(mktemp -d)
readonly blocks
trap 'rm -rf "$blocks"' EXIT

# Writes 01.commands, 01.expected, 02.commands, … into $blocks.
awk -v folder="$blocks" -v heading="$heading" '
  /^## / { in_tour = ($0 == heading) }
  !in_tour { next }
  /^```/ && file { close(file); file = ""; next }
  /^```sh$/ { file = sprintf("%s/%02d.commands", folder, ++count); printf "" >file; next }
  /^```/ { file = sprintf("%s/%02d.expected", folder, count); printf "" >file; next }
  file { print >file }' "$readme"

with_url() { sed "s|$default_url|$url|g" "$1"; }

# The expected text as a pattern of [[ ]]: all is literal but … .
to_pattern() {
  local text
  text=$(with_url "$1" | sed 's/[][\\*?(|)]/\\&/g')
  printf '%s' "${text//…/*}"
}

fail() {
  printf 'tour: step %s does not do what README.md says\n--- commands\n%s\n--- expected\n%s\n--- got\n%s\n' \
    "$1" "$(<"$blocks/$1.commands")" "$(cat "$blocks/$1.expected" 2>/dev/null)" "$2" >&2
  exit 1
}

run_step() {
  local step=$1 pattern got tries=1
  local commands=$blocks/$step.commands expected=$blocks/$step.expected
  # Letters come a moment after the answer. Looking twice into a mailbox changes nothing.
  if ! grep -qv '^inbox ' "$commands"; then tries=40; fi
  while true; do
    # In this shell, so that later steps know what earlier ones have set.
    # shellcheck disable=SC1090
    source <(with_url "$commands") >"$blocks/got" 2>&1 || fail "$step" "$(<"$blocks/got")"
    got=$(<"$blocks/got")
    if [ ! -f "$expected" ]; then return; fi
    pattern=$(to_pattern "$expected")
    # shellcheck disable=SC2053
    if [[ $got == $pattern ]]; then return; fi
    ((--tries > 0)) || fail "$step" "$got"
    sleep 0.25
  done
}

steps=0
for commands in "$blocks"/*.commands; do
  [ -f "$commands" ] || { printf 'tour: README.md has no "%s"\n' "$heading" >&2 && exit 1; }
  run_step "$(basename "$commands" .commands)"
  steps=$((steps + 1))
done
printf 'tour: %d steps do what README.md says\n' "$steps"
