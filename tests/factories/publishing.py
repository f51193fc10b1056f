from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gongkai.core.publishing import api as publishing
from gongkai.core.publishing.kinds import STEPS, DraftContent, IncomingFile, StepKind
from gongkai.core.publishing.models import ReviewStep
from gongkai.foundation.accounts.kinds import Actor
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.models import PostHolding

ENTRY = "expro.pre_notice"
ELEMENTS = {"征收范围": "双桥村四组，东至沿河路。", "征收目的": "道路建设。", "开展土地现状调查的安排": "10月12日至23日入户。"}


@dataclass(frozen=True)
class Reviewers:
    """Who reviews a text, one for each step."""

    head: Actor
    secrecy: Actor
    signer: Actor

    def of(self, kind: StepKind) -> Actor:
        """The one for a step."""
        return {StepKind.UNIT: self.head, StepKind.SECRECY: self.secrecy, StepKind.SIGN_OFF: self.signer}[kind]


def a_content(**known: object) -> DraftContent:
    """What an author writes, complete for the entry of these factories: the gate finds nothing."""
    values: dict[str, object] = {
        "title": "双桥村征收土地预公告",
        "document_number": "",
        "body_html": "<p>拟征收双桥村集体土地2.20公顷，用于道路建设。</p>",
        "elements": ELEMENTS,
    }
    return DraftContent(**(values | known))  # type: ignore[arg-type]  # what a test names is right, or the test is about it


def a_file(name: str, data: bytes) -> IncomingFile:
    """A file as a page hands it on: not read yet."""
    return IncomingFile(name, len(data), lambda: data)


def the_unit_of(actor: Actor) -> int:
    """The unit somebody works in."""
    assert actor.unit_id is not None
    return actor.unit_id


def a_draft(*, actor: Actor, now: datetime, content: DraftContent | None = None, **known: object) -> UUID:
    """A text somebody has begun, in his own unit; gives the publication's uuid."""
    values: dict[str, object] = {"entry_code": ENTRY, "unit_id": the_unit_of(actor)} | known
    return publishing.start_draft(content=content or a_content(), actor=actor, now=now, **values)  # type: ignore[arg-type]  # as above


def a_text_in_review(*, actor: Actor, now: datetime, content: DraftContent | None = None, **known: object) -> UUID:
    """A text that waits for its first review; gives the publication's uuid."""
    uuid = a_draft(actor=actor, now=now, content=content, **known)
    publishing.submit(publication=uuid, actor=actor, now=now)
    return uuid


def the_step_of(publication: UUID) -> UUID:
    """The step of a text that waits."""
    return ReviewStep.objects.get(edition__publication__uuid=publication, state="WAITING").uuid


def waiting_kind(publication: UUID) -> StepKind | None:
    """Which step of a text waits."""
    waiting = publishing.get_draft(publication).waiting
    return waiting.kind if waiting else None


def pass_waiting_step(*, publication: UUID, actor: Actor, now: datetime) -> None:
    """Pass the step that waits, for the content as it stands."""
    seen = publishing.get_draft(publication).content_hash
    publishing.pass_step(step=the_step_of(publication), seen_hash=seen, opinion="", has_looked=True, actor=actor, now=now)


def pass_all_steps(*, publication: UUID, by: Reviewers, now: datetime) -> None:
    """Pass every step of a text: it is public afterwards."""
    for kind in STEPS:
        pass_waiting_step(publication=publication, actor=by.of(kind), now=now)


def a_publication(*, actor: Actor, by: Reviewers, now: datetime, content: DraftContent | None = None, **known: object) -> UUID:
    """A public text, reviewed by three people; gives its uuid."""
    uuid = a_text_in_review(actor=actor, now=now, content=content, **known)
    pass_all_steps(publication=uuid, by=by, now=now)
    return uuid


def an_actor(name: str, rights: Mapping[object, frozenset[int]], unit_id: int | None = None) -> Actor:
    """Somebody of the demo bureau with exactly these rights."""
    officer = organisations.find_officer(name=name)
    assert officer is not None
    return Actor(officer_id=officer.id, name=name, unit_id=unit_id, rights=dict(rights))  # type: ignore[arg-type]


def find_holder(post_code: str) -> str:
    """Name of whoever holds a post of the demo bureau today: LC06-1 is the clerk of 征地管理科, who sees only his own unit."""
    return PostHolding.objects.get(post__code=post_code, to_date=None).officer.name
