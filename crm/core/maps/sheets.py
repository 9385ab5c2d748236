"""Which drawing of the land serves which view: one coarse sheet of the world, finer ones in overlapping squares.

Squares of a level overlap by half, so every view at most half as wide and high lies in one of them.
"""

from dataclasses import dataclass

from crm.core.maps.views import View

WORLD = "world"


@dataclass(frozen=True)
class Level:
    """``size`` of a square and ``margin`` round it in map units, ``per_unit`` grid steps a unit.

    ``detail`` and ``island`` are the smallest bend and island drawn, in square units; a smaller island is drawn where
    no other land lies within about ``alone`` units.
    """

    number: int
    size: int
    margin: int
    per_unit: int
    detail: float
    island: float
    alone: float

    @property
    def stride(self) -> int:
        return self.size // 2


COARSE = Level(0, 2000, 2000, per_unit=1, detail=0.75, island=0.5, alone=5)
FINER = (
    Level(3, 120, 2, per_unit=16, detail=0.01, island=0.004, alone=0.3),
    Level(2, 320, 6, per_unit=8, detail=0.04, island=0.02, alone=0.8),
    Level(1, 800, 12, per_unit=4, detail=0.25, island=0.12, alone=2),
)


@dataclass(frozen=True)
class Square:
    level: Level
    column: int
    row: int

    @property
    def name(self) -> str:
        return f"{self.level.number}-{self.column}-{self.row}" if self.level.number else WORLD

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of what is drawn, a little more than what is shown."""
        left, top, more = self.column * self.level.stride, self.row * self.level.stride, self.level.margin
        return left - more, top - more, left + self.level.size + more, top + self.level.size + more


def square_for(view: View) -> Square:
    """The finest square that holds the whole view."""
    for level in FINER:
        if max(view.w, view.h) <= level.stride:
            return Square(level, max(0, int(view.x // level.stride)), max(0, int(view.y // level.stride)))
    return Square(COARSE, 0, 0)
