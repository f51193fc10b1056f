"""Pictures inside a text: only attachments of ours, described in words, following the text wherever it goes."""

import json
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.cleaning import clean_body, plain_text
from gongkai.core.publishing.pictures import describe_picture, follow_pictures, list_pictures, show_pictures, write_picture
from gongkai.foundation.attachments import api as attachments
from gongkai.lib.errors import BadInput
from gongkai.lib.gate import GateDocument, Severity, Tables, check_images
from tests.factories.attachments import a_picture
from tests.factories.publishing import a_content, a_draft, a_file, find_holder, pass_all_steps, the_unit_of

ONE, TWO = UUID(int=1), UUID(int=2)


# The body


def test_a_picture_of_ours_stays_and_every_other_goes_and_is_told():
    ours = write_picture(ONE, "位置图")
    foreign = '<img src="https://example.com/a.png" alt="x"><img src="data:image/png;base64,AAAA">'
    foreign += '<img src="attachment:1"><img src=x onerror=a()>'
    cleaned = clean_body(f"<p>前{ours}后</p><p>{foreign}</p>")
    assert cleaned.html == f"<p>前{ours}后</p>\n"
    assert "图片 4 处" in cleaned.dropped
    assert clean_body(cleaned.html).html == cleaned.html


def test_a_picture_alone_is_a_paragraph_of_its_own():
    assert clean_body(f"<div>{write_picture(ONE, '图')}</div>").html == f"<p>{write_picture(ONE, '图')}</p>\n"


def test_a_link_cannot_lead_to_an_attachment_by_its_inner_name():
    assert clean_body(f'<p><a href="attachment:{ONE}">点</a></p>').html == "<p>点</p>\n"


@pytest.mark.parametrize("words", ['"><script>alert(1)</script>', "甲 & 乙 < 丙 > 丁 \" '", "〔2026〕3号"])
def test_words_of_a_picture_are_words_whatever_signs_they_hold(words):
    body = clean_body(f"<p>{write_picture(ONE, words)}</p>").html
    assert [picture.words for picture in list_pictures(body)] == [" ".join(words.split())]
    assert "<script" not in show_pictures(body, {ONE: "/a.png"})
    assert "<script" not in show_pictures(body, {})


def test_words_of_a_picture_are_read_by_gate_and_search():
    assert plain_text(f"<p>前{write_picture(ONE, '联系 13900000000')}后</p>") == "前\n联系 13900000000\n后"


def test_a_picture_is_shown_where_it_lies_and_otherwise_told_in_words():
    body = f"<p>{write_picture(ONE, '位置图')}</p><p>{write_picture(TWO, '平面图')}</p>"
    assert show_pictures(body, {ONE: "/d/1.png"}) == '<p><img src="/d/1.png" alt="位置图"></p><p>〔图：平面图〕</p>'


def test_describing_changes_one_picture_only():
    body = f"<p>{write_picture(ONE, '')}{write_picture(TWO, '乙')}</p>"
    assert [one.words for one in list_pictures(describe_picture(body, ONE, "甲"))] == ["甲", "乙"]


def test_attachments_follow_the_pictures_of_the_text():
    body = write_picture(ONE, "")
    assert follow_pictures((TWO,), before="", now=body) == (TWO, ONE)
    assert follow_pictures((TWO, ONE), before=body, now="") == (TWO,)
    assert follow_pictures((ONE,), before="", now="") == (ONE,)  # beside the text, never inside


# The gate


@pytest.mark.parametrize(
    ("words", "severity"),
    [
        ("", Severity.BLOCK),
        ("  ", Severity.BLOCK),
        ("图片1", Severity.WARN),
        ("IMG_2031.png", Severity.WARN),
        ("地块位置示意图：柳溪路以东", None),
    ],
)
def test_a_picture_has_to_say_what_it_shows(words, severity):
    found = check_images(GateDocument(text="", picture_words=("地块位置示意图：甲", words)), Tables())
    assert [finding.severity for finding in found] == ([severity] if severity else [])
    assert all("第 2 张" in finding.message for finding in found)


# The records


@pytest.fixture
def text(clerk, friday, sealed_root):
    return a_draft(actor=clerk, now=friday)


def put_in(text, clerk, friday, words="位置图：柳溪路以东"):
    picture = publishing.add_picture(publication=text, file=a_file("图.png", a_picture("PNG")), actor=clerk, now=friday)
    body = f"<p>甲</p><p>{write_picture(picture, words)}</p>"
    publishing.save_draft(publication=text, content=a_content(body_html=body), seen_hash=None, actor=clerk, now=friday)
    return picture


@pytest.mark.django_db
def test_a_picture_put_in_is_attached_and_taken_out_it_goes(text, clerk, friday):
    picture = put_in(text, clerk, friday)
    assert publishing.get_draft(text).content.attachments == (picture,)

    content = a_content(attachments=(picture,))
    publishing.save_draft(publication=text, content=content, seen_hash=None, actor=clerk, now=friday)
    assert publishing.get_draft(text).content.attachments == ()


