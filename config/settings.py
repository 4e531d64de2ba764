"""All settings, from the environment. A production start with anything missing or meant for the demo is refused."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import env

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(env.text("SUBROSA_VAR", str(ROOT / "var")))
DEMO = env.flag("SUBROSA_DEMO")  # invented people, staff may sign in without a second factor, every page says so
DEBUG = env.flag("DEBUG")
TESTING = env.flag("SUBROSA_TESTING")
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = SITE_URL.startswith("https://")

# --- secrets ----------------------------------------------------------------------------------------------------------
SECRET_KEY = env.text("SECRET_KEY")
MASTER_KEYS = env.keys("MASTER_KEYS")  # "id:base64url" each; the first wraps new keys, the others still open old ones
VAULT_MINIMUM_VERSION = env.number("VAULT_MINIMUM_VERSION", 1)


def _refuse_unsafe_start() -> None:
    """A practice's own start must not run on what is meant for trying things out."""
    if len(SECRET_KEY) < 32 or "insecure" in SECRET_KEY or len(set(SECRET_KEY)) < 10:
        raise ImproperlyConfigured("SECRET_KEY is missing, short or a default. Make one: openssl rand -base64 48")
    if DEBUG and not (DEMO or TESTING):
        raise ImproperlyConfigured("DEBUG shows clients' words on error pages. It is refused outside the demo.")
    if not SECURE and not (DEMO or TESTING) and urlsplit(SITE_URL).hostname not in env.LOCAL:
        raise ImproperlyConfigured("SITE_URL must begin with https:// where anyone but this machine can reach it.")
    if DEMO and SECURE:
        raise ImproperlyConfigured("The demo has known passwords: it is refused behind a public address (https).")


_refuse_unsafe_start()

