"""An archive of public texts, as large as wanted and the same for the same seed: everybody who runs a benchmark measures the same pages.

The rows are written in bulk, as a move from an older system would write them; what is measured goes through the actions, as people do it.
"""

import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction

from gongkai.config import run
from gongkai.core.catalogue import api as catalogue
from gongkai.core.catalogue.kinds import EntryRow
from gongkai.core.publishing import rules
from gongkai.core.publishing.cleaning import plain_text
from gongkai.core.publishing.kinds import DraftContent, EditionState, PublicationState
from gongkai.core.publishing.models import Edition, PathCounter, Publication
from gongkai.core.search import api as search
from gongkai.foundation.organisations import api as organisations
from gongkai.foundation.organisations.models import Officer
from gongkai.foundation.triggers import actions as triggers
from gongkai.lib.moments import SHANGHAI

SEED = 20261009
START = datetime(2026, 10, 9, 10, 20, tzinfo=SHANGHAI)
NEWEST = START - timedelta(days=1)
BATCH = 500
PLACES = ("双桥村", "大营村", "石门镇", "澄北区", "汀南区", "白浦县", "云埠县", "柳溪乡", "青芦街道", "上湾村")
SUBJECTS = (
    "国有建设用地供应结果",
    "征地补偿安置方案",
    "建设用地批复",
    "采矿权出让",
    "地质灾害防治",
    "不动产遗失声明",
    "行政处罚决定",
    "土地利用年度计划",
)
SENTENCES = (
    "根据有关规定，现将{place}{subject}予以公告，接受社会监督。",
    "本次涉及面积{hectares}公顷，共{count}宗，其中住宅用地{part}宗。",
    "公告期限为{count}日，自公告之日起计算，逾期视为没有异议。",
    "被征收土地位于{place}，东至河堤，南至县道，西至村界，北至林地。",
    "补偿标准按照区片综合地价执行，每亩{price}元，青苗另行补偿。",
    "对本公告有异议的，可以向承办单位书面提出，也可以拨打咨询电话。",
    "受让人应当在合同签订之日起{part}日内缴清价款，并按期开工、竣工。",
)


def prepare() -> None:
    """The demo bureau in an empty database, without documents, its clock on the first day of the demo."""
    run.prepare(start=START, with_documents=False)


def make_content(chance: random.Random, entry: EntryRow) -> DraftContent:
    """One text of five to twenty sentences, with every element of its entry."""
    subject, place = chance.choice(SUBJECTS), chance.choice(PLACES)

    def sentence() -> str:
        return chance.choice(SENTENCES).format(
            place=chance.choice(PLACES), subject=subject, hectares=f"{chance.uniform(0.1, 90):.4f}", count=chance.randint(10, 30),
            part=chance.randint(2, 9), price=chance.randint(30, 90) * 1000,
        )  # fmt: skip

    paragraphs = ["".join(sentence() for _ in range(chance.randint(1, 4))) for _ in range(chance.randint(5, 8))]
    elements = {name: f"{place}，{sentence()}" for name in entry.elements}
    formed = (NEWEST - timedelta(days=chance.randint(0, 2000))).date()
    return DraftContent(
        title=f"{place}{subject}公告（第{chance.randint(1, 999)}号）",
        body_html="".join(f"<p>{paragraph}</p>" for paragraph in paragraphs),
        formed_date=formed,
        elements=elements,
    )


def grow(*, to: int) -> None:
    """Bring the number of public texts to a size. The same seed and sizes give the same texts."""
    there = Publication.objects.count()
    maker = Maker(random.Random(SEED + there))
    first = (Publication.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    numbers = range(first, first + to - there)
    # These texts were reviewed by nobody, which the database refuses.
    triggers.remove()
    for start in range(0, len(numbers), BATCH):
        write([maker.make(number) for number in numbers[start : start + BATCH]])
    triggers.install()
    for year, last in maker.paths.items():
        PathCounter.objects.update_or_create(year=year, defaults={"last": last})
    freshen()


class Maker:
    """Makes one public text after another, with everything that belongs to it."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.entries = catalogue.list_entries()
        self.units = [unit.id for unit in organisations.list_units()]
        self.author = Officer.objects.get(name="周岚").pk
        self.paths = Counter({row.year: row.last for row in PathCounter.objects.all()})

    def make(self, number: int) -> tuple[Publication, Edition, search.Findable]:
        """A publication, its edition, and what the search gets of them; `number` is the id of both rows."""
        entry = self.chance.choice(self.entries)
        content = make_content(self.chance, entry)
        at = NEWEST - timedelta(minutes=self.chance.randint(0, 2000 * 24 * 60))
        self.paths[at.year] += 1
        publication = Publication(
            id=number,
            uuid=UUID(int=self.chance.getrandbits(128), version=4),
            entry_id=entry.id,
            section_id=entry.section.id,
            unit_id=self.chance.choice(self.units),
            path_year=at.year,
            path_number=self.paths[at.year],
            index_number=f"{settings.AGENCY_CODE}/bench-{number:07d}",
            state=PublicationState.PUBLIC.value,
            published_at=at,
            public_edition_id=number,
        )
        edition = Edition(
            id=number,
            publication=publication,
            unit_id=publication.unit_id,
            title=content.title,
            body=content.body_html,
            formed_date=content.formed_date,
            elements=dict(content.elements),
            content_hash=rules.content_hash(content, []),
            state=EditionState.APPROVED.value,
            author_id=self.author,
            saved_by_id=self.author,
            saved_at=at,
            approved_at=at,
        )
        findable = search.Findable(
            uuid=publication.uuid,
            title=content.title,
            body=plain_text(content.body_html),
            section_id=publication.section_id,
            unit_id=publication.unit_id,
            day=content.formed_date or at.date(),
            path=rules.format_path(publication.path_year, publication.path_number),
        )
        return publication, edition, findable


@transaction.atomic
def write(rows: Sequence[tuple[Publication, Edition, search.Findable]]) -> None:
    """A batch, in one transaction: a text and its edition name each other."""
    Publication.objects.bulk_create(publication for publication, _, _ in rows)
    Edition.objects.bulk_create(edition for _, edition, _ in rows)
    for _, _, findable in rows:
        search.index(findable)


def freshen() -> None:
    """Bring up to date what a database brings up to date by itself in time: counters of ids, and on PostgreSQL the statistics."""
    with connection.cursor() as cursor:
        for line in connection.ops.sequence_reset_sql(no_style(), [Publication, Edition]):
            cursor.execute(line)
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE")
