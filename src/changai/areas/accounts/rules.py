"""How logins are folded."""

import unicodedata


def folded_login(written: str) -> str:
    """Return the login as it is stored: NFKC, no blanks around or within, lower case."""
    return "".join(unicodedata.normalize("NFKC", written).casefold().split())
