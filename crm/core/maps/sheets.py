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


COARSE = Level(0, 2000, 0, per_unit=1, detail=0.75, island=0.5, alone=5)
FINER = (
    Level(2, 200, 6, per_unit=16, detail=0.01, island=0.005, alone=0.5),
    Level(1, 800, 20, per_unit=4, detail=0.3, island=0.12, alone=2),
)
LEVELS = {level.number: level for level in (COARSE, *FINER)}


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
            return Square(level, int(view.x // level.stride), int(view.y // level.stride))
    return Square(COARSE, 0, 0)
