from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from gongkai.foundation.organisations.kinds import PostRow
from gongkai.lib.enums import LabelledEnum


class Right(LabelledEnum):
    """What a person may do (权限). A right is held for some units, never in general."""

    WRITE = "WRITE", "登记和起草"
    REVIEW_UNIT = "REVIEW_UNIT", "科室审核"
    REVIEW_SECRECY = "REVIEW_SECRECY", "保密审查"
    SIGN = "SIGN", "签发"
    RELEASE_URGENT = "RELEASE_URGENT", "先发后审"
    WITHDRAW = "WITHDRAW", "撤回公开信息"
    TAKE_DOWN = "TAKE_DOWN", "紧急下线"
    MANAGE_OUTLETS = "MANAGE_OUTLETS", "管理渠道"
    SEE_LEDGER = "SEE_LEDGER", "查看台账"
    PASS_IMPORTED = "PASS_IMPORTED", "放行历史原件"
    REASSIGN = "REASSIGN", "改派"
    APPROVE_EXTENSION = "APPROVE_EXTENSION", "批准延长期限"
    CONFIRM_TERMS = "CONFIRM_TERMS", "确认期限条款"
    MANAGE_CALENDAR = "MANAGE_CALENDAR", "管理工作日历"
    MANAGE_JOBS = "MANAGE_JOBS", "管理后台任务"
    MANAGE_ACCOUNTS = "MANAGE_ACCOUNTS", "管理账号"
    SEE_AUDIT = "SEE_AUDIT", "查看审计"
    REQUEST_PURGE = "REQUEST_PURGE", "申请涉密清除"
    APPROVE_PURGE = "APPROVE_PURGE", "批准涉密清除"


class Role(LabelledEnum):
    """A bundle of rights given to a post (角色)."""

    CLERK = "CLERK", "公开专员"
    UNIT_REVIEWER = "UNIT_REVIEWER", "科室审核人"
    SECRECY_REVIEWER = "SECRECY_REVIEWER", "保密审查人"
    SIGNER = "SIGNER", "签发人"
    URGENT_RELEASER = "URGENT_RELEASER", "先发后审人"
    OPENNESS_OFFICE = "OPENNESS_OFFICE", "政务公开办"
    DUTY_OFFICER = "DUTY_OFFICER", "值班人员"
    LEGAL_OFFICE = "LEGAL_OFFICE", "法规科"
    SYSTEM_ADMIN = "SYSTEM_ADMIN", "系统管理员"
    SECURITY_ADMIN = "SECURITY_ADMIN", "安全管理员"
    AUDIT_ADMIN = "AUDIT_ADMIN", "审计管理员"


class SignInWay(LabelledEnum):
    """How somebody proved who he is (登录方式)."""

    PASSWORD = "PASSWORD", "密码"
    CODE = "CODE", "密码和验证码"
    RECOVERY_CODE = "RECOVERY_CODE", "密码和恢复码"
    PROVIDER = "PROVIDER", "统一身份认证"


class TallyKind(LabelledEnum):
    """What wrong tries are counted for (试错计数对象)."""

    NAME = "NAME", "姓名"
    ADDRESS = "ADDRESS", "网络地址"
    DEVICE = "DEVICE", "常用浏览器"
    CODE = "CODE", "验证码"


class AccountState(LabelledEnum):
    """How an account stands (账号状态)."""

    ACTIVE = "ACTIVE", "正常"
    FIRST_USE = "FIRST_USE", "等首次登录"
    SUSPENDED = "SUSPENDED", "已停用"
    LEFT = "LEFT", "已离职"


class AccountNoticeKind(LabelledEnum):
    """What somebody else did to an account (账号通知的事情), as it follows his name in a sentence."""

    PASSWORD_RENEWED = "PASSWORD_RENEWED", "重发了您的一次性密码"
    FACTORS_RESET = "FACTORS_RESET", "重设了您的第二步验证"
    SESSIONS_ENDED = "SESSIONS_ENDED", "结束了您在各处的登录"
    RESUMED = "RESUMED", "恢复了您停用的账号"
    IDENTITY_RELEASED = "IDENTITY_RELEASED", "解除了您和统一身份认证的绑定"


SEEING_RIGHTS = (Right.WRITE, Right.REVIEW_UNIT, Right.REVIEW_SECRECY, Right.SIGN, Right.PASS_IMPORTED, Right.SEE_LEDGER)
"""Who holds one of these for a unit works with its papers or watches over them."""


