import pytest

from gongkai.core.catalogue import api as catalogue
from gongkai.core.catalogue.kinds import Category
from gongkai.lib.errors import NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _loaded(bureau):
    """The catalogue is part of the bureau's stock."""


def test_an_entry_knows_its_section_elements_and_owner():
    entry = catalogue.get_entry("land.result")
    assert entry.section.category is Category.LAND_USE
    assert entry.owner_usual_name == "开发利用科"
    assert len(entry.elements) > 1
    assert entry.is_active


def test_an_unknown_entry_is_refused_in_words():
    with pytest.raises(NotFound, match="没有代码为“nix”的事项"):
        catalogue.get_entry("nix")


def test_entries_are_listed_by_section_and_without_those_out_of_use():
    entries = catalogue.list_entries()
    sections = [section.id for section in catalogue.list_sections()]
    assert len(entries) == 181 + 1  # 工作动态 is the bureau's own
    assert [sections.index(entry.section.id) for entry in entries] == sorted(sections.index(entry.section.id) for entry in entries)


def test_the_list_of_entries_is_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        catalogue.list_entries()


def test_a_section_is_found_by_its_address():
    section = catalogue.list_sections()[0]
    assert catalogue.get_section(section.slug) == section
    with pytest.raises(NotFound, match="没有这个栏目"):
        catalogue.get_section("nix")


@pytest.mark.parametrize(
    ("title", "code"), [("临自然资告字〔2026〕6号", "land.auction_notice"), ("2026年度地质灾害防治方案", "geo.plan"), ("放假通知", None)]
)
def test_a_title_tells_its_entry(title, code):
    entry = catalogue.find_entry_by_title(title)
    assert (entry.code if entry else None) == code
