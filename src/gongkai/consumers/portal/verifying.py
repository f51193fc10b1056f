"""Whether disk, manifest and database say the same (门户核对), both ways, and what is done where they do not.

What is younger than ten minutes is left alone: somebody may just be at it. So is what a note in the outbox waits for.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from gongkai.consumers.portal import files, placing, queries, rules
from gongkai.consumers.portal.kinds import FileState, ListKind, PageKey, VerifyReport
from gongkai.consumers.portal.models import ListItem, MonthCount, PortalFile, PortalList
from gongkai.consumers.portal.rendering import list_fixed_keys
from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import PublishedRow
from gongkai.foundation.outbox import api as outbox

YOUNG = timedelta(minutes=10)
MOST_NOTES = 100_000


@dataclass(frozen=True)
class Expected:
    """What the database says that there should be (应有): keys of pages, the page of each path, items wrongly placed in lists."""

    keys: frozenset[str]
    files: Mapping[str, str]
    misplaced: tuple[UUID, ...]


def check(at_system: datetime) -> VerifyReport:
    """Compare disk, manifest and database. Nothing is changed."""
    root: Path = settings.PORTAL_ROOT
    limit = at_system - YOUNG
    waiting = {note.key for note in outbox.list_dirty(MOST_NOTES)}
    expected = _read_expected(waiting)
    manifest = {row.path: row for row in PortalFile.objects.all()}
    faults: dict[str, list[str]] = {"missing": [], "changed": [], "unowned": [], "unfinished": []}
    young = 0
    seen = set()
    kinds: Counter[str] = Counter()
    for path, facts in files.walk_files(root):
        seen.add(path)
        row = manifest.get(path)
        kinds[_kind_of(path, is_owned=row is not None)] += 1
        changed_at = datetime.fromtimestamp(facts.st_mtime, UTC)
        if changed_at > limit or (row is not None and row.changed_at > limit):
            young += 1
        elif row is None and path in expected.files and path.endswith((rules.GONE, rules.MOVED)):
            # A notice that was put there at once has no row yet: it stays, and its page is rendered again.
            faults["missing"].append(path)
        elif row is None or row.owner not in expected.keys | waiting or Path(root, path).is_symlink():
            faults["unowned"].append(path)
        elif row.state == FileState.WRITTEN.value and files.hash_file(root / path) != row.hash:
            faults["changed"].append(path)
    for fault, path in _faults_of_manifest(manifest, expected, seen, waiting, limit):
        faults[fault].append(path)
    return VerifyReport(
        files=len(seen),
        pages=len(expected.keys) - 1,  # style and pictures have a key but are no page
        copies=kinds["copies"],
        static=kinds["static"],
        strays=kinds["strays"],
        **{fault: tuple(sorted(set(paths))) for fault, paths in faults.items()},
        misplaced=tuple(rules.write_key(rules.publication_key(uuid)) for uuid in expected.misplaced),
        young=young,
    )


def _kind_of(path: str, *, is_owned: bool) -> str:
    if not is_owned:
        return "strays"
    if path.startswith("static/"):
        return "static"
    return "copies" if "/files/" in path else "pages"


def _faults_of_manifest(
    manifest: Mapping[str, PortalFile], expected: Expected, seen: set[str], waiting: set[str], limit: datetime
) -> Iterator[tuple[str, str]]:
    for path, row in manifest.items():
        if row.changed_at > limit or row.owner in waiting:
            continue
        if row.owner not in expected.keys:
            yield "unowned", path
        elif row.state == FileState.WRITING.value:
            yield "unfinished", path
        elif path not in seen:
            yield "missing", path
    for path, key in expected.files.items():
        if path not in manifest and key not in waiting:
            yield "missing", path


def repair(report: VerifyReport, at_system: datetime) -> None:
    """Take away what nobody owns and ask for what is missing (修复). Called by the one who may write pages.

    What came back since the check, a page released meanwhile, stays.
    """
    root: Path = settings.PORTAL_ROOT
    renewed = set(PortalFile.objects.filter(path__in=report.unowned, changed_at__gt=at_system - YOUNG).values_list("path", flat=True))
    unowned = [path for path in report.unowned if path not in renewed]
    for path in unowned:
        files.remove_file(root, path)
    with transaction.atomic():
        PortalFile.objects.filter(path__in=unowned).delete()
        doubtful = PortalFile.objects.filter(path__in=[*report.missing, *report.changed, *report.unfinished])
        owners = set(doubtful.values_list("owner", flat=True))
        # A row that says WRITING is written whatever its hash says.
        doubtful.update(state=FileState.WRITING.value)
        unknown = _keys_of(report.missing) if report.missing else set[str]()
        always = set(map(rules.write_key, list_fixed_keys()))
        outbox.touch(sorted(owners | unknown | always | set(report.misplaced)))
        recount()


def recount() -> None:
    """Count again what the lists hold."""
    held = Counter(ListItem.objects.values_list("list_id", flat=True))
    for row in PortalList.objects.all():
        if row.item_count != held[row.pk]:
            PortalList.objects.filter(pk=row.pk).update(item_count=held[row.pk])
    instants = ListItem.objects.filter(list__kind=ListKind.SECTION.value).values_list("list_id", "published_at")
    months = Counter((list_id, rules.month_of(instant)) for list_id, instant in instants)
    if months != _stored_months():
        MonthCount.objects.all().delete()
        MonthCount.objects.bulk_create(
            MonthCount(list_id=list_id, month=month, item_count=number) for (list_id, month), number in months.items()
        )


def _stored_months() -> Counter[tuple[int, str]]:
    return Counter({(row.list_id, row.month): row.item_count for row in MonthCount.objects.filter(item_count__gt=0)})


def _read_expected(waiting: set[str]) -> Expected:
    public = {row.uuid: row for row in publishing.iterate_published()}
    pages = {rules.publication_key(uuid): rules.file_path(row.path) for uuid, row in public.items()}
    pages |= {rules.publication_key(page.uuid): rules.withdrawn_path(page) for page in publishing.iterate_withdrawn()}
    pages |= dict.fromkeys(list_fixed_keys(), "")
    pages |= {rules.HOME: rules.file_path("/"), rules.OPEN: rules.file_path("/open/")}
    for found in queries.list_lists():
        for number in (0, *queries.list_numbers(found)):
            address = rules.list_address(found.kind, found.reference, number)
            pages[PageKey(rules.PAGE_KINDS[found.kind], found.reference, number)] = rules.file_path(address)
    texts = {rules.write_key(key): path for key, path in pages.items()}
    wrong = (uuid for uuid in _list_misplaced(public) if rules.write_key(rules.publication_key(uuid)) not in waiting)
    return Expected(frozenset(texts), {path: text for text, path in texts.items() if path}, tuple(sorted(wrong)))


def _list_misplaced(public: Mapping[UUID, PublishedRow]) -> set[UUID]:
    """Items that stand in a list and should not, or should and do not, or are shown otherwise than they are."""
    times: Counter[UUID] = Counter()
    wrong = set()
    for item in ListItem.objects.select_related("list").iterator():
        row = public.get(item.publication)
        times[item.publication] += 1
        if row is None or not placing.is_as_placed(item, row):
            wrong.add(item.publication)
    return wrong | {uuid for uuid in public if times[uuid] != len(ListKind)}


def _keys_of(paths: Collection[str]) -> set[str]:
    """The pages that some paths belong to by the database: their manifest rows may be missing."""
    expected = _read_expected(set())
    return {expected.files[path] for path in paths if path in expected.files}
