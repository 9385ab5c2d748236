"""Equal Earth with the Pacific in the middle, in map units: x 0…2000 west to east, y 0…974 north to south.

Formula and coefficients: Šavrič, Patterson, Jenny (2018), "The Equal Earth map projection", International Journal of
Geographical Information Science, doi:10.1080/13658816.2018.1504949, as published in the sources of PROJ (``eqearth``)
and d3-geo (``equalEarth.js``), which agree. Sphere; the seam is the meridian opposite the centre, 30° W.
"""

from functools import lru_cache
from math import asin, cos, degrees, pi, radians, sin, sqrt

CENTRE = 150.0
WIDTH = 2000
# From the seam to this meridian, north of this parallel, there is only Greenland: the one land that the seam would cut.
OVERHANG_SOUTH, OVERHANG_EAST = 67.0, -10.0

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = sqrt(3) / 2
_ROUNDS = 12
_ENOUGH = 1e-12


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """Radians (longitude from the centre) to the plane of a sphere of radius 1, y northwards."""
    theta = asin(_M * sin(latitude))
    square = theta * theta
    sixth = square * square * square
    x = longitude * cos(theta) / (_M * (_A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)))
    return x, theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))


def equal_earth_inverse(x: float, y: float) -> tuple[float, float]:
    """The way back, by Newton's method on the parametric latitude; y must lie on the map."""
    theta = y
    for _ in range(_ROUNDS):
        square = theta * theta
        sixth = square * square * square
        error = theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square)) - y
        step = error / (_A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square))
        theta -= step
        if abs(step) < _ENOUGH:
            break
    square = theta * theta
    sixth = square * square * square
    longitude = _M * x * (_A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)) / cos(theta)
    return longitude, asin(max(-1.0, min(1.0, sin(theta) / _M)))


_SCALE = WIDTH / 2 / equal_earth(pi, 0)[0]
_TOP = equal_earth(0, pi / 2)[1] * _SCALE
HEIGHT = round(2 * _TOP)


def from_centre(lon: float, lat: float = 0) -> float:
    """Degrees east of the centre, -180 ≤ d < 180. Greenland, the one land on the seam, stays whole by passing 180."""
    offset = (lon - CENTRE + 180) % 360 - 180
    return offset + 360 if lat > OVERHANG_SOUTH and offset < OVERHANG_EAST - CENTRE else offset


def place(offset: float, lat: float) -> tuple[float, float]:
    """Map units for degrees east of the centre, which may pass ±180 where a landmass hangs over the seam."""
    x, y = equal_earth(radians(offset), radians(lat))
    return WIDTH / 2 + x * _SCALE, _TOP - y * _SCALE


@lru_cache(maxsize=65_536)
def project(lon: float, lat: float) -> tuple[float, float]:
    """Map units for degrees of longitude and latitude. Cached: the same cities come with every request."""
    return place(from_centre(lon, lat), lat)


def unproject(x: float, y: float) -> tuple[float, float] | None:
    """Degrees of longitude (-180 ≤ lon < 180) and latitude, or None beyond the edge of the world."""
    if not 0 <= y <= 2 * _TOP:
        return None
    longitude, latitude = equal_earth_inverse((x - WIDTH / 2) / _SCALE, (_TOP - y) / _SCALE)
    if abs(longitude) > pi + 1e-9:
        return None
    return (degrees(longitude) + CENTRE + 180) % 360 - 180, degrees(latitude)