# --- the house --------------------------------------------------------------------------------------------------------
ROOMS = [
    "vault", "audit", "practice", "upkeep", "clients", "review", "messaging", "consent", "records", "paper", "supervision", "disclosures",
    "breaches", "safeguards", "transfers", "retention", "moving", "executor", "demo",
]  # fmt: skip
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guardian",
    "django_htmx",
    "csp",
    *[room for room in ROOMS if (ROOT / room / "__init__.py").exists()],
]
MIDDLEWARE = [
    "audit.middleware.Envelope",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "practice.middleware.Person",
    "audit.middleware.Trailed",
    "practice.middleware.Language",
    "practice.middleware.Standing",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {"lucide": "practice.icons"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "practice.context.house",
                "clients.context.leaving",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- database, queue, files -------------------------------------------------------------------------------------------
PROCESS = env.text("SUBROSA_AS", "web")  # which of the three database roles this process is: web, worker or owner
_URLS = {"web": "DATABASE_URL", "worker": "DATABASE_URL_WORKER", "owner": "DATABASE_URL_OWNER"}
if PROCESS not in _URLS:
    raise ImproperlyConfigured("SUBROSA_AS must be web, worker or owner.")
# The connection says which master is the newest here: a rotation waits until every process has it.
_CALLED = f"subrosa-{PROCESS}-{MASTER_KEYS[0].partition(':')[0]}"
DATABASES = {"default": {**env.database(_URLS[PROCESS], _CALLED), "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}}
DATABASE_PREPARES = env.flag("DATABASE_PREPARES", True)  # plans are kept by the connection; off behind a pooler by transaction
# Seals over the trail are made by the worker alone: the web process is not given the key. Their copies go outside the database.
TRAIL_KEYS = env.secret_keys("TRAIL_KEY", needed=PROCESS == "worker")
TRAIL_ANCHOR = Path(env.text("TRAIL_ANCHOR", str(VAR / "anchors" / "trail.jsonl")))
TRAIL_STORE = env.text("TRAIL_STORE", "")  # dotted name of one more keeper, such as audit.anchors.folder
TRAIL_STORE_DIR = Path(env.text("TRAIL_STORE_DIR", str(VAR / "anchors" / "seals")))
# Backups are sealed to a key whose other half is not here. Data keys stand in a set of their own, which is kept for fewer days: so long
# after their destruction the keys of a client are still in a backup (certificates of destruction say it).
BACKUP_RECIPIENT = env.text("BACKUP_RECIPIENT", "")
BACKUP_RECIPIENT_KEPT = VAR / "secrets" / "BACKUP_RECIPIENT"  # where `backup --new-key` writes it
BACKUP_ASKED = VAR / "backup.asked"  # ops/night.py sees it and makes one
BACKUP_DIR = Path(env.text("BACKUP_DIR", str(VAR / "backups")))
BACKUP_KEYS_DIR = Path(env.text("BACKUP_KEYS_DIR", str(BACKUP_DIR / "keys")))
BACKUP_KEPT = max(1, env.number("BACKUP_KEPT", 30))  # sets of data
BACKUP_KEYS_KEPT_DAYS = max(1, env.number("BACKUP_KEYS_KEPT_DAYS", 7))
PG_TOOLS = env.text("PG_TOOLS", "")  # the folder of pg_dump and pg_restore, where the server is newer than those that come along
REDIS_URL = env.text("REDIS_URL", "unix:///nowhere/redis.sock")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}  # nothing of a client is ever cached
# Mail goes to a folder until a server is named; then over TLS, with the server's certificate checked.
EMAIL_HOST = env.text("MAIL_HOST", "")
EMAIL_PORT = env.number("MAIL_PORT", 465)
EMAIL_USE_SSL = bool(EMAIL_HOST) and EMAIL_PORT == 465
EMAIL_USE_TLS = bool(EMAIL_HOST) and not EMAIL_USE_SSL
EMAIL_HOST_USER = env.text("MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("MAIL_PASSWORD", "")
EMAIL_TIMEOUT = 20  # seconds
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = env.text("MAIL_DIR", str(VAR / "mail"))
# By which carrier each channel leaves (practice/carriers.py): mail by the server above, the rest into a folder to be carried out from.
CARRIERS = {"mail": "practice.carriers.mail"} | {
    channel: env.text(f"{channel.upper()}_CARRIER", "practice.carriers.folder") for channel in ("sms", "voice", "voicemail", "post")
}
OUTBOX_DIR = env.text("OUTBOX_DIR", str(VAR / "outbox"))
QUICK_EXIT_URL = env.text("QUICK_EXIT_URL", "")  # where leaving the portal quickly leads; empty: a calendar of the house's own
NEUTRAL_SENDER = env.text("NEUTRAL_SENDER", "")  # a name for envelopes and calls that says nothing of a practice
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "no-reply@localhost")
TRUSTED_PROXY_HOPS = env.number("TRUSTED_PROXY_HOPS", 0)  # how many proxies of ours stand before the web process

# --- people and sign-in -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "practice.User"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTHENTICATION_BACKENDS = ["practice.signin.SignIn"]
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
SESSION_ENGINE = "practice.sessions"
SESSION_COOKIE_NAME = "__Host-subrosa" if SECURE else "subrosa"
SESSION_COOKIE_AGE = 12 * 3600  # seconds; absolute. The idle limit is SESSION_IDLE_MINUTES.
SESSION_IDLE_MINUTES = min(env.number("SESSION_IDLE_MINUTES", 15), 15)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_FAILURE_VIEW = "practice.errors.csrf_failure"

# --- headers ----------------------------------------------------------------------------------------------------------
SECURE_HSTS_SECONDS = 63072000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = False  # plain http is refused, not redirected: practice.middleware
SECURE_REFERRER_POLICY = "same-origin"  # nothing to other sites; no-referrer would make browsers send "Origin: null" with our own forms
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001",  # guardian's backend answers has_perm; ours is one queryset a rule, and nothing asks has_perm
    "security.W008",  # plain http is refused by practice.middleware, not redirected: the request was already readable
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}

# --- words, time, files -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English"), ("es", "Español")]  # of the entrance; pages behind it are English so far: practice.middleware
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "America/Los_Angeles")
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # no file of a client is kept unsealed
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
NOT_FOUND_TAKES = 0.0 if TESTING else 0.025  # seconds, or a multiple: the time tells nobody whether there is something (T40)
WHITENOISE_ALLOW_ALL_ORIGINS = False  # nobody else's page has a use for our styles
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING  # tests serve from the source, with nothing collected
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_HANDLERS = ["practice.uploads.InMemory"]  # no file of a client ever touches the disk unsealed
DATA_UPLOAD_MAX_NUMBER_FILES = 10
UPLOAD_BYTES = DOCUMENT_BYTES = 10 * 1024 * 1024
DOCUMENT_CLIENT_BYTES = env.number("DOCUMENT_CLIENT_MB", 200) * 1024 * 1024
DOCUMENT_PRACTICE_BYTES = env.number("DOCUMENT_PRACTICE_MB", 5_000) * 1024 * 1024
# The dotted name of a scanner for malware: called with the bytes as they came, answers what it found, "" for nothing. When it
# cannot be asked, nothing is kept. None unless named.
DOCUMENT_SCANNER = env.text("DOCUMENT_SCANNER", "")

# The country of the servers, in two letters: some law asks where records are kept (REC-10). Nothing, while nobody said.
DATA_REGION = env.text("DATA_REGION", "").strip().upper()

# --- logs: what happened to the machine, never what a client said ------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "audit.logs.Discreet"}},
    "formatters": {"line": {"()": "audit.logs.JsonLine", "ours": ROOMS}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["discreet"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.db.backends": {"level": "WARNING"},
        "django.template": {"level": "WARNING"},
        "audit.requests": {"level": "INFO" if env.flag("LOG_REQUESTS", not TESTING) else "WARNING"},
        "fido2": {"level": "WARNING"},  # it tells credential ids at INFO
    },
}

from config.accounts import *  # noqa: E402, F403  (allauth's settings, in a file of their own)
