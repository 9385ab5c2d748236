"""Which store files are kept in: the one place that asks the setting."""

from crm.core.files import Folder, Store
from crm.core.settings import Settings


def store_of(settings: Settings, name: str) -> Store:
    if not settings.files_url:
        return Folder(settings.data_dir / name)
    from crm.core.bucket import bucket_at  # noqa: PLC0415 (its library takes seconds and is for those with a bucket)

    return bucket_at(settings.files_url, name)
