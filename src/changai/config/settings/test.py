"""For the tests: a folder that vanishes, fixed keys, a fast password hash."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path


def _vanishing_folder() -> str:
    """Return a new folder that goes with this process; those of processes it starts lie in it and go too."""
    outer = os.environ.get("CHANGAI_TEST_FOLDER")
    inside = outer if outer and Path(outer).is_dir() else None
    folder = tempfile.mkdtemp(prefix="changai-test-", dir=inside)
    os.environ["CHANGAI_TEST_FOLDER"] = folder
    ours = os.getpid()

    def vanish() -> None:
        if os.getpid() == ours:  # a fork that ends must not take the folder from its parent
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(vanish)
    data = Path(folder) / "data"
    data.mkdir()
    return str(data)


os.environ["CHANGAI_DATA"] = os.environ.get("CHANGAI_TEST_DATA") or _vanishing_folder()

from changai.config.settings.base import *  # noqa: E402, F403 - reads where the folder is

SECRET_KEY = "for-tests-only"  # noqa: S105
AUDIT_KEY = b"for-tests-only"
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns of a folder that is not there
