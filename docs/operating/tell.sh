#!/bin/sh
# Tells the city's desk of a call, from the dialplan of an exchange: tell EVENT CALL CALLER EXTENSION
#
# /etc/peyvand-tell.conf (or the file in TELL_CONFIG) says where the city is and how the exchange proves itself:
#   DESK=https://137.example.ir
#   KEY=pvd_...            a key with the scope `calls`, or
#   SECRET=...             the `hmac` of [telephone] in the city's settings
#
# Nothing here waits for long, and a city that does not answer holds up no call.
set -eu
. "${TELL_CONFIG:-/etc/peyvand-tell.conf}"

# What a caller's number may hold is decided here once more, whatever the dialplan let through.
clean() { printf '%s' "$1" | tr -cd 'A-Za-z0-9+._-'; }
body=$(printf '{"event":"%s","call":"%s","caller":"%s","extension":"%s"}' \
  "$(clean "$1")" "$(clean "${2:-}")" "$(clean "${3:-}")" "$(clean "${4:-}")")

if [ -n "${SECRET:-}" ]; then
  time=$(date +%s)
  tag=$(printf '%s.%s' "$time" "$body" | openssl dgst -sha256 -hmac "$SECRET" | sed 's/^.* //')
  set -- -H "x-time: $time" -H "x-signature: sha256=$tag"
else
  set -- -H "authorization: Bearer $KEY"
fi
exec curl -sS --max-time 5 --retry 2 -X POST "$DESK/api/v1/calls/events" \
  -H 'content-type: application/json' "$@" -d "$body"
