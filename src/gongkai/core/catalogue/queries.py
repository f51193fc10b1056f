from gongkai.core.catalogue.kinds import Category, EntryRow, SectionRow
from gongkai.core.catalogue.models import Entry, Section
from gongkai.core.catalogue.rules import choose_code
from gongkai.core.catalogue.tables import read_title_rules
from gongkai.lib.errors import NotFound


def get_entry(code: str) -> EntryRow:
    """The entry (公开事项) of that code, also one that is no longer in use.

    Raises: NotFound.
    """
    entry = Entry.objects.select_related("section").filter(code=code).first()
    if entry is None:
        raise NotFound(f"公开目录里没有代码为“{code}”的事项，请从目录里选一项。")
    return _entry_row(entry)


def list_entries() -> list[EntryRow]:
    """All entries in use (公开目录), in the order of the sections."""
    entries = Entry.objects.select_related("section").filter(is_active=True).order_by("section__order", "id")
    return [_entry_row(entry) for entry in entries]


def list_sections() -> list[SectionRow]:
    """All sections (栏目) in their order, with or without publications."""
    return [_section_row(section) for section in Section.objects.order_by("order", "id")]


def get_section(slug: str) -> SectionRow:
    """The section (栏目) with that address.

    Raises: NotFound.
    """
    section = Section.objects.filter(slug=slug).first()
    if section is None:
        raise NotFound("没有这个栏目，请从栏目列表里选。")
    return _section_row(section)


def find_entry_by_title(title: str) -> EntryRow | None:
    """The entry (公开事项) that a document's title tells; None when it fits no rule and a person has to choose."""
    code = choose_code(title, read_title_rules())
    entry = Entry.objects.select_related("section").filter(code=code).first() if code else None
    return _entry_row(entry) if entry else None


def _section_row(section: Section) -> SectionRow:
    return SectionRow(section.pk, section.code, section.title, section.slug, Category(section.category))


def _entry_row(entry: Entry) -> EntryRow:
    return EntryRow(
        id=entry.pk,
        code=entry.code,
        name=entry.name,
        section=_section_row(entry.section),
        elements=tuple(entry.elements),
        basis=entry.basis,
        owner_usual_name=entry.owner_usual_name,
        trigger=entry.trigger,
        note=entry.note,
        is_active=entry.is_active,
    )
