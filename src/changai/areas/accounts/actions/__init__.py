"""Every change of accounts, posts and sign-ins."""

from changai.areas.accounts.actions.audit import note_export, note_verification
from changai.areas.accounts.actions.contact import save_contact
from changai.areas.accounts.actions.first import open_first_administrators
from changai.areas.accounts.actions.people import open_account, switch_off, switch_on
from changai.areas.accounts.actions.posts import grant_post, reset_password, unlock, withdraw_post
from changai.areas.accounts.actions.sign_ins import (
    change_password,
    end_sign_in,
    note_failed_sign_in,
    note_sign_in,
    note_sign_out,
)

__all__ = [
    "change_password",
    "end_sign_in",
    "grant_post",
    "note_export",
    "note_failed_sign_in",
    "note_sign_in",
    "note_sign_out",
    "note_verification",
    "open_account",
    "open_first_administrators",
    "reset_password",
    "save_contact",
    "switch_off",
    "switch_on",
    "unlock",
    "withdraw_post",
]
