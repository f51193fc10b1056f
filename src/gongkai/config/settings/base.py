"""What every way of running shares. Values that differ come from the environment, read in `gongkai.config.env`."""

from gongkai.config import env

DATA_DIR = env.read_path("GONGKAI_DATA_DIR", "数据目录：数据库、原件、门户文件", "var")
SITE = env.read_text("GONGKAI_SITE", "本进程：desk 工作台，portal 门户，worker 后台", "desk", allowed=("desk", "portal", "worker"))
DATABASES = {"default": env.read_database("DATABASE_URL", "数据库地址", f"sqlite:///{DATA_DIR}/gongkai.sqlite3")}

PORTAL_ROOT = env.read_path("GONGKAI_PORTAL_ROOT", "门户文件目录", f"{DATA_DIR}/portal")
SEALED_ROOT = env.read_path("GONGKAI_SEALED_ROOT", "附件原件目录（封存）", f"{DATA_DIR}/sealed")
AUDIT_ANCHORS = env.read_path("GONGKAI_AUDIT_ANCHORS", "审计链头另存的文件，最好不在这台机器上", f"{DATA_DIR}/audit-anchors.txt")
ORGANISATION_NAME = env.read_text("GONGKAI_ORGANISATION_NAME", "本机关名称", "临澄市自然资源和规划局")
AGENCY_CODE = env.read_text("GONGKAI_AGENCY_CODE", "索引号前段：统一社会信用代码", "11990100MB0000017Q")
PORTAL_ADDRESS = env.read_text("GONGKAI_PORTAL_ADDRESS", "门户网址，不带末尾斜杠", "http://127.0.0.1:8000")
LEDGER_ONLY = env.read_flag("GONGKAI_LEDGER_ONLY", "仅台账：1 不建自己的门户，公开在其他网站上，核对过才算办结", "0")
OUTLET_INTERNAL_HOSTS = env.read_names("GONGKAI_OUTLET_INTERNAL_HOSTS", "核对网页时允许去取的内部网站，逗号分隔；没有就留空", "")
CONTACT_PHONE = env.read_text("GONGKAI_CONTACT_PHONE", "门户上的咨询电话", "0000-8866120")
CONTACT_ADDRESS = env.read_text("GONGKAI_CONTACT_ADDRESS", "门户上的办公地址", "临澄市澄湖大道 1 号")
SITE_CODE = env.read_text("GONGKAI_SITE_CODE", "网站标识码，没有就留空", "9901000016")
RECORD_NUMBER = env.read_text("GONGKAI_RECORD_NUMBER", "门户页脚上的备案号，没有就留空", "")
LINE_NEAR_DAYS = env.read_number("GONGKAI_LINE_NEAR_DAYS", "国家监测线前几天起，栏目提醒变为朱色", "2")
BUSINESS_CLOCK = env.read_text("GONGKAI_BUSINESS_CLOCK", "业务时间：system 系统时间，demo 演示时钟", "system", allowed=("system", "demo"))
ALLOWED_HOSTS = env.read_names("GONGKAI_ALLOWED_HOSTS", "允许的主机名，逗号分隔", "127.0.0.1,localhost")

_IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if _IS_SQLITE and SITE == "portal":
    # The public process cannot write: until public forms exist it opens the file read-only.
    DATABASES["default"]["NAME"] = f"file:{DATABASES['default']['NAME']}?mode=ro"
    DATABASES["default"]["OPTIONS"] = {"uri": True, "init_command": "PRAGMA query_only=ON;", "timeout": 20}
