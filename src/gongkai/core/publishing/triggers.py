"""What the database itself refuses of this app (触发器清单), whoever asks. Content is let go only by a purge, identity by nobody."""

from gongkai.foundation.triggers.kinds import RowEvent, Trigger

EDITION_CONTENT = (
    "publication_id",
    "number",
    "title",
    "document_number",
    "body",
    "formed_date",
    "elements",
    "content_hash",
    "state",
    "author_id",
    "saved_by_id",
    "saved_at",
    "approved_at",
)
"""What of an approved edition never changes. Free is only `unit`: a unit may be merged into another."""

STEP_DECISION = ("uuid", "edition_id", "kind", "content_hash", "opened_at", "officer_id", "on_behalf_of_id", "decided_at", "opinion")

PART_OF_APPROVED = "已签发的版本不能再改。要更正，请起草下一版。"


def _is_approved(row: str) -> str:
    # `row` is OLD or NEW: nothing from outside comes into the statement.
    return f"EXISTS (SELECT 1 FROM publishing_edition held WHERE held.id = {row}.edition_id AND held.state = 'APPROVED')"  # noqa: S608


def _parts(name: str, table: str) -> tuple[Trigger, ...]:
    """Rows that belong to an edition: none comes, changes or goes once it is approved."""
    return (
        Trigger(name=f"{name}_not_added", table=table, event=RowEvent.INSERT, condition=_is_approved("NEW"), message=PART_OF_APPROVED),
        Trigger(
            name=f"{name}_unchanged",
            table=table,
            event=RowEvent.UPDATE,
            condition=f"{_is_approved('OLD')} OR {_is_approved('NEW')}",
            message=PART_OF_APPROVED,
            yields_to_purge=True,
        ),
        Trigger(
            name=f"{name}_kept",
            table=table,
            event=RowEvent.DELETE,
            condition=_is_approved("OLD"),
            message=PART_OF_APPROVED,
            yields_to_purge=True,
        ),
    )


TRIGGERS = (
    Trigger(
        name="edition_unchanged",
        table="publishing_edition",
        event=RowEvent.UPDATE,
        condition="OLD.state = 'APPROVED'",
        columns=EDITION_CONTENT,
        message=PART_OF_APPROVED,
        yields_to_purge=True,
    ),
    Trigger(
        name="edition_release_kept",
        table="publishing_edition",
        event=RowEvent.UPDATE,
        condition="OLD.released_at IS NOT NULL",
        columns=("released_at",),
        message="公开时间一经记下，永远不变。",
    ),
    Trigger(
        name="edition_kept",
        table="publishing_edition",
        event=RowEvent.DELETE,
        condition="OLD.state = 'APPROVED'",
        message="已签发的版本不能删除。",
    ),
    *_parts("edition_file", "publishing_editionattachment"),
    *_parts("edition_writer", "publishing_editionwriter"),
    Trigger(
        name="step_unchanged",
        table="publishing_reviewstep",
        event=RowEvent.UPDATE,
        condition="OLD.state <> 'WAITING'",
        columns=STEP_DECISION,
        message="审核结论作出以后不能再改。",
        yields_to_purge=True,
    ),
    Trigger(
        name="step_state_kept",
        table="publishing_reviewstep",
        event=RowEvent.UPDATE,
        # A text that is returned voids the steps it had passed; nothing else undoes a decision, and nothing at all once it is signed.
        condition=f"OLD.state <> 'WAITING' AND NOT (OLD.state = 'PASSED' AND NEW.state = 'VOID' AND NOT {_is_approved('OLD')})",
        columns=("state",),
        message="审核结论作出以后不能再改。",
    ),
    Trigger(
        name="step_kept",
        table="publishing_reviewstep",
        event=RowEvent.DELETE,
        condition="OLD.state <> 'WAITING'",
        message="审核记录不能删除。",
    ),
    Trigger(
        name="finding_pass_unchanged",
        table="publishing_findingpass",
        event=RowEvent.UPDATE,
        message="写理由放行的记录不能改。",
        yields_to_purge=True,
    ),
    Trigger(
        name="finding_pass_kept",
        table="publishing_findingpass",
        event=RowEvent.DELETE,
        message="写理由放行的记录不能删除。",
        yields_to_purge=True,
    ),
    Trigger(
        name="publication_path_unchanged",
        table="publishing_publication",
        event=RowEvent.UPDATE,
        columns=("uuid", "path_year", "path_number"),
        message="地址一经取得，永远不变。",
    ),
    Trigger(
        name="index_number_unchanged",
        table="publishing_publication",
        event=RowEvent.UPDATE,
        condition="OLD.index_number IS NOT NULL",
        columns=("index_number",),
        message="索引号一经取得，永远不变。",
    ),
    Trigger(
        name="published_moment_unchanged",
        table="publishing_publication",
        event=RowEvent.UPDATE,
        condition="OLD.published_at IS NOT NULL",
        columns=("published_at",),
        message="公开时间一经记下，永远不变。",
    ),
    Trigger(
        name="publication_stays_published",
        table="publishing_publication",
        event=RowEvent.UPDATE,
        condition="OLD.published_at IS NOT NULL AND NEW.state = 'UNPUBLISHED'",
        columns=("state",),
        message="公开过的信息不能变回未公开。要撤下，请办理撤回。",
    ),
    Trigger(
        name="publication_kept",
        table="publishing_publication",
        event=RowEvent.DELETE,
        condition="OLD.index_number IS NOT NULL",
        message="公开过的信息不能删除。要撤下，请办理撤回。",
    ),
)
