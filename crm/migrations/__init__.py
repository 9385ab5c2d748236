"""Changes of the schema, by Alembic; configured here, not by a file, so that a wheel can migrate too."""

import importlib
import pkgutil
from importlib.util import find_spec
from pathlib import Path

from alembic import command
from alembic.config import Config

import crm

CORE_TABLES = ("crm.core.mail", "crm.core.rates", "crm.core.work")
"""Modules of core/ with tables; a room's tables stand in its ``models``."""


def import_tables() -> None:
    """Make every room's tables known to ``Base.metadata``, without the web application."""
    rooms = [f"crm.{entry.name}.models" for entry in pkgutil.iter_modules(crm.__path__) if entry.ispkg]
    for name in (*CORE_TABLES, *rooms):
        if find_spec(name):
            importlib.import_module(name)


def configuration(url: str) -> Config:
    """For ``alembic.command``; the percent signs of an escaped password are kept."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def migrate(url: str) -> None:
    """Bring a database to the newest schema; nothing happens if it is there already."""
    command.upgrade(configuration(url), "head")
