#!/bin/bash
# Every check, cheap ones first; all run even if one fails, and the summary of the tests stands last.
set -u
export PATH="$PWD/.venv/bin:$PATH" PYTHONWARNINGS= PIP_DISABLE_PIP_VERSION_CHECK=1
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
check wheel .ci/wheel.sh

started=$SECONDS
python -m pytest -n "${TEST_PROCESSES:-2}" --dist loadgroup "$@"
tests=$?
echo "tests took $((SECONDS - started)) s"
if [ "${#failed[@]}" -gt 0 ]; then
    echo "FAILED: ${failed[*]}"
fi
[ "$tests" = 0 ] && [ "${#failed[@]}" = 0 ]
