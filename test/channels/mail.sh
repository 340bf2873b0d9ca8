#!/bin/sh
# Connects our e-mail connector, and a house whose own mail goes by it, to a real Dovecot and Postfix on this machine and runs the tests.
# Both run privately, on ports and in a folder of their own, and end with the test; no mail can leave the machine.
# Needs: Debian's dovecot-imapd and postfix, and root (Postfix cannot be started by anybody else).
set -eu
cd "$(dirname "$0")/../.."
for need in dovecot postfix; do
  command -v "$need" >/dev/null || { echo "mail.sh: $need is missing; install dovecot-imapd and postfix" >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo "mail.sh: run this as root; Postfix cannot be started by anybody else" >&2; exit 1; }

tmp=$(mktemp -d "${TMPDIR:-/tmp}/switchboard-mail.XXXXXX")
finish() { # the test ends them itself, unless it was ended
  code=$?
  trap - EXIT INT TERM
  [ ! -f "$tmp/dovecot/master.pid" ] || dovecot -c "$tmp/dovecot.conf" stop || true
  [ ! -f "$tmp/postfix/main.cf" ] || postfix -c "$tmp/postfix" status >/dev/null 2>&1 && postfix -c "$tmp/postfix" stop >/dev/null 2>&1 || true
  rm -rf "$tmp"
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM
SWITCHBOARD_MAIL_DIR=$tmp go test -tags channels -count=1 -timeout 3m -v ./test/mail