@pytest.mark.django_db
def test_what_is_no_picture_does_not_come_into_the_text(text, clerk, friday):
    with pytest.raises(BadInput, match="PNG 或 JPEG"):
        publishing.add_picture(publication=text, file=a_file("图.png", b"%PDF-1.4\n"), actor=clerk, now=friday)

    paper = attachments.store(name="一.txt", data=b"1", unit_id=the_unit_of(clerk), actor=clerk, now=friday)
    body = f"<p>{write_picture(paper.uuid, '不是图')}</p>"
    with pytest.raises(BadInput, match="PNG 或 JPEG"):
        publishing.save_draft(publication=text, content=a_content(body_html=body), seen_hash=None, actor=clerk, now=friday)


@pytest.mark.django_db
@pytest.mark.parametrize("is_known", [True, False])
def test_a_picture_of_another_unit_or_of_nobody_is_refused(text, clerk, openness_office, friday, is_known):
    other = uuid4()
    if is_known:
        unit = the_unit_of(openness_office)
        other = attachments.store(name="别.png", data=a_picture("PNG"), unit_id=unit, actor=openness_office, now=friday).uuid
    body = f"<p>{write_picture(other, '别处的图')}</p>"
    with pytest.raises(BadInput):
        publishing.save_draft(publication=text, content=a_content(body_html=body), seen_hash=None, actor=clerk, now=friday)
    assert publishing.get_draft(text).content.attachments == ()


@pytest.mark.django_db
def test_a_picture_without_words_blocks_and_the_approval_is_bound_to_them(text, clerk, friday):
    picture = put_in(text, clerk, friday, words="")
    assert publishing.list_findings(text).blocks == 1
    before = publishing.get_draft(text).content_hash
    body = describe_picture(publishing.get_draft(text).content.body_html, picture, "位置图：柳溪路以东")
    publishing.save_draft(publication=text, content=a_content(body_html=body), seen_hash=None, actor=clerk, now=friday)
    assert publishing.list_findings(text).blocks == 0
    assert publishing.get_draft(text).content_hash != before


# The pages


def fields(text, **known):
    draft = publishing.get_draft(text)
    values: dict[str, object] = {"seen_hash": draft.content_hash, "title": draft.content.title, "document_number": "", "formed_date": ""}
    values |= {"body": draft.content.body_html, "attachments": [str(file.uuid) for file in draft.attachments]}
    return values | {f"element_{number}": value for number, value in enumerate(draft.content.elements.values())} | known


@pytest.mark.django_db
def test_the_script_uploads_a_picture_and_is_told_its_name_or_why_not(text, sign_in):
    browser, address = sign_in("周岚"), reverse("publishing:picture", args=[text])
    told = browser.post(address, {"picture": SimpleUploadedFile("图.png", a_picture("PNG"))})
    uuid = UUID(json.loads(told.content)["source"].removeprefix("attachment:"))
    assert attachments.list_attachments(uuids=[uuid])[0].media_type == "image/png"

    for refused in (browser.post(address), browser.post(address, {"picture": SimpleUploadedFile("图.png", b"<svg/>")})):
        assert refused.status_code == 422
        assert json.loads(refused.content)["words"]
    assert sign_in("林晓").post(address, {"picture": SimpleUploadedFile("图.png", a_picture("PNG"))}).status_code in {403, 404}


@pytest.mark.django_db
def test_without_script_a_picture_is_put_in_and_described_by_plain_fields(text, sign_in):
    browser, address = sign_in("周岚"), reverse("publishing:draft", args=[text])
    browser.post(address, fields(text, uploads=[SimpleUploadedFile("图.png", a_picture("PNG"))]))
    (file,) = publishing.get_draft(text).attachments
    assert "放进正文" in browser.get(address).content.decode()

    browser.post(address, fields(text, place=str(file.uuid), **{f"picture_words_{file.uuid}": "位置图"}))
    assert list_pictures(publishing.get_draft(text).content.body_html)[0].words == "位置图"

    browser.post(address, fields(text, **{f"picture_words_{file.uuid}": "位置图：柳溪路以东"}))
    assert list_pictures(publishing.get_draft(text).content.body_html)[0].words == "位置图：柳溪路以东"
    assert "移除附件" not in browser.get(address).content.decode()


@pytest.mark.django_db
def test_a_reviewer_sees_the_picture_from_our_own_address(text, clerk, sign_in, friday):
    picture = put_in(text, clerk, friday)
    publishing.submit(publication=text, actor=clerk, now=friday)
    page = sign_in("陈默").get(reverse("publishing:draft", args=[text])).content.decode()
    assert f'<img src="{reverse("attachments:download", args=[picture])}" alt="位置图：柳溪路以东">' in page


@pytest.mark.django_db
def test_another_unit_reads_the_words_of_a_public_picture(text, clerk, reviewers, sign_in, friday):
    put_in(text, clerk, friday)
    publishing.submit(publication=text, actor=clerk, now=friday)
    pass_all_steps(publication=text, by=reviewers, now=friday)
    page = sign_in(find_holder("LC06-1")).get(reverse("publishing:draft", args=[text])).content.decode()
    assert "〔图：位置图：柳溪路以东〕" in page
    assert "<img" not in page.partition('class="body"')[2].partition("</div>")[0]
