"""Copies the browser code, icons and fonts that the site serves or prints with from node_modules/ to static/vendor/.

Run by `make install`. Standard library only; a second run copies nothing. Packages of `devDependencies` may be absent.
"""

import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
SPRITES = ("icons", "icons-inside")
SPRITE_ATTRIBUTES = (
    'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"'
)

FILES = {
    "@digital-go-jp/design-tokens/dist/tokens.css": "design-tokens/tokens.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "jsqr/dist/jsQR.js": "jsqr.js",
    "world-atlas/land-50m.json": "world-atlas/land-50m.json",
    "axe-core/axe.min.js": "axe.min.js",
}
FONTS = {"noto-sans-jp": "NotoSansJP", "noto-serif-jp": "NotoSerifJP", "noto-sans": "NotoSans"}
WEIGHTS = {"400Regular": "Regular", "700Bold": "Bold"}
LICENCES = {
    "@digital-go-jp/design-tokens": ["LICENSE"],
    "@expo-google-fonts/noto-sans": ["LICENSE", "LICENSE_FONT"],
    "@expo-google-fonts/noto-sans-jp": ["LICENSE", "LICENSE_FONT"],
    "@expo-google-fonts/noto-serif-jp": ["LICENSE", "LICENSE_FONT"],
    "axe-core": ["LICENSE", "LICENSE-3RD-PARTY.txt"],
    "htmx.org": ["LICENSE"],
    "jsqr": ["LICENSE"],
    "lucide-static": ["LICENSE"],
    "world-atlas": ["LICENSE"],
}


def main() -> int:
    if not MODULES.is_dir():
        sys.stderr.write("assets: node_modules/ is missing; run `make install`\n")
        return 1
    optional = set(json.loads((ROOT / "package.json").read_text("utf-8")).get("devDependencies", {}))
    missing = [source for source, target in wanted().items() if not bring(source, target, optional)]
    unknown = []
    for name in SPRITES:
        sprite, lacking = icons(ROOT / "static" / f"{name}.txt")
        put(VENDOR / f"{name}.svg", sprite)
        unknown += lacking
    for source in missing + [f"lucide-static/icons/{name}.svg" for name in unknown]:
        sys.stderr.write(f"assets: node_modules/{source} is missing\n")
    return 1 if missing or unknown else 0


def wanted() -> dict[str, str]:
    """Source path in node_modules/ → target path in static/vendor/."""
    files = dict(FILES)
    for package, family in FONTS.items():
        for folder, weight in WEIGHTS.items():
            files[f"@expo-google-fonts/{package}/{folder}/{family}_{folder}.ttf"] = f"fonts/{family}-{weight}.ttf"
    for package, names in LICENCES.items():
        for name in names:
            files[f"{package}/{name}"] = (
                f"licences/{package.strip('@').replace('/', '-')}-{name.removesuffix('.txt')}.txt"
            )
    return files


def bring(source: str, target: str, optional: set[str]) -> bool:
    """False when a required file is absent."""
    origin, copy = MODULES / source, VENDOR / target
    if not origin.is_file():
        return any(source.startswith(f"{package}/") for package in optional)
    if not copy.is_file() or state(copy) != state(origin):
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(origin, copy)
    return True


def state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, int(found.st_mtime)


def icons(names: Path) -> tuple[str, list[str]]:
    """The sprite, and the names that the package does not have."""
    lines = (line.strip() for line in names.read_text("utf-8").splitlines())
    symbols, unknown = [], []
    for name in sorted({line for line in lines if line and not line.startswith("#")}):
        path = MODULES / "lucide-static" / "icons" / f"{name}.svg"
        if not path.is_file():
            unknown.append(name)
            continue
        body = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text("utf-8"), re.DOTALL)
        shapes = re.sub(r"\s*\n\s*", "", body[1]).replace(" />", "/>") if body else ""
        symbols.append(f'<symbol id="{name}" {SPRITE_ATTRIBUTES}>{shapes}</symbol>')
    note = "<!-- Lucide icons, ISC and MIT licences: licences/lucide-static-LICENSE.txt -->"
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', note, *symbols, "</svg>", ""]), unknown


def put(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text("utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
