"""Each trigger refuses, by raw SQL and by the ORM: no right and no administrator comes into it, the database asks nobody's name."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import DraftContent
from gongkai.core.publishing.models import Edition, EditionAttachment, EditionWriter, FindingPass, Publication, ReviewStep
from gongkai.core.publishing.triggers import EDITION_CONTENT, STEP_DECISION
from gongkai.foundation.attachments.models import Attachment
from gongkai.foundation.audit.models import AuditRecord
from gongkai.foundation.triggers import api as triggers
from gongkai.foundation.triggers.models import PurgeOpening
from tests.factories.attachments import PDF
from tests.factories.publishing import a_content, a_draft, a_file, a_text_in_review, pass_all_steps, pass_waiting_step

pytestmark = pytest.mark.django_db


def raw(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def refuses(words: str, act: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        act()


def with_file(clerk, now) -> DraftContent:
    uuid = a_draft(actor=clerk, now=now)
    attached = publishing.attach_files(publication=uuid, files=[a_file("红线图.pdf", PDF)], actor=clerk, now=now)
    return a_content(attachments=attached.stored)


@pytest.fixture
def public(clerk, reviewers, friday) -> Publication:
    """A public text with a file, and a warning let through."""
    content = with_file(clerk, friday)
    uuid = a_text_in_review(actor=clerk, now=friday, content=content)
    edition = Edition.objects.get(publication__uuid=uuid)
    FindingPass.objects.create(
        edition=edition,
        rule="element",
        fingerprint="f" * 32,
        message="缺少一项要素。",
        reason="原件没有",
        officer_id=clerk.officer_id,
        at=friday,
    )
    pass_all_steps(publication=uuid, by=reviewers, now=friday)
    return Publication.objects.get(uuid=uuid)


def other_value(row: Model, column: str) -> object:
    field = next(field for field in row._meta.concrete_fields if field.column == column)
    kind = field.get_internal_type()
    if kind == "ForeignKey":
        return (getattr(row, column) or 0) + 1
    if field.name == "state":
        return "DRAFT" if isinstance(row, Edition) else "WAITING"
    return {
        "DateTimeField": "2020-01-01T00:00:00+00:00",
        "DateField": "2020-01-01",
        "JSONField": '{"other": "x"}',
        "UUIDField": uuid4().hex,
        "PositiveSmallIntegerField": 7,
        "PositiveIntegerField": 7,
    }.get(kind, "other")


def update_raw(row: Model, column: str, value: object) -> None:
    raw(f'UPDATE {row._meta.db_table} SET "{column}" = %s WHERE id = %s', value, row.pk)


@pytest.mark.parametrize("column", EDITION_CONTENT)
def test_no_column_of_an_approved_edition_changes(public, column):
    edition = public.public_edition

    refuses("已签发的版本不能再改", lambda: update_raw(edition, column, other_value(edition, column)))


def test_every_column_of_an_edition_is_frozen_or_named_as_free():
    assert {field.column for field in Edition._meta.concrete_fields} == {*EDITION_CONTENT, "id", "unit_id", "released_at"}
    assert {field.column for field in ReviewStep._meta.concrete_fields} == {*STEP_DECISION, "id", "unit_id", "state"}


def test_an_approved_edition_is_not_changed_or_removed_through_the_orm_either(public):
    edition = public.public_edition
    edition.body = "<p>别的话。</p>"

    refuses("已签发的版本不能再改", edition.save)
    refuses("已签发的版本不能再改", lambda: Edition.objects.filter(pk=edition.pk).update(title="别的标题"))
    refuses("已签发的版本不能再改", lambda: Edition.objects.bulk_update([edition], ["body"]))
    refuses("已签发的版本不能删除", lambda: raw("DELETE FROM publishing_edition WHERE id = %s", edition.pk))


def test_the_moment_an_edition_became_public_never_changes(public):
    edition = public.public_edition

    refuses("公开时间一经记下", lambda: update_raw(edition, "released_at", "2020-01-01T00:00:00+00:00"))
    refuses("公开时间一经记下", lambda: Edition.objects.filter(pk=edition.pk).update(released_at=None))


@pytest.mark.parametrize("model", [EditionAttachment, EditionWriter])
def test_files_and_writers_of_an_approved_edition_stay(public, signer, model):
    row = model.objects.get(edition=public.public_edition)
    field = "attachment" if model is EditionAttachment else "officer"
    elsewhere = Edition.objects.exclude(state="APPROVED").get()

    refuses("已签发的版本不能再改", row.delete)
    refuses("已签发的版本不能再改", lambda: model.objects.filter(pk=row.pk).update(edition=elsewhere))
    refuses("已签发的版本不能再改", lambda: raw(f"DELETE FROM {model._meta.db_table} WHERE id = %s", row.pk))
    refuses(
        "已签发的版本不能再改",
        lambda: update_raw(row, f"{field}_id", other_value(row, f"{field}_id") if field == "officer" else uuid4().hex),
    )
    model.objects.filter(edition=elsewhere).delete()
    moving = {"attachment": row.attachment, "position": 9} if model is EditionAttachment else {"officer_id": signer.officer_id}
    refuses("已签发的版本不能再改", lambda: model.objects.create(edition=public.public_edition, **moving))
    stray = model.objects.create(edition=elsewhere, **moving)
    refuses("已签发的版本不能再改", lambda: model.objects.filter(pk=stray.pk).update(edition=public.public_edition))


@pytest.mark.parametrize("column", [*STEP_DECISION, "state"])
def test_no_column_of_a_decided_step_changes(public, column):
    step = ReviewStep.objects.filter(edition=public.public_edition).order_by("id")[0]

    refuses("审核结论作出以后不能再改", lambda: update_raw(step, column, other_value(step, column)))


def test_a_passed_step_of_a_signed_text_is_neither_voided_nor_removed(public):
    step = ReviewStep.objects.filter(edition=public.public_edition).order_by("id")[0]

    refuses("审核结论作出以后不能再改", lambda: ReviewStep.objects.filter(pk=step.pk).update(state="VOID"))
    refuses("审核记录不能删除", step.delete)


def test_a_void_step_stays_void(clerk, unit_head, reviewers, friday):
    uuid = a_text_in_review(actor=clerk, now=friday)
    pass_waiting_step(publication=uuid, actor=unit_head, now=friday)
    step = ReviewStep.objects.get(edition__publication__uuid=uuid, state="PASSED")
    ReviewStep.objects.filter(pk=step.pk).update(state="VOID")

    refuses("审核结论作出以后不能再改", lambda: ReviewStep.objects.filter(pk=step.pk).update(state="PASSED"))
    refuses("审核记录不能删除", lambda: raw("DELETE FROM publishing_reviewstep WHERE id = %s", step.pk))


def test_a_reason_that_was_given_stays(public):
    given = FindingPass.objects.get()

    refuses("写理由放行的记录不能改", lambda: FindingPass.objects.filter(pk=given.pk).update(reason="别的理由"))
    refuses("写理由放行的记录不能删除", given.delete)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("uuid", "地址一经取得"),
        ("path_year", "地址一经取得"),
        ("path_number", "地址一经取得"),
        ("index_number", "索引号一经取得"),
        ("published_at", "公开时间一经记下"),
    ],
)
def test_identity_never_changes(public, column, words):
    refuses(words, lambda: update_raw(public, column, other_value(public, column)))
    if column in {"index_number", "published_at"}:
        refuses("不变", lambda: update_raw(public, column, None))


def test_what_was_public_is_not_made_a_draft_again_and_does_not_vanish(public):
    refuses("不能变回未公开", lambda: Publication.objects.filter(pk=public.pk).update(state="UNPUBLISHED"))
    refuses("不能删除", lambda: raw("DELETE FROM publishing_publication WHERE id = %s", public.pk))


def test_a_path_is_kept_before_anything_is_public(clerk, friday):
    row = Publication.objects.get(uuid=a_draft(actor=clerk, now=friday))

    refuses("地址一经取得", lambda: update_raw(row, "path_number", 99))


def test_a_sealed_file_stays_what_it_is(public):
    file = Attachment.objects.get()

    refuses("附件封存以后不能再改", lambda: Attachment.objects.filter(pk=file.pk).update(sha256="0" * 64))


def test_the_trail_is_only_added_to(public):
    row = AuditRecord.objects.order_by("id")[0]

    refuses("审计记录只能追加", lambda: raw("UPDATE audit_auditrecord SET act = 'other' WHERE id = %s", row.pk))
    refuses("审计记录只能追加", lambda: raw("DELETE FROM audit_auditrecord WHERE id = %s", row.pk))


def test_a_purge_may_change_the_row_it_has_opened_and_no_other(public, clerk, reviewers, friday):
    edition = public.public_edition
    other = Edition.objects.create(
        publication=public, unit_id=edition.unit_id, number=2, title="另一版", content_hash="0" * 64, state="APPROVED",
        author_id=clerk.officer_id, saved_by_id=clerk.officer_id, saved_at=friday,
    )  # fmt: skip
    opening = PurgeOpening.objects.create(table="publishing_edition", row=edition.pk, purge=uuid4())

    Edition.objects.filter(pk=edition.pk).update(body="")

    refuses("已签发的版本不能再改", lambda: Edition.objects.filter(pk=other.pk).update(body="<p>x</p>"))
    refuses("已签发的版本不能删除", lambda: raw("DELETE FROM publishing_edition WHERE id = %s", edition.pk))
    refuses("索引号一经取得", lambda: update_raw(public, "index_number", "x"))
    opening.delete()
    refuses("已签发的版本不能再改", lambda: Edition.objects.filter(pk=edition.pk).update(body="<p>x</p>"))


def test_replacing_or_emptying_is_removing(public):
    edition = public.public_edition
    if connection.vendor == "sqlite":
        columns = ", ".join(f'"{field.column}"' for field in Edition._meta.concrete_fields)
        replace = f"REPLACE INTO publishing_edition ({columns}) SELECT {columns} FROM publishing_edition WHERE id = %s"
        refuses("不能删除", lambda: raw(replace, edition.pk))
    else:
        raw("SET CONSTRAINTS ALL IMMEDIATE")
        refuses("不能", lambda: raw("TRUNCATE publishing_edition CASCADE"))


def test_every_trigger_of_the_list_is_installed_here():
    assert triggers.list_faults() == []
    assert {trigger.table for trigger in triggers.list_triggers()} >= {"publishing_edition", "publishing_reviewstep", "audit_auditrecord"}
