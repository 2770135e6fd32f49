#!/usr/bin/env bash
# Sees to the programs the tests need beside Python: PostgreSQL, Chromium, exiftool, fonts for the pictures.
# On Debian as root it installs what is missing; elsewhere it says what to install.
set -euo pipefail

missing=()
# Further programs may be named: the benchmarks ask for wrk.
for program in "$@"; do command -v "$program" >/dev/null || missing+=("$program"); done
command -v exiftool >/dev/null || missing+=(libimage-exiftool-perl)
command -v chromium >/dev/null || missing+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
if command -v fc-list >/dev/null; then
  [ -n "$(fc-list :lang=ar)" ] || missing+=(fonts-noto-core)
  [ -n "$(fc-list :lang=ja)" ] || missing+=(fonts-noto-cjk)
else
  missing+=(fontconfig fonts-noto-core fonts-noto-cjk)
fi
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
else
  echo "The tests need these programs: ${missing[*]}. Install them and run the command again." >&2
  exit 1
fi
