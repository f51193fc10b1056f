from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.http import HttpRequest

from gongkai.foundation.accounts import actions
from gongkai.foundation.accounts.devices import find_address, read_devices
from gongkai.foundation.accounts.kinds import AccountState, Role
from gongkai.foundation.accounts.models import User
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.kinds import PostRow, UnitRow

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

    def __init__(
        self, request: HttpRequest, *args: Any, now: datetime | None = None, at_system: datetime | None = None, **kwargs: Any
    ) -> None:
        super().__init__(request, *args, **kwargs)
        self.now, self.at_system = now, at_system
        self.taken: actions.Try | None = None
        name, password = self.fields["username"], self.fields["password"]
        name.label, password.label = "姓名", "密码"
        name.error_messages["required"] = "请填您在局里登记的姓名。"
        password.error_messages["required"] = "请填密码。"

    def clean_username(self) -> str:
        """The name in the form in which names are stored."""
        return organisations.clean_name(self.cleaned_data["username"])

    def clean(self) -> dict[str, Any]:
        """Name and password together. A try is counted before it is looked at; one too many is not looked at."""
        name = self.cleaned_data.get("username")
        if name and self.cleaned_data.get("password") and self.request is not None and self.now and self.at_system:
            self.taken = actions.take_sign_in(
                name=name,
                address=find_address(self.request),
                devices=read_devices(self.request),
                now=self.now,
                at_system=self.at_system,
            )
            if self.taken.refused:
                raise forms.ValidationError({"password": forms.ValidationError(self.taken.refused, code="locked")})
        return super().clean()

    def confirm_login_allowed(self, user: User) -> None:
        """Of a shut account as of none."""
        super().confirm_login_allowed(user)
        if self.taken is not None:
            actions.forgive(done=self.taken)


class ChoosePasswordForm(_SetPasswordForm):
    """Choose one's own password (改密码). The present one is asked for unless it is the one-time password just used."""

    error_messages = {"password_mismatch": "两次填的新密码不一样。请再填一次。"}

    present = forms.CharField(
        label="现在的密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), required=True
    )
    field_order = ("present", "new_password1", "new_password2")

    def __init__(self, user: User, *args: Any, now: datetime, at_system: datetime, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.now, self.at_system = now, at_system
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.label, second.label = "新密码", "再填一次新密码"
        first.help_text = "至少 10 个字，不能全是数字，不能是常见的密码，不能像自己的姓名。"
        second.help_text = ""
        if user.must_change_password:
            del self.fields["present"]

    def clean_present(self) -> str:
        """The present password, which has to be right."""
        return check_present(self.user, str(self.cleaned_data["present"]), self.now, self.at_system)

    def validate_password_for_user(self, user: User, *_field: Any) -> None:
        """What is wrong with the new password stands beside the first of its two fields, where it is to be changed."""
        super().validate_password_for_user(user, "new_password1")

    def clean_new_password1(self) -> str:
        """The new password, which has to be a new one."""
        new = str(self.cleaned_data["new_password1"])
        if self.user.check_password(new):
            raise forms.ValidationError("新密码和现在的一样。请换一个。")
        return new


class CodeForm(forms.Form):
    """The six figures that an authenticator shows now (验证码)."""

    code = forms.CharField(
        label="验证码",
        max_length=40,
        help_text="手机验证器上现在显示的 6 位数字。",
        error_messages={"required": "请填验证器上的 6 位数字。"},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class RecoveryForm(forms.Form):
    """One of the codes on paper (恢复码)."""

    code = forms.CharField(
        label="恢复码",
        max_length=40,
        help_text="您保存的恢复码里没有用过的一个，用过就作废。",
        error_messages={"required": "请填一个恢复码。"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}),
    )


class AuthenticatorForm(CodeForm):
    """The first code of an authenticator, and the present password unless the person has just signed in with it (启用验证器)."""

    present = forms.CharField(
        label="现在的密码",
        strip=False,
        error_messages={"required": "请填现在的密码。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, now: datetime, at_system: datetime, asks_password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.now, self.at_system = user, now, at_system
        del self.fields["code"].widget.attrs["autofocus"]
        if not asks_password:
            del self.fields["present"]

    def clean_present(self) -> str:
        """It has to be right."""
        return check_present(self.user, str(self.cleaned_data["present"]), self.now, self.at_system)


class PresentPasswordForm(forms.Form):
    """The present password, before something about the account changes (现在的密码)."""

    present = forms.CharField(
        label="现在的密码",
        strip=False,
        error_messages={"required": "请填现在的密码。"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, user: User, *args: Any, now: datetime, at_system: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.now, self.at_system = user, now, at_system

    def clean_present(self) -> str:
        """It has to be right."""
        return check_present(self.user, str(self.cleaned_data["present"]), self.now, self.at_system)


def check_present(user: User, present: str, now: datetime, at_system: datetime) -> str:
    """The present password of somebody who is signed in, if it is right; tries are counted. Raises: ValidationError."""
    taken = actions.take_password(user=user, now=now, at_system=at_system)
    if taken.refused:
        raise forms.ValidationError(taken.refused)
    if not user.check_password(present):
        raise forms.ValidationError("现在的密码不对。请再填一次。")
    actions.forgive(done=taken)
    return present


class FindAccountForm(forms.Form):
    """Which accounts one looks for (找账号)."""

    q = forms.CharField(label="姓名", max_length=40, required=False)
    state = forms.ChoiceField(label="状态", choices=[("", "全部"), *AccountState.choices()], required=False)


class GiveRoleForm(forms.Form):
    """Give a post a role, for a unit and all below it (授予角色)."""

    post = forms.TypedChoiceField(label="岗位", coerce=int)
    role = forms.ChoiceField(label="角色", choices=Role.choices())
    scope = forms.TypedChoiceField(label="范围", coerce=int, help_text="这个单位和它的所有下级。")

    def __init__(self, *args: Any, posts: Sequence[PostRow], units: Sequence[UnitRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = [(post.id, _say_post(post)) for post in posts]  # type: ignore[attr-defined]  # a choice field
        self.fields["scope"].choices = [(unit.id, unit.name) for unit in units]  # type: ignore[attr-defined]  # a choice field


def _say_post(post: PostRow) -> str:
    return f"{post.unit_name} {post.title}（{post.holder.name if post.holder else '空缺'}）"
