from typing import Any

from django.core.management.base import BaseCommand

from gongkai.core.publishing import api as publishing
from gongkai.foundation.workdays import api as workdays


class Command(BaseCommand):
    """Load the limits of the review steps."""

    help = "装入审核步骤的期限（局内规定，每步 1 个工作日）；已经装过的不再装。"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 — Django's signature
        """Load the limits of the review steps and say what changed."""
        self.stdout.write(f"审核期限：{publishing.load_review_terms().words}。")
        if opened := publishing.open_missing_duties(now=workdays.business_now()):
            self.stdout.write(f"{opened} 步在审，补上了期限。")
