#!/bin/bash
# The checks that only read: cheap ones first; all run even if one fails.
set -u
export PATH="$PWD/.venv/bin:$PATH"
failed=()
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

check() {
    local name="$1" started=$SECONDS
    shift
    if "$@" >"$log" 2>&1; then
        echo "ok      $name ($((SECONDS - started)) s)"
    else
        cat "$log"
        echo "FAILED  $name ($((SECONDS - started)) s)"
        failed+=("$name")
    fi
}

check format ruff format --check .
check lint ruff check .
check types mypy
check imports lint-imports --no-cache
check templates djlint templates --lint --quiet
[ "${#failed[@]}" = 0 ]
