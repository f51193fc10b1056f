from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.side_by_side import compare
from gongkai.core.publishing.views.editor import visible
from gongkai.foundation.accounts.api import DeskRequest


@require_safe
def compare_editions(request: DeskRequest, uuid: UUID) -> HttpResponse:
    """Two editions of a text side by side (版本对照): the newest and the one before it, or those that were chosen."""
    draft = visible(request, uuid)
    numbers = publishing.list_edition_numbers(uuid)
    chosen = [read_number(request.GET.get(name, ""), numbers) for name in ("before", "after")]
    after = publishing.get_edition(uuid, chosen[1] or numbers[0])
    before = publishing.get_edition(uuid, chosen[0] or next((number for number in numbers if number < after.number), numbers[-1]))
    pairs = compare(before.content, after.content, files_before=before.file_names, files_after=after.file_names)
    context = {
        "draft": draft,
        "numbers": numbers,
        "before": before,
        "after": after,
        "pairs": pairs,
        "is_one": before.number == after.number,
    }
    return render(request, "publishing/compare.html", context)


def read_number(text: str, numbers: list[int]) -> int | None:
    """An edition's number from the address; None when there is no such edition."""
    return int(text) if text.isdecimal() and int(text) in numbers else None
