"""Reads the polygons of a TopoJSON file (format: the TopoJSON specification, sections 2.1.2 to 2.1.4 and 2.2)."""

import json
from pathlib import Path
from typing import Any

Ring = list[tuple[float, float]]
Polygon = list[Ring]


def read_polygons(path: Path, name: str) -> list[Polygon]:
    """The polygons of object ``name``: rings of (longitude, latitude), closed, outer ring first.

    Raises OSError when the file is not there, ValueError or KeyError when it is not such a file.
    """
    topology = json.loads(path.read_text("utf-8"))
    arcs = _arcs(topology)
    found: list[Polygon] = []
    for shape in _shapes(topology["objects"][name]):
        nested = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        found += [[_ring(arcs, indices) for indices in polygon] for polygon in nested]
    return found


def _arcs(topology: dict[str, Any]) -> list[Ring]:
    (scale_x, scale_y), (shift_x, shift_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[Ring] = []
    for steps in topology["arcs"]:
        x = y = 0
        arc: Ring = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(arc)
    return arcs


def _shapes(shape: dict[str, Any]) -> list[dict[str, Any]]:
    if shape["type"] == "GeometryCollection":
        return [inner for part in shape["geometries"] for inner in _shapes(part)]
    return [shape] if shape["type"] in ("Polygon", "MultiPolygon") else []


def _ring(arcs: list[Ring], indices: list[int]) -> Ring:
    """Arcs end to end, each point where two meet once; ``~i`` is arc ``i`` backwards."""
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc[1:] if ring else arc
    return ring
