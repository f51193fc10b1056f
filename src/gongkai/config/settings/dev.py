"""A laptop, a trial: SQLite in one folder, a key made at first start, the demo clock."""

import os
import secrets

os.environ.setdefault("GONGKAI_BUSINESS_CLOCK", "demo")

from gongkai.config.settings.base import *  # noqa: F403
from gongkai.config.settings.base import DATA_DIR

_key_file = DATA_DIR / "secret_key"
if not _key_file.exists():
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    _key_file.touch(mode=0o600)
    _key_file.write_text(secrets.token_urlsafe(50), encoding="utf-8")
SECRET_KEY = _key_file.read_text(encoding="utf-8")
