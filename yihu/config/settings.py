"""Django settings; everything that differs between two installations comes from the environment."""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from yihu.config.environment import Environment
from yihu.config.keys import made_once, private_folder

BASE_DIR = Path(__file__).resolve().parents[2]

env = Environment(os.environ)

# What an installation may choose ------------------------------------------------------------------------------------
YIHU_TEST = env.switch("YIHU_TEST", default=False)
YIHU_DATA = env.folder("YIHU_DATA", BASE_DIR / "data")
# A demo is made only in an empty database, and unasked only in the one that the program chose itself.
YIHU_DEMO = env.switch("YIHU_DEMO", default="YIHU_DATABASE_URL" not in os.environ)
YIHU_HTTPS = env.switch("YIHU_HTTPS", default=False)
YIHU_SITE = env.site("YIHU_SITE")  # where telephones reach it: what the codes on paper lead to
YIHU_WEB_PROCESSES = env.number("YIHU_WEB_PROCESSES", 1, 1, 64)
YIHU_WEB_THREADS = env.number("YIHU_WEB_THREADS", 4, 1, 64)
YIHU_WORKERS = env.number("YIHU_WORKERS", 1, 1, 16)
YIHU_UPLOAD_MB = env.number("YIHU_UPLOAD_MB", 30, 1, 500)
YIHU_FILE_MB = env.number("YIHU_FILE_MB", 10, 1, 500)
YIHU_SESSION_HOURS = env.number("YIHU_SESSION_HOURS", 12, 1, 72)
YIHU_IDLE_MINUTES = env.number("YIHU_IDLE_MINUTES", 30, 5, 720)
YIHU_LOCK_MINUTES = env.number("YIHU_LOCK_MINUTES", 10, 1, 60)
YIHU_INITIAL_PASSWORD_DAYS = env.number("YIHU_INITIAL_PASSWORD_DAYS", 7, 1, 90)
YIHU_PROXIES = env.number("YIHU_PROXIES", 0, 0, 5)  # trusted ones in front of us, to know where a request came from
YIHU_PERSONAL_KEYS = env.text("YIHU_PERSONAL_KEYS")
YIHU_LOG_LEVEL = env.one_of("YIHU_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
DEBUG = env.switch("YIHU_DEBUG", default=False)
ALLOWED_HOSTS = env.names(
    "YIHU_ALLOWED_HOSTS",
    ("localhost", "127.0.0.1", "[::1]"),
    r"\.?[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:]+\]",
    "yihu.example.com,localhost",
)
CSRF_TRUSTED_ORIGINS = env.names(
    "YIHU_TRUSTED_ORIGINS", (), r"https?://[A-Za-z0-9.*-]+(:[0-9]+)?", "https://yihu.example.com"
)
DATABASES = {
    "default": env.database(
        "YIHU_DATABASE_URL", YIHU_DATA / "yihu.sqlite3", pool=env.number("YIHU_DATABASE_POOL", 8, 2, 100)
    )
}
# Ways out for messages: without an address and a key, what is written for a way is only kept in the outbox
YIHU_CHANNELS = {
    "sms": (env.gateway("YIHU_SMS_URL"), env.text("YIHU_SMS_KEY", at_least=32)),
    "wecom": (env.gateway("YIHU_WECOM_URL"), env.text("YIHU_WECOM_KEY", at_least=32)),
    "wechat": (env.gateway("YIHU_WECHAT_URL"), env.text("YIHU_WECHAT_KEY", at_least=32)),
    "push": (env.gateway("YIHU_PUSH_URL"), env.text("YIHU_PUSH_KEY", at_least=32)),
}
# Online payment: the address of each channel's gateway and the merchant's key
YIHU_PAY_CHANNELS = {
    "wechat": (env.gateway("YIHU_PAY_WECHAT_URL"), env.text("YIHU_PAY_WECHAT_KEY", at_least=32)),
    "alipay": (env.gateway("YIHU_PAY_ALIPAY_URL"), env.text("YIHU_PAY_ALIPAY_KEY", at_least=32)),
}
YIHU_SEND_SECONDS = env.number("YIHU_SEND_SECONDS", 10, 1, 60)
YIHU_MAIL_SERVER = env.mail_server("YIHU_MAIL_URL")
YIHU_MAIL_FROM = env.text("YIHU_MAIL_FROM") if YIHU_MAIL_SERVER else ""
SECRET_KEY = env.text("YIHU_SECRET_KEY", at_least=40)
env.finish()

YIHU_PREPARING = YIHU_DATA / "preparing"  # there while `serve` migrates and brings the demo's roll in
YIHU_DEMO_MARK = YIHU_DATA / "demo"  # there if this installation is a demo; says how far it has been made
YIHU_KEYS = private_folder(YIHU_DATA / "keys")
SECRET_KEY = SECRET_KEY or made_once(YIHU_KEYS / "secret_key")

# The house: lower floors last, so that the roof's templates win ------------------------------------------------------
INSTALLED_APPS = [
    "yihu.config",
    "yihu.demo",
    "yihu.fronts.workbench",
    "yihu.fronts.unitfile",
    "yihu.fronts.reports",
    "yihu.fronts.wall",
    "yihu.fronts.payer",
    "yihu.fronts.online",
    "yihu.fronts.feemonth",
    "yihu.fronts.api",
    "yihu.areas.reception",
    "yihu.areas.reception.bringing",
    "yihu.areas.relations",
    "yihu.areas.repairs",
    "yihu.areas.services",
    "yihu.areas.warranty",
    "yihu.areas.outages",
    "yihu.areas.corrective",
    "yihu.areas.duties",
    "yihu.areas.counter",
    "yihu.areas.catalogue",
    "yihu.areas.needs",
    "yihu.areas.complaints",
    "yihu.areas.keys",
    "yihu.areas.keys.counting",
    "yihu.areas.archives",
    "yihu.areas.cards",
    "yihu.areas.parcels",
    "yihu.areas.households",
    "yihu.areas.billing.tariffs",
    "yihu.areas.billing.sharing",
    "yihu.areas.billing.handing",
    "yihu.areas.billing.notices",
    "yihu.areas.spending",
    "yihu.areas.cashier",
    "yihu.areas.cashier.banking",
    "yihu.areas.cashier.invoicing",
    "yihu.areas.cashier.applying",
    "yihu.areas.cashier.bookkeeping",
    "yihu.areas.billing.meters",
    "yihu.areas.billing.suppliers",
    "yihu.areas.billing.running",
    "yihu.areas.billing.dunning",
    "yihu.ground.sending",
    "yihu.ground.ledger",
    "yihu.ground.papers",
    "yihu.ground.contact",
    "yihu.ground.staff",
    "yihu.ground.estate",
    "yihu.kernel",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "yihu.config.health.Gate",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "yihu.ground.staff.middleware.SessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "yihu.ground.staff.middleware.PolicyMiddleware",
    "yihu.kernel.middleware.RefusalMiddleware",
]
ROOT_URLCONF = "yihu.config.urls"
WSGI_APPLICATION = "yihu.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yihu.config.chrome.chrome",
                "yihu.demo.context.demo",
            ],
        },
    }
]

