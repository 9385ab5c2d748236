"""Tests stand by room; ``house/`` keeps the rules of the house, ``browser/`` walks through pages as people do."""
