"""Settings safe for production; the surroundings decide the rest (see `changai.config.environment`)."""

import os
from datetime import timedelta
from typing import Any

from csp.constants import NONE, SELF

from changai.config.database import use_fixed_sqlite
from changai.config.environment import (
    PROJECT,
    data_folder,
    database,
    font_folders,
    is_set,
    key,
    mail,
    webhook,
)

use_fixed_sqlite()

DATA_FOLDER = data_folder()
EVIDENCE_FOLDER = DATA_FOLDER / "evidence"
FONT_FOLDERS = font_folders()
SECRET_KEY = key("secret").decode()
AUDIT_KEY = key("audit")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("CHANGAI_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
HTTPS = is_set("CHANGAI_HTTPS")
BEHIND_PROXY = is_set("CHANGAI_BEHIND_PROXY")
DEMONSTRATION = is_set("CHANGAI_DEMONSTRATION")
DEMONSTRATION_SIGN_INS = DATA_FOLDER / "demonstration-sign-ins.json"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "changai.foundation.audit",
    "changai.foundation.notices",
    "changai.foundation.jobs",
    "changai.foundation.workdays",
    "changai.foundation.ui",
    "changai.integrations.delivery",
    "changai.areas.organisations",
    "changai.areas.accounts",
    "changai.areas.evidence",
    "changai.areas.facts",
    "changai.areas.registers.training",
    "changai.areas.plans",
    "changai.areas.tasks",
    "changai.areas.reporting",
    "changai.areas.schemes",
    "changai.areas.assessments",
    "changai.areas.briefings",
    "changai.areas.portal",
    "changai.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "changai.web.middleware.ChineseFirstMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "changai.areas.accounts.sessions.SessionLimitMiddleware",
    "changai.areas.accounts.sessions.ActorMiddleware",
    "changai.areas.accounts.sessions.PasswordDueMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "changai.web.middleware.NoStoreMiddleware",
    "changai.foundation.refusals.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "changai.web.urls"
WSGI_APPLICATION = "changai.config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "changai.web.context.surroundings",
            ],
            "builtins": ["django.templatetags.i18n", "changai.foundation.ui.templatetags.ui"],
        },
    }
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "changai.areas.accounts.passwords.LongEnoughValidator"},
    {"NAME": "changai.areas.accounts.passwords.UncommonValidator"},
    {"NAME": "changai.areas.accounts.passwords.ThreeClassesValidator"},
    {"NAME": "changai.areas.accounts.passwords.NotTheLoginValidator"},
]
LOGIN_URL = "web:sign_in"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:sign_in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=30)
# By account, not by address: an office stands behind one address, and R5 counts failures of an account.
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "changai.web.sign_in.locked_out"
AXES_USERNAME_FORM_FIELD = "username"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_IDLE_MINUTES = 30
SESSION_ABSOLUTE_HOURS = 12
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_HOURS * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
UPLOAD_LIMIT_BYTES = 50 * 2**20

EMAIL_ON = bool(os.environ.get("CHANGAI_MAIL_HOST"))
vars().update(mail())  # EMAIL_HOST, EMAIL_PORT …
WEBHOOK = webhook()
SITE_ADDRESS = os.environ.get("CHANGAI_ADDRESS", "").rstrip("/")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PROJECT / "src" / "changai" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
