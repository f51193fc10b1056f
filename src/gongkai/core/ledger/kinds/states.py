from gongkai.lib.enums import LabelledEnum


class Binding(LabelledEnum):
    """Who demands it (约束力). Only the first two can become overdue; a promise is exceeded, an internal habit only reminds."""

    LAW = "LAW", "法定"
    SUPERIOR = "SUPERIOR", "上级要求"
    PROMISE = "PROMISE", "对外承诺"
    INTERNAL = "INTERNAL", "内部要求"


ENFORCEABLE = frozenset({Binding.LAW, Binding.SUPERIOR})


class PublicDisplay(LabelledEnum):
    """Whether a citizen may be shown the date (对外显示)."""

    YES = "YES", "可以"
    NO = "NO", "不可以"
    REVIEW = "REVIEW", "待法规科确认"


class ObligationState(LabelledEnum):
    """Where a duty stands (事项状态). Overdue is no state: it is a question asked of an open row."""

    OPEN = "OPEN", "进行中"
    FULFILLED = "FULFILLED", "已办"
    CANCELLED = "CANCELLED", "已撤销"


class EventKind(LabelledEnum):
    """What happened to an obligation (事件)."""

    OPENED = "OPENED", "登记"
    FULFILLED = "FULFILLED", "办结"
    CANCELLED = "CANCELLED", "撤销"
    REOPENED = "REOPENED", "重新打开"
    BECAME_OVERDUE = "BECAME_OVERDUE", "变为逾期"
    PROMISE_EXCEEDED = "PROMISE_EXCEEDED", "超过承诺"
    REMINDED = "REMINDED", "提醒"
    SETTLED = "SETTLED", "期限确定"
    DUE_SOON = "DUE_SOON", "快到期"
    STOPPED = "STOPPED", "暂停计算"
    RESUMED = "RESUMED", "恢复计算"
    RESTARTED = "RESTARTED", "重新起算"
    EXTENDED = "EXTENDED", "延长"
    MOVED = "MOVED", "期限改动"
    REASSIGNED = "REASSIGNED", "改派"
    EXTENSION_PROPOSED = "EXTENSION_PROPOSED", "提出延长"
    EXTENSION_REFUSED = "EXTENSION_REFUSED", "不批准延长"


class LimitState(LabelledEnum):
    """What a limit looks like to a reader (期限状态). The words beside it are complete alone; the state gives shape and colour."""

    RUNNING = "RUNNING", "计算中"
    DUE_SOON = "DUE_SOON", "快到期"
    OVERDUE = "OVERDUE", "逾期"
    PROMISE_EXCEEDED = "PROMISE_EXCEEDED", "超过承诺"
    REMINDER = "REMINDER", "提醒"
    REMINDER_NEAR = "REMINDER_NEAR", "提醒，临近监测线"
    STOPPED = "STOPPED", "暂停"
    DONE = "DONE", "按时"
    DONE_LATE = "DONE_LATE", "已办，迟"
    MISSING = "MISSING", "应公开未公开"
    NOT_YET_PUBLIC = "NOT_YET_PUBLIC", "尚未公开"
    PROVISIONAL = "PROVISIONAL", "暂定"
    NOT_APPLICABLE = "NOT_APPLICABLE", "不适用"


class LimitUnit(LabelledEnum):
    """What a limit counts (期限单位). Never guessed from the number: each law says for itself what a day is."""

    WORKDAY = "WORKDAY", "个工作日"
    DAY = "DAY", "日"
    MONTH = "MONTH", "个月"
    YEAR = "YEAR", "年"
    HOUR = "HOUR", "小时"
    DATE = "DATE", "每年的一天"
    CADENCE = "CADENCE", "周期"
    NONE = "NONE", "没有数字"


class LedgerPart(LabelledEnum):
    """The parts that make up the whole ledger (台账分类). Every obligation is in exactly one of them at any moment."""

    DONE_IN_TIME = "DONE_IN_TIME", "按时办结"
    DONE_LATE = "DONE_LATE", "逾期办结"
    NOT_DUE = "NOT_DUE", "未到期"
    OVERDUE = "OVERDUE", "逾期未办"
    PAST = "PAST", "过了日子，不算逾期"
    STOPPED = "STOPPED", "暂停计算"
    PROVISIONAL = "PROVISIONAL", "期限暂定"
    CANCELLED = "CANCELLED", "已撤销"


class MovementKind(LabelledEnum):
    """The four ways in which a limit moves (期限变动). They are different things and stay different."""

    STOP = "STOP", "中止"
    RESTART = "RESTART", "重新起算"
    EXTEND = "EXTEND", "延长"
    FEE = "FEE", "收费"


class ProposalState(LabelledEnum):
    """What became of an extension somebody asked for (延长申请的状态)."""

    WAITING = "WAITING", "等着批准"
    APPROVED = "APPROVED", "已经批准"
    REFUSED = "REFUSED", "没有批准"
    WITHDRAWN = "WITHDRAWN", "已经撤回"


class ChangeCause(LabelledEnum):
    """Why the date of a limit changed (改动原因)."""

    MOVEMENT = "MOVEMENT", "期限变动"
    CALENDAR = "CALENDAR", "日历改动"
    TERMS = "TERMS", "条款改动"
    SETTLED = "SETTLED", "暂定转确定"
