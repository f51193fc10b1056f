from datetime import datetime

from gongkai.foundation.accounts.kinds import AccountNoticeKind, AccountState
from gongkai.lib.moments import SHANGHAI


def say_notice(kind: AccountNoticeKind, by_name: str, at: datetime) -> str:
    """What somebody did to an account, for its person (账号通知), and what to do when he knows nothing of it."""
    moment = f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return f"{moment} {by_name}{kind.label}。不是您要求的，请马上告诉安全管理员或审计管理员。"


def tell_state(*, is_in_service: bool, is_suspended: bool, is_new: bool) -> AccountState:
    """How an account stands (账号状态), the strongest fact first."""
    if not is_in_service:
        return AccountState.LEFT
    if is_suspended:
        return AccountState.SUSPENDED
    return AccountState.FIRST_USE if is_new else AccountState.ACTIVE
