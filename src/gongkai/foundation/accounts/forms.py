from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm

from gongkai.foundation.accounts.models import User
from gongkai.foundation.organisations import api as organisations

if TYPE_CHECKING:  # only the stubs know the type argument
    _SetPasswordForm = SetPasswordForm[User]
else:
    _SetPasswordForm = SetPasswordForm

WRONG = "姓名或密码不对。请核对后再登录；忘了密码，请找安全管理员重发一次性密码。"


class SignInForm(AuthenticationForm):
    """Sign in with name and password (登录). One answer to a wrong name, a wrong password and a shut account."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def get_invalid_login_error(self) -> forms.ValidationError:
        """Beside the password, so that the summary leads to a field."""
        return forms.ValidationError({"password": [WRONG]}, code="invalid_login")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, password = self.fields["username"], self.fields["password"]
        name.label, password.label = "姓名", "密码"
        name.error_messages["required"] = "请填您在局里登记的姓名。"
        password.error_messages["required"] = "请填密码。"

    def clean_username(self) -> str:
        """The name in the form in which names are stored."""
        return organisations.clean_name(self.cleaned_data["username"])


class ChoosePasswordForm(_SetPasswordForm):
    """Choose one's own password (改密码). The present one is asked for unless it is the one-time password just used."""

    error_messages = {"password_mismatch": "两次填的新密码不一样。请再填一次。"}

    present = forms.CharField(
        label="现在的密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), required=True
    )
    field_order = ("present", "new_password1", "new_password2")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, second.label = "新密码", "再填一次新密码"
        first.help_text = "至少 10 个字，不能全是数字，不能是常见的密码，不能像自己的姓名。"
        second.help_text = ""
        if user.must_change_password:
            del self.fields["present"]

    def clean_present(self) -> str:
        """The present password, which has to be right."""
        present = str(self.cleaned_data["present"])
        if not self.user.check_password(present):
            raise forms.ValidationError("现在的密码不对。请再填一次。")
        return present

    def validate_password_for_user(self, user: User, *_field: Any) -> None:
        """What is wrong with the new password stands beside the first of its two fields, where it is to be changed."""
        super().validate_password_for_user(user, "new_password1")

    def clean_new_password1(self) -> str:
        """The new password, which has to be a new one."""
        new = str(self.cleaned_data["new_password1"])
        if self.user.check_password(new):
            raise forms.ValidationError("新密码和现在的一样。请换一个。")
        return new