elif _IS_SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        # Without recursive triggers a REPLACE would remove a row past what guards it.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000; PRAGMA recursive_triggers=ON;",
        "timeout": 20,
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if SITE == "portal":
        # The same on PostgreSQL. A bureau gives the public process a role of its own besides (docs/operations).
        DATABASES["default"]["OPTIONS"] = {"options": "-c default_transaction_read_only=on"}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_prose_editor",
    "js_asset",
    "gongkai.foundation.ui",
    "gongkai.foundation.triggers",
    "gongkai.foundation.audit",
    "gongkai.foundation.outbox",
    "gongkai.foundation.workdays",
    "gongkai.foundation.organisations",
    "gongkai.foundation.accounts",
    "gongkai.foundation.delegations",
    "gongkai.foundation.attachments",
    "gongkai.foundation.trail",
    "gongkai.core.ledger",
    "gongkai.core.catalogue",
    "gongkai.core.search",
    "gongkai.core.publishing",
    "gongkai.producers.disclosure",
    "gongkai.consumers.supervision",
    "gongkai.consumers.portal",
]

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "gongkai.foundation.accounts.validators.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "gongkai.foundation.accounts.validators.NotCommon"},
    {"NAME": "gongkai.foundation.accounts.validators.NotOnlyDigits"},
    {"NAME": "gongkai.foundation.accounts.validators.UnlikeTheName"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "supervision:my_today"
LOGOUT_REDIRECT_URL = "accounts:login"
SECOND_FACTOR_REQUIRED = True
PROVIDER = env.read_provider() if SITE == "desk" else None
PROXIES = env.read_names("GONGKAI_PROXIES", "前面的代理服务器地址，逗号分隔；只信它们转告的来源地址", "")

if SITE == "portal":
    ROOT_URLCONF = "gongkai.config.urls_portal"
    MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "csp.middleware.CSPMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "gongkai.foundation.workdays.middleware.BusinessTimeMiddleware",
    ]
else:
    ROOT_URLCONF = "gongkai.config.urls_desk"
    MIDDLEWARE = [
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "csp.middleware.CSPMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "gongkai.foundation.accounts.middleware.KeepingLoginRequiredMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "django_htmx.middleware.HtmxMiddleware",
        "gongkai.foundation.workdays.middleware.BusinessTimeMiddleware",
        "gongkai.foundation.accounts.middleware.ActorMiddleware",
        "gongkai.foundation.delegations.middleware.StandInMiddleware",
        "gongkai.foundation.ui.middleware.RefusalMiddleware",
    ]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "gongkai.foundation.ui.context.desk_frame",
            ],
            "builtins": ["gongkai.foundation.ui.templatetags.ui"],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "gongkai.foundation.accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * env.read_number("GONGKAI_SESSION_HOURS", "多少小时不用就要重新登录", "12")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gongkai.foundation.accounts.views.refuse_old_form"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# The nine entries of the desk, and no tenth. An entry whose page does not exist yet is left out; `right` is None where everybody may.
# `presses`: the count beside it turns red when something is overdue. Only the first may. `parts`: pages of one entry, each with its own
# right; the entry leads to the first that the person may use, and they stand as tabs on each of them.
DESK_NAVIGATION = [
    {"label": "我的今日", "icon": "today", "url": "supervision:my_today", "right": None, "presses": True},
    {"label": "公开台账", "icon": "ledger", "url": "ledger:list", "right": None, "also": ("disclosure",)},
    {"label": "信息发布", "icon": "publish", "url": "publishing:list", "right": None, "also": ("portal_desk", "delegations")},
    {
        "label": "设置",
        "icon": "settings",
        "url": "outbox:jobs",
        "right": "MANAGE_JOBS",
        "also": ("ui",),
        "parts": [
            {"label": "后台任务", "url": "outbox:jobs", "right": "MANAGE_JOBS"},
            {"label": "账号", "url": "people:list", "right": "MANAGE_ACCOUNTS"},
            {"label": "工作日历", "url": "calendars:list", "right": "MANAGE_CALENDAR"},
            {"label": "审计记录", "url": "trail:trail", "right": "SEE_AUDIT"},
            {"label": "渠道", "url": "outlets:list", "right": "MANAGE_OUTLETS"},
            # One for each of those who have a part in it: nobody holds two of these rights.
            {"label": "涉密清除", "url": "purges:list", "right": "REQUEST_PURGE"},
            {"label": "涉密清除", "url": "purges:list", "right": "APPROVE_PURGE"},
            {"label": "涉密清除", "url": "purges:list", "right": "MANAGE_JOBS"},
            {"label": "涉密清除", "url": "purges:list", "right": "SEE_AUDIT"},
        ],
    },
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
