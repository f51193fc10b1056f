"""Every environment variable the product reads, once, with its type and help. A bad value refuses to start."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from gongkai.foundation.accounts.kinds import ProviderSettings
from gongkai.lib.keyring import KeyRing, read_keyring

T = TypeVar("T")


@dataclass(frozen=True)
class Variable:
    """One environment variable: name, help text in Chinese, default as text (None: required)."""

    name: str
    help: str
    default: str | None


VARIABLES: list[Variable] = []


def _read(name: str, help_text: str, parse: Callable[[str], T], default: str | None) -> T:
    VARIABLES.append(Variable(name=name, help=help_text, default=default))
    text = os.environ.get(name, default)
    if text is None:
        sys.exit(f"缺少环境变量 {name}：{help_text}")
    try:
        return parse(text)
    except ValueError as error:
        # The value itself is not repeated: an address of a database may hold a password.
        sys.exit(f"环境变量 {name} 的值不能用：{error}。{help_text}")


def _flag(text: str) -> bool:
    if text not in {"0", "1"}:
        raise ValueError("只能是 0 或 1")
    return text == "1"


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError("要写一个正整数")
    return int(text)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"只能是 {'、'.join(allowed)} 之一")
        return text

    return parse


def read_text(name: str, help_text: str, default: str | None = None, *, allowed: tuple[str, ...] = ()) -> str:
    """A text value; with `allowed`, one of these."""
    return _read(name, help_text, _one_of(*allowed) if allowed else str, default)


def read_flag(name: str, help_text: str, default: str) -> bool:
    """A yes or no, written 1 or 0."""
    return _read(name, help_text, _flag, default)


def read_number(name: str, help_text: str, default: str) -> int:
    """A whole number from 1 on."""
    return _read(name, help_text, _number, default)


def read_names(name: str, help_text: str, default: str) -> list[str]:
    """A list of names, separated by commas."""
    return _read(name, help_text, _names, default)


def read_path(name: str, help_text: str, default: str) -> Path:
    """A folder or file, made absolute."""
    return _read(name, help_text, lambda text: Path(text).expanduser().resolve(), default)


def read_secret(name: str, help_text: str, default_file: Path) -> str:
    """A secret from the file that the variable names. Never from the variable itself."""
    path = read_path(name, help_text, str(default_file))
    if not path.is_file():
        sys.exit(f"找不到密钥文件 {path}（{name}）：{help_text}")
    return path.read_text(encoding="utf-8").strip()


def make_secret_file(path: Path, text: str) -> None:
    """A file with a secret, readable only by ourselves, whole or not at all; one that is there stays."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(text, encoding="utf-8")
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # another process was faster: its secret holds
    finally:
        fresh.unlink()


def read_keys(name: str, help_text: str, default_file: Path) -> KeyRing:
    """The keys for secrets at rest, from the file that the variable names."""
    try:
        return read_keyring(read_secret(name, help_text, default_file))
    except ValueError as error:
        sys.exit(f"{error}（{name}）。")


def read_provider() -> ProviderSettings | None:
    """The local identity provider; None where there is none."""
    issuer = read_text("GONGKAI_OIDC_ISSUER", "统一身份认证（OpenID Connect）的地址，没有就留空", "")
    client = read_text("GONGKAI_OIDC_CLIENT", "在统一身份认证登记的客户端编号", "gongkai")
    secret_file = read_path("GONGKAI_OIDC_SECRET_FILE", "客户端密钥文件", "/etc/gongkai/oidc_secret")
    claim = read_text("GONGKAI_OIDC_NAME_CLAIM", "统一身份认证里哪一项是人员姓名", "name")
    label = read_text("GONGKAI_OIDC_LABEL", "登录页上怎么称呼它", "统一身份认证")
    if not issuer:
        return None
    if not secret_file.is_file():
        sys.exit(f"找不到客户端密钥文件 {secret_file}（GONGKAI_OIDC_SECRET_FILE）。")
    return ProviderSettings(issuer, client, secret_file.read_text(encoding="utf-8").strip(), claim, label)


def parse_database_url(url: str) -> dict[str, Any]:
    """Django's database entry for `sqlite:///path` or `postgresql://user[:password]@host[:port]/name`. Raises: ValueError."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(parts.path[1:])}
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
        }
    raise ValueError("地址要以 sqlite:/// 或 postgresql:// 开头")


def read_database(name: str, help_text: str, default: str) -> dict[str, Any]:
    """A database address as Django's entry."""
    return _read(name, help_text, parse_database_url, default)
