from gongkai.foundation.accounts.views.own import (
    change_password,
    drop_second_factor,
    end_other_sessions,
    end_session,
    own_account,
    renew_recovery_codes,
    set_authenticator,
)
from gongkai.foundation.accounts.views.provider import ask_provider, hear_provider, resume
from gongkai.foundation.accounts.views.signing import refuse_old_form, second_step, sign_in, sign_out

__all__ = [
    "ask_provider",
    "change_password",
    "drop_second_factor",
    "end_other_sessions",
    "end_session",
    "hear_provider",
    "own_account",
    "refuse_old_form",
    "renew_recovery_codes",
    "resume",
    "second_step",
    "set_authenticator",
    "sign_in",
    "sign_out",
]
