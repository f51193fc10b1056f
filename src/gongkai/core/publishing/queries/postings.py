import json
from uuid import UUID

from gongkai.core.publishing.kinds import OutletRow, OutletStanding, Package, PostingRow, PostingState, PublicationState
from gongkai.core.publishing.models import Outlet, Posting, Publication
from gongkai.core.publishing.queries.published import get_readable
from gongkai.lib.errors import NotFound
from gongkai.lib.moments import SHANGHAI


def list_foreign_outlets(*, with_unused: bool = False) -> list[OutletRow]:
    """The outlets that are not ours (外部渠道), in the order in which they were added."""
    rows = Outlet.objects.order_by("pk") if with_unused else Outlet.objects.filter(is_active=True).order_by("pk")
    return [_outlet_row(row) for row in rows]


def list_postings(publication: UUID) -> list[PostingRow]:
    """Where else a text is made public (公开到哪里): a row for each outlet in use, with an address or still without."""
    found = {row.outlet_id: row for row in Posting.objects.filter(publication__uuid=publication).select_related("outlet", "confirmed_by")}
    outlets = [*list_foreign_outlets(), *(_outlet_row(row.outlet) for row in found.values() if not row.outlet.is_active)]
    return [_posting_row(found[outlet.id], outlet) if outlet.id in found else PostingRow(outlet=outlet) for outlet in outlets]


def find_publication_of(posting: UUID) -> UUID:
    """The text that a posting is about (渠道记录的信息). Raises: NotFound."""
    uuid = Posting.objects.filter(uuid=posting).values_list("publication__uuid", flat=True).first()
    if uuid is None:
        raise NotFound("没有这个渠道的网址。请从信息的“公开到哪里”打开。")
    return uuid


def list_foreign_standings(publication: UUID) -> list[OutletStanding]:
    """Which other sites still show an item (外部渠道现状): they are asked by telephone."""
    state = Publication.objects.filter(uuid=publication).values_list("state", flat=True).first()
    rows = Posting.objects.filter(publication__uuid=publication).select_related("outlet").order_by("pk")
    return [_standing(row, is_public=state == PublicationState.PUBLIC.value) for row in rows]


def make_package(publication: UUID) -> Package:
    """Everything that another site needs to publish a text (移交包): text, files, metadata. Raises: NotFound for what is not public."""
    document = get_readable(publication)
    facts = {
        "标题": document.title,
        "索引号": document.index_number,
        "发文字号": document.document_number,
        "成文日期": document.formed_date.isoformat() if document.formed_date else "",
        "发布日期": document.published_at.astimezone(SHANGHAI).date().isoformat(),
        "发布机构": document.unit_name,
        "栏目": document.section.title,
        "公开事项": document.entry_name,
        "公开依据": document.basis,
        "要素": dict(document.elements),
        "附件": [file.name for file in document.attachments],
        "内容校验值": document.content_hash,
    }
    files = {f"附件/{number:02d}-{file.name}": file.uuid for number, file in enumerate(document.attachments, start=1)}
    return Package(
        name=f"{document.path.strip('/').replace('/', '-')}.zip",
        texts={
            "正文.html": document.body_html,
            "正文.txt": f"{document.title}\n\n{document.text}\n",
            "元数据.json": json.dumps(facts, ensure_ascii=False, indent=2),
        },
        files=files,
    )


def _standing(row: Posting, *, is_public: bool) -> OutletStanding:
    if is_public:
        return OutletStanding(row.outlet.name, is_down=False, words=PostingState(row.state).label, telephone=row.outlet.telephone)
    if row.down_at is not None:
        return OutletStanding(row.outlet.name, is_down=True, words=f"已撤（{row.down_at.astimezone(SHANGHAI):%m-%d %H:%M}）")
    told = f"，{row.asked_at.astimezone(SHANGHAI):%m-%d %H:%M} 已电话告知" if row.asked_at else "，请打电话请对方撤下"
    return OutletStanding(row.outlet.name, is_down=False, words=f"未撤{told}", telephone=row.outlet.telephone)


def _outlet_row(row: Outlet) -> OutletRow:
    return OutletRow(row.pk, row.name, row.address, row.telephone, row.is_active)


def _posting_row(row: Posting, outlet: OutletRow) -> PostingRow:
    return PostingRow(
        outlet=outlet,
        uuid=row.uuid,
        address=row.address,
        state=PostingState(row.state),
        words=row.words,
        found_title=row.found_title,
        found_date=row.found_date,
        share=row.share,
        checked_at=row.checked_at,
        confirmed_by=row.confirmed_by.name if row.confirmed_by else "",
        confirmed_at=row.confirmed_at,
        screenshot=row.screenshot_id,
        misses=row.misses,
        asked_at=row.asked_at,
        down_at=row.down_at,
    )
