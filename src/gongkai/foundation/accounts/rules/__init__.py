from gongkai.foundation.accounts.rules.browsers import mark_session, say_browser
from gongkai.foundation.accounts.rules.codes import (
    build_address,
    find_step,
    group_secret,
    make_groups,
    make_recovery_codes,
    make_secret,
    tidy_code,
)
from gongkai.foundation.accounts.rules.locks import DEVICE_DAYS, LIMITS, Limit, name_network, say_locked
from gongkai.foundation.accounts.rules.notices import say_notice, tell_state
from gongkai.foundation.accounts.rules.roles import (
    ADMINISTRATORS,
    ROLE_RIGHTS,
    ROLES,
    Grant,
    RoleLine,
    build_rights,
    check_apart,
    keep_apart,
    read_roles,
)

__all__ = [
    "ADMINISTRATORS",
    "DEVICE_DAYS",
    "LIMITS",
    "ROLES",
    "ROLE_RIGHTS",
    "Grant",
    "Limit",
    "RoleLine",
    "build_address",
    "build_rights",
    "check_apart",
    "find_step",
    "group_secret",
    "keep_apart",
    "make_groups",
    "make_recovery_codes",
    "make_secret",
    "mark_session",
    "name_network",
    "read_roles",
    "say_browser",
    "say_locked",
    "say_notice",
    "tell_state",
    "tidy_code",
]
