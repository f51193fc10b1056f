from gongkai.foundation.accounts.views.own import (
    change_password,
    drop_second_factor,
    own_account,
    renew_recovery_codes,
    set_authenticator,
)
from gongkai.foundation.accounts.views.signing import refuse_old_form, second_step, sign_in, sign_out

__all__ = [
    "change_password",
    "drop_second_factor",
    "own_account",
    "refuse_old_form",
    "renew_recovery_codes",
    "second_step",
    "set_authenticator",
    "sign_in",
    "sign_out",
]
