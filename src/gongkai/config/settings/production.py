"""A bureau: every secret from a file, cookies only over TLS (terminated in front)."""

from pathlib import Path

from gongkai.config import env
from gongkai.config.settings.base import *  # noqa: F403

SECRET_KEY = env.read_secret("GONGKAI_SECRET_KEY_FILE", "密钥文件", Path("/etc/gongkai/secret_key"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = 31536000
