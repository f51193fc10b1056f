import pytest

from tools import doc_links


@pytest.fixture
def documents(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/other.md").write_text("# The clock (期限)\n\n## `due_at`, exclusive\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "link",
    [
        "[o](docs/other.md)",
        "[o](docs/other.md#the-clock-期限)",
        "[o](docs/other.md#due_at-exclusive)",
        "[d](docs/)",
        "[w](https://portal.example/)",
    ],
)
def test_a_link_that_leads_somewhere_is_left_alone(documents, link):
    (documents / "README.md").write_text(f"See {link}.\n", encoding="utf-8")

    assert doc_links.find_broken(documents) == []


@pytest.mark.parametrize("link", ["[o](docs/none.md)", "[o](docs/other.md#stop)", "[o](../outside.md)", "![picture](none.png)"])
def test_a_link_that_leads_nowhere_is_named_with_its_line(documents, link):
    (documents / "README.md").write_text(f"# Title\n\nSee {link}.\n", encoding="utf-8")

    (fault,) = doc_links.find_broken(documents)
    assert fault.startswith("README.md:3: ")


def test_what_looks_like_a_link_inside_code_is_none(documents):
    (documents / "README.md").write_text("```\n[o](none.md)\n```\n", encoding="utf-8")

    assert doc_links.find_broken(documents) == []
