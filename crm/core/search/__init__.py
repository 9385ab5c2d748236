"""Finding people however their name is written. Nothing here touches a database."""

from crm.core.search.excerpts import around
from crm.core.search.folding import fold, without_accents, words
from crm.core.search.keys import explain, keys_for, kind_of
from crm.core.search.keywords import Pairs, keyword_forms, load_pairs, pairs_of
from crm.core.search.near import close_tokens, tokens_for
from crm.core.search.queries import queries_for
from crm.core.search.romaji import romaji_key, spoken, variants

__all__ = [
    "Pairs",
    "around",
    "close_tokens",
    "explain",
    "fold",
    "keys_for",
    "keyword_forms",
    "kind_of",
    "load_pairs",
    "pairs_of",
    "queries_for",
    "romaji_key",
    "spoken",
    "tokens_for",
    "variants",
    "without_accents",
    "words",
]
