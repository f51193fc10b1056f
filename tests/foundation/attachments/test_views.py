from uuid import uuid4

import pytest
from django.urls import reverse

from gongkai.foundation.attachments import api as attachments
from tests.factories.attachments import PDF, TEXT, an_attachment

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(clerk, friday, sealed_root):
    """A file of the unit of 周岚."""
    return an_attachment(unit_id=clerk.unit_id, actor=clerk, now=friday, name="补偿方案（“一户一表”）.pdf")


def address(row) -> str:
    return reverse("attachments:download", args=[row.uuid])


def test_the_clerk_of_the_unit_gets_the_original(file, sign_in):
    answer = sign_in("周岚").get(address(file))

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Length"] == str(len(PDF))


def test_a_file_is_saved_and_never_shown(file, sign_in):
    answer = sign_in("周岚").get(address(file))
    answer.close()

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%A1%A5")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["陈默", "林晓", "顾长青", "何静"])
def test_those_who_review_and_sign_see_it_too(file, sign_in, name):
    answer = sign_in(name).get(address(file))
    answer.close()

    assert answer.status_code == 200


def test_the_clerk_of_another_unit_does_not(file, sign_in, clerk, friday):
    other = an_attachment(unit_id=another_unit(clerk), actor=clerk, now=friday, name="别的.txt", data=TEXT)

    answer = sign_in("周岚").get(address(other))

    assert answer.status_code == 404
    assert TEXT not in answer.content


def another_unit(clerk) -> int:
    """A unit whose papers she may not see."""
    from gongkai.foundation.organisations import api as organisations  # noqa: PLC0415

    return next(unit.id for unit in organisations.list_units() if not any(unit.id in units for units in clerk.rights.values()))


def test_nobody_gets_it_without_signing_in(file, client):
    answer = client.get(address(file), headers={"host": "127.0.0.1"})

    assert answer.status_code == 302
    assert reverse("accounts:login") in answer["Location"]


def test_an_unknown_file_is_not_found(sign_in):
    assert sign_in("周岚").get(reverse("attachments:download", args=[uuid4()])).status_code == 404


def test_a_lost_original_is_not_found_and_no_fault_of_ours(file, sign_in):
    attachments.read_original(uuid=file.uuid).unlink()

    assert sign_in("周岚").get(address(file)).status_code == 404


def test_a_file_is_only_read(file, sign_in):
    assert sign_in("周岚").post(address(file)).status_code == 405
