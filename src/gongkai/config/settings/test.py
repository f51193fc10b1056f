"""Tests: no secrets, cheap password hashing, every file in a temporary folder, time always given."""

import os
import tempfile

os.environ.setdefault("GONGKAI_DATA_DIR", tempfile.mkdtemp(prefix="gongkai-test-"))

from gongkai.config.settings.base import *  # noqa: F403
from gongkai.config.settings.base import STATIC_ROOT
from gongkai.lib.keyring import read_keyring

SECRET_KEY = "only for tests"  # noqa: S105
KEY_RING = read_keyring("test MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
SECOND_FACTOR_REQUIRED = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING = {"version": 1, "disable_existing_loggers": False}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is missing, and warnings are errors