# Language and time ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = "yihu.config.formats"
FORMAT_MODULE_PATH = ["yihu.config.formats"]
FORM_RENDERER = "yihu.config.rendering.HouseRenderer"

# People --------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "yihu.ground.staff.passwords.HousePassword"}]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
AXES_HANDLER = "yihu.ground.staff.throttle.Throttle"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # or the time told to a locked-out person would not hold
AXES_USERNAME_CALLABLE = "yihu.ground.staff.throttle.name_tried"
AXES_CLIENT_IP_CALLABLE = "yihu.ground.staff.throttle.address_of"
AXES_LOCKOUT_CALLABLE = "yihu.ground.staff.views.locked_out"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "held"]

# Sessions and what a browser may do ----------------------------------------------------------------------------------
SESSION_COOKIE_NAME = "yihu_session"
SESSION_COOKIE_AGE = YIHU_SESSION_HOURS * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = YIHU_HTTPS
CSRF_COOKIE_NAME = "yihu_csrf"
CSRF_FAILURE_VIEW = "yihu.ground.staff.views.csrf_failed"
SECURE_SSL_REDIRECT = YIHU_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if YIHU_HTTPS else None
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if YIHU_HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],  # a photograph is shown before it is sent
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Mail ----------------------------------------------------------------------------------------------------------------
EMAIL_HOST = YIHU_MAIL_SERVER.get("EMAIL_HOST", "")
EMAIL_PORT = YIHU_MAIL_SERVER.get("EMAIL_PORT", 0)
EMAIL_HOST_USER = YIHU_MAIL_SERVER.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = YIHU_MAIL_SERVER.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = YIHU_MAIL_SERVER.get("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = YIHU_MAIL_SERVER.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = YIHU_SEND_SECONDS
DEFAULT_FROM_EMAIL = YIHU_MAIL_FROM or "yihu@localhost"

# Files ---------------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [
    ("vendor/htmx", BASE_DIR / "node_modules" / "htmx.org" / "dist"),
    ("vendor/signature_pad", BASE_DIR / "node_modules" / "signature_pad" / "dist"),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = YIHU_DATA / "files"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "yihu.config.uploads.WholeRequestLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # what is typed or signed; files are counted apart
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# Work in the background lives in the same database and the same transaction as the data ------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# The log tells what happened to the program, never about whom --------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": YIHU_LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.security": {"level": "CRITICAL"},  # a file too big is no error of ours; the refusal itself is logged
        "django_tasks": {"level": "WARNING"},  # one line per job would bury everything else
        "axes": {"level": "WARNING"},
    },
}

if YIHU_TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        # A file, not memory: threads and processes of the tests meet each other as in life. No test pulls the plug.
        DATABASES["default"]["TEST"] = {"NAME": str(YIHU_DATA / "test.sqlite3")}
        DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
