#!/bin/sh
# What the tests need beside Python: a browser, Japanese fonts, Java for the HTML checker, a PostgreSQL server,
# an IMAP server.
# Present ones are left alone; root on Debian gets the missing ones; anybody else is told loudly what will be skipped.
set -eu

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
font() { command -v fc-list && [ -n "$(fc-list :lang=ja family)" ]; }
java_runtime() { java -version; }
server() { ls /usr/lib/postgresql/*/bin/initdb || [ -n "${CRM_TEST_DATABASE_URL:-}" ]; }
mailboxes() { PATH="$PATH:/usr/sbin" command -v dovecot; }

missing() {
    browser >/dev/null 2>&1 || printf 'chromium '
    font >/dev/null 2>&1 || printf 'fontconfig fonts-noto-cjk '
    java_runtime >/dev/null 2>&1 || printf 'default-jre-headless '
    server >/dev/null 2>&1 || printf 'postgresql '
    mailboxes >/dev/null 2>&1 || printf 'dovecot-imapd '
}

wanted="$(missing)"
[ -z "$wanted" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests: $wanted"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null 2>&1 || true
    for package in $wanted; do
        apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 || true
    done
    wanted="$(missing)"
fi
if [ -n "$wanted" ]; then
    echo "######################################################################################" >&2
    echo "# MISSING, so that some tests will be skipped (as root: apt-get install $wanted)" >&2
    echo "######################################################################################" >&2
fi
