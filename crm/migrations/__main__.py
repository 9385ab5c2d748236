"""``python -m crm.migrations "What changes"``: writes a migration from the difference to the models.

It compares with an empty SQLite database brought to the newest migration. Read what it wrote before you commit it.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from crm.migrations import configuration


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write('usage: python -m crm.migrations "What changes"\n')
        return 2
    with tempfile.TemporaryDirectory() as folder:
        config = configuration(f"sqlite:///{Path(folder) / 'empty.sqlite3'}")
        number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
        command.upgrade(config, "head")
        command.revision(config, arguments[0], autogenerate=True, rev_id=f"{number:04}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
