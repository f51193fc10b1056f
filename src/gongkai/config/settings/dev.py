"""A laptop, a trial: SQLite in one folder, keys made at first start, the demo clock, the second step as everybody likes."""

import os
import secrets

os.environ.setdefault("GONGKAI_BUSINESS_CLOCK", "demo")

from gongkai.config import env
from gongkai.config.settings.base import *  # noqa: F403
from gongkai.config.settings.base import DATA_DIR, SITE
from gongkai.lib.keyring import make_key_line

env.make_secret_file(DATA_DIR / "secret_key", secrets.token_urlsafe(50))
SECRET_KEY = (DATA_DIR / "secret_key").read_text(encoding="utf-8")
if SITE != "portal":
    env.make_secret_file(DATA_DIR / "keys", make_key_line("k1"))
    KEY_RING = env.read_keys("GONGKAI_KEYS_FILE", "封存密钥文件，每行“编号 密钥”", DATA_DIR / "keys")
SECOND_FACTOR_REQUIRED = env.read_flag("GONGKAI_SECOND_FACTOR", "人人都要第二步验证：1 要，0 随意（只在试用时可选，正式运行总是要）", "0")
