from collections.abc import Mapping

from django.db import transaction

from gongkai.core.catalogue.models import Entry, Section
from gongkai.core.catalogue.rules import Sources, build_terms, list_in_words, superseded_codes
from gongkai.core.catalogue.tables import read_duties, read_table
from gongkai.core.ledger import api as ledger
from gongkai.lib.loading import LoadCount


@transaction.atomic
def load_catalogue() -> LoadCount:
    """Load the packaged catalogue (公开目录): sections, entries and, through the ledger, the dated terms of their limits.

    Again with the same files changes nothing. An entry that left the file is taken out of use, never deleted.
    """
    sections = _load_sections()
    entries = _load_entries()
    return sections + entries + ledger.load_terms(build_terms(_sources()))


def _load_sections() -> LoadCount:
    known: dict[str, Section] = {section.code: section for section in Section.objects.all()}
    count = LoadCount()
    for row in read_table("sections"):
        values = {"title": row["section_zh"], "slug": row["slug"], "category": row["category"], "order": int(row["order"])}
        count += _keep(known.get(row["code"]) or Section(code=row["code"]), values)
    return count


def _load_entries() -> LoadCount:
    sections = {section.title: section for section in Section.objects.all()}
    known: dict[str, Entry] = {entry.code: entry for entry in Entry.objects.all()}
    older = superseded_codes(read_table("duty_versions"))
    count = LoadCount()
    for row in read_duties():
        values = {
            "name": row["name_zh"],
            "section_id": sections[row["section_zh"]].pk,
            "trigger": row["trigger_zh"],
            "owner_usual_name": row["owner_unit_zh"],
            "mission_row": row["mission_row"],
            "basis": list_in_words(row["legal_basis"]),
            "elements": row["required_elements"].split(";"),
            "note": row["note"],
            "is_active": row["code"] not in older,
        }
        count += _keep(known.pop(row["code"], Entry(code=row["code"])), values)
    Entry.objects.filter(code__in=known).update(is_active=False)
    return count


def _keep(row: Section | Entry, values: Mapping[str, object]) -> LoadCount:
    """Write the values where they differ from what is stored."""
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return LoadCount(unchanged=1)
    is_new = row.pk is None
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return LoadCount(created=1) if is_new else LoadCount(changed=1)


def _sources() -> Sources:
    return Sources(
        duties={row["code"]: row for row in read_duties()},
        deadlines={row["id"]: row for row in read_table("deadlines")},
        versions=read_table("duty_versions"),
        names={row["code"]: row["name"] for row in read_table("sources")},
    )
