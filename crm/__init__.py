"""Meguri: one record for international brain circulation."""

__version__ = "0.1.0"
