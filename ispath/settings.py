"""Django's settings. Whatever differs between installations comes from ispath/environment.py."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF, UNSAFE_INLINE

from ispath import environment, logs
from ispath.dashboard import appearance

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
ENV = environment.read()

# -- who and where
SECRET_KEY = ENV["SECRET_KEY"]
LINK_SIGNING_KEY = ENV["LINK_SIGNING_KEY"]
DEBUG = ENV["DEBUG"]
BASE_URL = ENV["BASE_URL"]
ALLOWED_HOSTS = list(ENV["ALLOWED_HOSTS"])
CSRF_TRUSTED_ORIGINS = [BASE_URL]
ROOT_URLCONF = "ispath.urls"
WSGI_APPLICATION = "ispath.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- packages. Only a developer's machine has the last two.
DEVELOPER_APPS = [name for name in ("django_linear_migrations", "zeal") if find_spec(name)]
INSTALLED_APPS = [
    "ispath.database",
    "ispath.dashboard",
    "ispath.api",
    "ispath.fhir",
    "ispath.smart",
    "ispath.acknowledge",
    "ispath.webhooks",
    "ispath.mailcatcher",
    "notifications",
    "clinic",
    "protocols",
    "unfold.apps.BasicAppConfig",  # without its default site: ours is named in the admin's own configuration
    "unfold.contrib.filters",
    "ispath.dashboard.apps.WardAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
    "anymail",
    "django_structlog",
    "pghistory",
    "pgtrigger",
    *DEVELOPER_APPS,
]
MIDDLEWARE = [
    "ispath.health.HealthMiddleware",
    "ispath.visitors.VisitorMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ispath.wire.request_ids.RequestIdMiddleware",
    "ispath.logs.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ispath.wire.last_resort.LastResortMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# -- data. The role that runs cannot change facts; the owner migrates (docs/adr).
_APP_DATABASE = ENV["DATABASE_URL"]
_OWNER_DATABASE = ENV["DATABASE_OWNER_URL"] or _APP_DATABASE
DATABASE_APP_ROLE = _APP_DATABASE["USER"]
DATABASE_OWNER_ROLE = _OWNER_DATABASE["USER"]
_DATABASE = _OWNER_DATABASE if ENV["DATABASE_ROLE"] == "owner" else _APP_DATABASE
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **_DATABASE,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # With Django's own None nothing is prepared, not even what clinic/prepared.py wants to be.
        "OPTIONS": {**_DATABASE["OPTIONS"], "prepare_threshold": 5},
    }
}
REDIS_URL = ENV["REDIS_URL"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

# -- time and language
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# -- static files
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# -- letters
DEFAULT_FROM_EMAIL = ENV["DEFAULT_FROM_EMAIL"]
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20
EMAIL_BACKEND: str = ENV["EMAIL_URL"]["EMAIL_BACKEND"]
EMAIL_HOST: str = ENV["EMAIL_URL"].get("EMAIL_HOST", "")
EMAIL_PORT: int = ENV["EMAIL_URL"].get("EMAIL_PORT", 25)
EMAIL_HOST_USER: str = ENV["EMAIL_URL"].get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = ENV["EMAIL_URL"].get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS: bool = ENV["EMAIL_URL"].get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = ENV["EMAIL_URL"].get("EMAIL_USE_SSL", False)
ANYMAIL_PROVIDER: str = ENV["EMAIL_URL"].get("PROVIDER", "")
ANYMAIL = {
    # one key serves whichever provider EMAIL_URL names
    "POSTMARK_SERVER_TOKEN": ENV["ANYMAIL_API_KEY"],
    "MAILGUN_API_KEY": ENV["ANYMAIL_API_KEY"],
    "SENDGRID_API_KEY": ENV["ANYMAIL_API_KEY"],
    "BREVO_API_KEY": ENV["ANYMAIL_API_KEY"],
    "WEBHOOK_SECRET": ENV["ANYMAIL_WEBHOOK_SECRET"] or None,
}
TEST_MODE_ALLOWED_DOMAINS = ENV["TEST_MODE_ALLOWED_DOMAINS"]
LETTERS_WAIT = ENV["LETTERS_WAIT"]
MAIL_CATCHER_FOLDER = ENV["MAIL_CATCHER_FOLDER"]
MAIL_CATCHER_URL = ENV["MAIL_CATCHER_URL"] or ("/mail-catcher/" if MAIL_CATCHER_FOLDER else "")
HEARTBEAT_PING_URL = ENV["HEARTBEAT_PING_URL"]

# -- Celery: a task may be lost or done twice; the rows decide what is done
CELERY_BROKER_URL = environment.broker(ENV["BROKER_URL"] or REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "UTC"
REDIS_AS_BROKER = {
    "visibility_timeout": 900,  # longer than the longest task
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,  # without it lost tasks come back ten times later
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
RABBITMQ_AS_BROKER = {
    "confirm_publish": True,  # without it a nudge said into a dead line counts as handed over
    "read_timeout": 30,
    "write_timeout": 30,
}
CELERY_BROKER_TRANSPORT_OPTIONS = (
    RABBITMQ_AS_BROKER if CELERY_BROKER_URL.startswith("amqp") else REDIS_AS_BROKER
)

UNFOLD = appearance.UNFOLD

# -- log-in: five wrong passwords close a name from one address for a quarter of an hour
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"  # in Redis, so no table of who tried what
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SESSION_COOKIE_AGE = 60 * 60  # an hour without a click; what was typed survives the new log-in
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True

# -- transport and content. Plain http only where BASE_URL says so: a developer's machine, a trial.
ENCRYPTED = BASE_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV["BEHIND_PROXY"] else None
TRUSTED_PROXIES = ENV["TRUSTED_PROXIES"]
SECURE_SSL_REDIRECT = ENCRYPTED
SECURE_HSTS_SECONDS = 31_536_000 if ENCRYPTED else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENCRYPTED
SECURE_HSTS_PRELOAD = ENCRYPTED
SESSION_COOKIE_SECURE = ENCRYPTED
CSRF_COOKIE_SECURE = ENCRYPTED
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],  # the admin's frame alone may evaluate: ispath/dashboard/frame.py
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# -- machine clients
JWKS_PRIVATE_HOSTS = ENV["JWKS_PRIVATE_HOSTS"]
API_REQUESTS_PER_MINUTE = ENV["API_REQUESTS_PER_MINUTE"]
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["ispath.api.authentication.BearerAuthentication"],
    "EXCEPTION_HANDLER": "ispath.api.errors.answer_error",
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["ispath.api.bodies.JsonBody"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "ispath",
    "VERSION": "1.0.0",
    "DESCRIPTION": "Treatment status of children with infantile spasms. Problems as RFC 9457 has them.",
    "CONTACT": {"name": "Whoever operates this installation"},
    "SERVERS": [{"url": "/", "description": "The installation that serves this page"}],
    "TAGS": [
        {"name": "status", "description": "One child's status in one call"},
        {"name": "changes", "description": "Everything that changed since last time"},
        {"name": "worklist", "description": "What is to be done, most urgent first"},
        {"name": "children", "description": "Who the children are; enrolling one"},
        {"name": "enrolments", "description": "Who is followed where, on which pathway"},
        {"name": "courses", "description": "Treatment courses and their dose calendars; planning one"},
        {"name": "checks", "description": "What is to be observed, in which window"},
        {"name": "observations", "description": "Recording what was seen or measured"},
        {"name": "verdicts", "description": "Whether a treatment worked"},
        {"name": "escalations", "description": "What a rule asks of a person"},
        {"name": "referrals", "description": "Referrals for surgical evaluation"},
        {"name": "deliveries", "description": "Reminders and what became of them"},
        {"name": "protocols", "description": "Editions of protocols and pathways"},
        {"name": "explain", "description": "Why something was said"},
    ],
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "ispath.api.described.one_list_of_words",
        "ispath.api.described.closed_documents",
        "ispath.api.following.with_links",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}
# -- row history and triggers
PGHISTORY_APPEND_ONLY = True
PGTRIGGER_SCHEMA_EDITOR = True

# -- logs
LOGGING = logs.configuration(log_format=ENV["LOG_FORMAT"], level=ENV["LOG_LEVEL"], messages=DEBUG)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_COMMAND_LOGGING_ENABLED = False

if "zeal" in DEVELOPER_APPS:
    ZEAL_RAISE = True
