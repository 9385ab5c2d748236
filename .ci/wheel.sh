#!/bin/bash
# Builds the wheel, installs it into a clean environment, and opens one page there.
set -euo pipefail
root="$PWD"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

rm -rf dist
"$root/.venv/bin/python" -m hatchling build -t wheel
"$root/.venv/bin/python" -m venv --without-pip "$work/venv"
# The dependencies are those of the lock, already installed here; only the app itself comes from the wheel.
packages="$("$work/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
"$root/.venv/bin/python" -m pip install -q --no-deps --no-index --target "$packages" dist/*.whl
"$root/.venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' >"$packages/lock.pth"
cd "$work"
CRM_DATA_DIR="$work/var" "$work/venv/bin/python" "$root/.ci/open_page.py" "$root"
