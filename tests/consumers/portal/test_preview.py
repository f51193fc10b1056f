import re

import pytest
from django.utils import timezone

from gongkai.consumers.portal import actions
from gongkai.core.publishing import api as publishing
from tests.factories.attachments import a_picture, an_attachment
from tests.factories.publishing import Reviewers, a_content, a_draft, pass_all_steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(bureau, clerk, friday, sealed_root):
    """A draft of 周岚 with an attachment."""
    file = an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday)
    return a_draft(actor=clerk, now=friday, content=a_content(attachments=(file.uuid,)))


def test_a_draft_looks_as_its_page_will(draft, sign_in, clerk, unit_head, secrecy_reviewer, signer, friday, portal_root):
    preview = sign_in("周岚").get(f"/desk/preview/{draft}/").content.decode()
    publishing.submit(publication=draft, actor=clerk, now=friday)
    pass_all_steps(publication=draft, by=Reviewers(unit_head, secrecy_reviewer, signer), now=friday)
    actions.build_pages(at_system=timezone.now())
    page = (portal_root / publishing.get_published(draft).path.strip("/") / "index.html").read_text()

    def article(text):
        return text.partition('<div class="body">')[2].partition("</div>")[0]

    assert article(preview) == article(page) != ""
    assert "双桥村四组，东至沿河路。" in preview
    assert "未公开" in preview
    assert f"/desk/attachments/{publishing.get_draft(draft).attachments[0].uuid}/" in preview


def test_a_picture_in_the_text_is_one_of_the_pages_own_files(
    clerk, friday, sealed_root, sign_in, signer, unit_head, secrecy_reviewer, portal_root
):
    file = an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday, name="位置图.png", data=a_picture("PNG"))
    picture = f'<img src="attachment:{file.uuid}" alt="位置图：柳溪路以东">'
    uuid = a_draft(actor=clerk, now=friday, content=a_content(body_html=f"<p>见图。</p><p>{picture}</p>"))
    preview = sign_in("周岚").get(f"/desk/preview/{uuid}/").content.decode()
    assert f'<img src="/desk/attachments/{file.uuid}/" alt="位置图：柳溪路以东">' in preview

    publishing.submit(publication=uuid, actor=clerk, now=friday)
    pass_all_steps(publication=uuid, by=Reviewers(unit_head, secrecy_reviewer, signer), now=friday)
    actions.build_pages(at_system=timezone.now())

    folder = portal_root / publishing.get_published(uuid).path.strip("/")
    page = (folder / "index.html").read_text()
    (address,) = re.findall(r'<img src="(/d/[^"]+)" alt="位置图：柳溪路以东">', page)
    assert (portal_root / address.strip("/")).read_bytes().startswith(b"\x89PNG")
    assert "attachment:" not in page
    assert page.count("位置图") == page.count("位置图：柳溪路以东")  # not listed a second time under the attachments


def test_who_may_not_see_the_papers_of_a_unit_sees_no_preview(draft, sign_in):
    response = sign_in("罗安琪").get(f"/desk/preview/{draft}/")
    assert response.status_code == 404
    assert "不在您的单位范围里" in response.content.decode()


def test_without_sign_in_there_is_no_preview(draft, client):
    assert client.get(f"/desk/preview/{draft}/", headers={"host": "127.0.0.1"}).status_code == 302


def test_a_preview_of_nothing_is_404(bureau, sign_in):
    assert sign_in("周岚").get("/desk/preview/00000000-0000-0000-0000-000000000000/").status_code == 404
