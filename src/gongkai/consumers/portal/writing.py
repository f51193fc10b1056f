"""Brings the files of some pages to disk, with the manifest around them.

Rows say WRITING before the first file is touched, WRITTEN after the last.

Whoever is killed in between leaves old files or new ones, rows that say WRITING, and the notes in the outbox that asked for the pages.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from gongkai.consumers.portal import files, queries, rules
from gongkai.consumers.portal.kinds import FileState, Output, PageKey
from gongkai.consumers.portal.models import PortalFile
from gongkai.consumers.portal.rendering import stamp
from gongkai.foundation.attachments import api as attachments
from gongkai.lib.errors import Refusal

MANIFEST_BATCH = 200


@dataclass(frozen=True)
class Moment:
    """When pages are made (时刻): `printed` is business time and stands on the page, `at_system` is when the disk changes."""

    printed: datetime
    at_system: datetime


@dataclass(frozen=True)
class Written:
    """What came of writing (写出结果): how many files were written, and the pages that could not be, each with its reason."""

    count: int
    failures: Mapping[PageKey, Exception]


def write_pages(
    pages: Mapping[PageKey, Sequence[Output]], moment: Moment, hold: Callable[[], AbstractContextManager[None]] = transaction.atomic
) -> Written:
    """Bring pages to disk (写出页面): write what is new or changed, remove what a page no longer consists of.

    `hold` is a transaction in which nobody can take over: whoever does so afterwards finds the rows that say WRITING.
    A page that would come out as it is on disk stays as it is, with the moment it was made. A page whose files cannot be made stays as it
    was and stops no other.
    """
    root: Path = settings.PORTAL_ROOT
    known = queries.list_files(pages)
    due = {
        key: [output for output in outputs if not _is_as_wanted(root, known.get(output.path), key, output)]
        for key, outputs in pages.items()
    }
    wanted = {output.path for outputs in pages.values() for output in outputs}
    with hold():
        _note_writing([_row_of(output.path, key, moment) for key, outputs in due.items() for output in outputs])
    hashes: dict[str, str] = {}
    failures: dict[PageKey, Exception] = {}
    for key, outputs in due.items():
        try:
            hashes |= _put_all(root, outputs, moment)
        except (Refusal, OSError) as refusal:
            failures[key] = refusal
    _note_written(hashes, moment)
    gone = []
    for path, row in known.items():
        owner = rules.read_key(row.owner)
        # What stands for a file is there before it goes: a page that could not be written stays as it was.
        if path in wanted or owner is None or owner in failures:
            continue
        try:
            files.remove_file(root, path)
            gone.append(path)
        except OSError as refusal:
            failures[owner] = refusal
    PortalFile.objects.filter(path__in=gone).delete()
    return Written(len(hashes), failures)


def _put_all(root: Path, outputs: Sequence[Output], moment: Moment) -> dict[str, str]:
    """Write the files of a page, the page itself last: what it links to is there before it is."""
    in_order = sorted(outputs, key=lambda output: isinstance(output.content, bytes))
    return {output.path: _put(root, output, moment) for output in in_order}


def _is_as_wanted(root: Path, row: PortalFile | None, key: PageKey, output: Output) -> bool:
    """Whether a file need not be written: the manifest knows it whole, with what it would hold. The disk is the check's business."""
    if row is None or row.state != FileState.WRITTEN.value or row.owner != rules.write_key(key) or not (root / output.path).is_file():
        return False
    # The copy of a sealed original never changes.
    return not isinstance(output.content, bytes) or files.hash_bytes(stamp(output.content, row.made_at)) == row.hash


def _put(root: Path, output: Output, moment: Moment) -> str:
    target = root / output.path
    if isinstance(output.content, bytes):
        content = stamp(output.content, moment.printed)
        files.write_file(target, content)
        return files.hash_bytes(content)
    target.parent.mkdir(parents=True, exist_ok=True)
    attachments.write_public_copy(uuid=output.content.attachment, target=target)
    written = files.hash_file(target)
    if written is None:
        raise FileNotFoundError(output.path)
    return written


def _row_of(path: str, key: PageKey, moment: Moment) -> PortalFile:
    return PortalFile(
        path=path,
        owner=rules.write_key(key),
        state=FileState.WRITING.value,
        made_at=moment.printed,
        changed_at=moment.at_system,
    )


def _note_writing(rows: Sequence[PortalFile]) -> None:
    PortalFile.objects.bulk_create(
        rows,
        MANIFEST_BATCH,
        update_conflicts=True,
        unique_fields=["path"],
        update_fields=["owner", "state", "made_at", "changed_at"],
    )


@transaction.atomic
def _note_written(hashes: Mapping[str, str], moment: Moment) -> None:
    rows = list(PortalFile.objects.filter(path__in=list(hashes)))
    for row in rows:
        row.hash, row.state, row.changed_at = hashes[row.path], FileState.WRITTEN.value, moment.at_system
    PortalFile.objects.bulk_update(rows, ["hash", "state", "changed_at"], MANIFEST_BATCH)
