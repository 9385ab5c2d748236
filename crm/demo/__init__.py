"""Invented people over real offices, institutions and places. Everything here is fictional."""
