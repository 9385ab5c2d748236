#!/bin/sh
# Makes .venv with a Python of at least 3.11, or says in one sentence what is missing.
set -eu
python="${PYTHON:-python3}"

if ! command -v "$python" >/dev/null 2>&1; then
    echo "Python is missing: install Python 3.11 or newer (on Debian: apt-get install python3 python3-venv)." >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "$("$python" --version) is too old: Meguri needs Python 3.11 or newer. Try: make PYTHON=python3.12 ..." >&2
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing Debian's python3-venv ..."
        (apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv) >/dev/null 2>&1 || true
    fi
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        echo "This Python has no venv: install it first (on Debian: apt-get install python3-venv), then run make again." >&2
        exit 1
    fi
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
