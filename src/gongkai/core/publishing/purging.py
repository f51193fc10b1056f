"""What this app and those below it hold of a text, and how it is cleared (存放处). Everything here may be done twice."""

from datetime import datetime

from django.db import connection, transaction

from gongkai.core.ledger import api as ledger
from gongkai.core.publishing.actions.withdrawal import end_for_purge
from gongkai.core.publishing.kinds import PublicationState, StepState
from gongkai.core.publishing.kinds.purge import Holding, PurgeScope
from gongkai.core.publishing.kinds.releases import OPEN_STATES, ReleaseState
from gongkai.core.publishing.models import (
    Edition,
    EditionAttachment,
    EditLease,
    FindingPass,
    Posting,
    Publication,
    PublicationUpload,
    Release,
    ReleaseMember,
    ReturnRemark,
    ReviewStep,
    UrgentRelease,
)
from gongkai.core.publishing.rules.purge import CLEARED_TITLE, CLEARED_WORDS
from gongkai.core.search import api as search
from gongkai.foundation.accounts.kinds import SYSTEM
from gongkai.foundation.attachments import api as attachments
from gongkai.foundation.audit import api as audit
from gongkai.foundation.outbox import api as outbox
from gongkai.foundation.triggers import api as triggers
from gongkai.foundation.workdays import api as workdays
from gongkai.lib.errors import ActNotPossible

TABLES = (
    "publication",
    "edition",
    "editionattachment",
    "reviewstep",
    "returnremark",
    "urgentrelease",
    "findingpass",
    "withdrawal",
    "correction",
    "posting",
    "editlease",
    "publicationupload",
    "release",
)
LEDGER_TABLES = ("obligation", "evidenceitem", "event", "pendingevent", "movement", "datechange", "reassignment", "extensionproposal")
EMPTY_HASH = "0" * 64
OWN_ACTS = (
    "publishing.request_purge",
    "publishing.approve_purge",
    "publishing.refuse_purge",
    "publishing.confirm_purge",
    "publishing.purge",
)
BUSY = "数据库文件正被别的进程占用，删掉的内容还留在文件里。等它们读完，会自动再试。"


@transaction.atomic
def clear_texts(scope: PurgeScope, _at_system: datetime) -> int:
    """Editions, opinions, findings let through (各版文稿). The rows stay as a skeleton: people and moments, no words."""
    publication = Publication.objects.select_for_update().get(uuid=scope.publication)
    editions = Edition.objects.filter(publication=publication)
    steps = ReviewStep.objects.filter(edition__in=editions)
    passes = FindingPass.objects.filter(edition__in=editions)
    files = EditionAttachment.objects.filter(edition__in=editions)
    count = editions.exclude(title=CLEARED_TITLE).count()
    urgent = UrgentRelease.objects.filter(edition__in=editions)
    with triggers.opened_for_purge(scope.purge, editions, steps, passes, files, urgent):
        files.delete()
        passes.delete()
        EditLease.objects.filter(publication=publication).delete()
        ReturnRemark.objects.filter(step__in=steps).delete()
        steps.filter(state=StepState.WAITING.value).update(state=StepState.VOID.value)
        steps.update(opinion="", content_hash=EMPTY_HASH)
        urgent.update(reason=CLEARED_WORDS, content_hash=EMPTY_HASH)
        editions.update(title=CLEARED_TITLE, document_number="", body="", formed_date=None, elements={}, content_hash=EMPTY_HASH)
    end_for_purge(publication, now=workdays.business_now())
    # The address stays: whoever has the other site take its page down needs it.
    Posting.objects.filter(publication=publication).update(words="", found_title="", found_date=None, share=None)
    PublicationUpload.objects.filter(publication=publication).delete()
    releases = Release.objects.filter(members__publication=publication)
    releases.update(last_error="")
    # Those that were to become public with it wait for another moment.
    ReleaseMember.objects.filter(release__in=releases).update(is_open=False)
    releases.filter(state__in=OPEN_STATES).update(state=ReleaseState.CANCELLED.value)
    Publication.objects.filter(pk=publication.pk).update(source="", state=PublicationState.PURGED.value)
    return count


def clear_files(scope: PurgeScope, _at_system: datetime) -> int:
    """Sealed originals and what was read out of them (附件)."""
    return attachments.purge(uuids=scope.attachments, purge=scope.purge)


@transaction.atomic
def clear_search(scope: PurgeScope, _at_system: datetime) -> int:
    """Entry and tokens (检索索引)."""
    search.remove(scope.publication)
    search.compact()
    return 1


@transaction.atomic
def clear_ledger(scope: PurgeScope, _at_system: datetime) -> int:
    """Names, reasons and proofs of the duties behind the text and its review (台账). What is still open of them ends."""
    for obligation in scope.obligations:
        ledger.cancel_for_purge(obligation=obligation, reason=CLEARED_WORDS, actor=SYSTEM, now=workdays.business_now())
    return ledger.purge_words(obligations=scope.obligations, title=CLEARED_TITLE, words=CLEARED_WORDS)


def clear_jobs(scope: PurgeScope, _at_system: datetime) -> int:
    """Jobs that name the text, with their last errors (后台任务)."""
    return outbox.purge(words=[str(scope.publication), *map(str, scope.attachments)], but=str(scope.purge))


def clear_trail(scope: PurgeScope, _at_system: datetime) -> int:
    """Notes in the audit trail (审计要点): a reason may have repeated words. The chain still verifies."""
    subjects = [scope.publication, *scope.attachments, *scope.obligations, *scope.subjects]
    return audit.redact(subjects=subjects, purge=scope.purge, actor=SYSTEM, at=workdays.business_now(), but=OWN_ACTS)


def rewrite_tables(tables: tuple[str, ...]) -> int:
    """Write the database's files anew, so that nothing that was deleted is left in them (整理数据库文件). Not inside a transaction.

    SQLite: the whole file, and its journal. PostgreSQL: the tables that held something; whoever wants to write there waits.
    Raises: ActNotPossible, in words, while another process reads an older state.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in tables:
                cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(table)}")
            return len(tables)
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_ = cursor.fetchone()
    if is_busy:
        raise ActNotPossible(BUSY)
    return 1


HOLDINGS = (
    Holding("search.index", "检索索引", clear_search, ("search_entry",)),
    Holding(
        "publishing.texts",
        "各版文稿和审核意见",
        clear_texts,
        tuple(f"publishing_{name}" for name in TABLES),
    ),
    Holding("attachments.files", "附件原件和公开副本", clear_files, ("attachments_attachment", "attachments_fileinspection")),
    Holding(
        "ledger.words",
        "台账名称、说明和凭据",
        clear_ledger,
        tuple(f"ledger_{name}" for name in LEDGER_TABLES),
    ),
    Holding("outbox.jobs", "后台任务", clear_jobs, ("outbox_intent", "outbox_drainfault")),
    Holding("audit.notes", "审计要点", clear_trail, ("audit_auditrecord",)),
)
