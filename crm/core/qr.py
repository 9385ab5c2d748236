import segno

BORDER = 4


def qr_path(text: str) -> tuple[str, int]:
    """A QR code as the ``d`` of an SVG path of one-unit modules, and the side with its quiet border."""
    matrix = segno.make(text, error="m").matrix
    moves = [
        f"M{x + BORDER} {y + BORDER}h1v1h-1z" for y, row in enumerate(matrix) for x, module in enumerate(row) if module
    ]
    return "".join(moves), len(matrix) + 2 * BORDER
