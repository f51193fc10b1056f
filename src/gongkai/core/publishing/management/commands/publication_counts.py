from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongkai.core.publishing import api as publishing


class Command(BaseCommand):
    """Count what is public in three ways."""

    help = "已公开信息的数目：总数、按类别、名录长度；三个数不一样时以状态 1 结束。"

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002 — Django's signature
        """Count what is public in three ways and compare."""
        total = publishing.count_published()
        by_category = publishing.count_published_by_category()
        length = sum(1 for _ in publishing.iterate_published())
        self.stdout.write(f"已公开：{total:,}")
        for category, number in by_category.items():
            self.stdout.write(f"  {category.label}：{number:,}")
        parts = sum(by_category.values())
        self.stdout.write(f"分类合计：{parts:,}\n名录长度：{length:,}\n未公开：{publishing.count_publications() - total:,}")
        if not total == parts == length:
            raise CommandError("三个数不一样，请把这几行发给系统管理员。", returncode=1)
