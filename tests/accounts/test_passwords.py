"""Passwords at the price that the program asks for: the other tests pay the lowest."""

from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import pytest
from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from crm.accounts import passwords


@pytest.fixture(scope="module")
def shipped() -> ModuleType:
    """The module as the program loads it."""
    spec = spec_from_file_location("shipped_passwords", passwords.__file__)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_password_is_kept_as_rfc_9106_recommends_and_fits_itself_alone(shipped: ModuleType) -> None:
    stored = shipped.hash_password("a long enough sentence")
    assert extract_parameters(stored) == RFC_9106_LOW_MEMORY
    assert shipped.password_fits(stored, "a long enough sentence")
    assert not shipped.password_fits(stored, "another long sentence")


def test_an_unknown_user_costs_as_much_and_never_fits(shipped: ModuleType) -> None:
    assert extract_parameters(shipped._nobodys_hash()) == RFC_9106_LOW_MEMORY
    assert not shipped.password_fits(None, "a long enough sentence")
    assert not shipped.password_fits("no hash at all", "a long enough sentence")
