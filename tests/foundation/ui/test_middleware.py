import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from gongkai.foundation.ui.middleware import RefusalMiddleware, find_way_back
from gongkai.lib.errors import ActNotPossible, BadInput, NotAllowed, NotFound, Refusal, SomebodyWasFaster

HERE = "http://testserver/desk/publishing/1/"


def refuse(refusal: Exception, request: HttpRequest) -> HttpResponse | None:
    return RefusalMiddleware(lambda _: HttpResponse()).process_exception(request, refusal)


def posted(**values: str) -> HttpRequest:
    return RequestFactory().post("/desk/publishing/1/", values, headers={"Referer": HERE})


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotAllowed("您没有“签发”权限。"), 403),
        (NotFound("没有这份稿。"), 404),
        (ActNotPossible("这份稿已经签发，不能再改。"), 409),
        (SomebodyWasFaster("这份稿刚被别人改过，请刷新后再看。"), 409),
        (BadInput("这个文件 34 MB，超过 20 MB。", field="original"), 422),
        (Refusal("现在不行。"), 409),
    ],
)
def test_a_refusal_becomes_a_page_in_words(refusal: Refusal, status: int) -> None:
    answer = refuse(refusal, posted())
    assert answer is not None
    assert answer.status_code == status
    assert str(refusal) in answer.content.decode()


def test_another_fault_is_not_a_refusal() -> None:
    assert refuse(ValueError("x"), posted()) is None


def test_what_was_typed_is_still_on_the_page() -> None:
    answer = refuse(SomebodyWasFaster("这份稿刚被别人改过。"), posted(title="第三季度供应结果", body="第一行\n第二行"))
    assert answer is not None
    page = answer.content.decode()
    assert "第三季度供应结果" in page
    assert "第一行<br>第二行" in page


def test_markup_that_was_typed_is_shown_as_text() -> None:
    answer = refuse(BadInput("不行。"), posted(body="<script>alert(1)</script>"))
    assert answer is not None
    assert "<script>alert" not in answer.content.decode()


def test_passwords_and_tokens_are_never_shown() -> None:
    answer = refuse(BadInput("不行。"), posted(new_password1="correct horse", csrfmiddlewaretoken="abc123"))
    assert answer is not None
    page = answer.content.decode()
    assert "correct horse" not in page
    assert "abc123" not in page


def test_hidden_fields_of_a_page_are_not_shown_as_if_somebody_had_typed_them() -> None:
    uuid = "8d7d5f10-0000-4000-8000-000000000000"
    answer = refuse(BadInput("不行。"), posted(seen_hash="a" * 64, attachments=uuid, title="第三季度供应结果"))
    assert answer is not None
    page = answer.content.decode()
    assert "<dt>标题</dt>" in page
    for hidden in ("seen_hash", "a" * 64, "8d7d5f10", "attachments"):
        assert hidden not in page


def test_the_way_back_leads_to_our_own_pages_only() -> None:
    request = RequestFactory().post("/desk/x/", headers={"Referer": "http://elsewhere.invalid/"})
    assert find_way_back(request) == ""
    assert find_way_back(posted()) == HERE


def test_a_refused_page_does_not_lead_back_to_itself() -> None:
    request = RequestFactory().get("/desk/publishing/1/", headers={"Referer": HERE})
    assert find_way_back(request) == ""
