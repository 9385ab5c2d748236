"""Is this the same person? Features of two records, weighed after Fellegi and Sunter, with the reasons in words.

A weight is the log2 of how much likelier an observation is between records of one person than between strangers that
share a block. The weights are ours, set by hand and tried on invented pairs (tests/core/pairs); nothing here merges
anybody.
"""

from crm.core.matching.candidate import Candidate
from crm.core.matching.pairs import best_matches, blocks, likely_pairs
from crm.core.matching.score import LIKELY, NAMES_ONLY, PERHAPS, Match, score

__all__ = [
    "LIKELY",
    "NAMES_ONLY",
    "PERHAPS",
    "Candidate",
    "Match",
    "best_matches",
    "blocks",
    "likely_pairs",
    "score",
]
