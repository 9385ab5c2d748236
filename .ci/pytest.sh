#!/bin/sh
# The tests, in as many processes as there are cores (at most four). Arguments go to pytest.
set -eu
cores="$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)"
[ "$cores" -gt 4 ] && cores=4
# Some machines forbid it; then each process that a test starts compiles the whole program first.
unset PYTHONDONTWRITEBYTECODE
exec .venv/bin/python -m pytest -rs -n "${TEST_PROCESSES:-$cores}" --dist worksteal --durations 5 "$@"
