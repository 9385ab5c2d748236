"""The part of a text in which the words stand that were looked for."""

from crm.core.search.folding import fold


def around(text: str, looked_for: str = "", length: int = 160) -> str:
    """As much as a row holds; a sign at each end says that more was written."""
    if len(text) <= length:
        return text
    folded = fold(text)
    places = [place for word in fold(looked_for).split() if (place := folded.find(word)) >= 0]
    # Folding keeps most lengths; where it does not, the place is near enough.
    first = max(0, min(places, default=0) * len(text) // max(1, len(folded)) - length // 4)
    first = 0 if first < length // 4 else min(first, len(text) - length)
    return f"{'…' if first else ''}{text[first : first + length].strip()}{'…' if first + length < len(text) else ''}"
