"""What a browser says of itself, in words a person knows."""

import hashlib
import re

BROWSERS = (
    ("政务微信", r"wxwork|zwwx"),
    ("微信", r"MicroMessenger"),
    ("360 浏览器", r"360SE|360EE|QIHU"),
    ("QQ 浏览器", r"QQBrowser"),
    ("Edge", r"Edg/|EdgA/|Edge/"),
    ("火狐", r"Firefox/|FxiOS/"),
    ("Opera", r"OPR/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("鸿蒙", r"HarmonyOS|OpenHarmony"),
    ("安卓", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("麒麟或 Linux", r"Linux"),
    ("Mac", r"Mac OS X|Macintosh"),
)


def say_browser(told: str) -> str:
    """Which browser on which system (浏览器), from the header User-Agent: only what a person can tell apart, never the header itself."""
    browser = next((name for name, sign in BROWSERS if re.search(sign, told)), "")
    system = next((name for name, sign in SYSTEMS if re.search(sign, told)), "")
    if browser and system:
        return f"{system} 上的 {browser}"
    return browser or system or "不认识的浏览器"


def mark_session(key: str) -> str:
    """How a page names a session: by what cannot be turned into its key, which would be the session itself."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
