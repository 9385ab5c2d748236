"""The files of the house, for the tests that read them."""

import importlib.util
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SOURCES = [path for path in sorted((ROOT / "crm").rglob("*.py")) if path.parent.name != "versions"]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def nothing(found: Iterable[object]) -> None:
    """All that was found is wrong; say it line by line."""
    lines = [str(item) for item in found]
    assert not lines, "\n" + "\n".join(lines)


def tool(name: str) -> ModuleType:
    """A program of ``.ci/``, which is no package."""
    spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