@dataclass(frozen=True)
class StandIn:
    """An absent person in whose place another acts (被代理人), with the rights lent for now. His own name stays on what is decided."""

    officer_id: int
    name: str
    rights: Mapping[Right, frozenset[int]]

    def may(self, right: Right, unit_id: int) -> bool:
        """Whether this right was lent for that unit."""
        return unit_id in self.rights.get(right, frozenset())


@dataclass(frozen=True)
class Actor:
    """Who acts, with the rights he holds today, each for a set of unit ids (already expanded down the unit tree).

    `stands_in_for`: in whose place he acts too (代理). Those rights are not his own: `may` and `units` leave them out.
    """

    officer_id: int | None
    name: str
    unit_id: int | None = None
    rights: Mapping[Right, frozenset[int]] = field(default_factory=dict)
    stands_in_for: Sequence[StandIn] = ()

    def may(self, right: Right, unit_id: int) -> bool:
        """Whether he holds this right for that unit."""
        return unit_id in self.rights.get(right, frozenset())

    def units(self, right: Right) -> frozenset[int]:
        """Units for which he holds the right; empty when he does not hold it at all."""
        return self.rights.get(right, frozenset())

    @property
    def seen_units(self) -> frozenset[int]:
        """Units whose papers he may see (可见单位): texts, their files, their previews. The one rule for all of them."""
        lent = (units for one in self.stands_in_for for units in one.rights.values())
        return frozenset().union(*(self.units(right) for right in SEEING_RIGHTS), *lent)

    def may_see(self, unit_id: int) -> bool:
        """Whether he may see that unit's papers. To whom they are closed the answer is 404: he may not know that there are any."""
        if any(self.may(right, unit_id) for right in SEEING_RIGHTS):
            return True
        return any(unit_id in units for one in self.stands_in_for for units in one.rights.values())


SYSTEM = Actor(officer_id=None, name="系统")
NOBODY = Actor(officer_id=None, name="未登录")


@dataclass(frozen=True)
class NewAccount:
    """An account just made, or one whose password was renewed, with the password that is shown this one time (一次性密码).

    `secret` is that of an authenticator prepared for it, only in a demo; empty everywhere else.
    """

    username: str
    password: str
    secret: str = ""


@dataclass(frozen=True)
class DemoAccounts:
    """How accounts of a demo are made (演示账号): with an authenticator, printed too; `are_kept`: passwords need no change."""

    at_system: datetime
    are_kept: bool = False


@dataclass(frozen=True)
class Enrolment:
    """What a person's authenticator has to be told (验证器登记): the secret, its groups for the eye, the address with all of it."""

    secret: str
    grouped: str
    address: str


@dataclass(frozen=True)
class ProviderSettings:
    """The local identity provider of an installation (统一身份认证). `name_claim` holds the person's name as the bureau knows it."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    name_claim: str = "name"
    label: str = "统一身份认证"


@dataclass(frozen=True)
class SessionRow:
    """One browser in which a person is signed in (登录会话). `mark` names it on pages; system time, None: not noted."""

    mark: str
    browser: str
    address: str
    way: SignInWay | None
    started_at: datetime | None
    seen_at: datetime | None
    is_this: bool


@dataclass(frozen=True)
class AccountRow:
    """One account as those who manage it see it (账号行). `uuid` is the person's; `last_sign_in` and `locked_until` are system time."""

    id: int
    uuid: UUID
    name: str
    posts: str
    roles: str
    state: AccountState
    has_second_factor: bool
    last_sign_in: datetime | None
    locked_until: datetime | None


@dataclass(frozen=True)
class PostRoleRow:
    """One post with its roles (岗位和它的角色): for each role its row's id, the role, and the unit it reaches down from."""

    post: PostRow
    roles: tuple[tuple[int, Role, str], ...]


@dataclass(frozen=True)
class LockedAddress:
    """A network address that has to wait (锁定的网络地址), until a moment of system time."""

    id: int
    address: str
    until: datetime


@dataclass(frozen=True)
class SecondFactorView:
    """How the second step of an account stands (第二步验证). `since` None: it has none. `codes_left`: recovery codes not used yet."""

    since: datetime | None
    codes_left: int
    is_required: bool
