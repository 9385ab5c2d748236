"""Where templates, catalogues and static files stand: inside the package in a wheel, beside it in a checkout."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def _beside_or_inside(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


TEMPLATES = _beside_or_inside("templates")
LOCALES = _beside_or_inside("locales")
STATIC = _beside_or_inside("static")
VENDOR = STATIC / "vendor"
