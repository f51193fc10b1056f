"""What Django asks of a password, refused in Chinese. Named in AUTH_PASSWORD_VALIDATORS."""

from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError


class LongEnough(password_validation.MinimumLengthValidator):
    """Long enough (长度)."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 — Django's signature
        """Raises: ValidationError."""
        if len(password) < self.min_length:
            raise ValidationError(f"新密码太短：{len(password)} 个字，至少要 {self.min_length} 个字。", code="password_too_short")

    def get_help_text(self) -> str:
        """What is asked."""
        return f"至少 {self.min_length} 个字。"


class NotCommon(password_validation.CommonPasswordValidator):
    """Not one of those everybody tries first (常见密码)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises: ValidationError."""
        try:
            super().validate(password, user)
        except ValidationError:
            raise ValidationError("新密码太常见，别人一试就中。请换一个。", code="password_too_common") from None

    def get_help_text(self) -> str:
        """What is asked."""
        return "不能是常见的密码。"


class NotOnlyDigits(password_validation.NumericPasswordValidator):
    """Not only digits (纯数字)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises: ValidationError."""
        try:
            super().validate(password, user)
        except ValidationError:
            raise ValidationError("新密码全是数字。请加上字母或符号。", code="password_entirely_numeric") from None

    def get_help_text(self) -> str:
        """What is asked."""
        return "不能全是数字。"


class UnlikeTheName(password_validation.UserAttributeSimilarityValidator):
    """Not like the person's own name (像姓名)."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises: ValidationError."""
        try:
            super().validate(password, user)
        except ValidationError:
            raise ValidationError("新密码太像您的姓名。请换一个。", code="password_too_similar") from None

    def get_help_text(self) -> str:
        """What is asked."""
        return "不能像自己的姓名。"
