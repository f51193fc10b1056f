"""What the database itself asks before a text is public (签发防护): three people who looked at exactly this content, or an urgent release.

Whoever comes: an action with a fault in it, a command, an administrator, SQL typed by hand through the application. The conditions say what
`rules.check_approvals` and `rules.check_may_decide` say, once more and without knowing of them.
"""

from gongkai.foundation.triggers.kinds import RowEvent, Trigger

# Steps passed for the edition as it is, by people who neither wrote it nor had a hand in another step, themselves or through others.
PASSED_STEPS = """
    SELECT COUNT(DISTINCT step.kind) FROM publishing_reviewstep step
    WHERE step.edition_id = shown.id AND step.state = 'PASSED' AND step.content_hash = shown.content_hash
      AND step.kind IN ('UNIT', 'SECRECY', 'SIGN_OFF') AND step.officer_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM publishing_editionwriter writer
                      WHERE writer.edition_id = shown.id AND writer.officer_id IN (step.officer_id, step.on_behalf_of_id))
      AND NOT EXISTS (SELECT 1 FROM publishing_reviewstep other
                      WHERE other.edition_id = shown.id AND other.state = 'PASSED' AND other.id <> step.id
                        AND (other.officer_id IN (step.officer_id, step.on_behalf_of_id)
                             OR other.on_behalf_of_id IN (step.officer_id, step.on_behalf_of_id)))
"""

# An urgent release of the edition as it is, whose second look is owed or was passed.
URGENT = """
    SELECT 1 FROM publishing_urgentrelease urgent
    JOIN publishing_reviewstep look ON look.edition_id = urgent.edition_id AND look.kind = 'SECOND_LOOK'
    WHERE urgent.edition_id = shown.id AND urgent.content_hash = shown.content_hash
      AND look.state IN ('WAITING', 'PASSED') AND look.content_hash = shown.content_hash
"""

APPROVED = f"""EXISTS (
    SELECT 1 FROM publishing_edition shown
    WHERE shown.id = NEW.public_edition_id AND shown.publication_id = NEW.id AND shown.state = 'APPROVED'
      AND (({PASSED_STEPS}) = 3 OR EXISTS ({URGENT}))
)"""  # noqa: S608 — only constants of this module

HAD_A_HAND = """
    EXISTS (SELECT 1 FROM publishing_editionwriter writer
            WHERE writer.edition_id = NEW.edition_id AND writer.officer_id IN (NEW.officer_id, NEW.on_behalf_of_id))
    OR EXISTS (SELECT 1 FROM publishing_reviewstep other
               WHERE other.edition_id = NEW.edition_id AND other.state = 'PASSED' AND other.id <> NEW.id
                 AND (other.officer_id IN (NEW.officer_id, NEW.on_behalf_of_id)
                      OR other.on_behalf_of_id IN (NEW.officer_id, NEW.on_behalf_of_id)))
    OR NOT EXISTS (SELECT 1 FROM publishing_edition shown WHERE shown.id = NEW.edition_id AND shown.content_hash = NEW.content_hash)
"""

APPROVAL_TRIGGERS = (
    Trigger(
        name="publication_not_born_public",
        table="publishing_publication",
        event=RowEvent.INSERT,
        condition="NEW.state <> 'UNPUBLISHED'",
        message="信息要先起草、审核，再公开。",
    ),
    Trigger(
        name="publication_approved",
        table="publishing_publication",
        event=RowEvent.UPDATE,
        condition=f"NEW.state = 'PUBLIC' AND NOT {APPROVED}",
        columns=("state", "public_edition_id"),
        message="没有三个人对这份内容的审核，不能公开。",
    ),
    Trigger(
        name="step_born_waiting",
        table="publishing_reviewstep",
        event=RowEvent.INSERT,
        condition="NEW.state <> 'WAITING'",
        message="审核步骤要先送到审核人手里，再下结论。",
    ),
    Trigger(
        name="step_passed_by_another",
        table="publishing_reviewstep",
        event=RowEvent.UPDATE,
        condition=f"OLD.state = 'WAITING' AND NEW.state = 'PASSED' AND ({HAD_A_HAND})",
        columns=("state",),
        message="不能审自己起草的稿，也不能一份稿审两步；审的要是现在这份内容。",
    ),
    Trigger(
        name="urgent_release_unchanged",
        table="publishing_urgentrelease",
        event=RowEvent.UPDATE,
        message="先发后审的记录不能改。",
        yields_to_purge=True,
    ),
    Trigger(
        name="urgent_release_kept",
        table="publishing_urgentrelease",
        event=RowEvent.DELETE,
        message="先发后审的记录不能删除。",
        yields_to_purge=True,
    ),
)
