"""Where sessions are kept: named in SESSION_ENGINE."""

from gongkai.foundation.accounts.models import SessionStore

__all__ = ["SessionStore"]
