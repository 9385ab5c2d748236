"""The part of the map that is looked at, in map units, as ``?view=x,y,w,h`` says it."""

import re
from dataclasses import dataclass

from crm.core.maps.projection import HEIGHT, WIDTH

NARROWEST = 24.0
_NUMBER = re.compile(r"-?\d{1,5}(\.\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class View:
    """A rectangle in map units; may reach over the edge of the world where the picture is higher than the map."""

    x: float
    y: float
    w: float
    h: float

    def __str__(self) -> str:
        return ",".join(f"{value:.2f}".rstrip("0").rstrip(".") for value in (self.x, self.y, self.w, self.h))

    @property
    def box(self) -> str:
        """For the ``viewBox`` attribute."""
        return str(self).replace(",", " ")

    @property
    def zoom(self) -> float:
        """1 for the world, 2 for half its width."""
        return round(WORLD.w / self.w, 2)

    @property
    def whole(self) -> bool:
        return self.w >= WORLD.w

    @property
    def closer(self) -> bool:
        """Whether it can be zoomed in."""
        return self.w > NARROWEST

    def holds(self, x: float, y: float) -> bool:
        return self.x <= x <= self.x + self.w and self.y <= y <= self.y + self.h

    def fitted(self, ratio: float) -> "View":
        """The smallest view of this ratio (width by height) with all of this one in it, kept on the map."""
        w, h = max(self.w, self.h * ratio), max(self.h, self.w / ratio)
        return _kept(self.x + self.w / 2, self.y + self.h / 2, w, h)

    def zoomed(self, factor: float) -> "View":
        """Nearer (above 1) or further (below 1) with the same middle and ratio."""
        return _kept(self.x + self.w / 2, self.y + self.h / 2, self.w / factor, self.h / factor)

    def moved(self, right: float, down: float) -> "View":
        """By parts of its own width and height."""
        return _kept(self.x + self.w * (0.5 + right), self.y + self.h * (0.5 + down), self.w, self.h)


# Cut off: the ice of Antarctica below 60° S, the empty corners of the Arctic Ocean, open sea along the seam.
WORLD = View(30.0, 12.0, 1956.0, 852.0)


def _kept(middle_x: float, middle_y: float, w: float, h: float) -> View:
    scale = min(max(w, NARROWEST), WORLD.w) / w
    w, h = w * scale, h * scale
    return View(_inside(middle_x, w, WORLD.x, WORLD.w), _inside(middle_y, h, WORLD.y, WORLD.h), w, h)


def _inside(middle: float, length: float, start: float, whole: float) -> float:
    """Where to begin so that nothing beyond the world is shown, or the world stands in the middle of what is."""
    if length >= whole:
        return round(start + (whole - length) / 2, 2)
    return round(min(max(middle - length / 2, start), start + whole - length), 2)


def parse_view(text: str | None, ratio: float) -> View:
    """The view a URL asks for, clamped to the map and this ratio; the whole world for anything unreadable."""
    parts = (text or "").split(",")
    if len(parts) != 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        return WORLD.fitted(ratio)
    x, y, w, h = (float(part) for part in parts)
    if w <= 0 or h <= 0 or not (-WIDTH <= x <= 2 * WIDTH and -HEIGHT <= y <= 2 * HEIGHT):
        return WORLD.fitted(ratio)
    return View(x, y, w, h).fitted(ratio)
