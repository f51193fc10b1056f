"""A bureau: every secret from a file, cookies only over TLS (terminated in front)."""

from pathlib import Path

from gongkai.config import env
from gongkai.config.settings.base import *  # noqa: F403
from gongkai.config.settings.base import SITE

SECRET_KEY = env.read_secret("GONGKAI_SECRET_KEY_FILE", "密钥文件", Path("/etc/gongkai/secret_key"))
if SITE != "portal":
    # The public process opens nothing that is sealed and has no need of the keys.
    KEY_RING = env.read_keys("GONGKAI_KEYS_FILE", "封存密钥文件，每行“编号 密钥”，最后一行是现用的", Path("/etc/gongkai/keys"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31536000
