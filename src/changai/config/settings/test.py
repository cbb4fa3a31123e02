"""For the tests: a folder that vanishes, fixed keys, a fast password hash."""

import os
import tempfile

os.environ["CHANGAI_DATA"] = os.environ.get("CHANGAI_TEST_DATA") or tempfile.mkdtemp(prefix="changai-test-")

from changai.config.settings.base import *  # noqa: F403

SECRET_KEY = "for-tests-only"  # noqa: S105
AUDIT_KEY = b"for-tests-only"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns of a folder that is not there
