from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID

from gongkai.core.catalogue.kinds import Category, SectionRow
from gongkai.core.ledger.kinds import Receipt, ReceiptSheet
from gongkai.core.publishing.kinds import CorrectionRow, WithdrawnPage
from gongkai.core.search.kinds import Answer, Fragment
from gongkai.lib.enums import LabelledEnum


class FileState(LabelledEnum):
    """Where one file of the portal stands (页面文件状态). A file that is being written may be the old one, the new one or not there yet."""

    WRITING = "WRITING", "正在写"
    WRITTEN = "WRITTEN", "已写好"


class ListKind(LabelledEnum):
    """What a list of the portal gathers (清单种类)."""

    SECTION = "SECTION", "栏目清单"
    MONTH = "MONTH", "月度清单"


class PageKind(LabelledEnum):
    """What a page of the portal shows (页面种类). The code is the first part of the page's key."""

    HOME = "home", "首页"
    OPEN = "open", "栏目总览"
    PUBLICATION = "publication", "信息页"
    SECTION = "section", "栏目页"
    MONTH = "month", "月度页"
    FIXED = "fixed", "固定页面"


@dataclass(frozen=True)
class PageKey:
    """Which page has to be rendered (页面键). `reference` names what is shown; `number` is an archive page's, 0 for the head of a list."""

    kind: PageKind
    reference: str = ""
    number: int = 0


@dataclass(frozen=True)
class Copy:
    """A file of the portal that is the public copy of an attachment (附件公开副本)."""

    attachment: UUID


@dataclass(frozen=True)
class Output:
    """One file that a page consists of (页面产物). `path` is relative to the portal's folder, without a slash at its beginning."""

    path: str
    content: bytes | Copy


@dataclass(frozen=True)
class Frame:
    """What is the same on every page of the portal (页面框架). `now` is business time: which month and day the page is made for.

    `is_demo`: the business clock is made up, so are the bureau and its texts, and every page says so.
    """

    name: str
    address: str
    telephone: str
    office: str
    site_code: str
    record_number: str
    now: datetime
    home_href: str = "/"
    open_href: str = "/open/"
    search_href: str = "/search/"
    calculator_href: str = "/calculator/"
    static_href: str = "/static/"
    is_demo: bool = False

    @property
    def domain(self) -> str:
        """Host of the portal's address (网站域名)."""
        return urlsplit(self.address).netloc


@dataclass(frozen=True, kw_only=True)
class PageHead:
    """What a page says of itself (页面信息): title, address, and the fields of the national guideline.

    `current` names the entry of the navigation bar that the page belongs to, empty where it belongs to none.
    """

    title: str
    address: str
    description: str
    column: str
    column_type: str
    current: str = ""


@dataclass(frozen=True)
class ListRow:
    """One item of a list page (清单条目)."""

    publication: UUID
    number: int
    title: str
    document_number: str
    path: str
    entry_name: str
    published_at: datetime


@dataclass(frozen=True)
class ListInfo:
    """One list of the portal (清单). `page_count` counts archive pages; what is newer than the last of them stands on the head."""

    id: int
    kind: ListKind
    reference: str
    item_count: int
    page_count: int
    newest_at: datetime | None


@dataclass(frozen=True)
class SectionSummary:
    """A section that has publications (有内容的栏目): how many, how many of them in the month asked for, and when the newest came."""

    section: SectionRow
    total: int
    this_month: int
    newest_at: datetime
    href: str


@dataclass(frozen=True)
class SectionGroup:
    """Sections that are counted under one heading (栏目类别)."""

    category: Category
    sections: tuple[SectionSummary, ...]

    @property
    def total(self) -> int:
        """How many publications they hold together."""
        return sum(section.total for section in self.sections)


@dataclass(frozen=True)
class PageLink:
    """A link to another page of the same list (翻页链接). `href` empty: the page one is on, or a gap."""

    label: str
    href: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Pager:
    """How to leave a page of a list (翻页). None: there is nothing in that direction."""

    newer: PageLink | None = None
    older: PageLink | None = None
    links: tuple[PageLink, ...] = ()


@dataclass(frozen=True)
class Heading:
    """One heading of a text, for its table of contents (目录项)."""

    anchor: str
    text: str
    level: int


@dataclass(frozen=True)
class FileLink:
    """One attachment as a page offers it (附件链接)."""

    href: str
    name: str
    format_name: str
    size: str
    is_download: bool


@dataclass(frozen=True)
class LimitLine:
    """The public limit of a text in its header (公开时限): what it is called, how long and until when, and where it is explained."""

    label: str
    words: str
    href: str


@dataclass(frozen=True, kw_only=True)
class ArticleView:
    """One publication as its page shows it (信息页内容), public or still a draft: the one thing that the page's template gets.

    `path` is empty for a draft that has none yet; `published_at` None: not public; `limit` None: readers may not be told one.
    `withdrawn`: it was replaced and stands on with a notice.
    """

    title: str
    document_number: str
    index_number: str
    body_html: str
    headings: tuple[Heading, ...]
    summary: str
    path: str
    formed_date: date | None
    published_at: datetime | None
    section: SectionRow
    section_href: str
    entry_name: str
    basis: str
    unit_name: str
    unit_telephone: str
    elements: tuple[tuple[str, str], ...]
    files: tuple[FileLink, ...]
    source: str
    limit: LimitLine | None = None
    withdrawn: WithdrawnPage | None = None
    corrections: tuple[CorrectionRow, ...] = ()

    @property
    def index_parts(self) -> tuple[str, ...]:
        """The index number in the parts between which a line may end."""
        *first, last = self.index_number.split("/")
        return (*(f"{part}/" for part in first), last)


@dataclass(frozen=True)
class SearchQuery:
    """What a reader asks the search for (检索请求), as the address says. `section` is a slug, empty for all; `page` counts from 1."""

    question: str = ""
    section: str = ""
    year: int | None = None
    is_by_date: bool = False
    is_literal: bool = False
    page: int = 1


@dataclass(frozen=True)
class Choice:
    """One option of a filter (选项)."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class HitView:
    """One hit as the page of results shows it (结果条目)."""

    title: tuple[Fragment, ...]
    excerpt: tuple[Fragment, ...]
    document_number: str
    day: date
    path: str
    section_title: str


@dataclass(frozen=True, kw_only=True)
class SearchView:
    """The page of results (搜索结果页): finished values only. `answer` None: nothing was asked yet."""

    question: str
    shown_question: str = ""
    answer: Answer | None = None
    hits: tuple[HitView, ...] = ()
    total_words: str = ""
    first_number: int = 1
    sections: tuple[Choice, ...] = ()
    years: tuple[Choice, ...] = ()
    pages: tuple[PageLink, ...] = ()
    is_by_date: bool = False
    is_literal: bool = False
    literal_words: str = ""
    literal_link: str = ""
    word_link: str = ""
    other_order: str = ""
    wide_link: str = ""


@dataclass(frozen=True, kw_only=True)
class VerifyReport:
    """What a check of disk, manifest and database found (门户核对结果): paths, and keys of what is misplaced.

    `young` counts files that were left alone, not yet ten minutes old. Of the `files` on disk `copies` are attachments, `static` style and
    pictures, `strays` nobody's; the rest make up the `pages`: a text's page and that of its limit count as one.
    """

    files: int = 0
    pages: int = 0
    copies: int = 0
    static: int = 0
    strays: int = 0
    missing: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unowned: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    misplaced: tuple[str, ...] = ()
    young: int = 0

    @property
    def page_files(self) -> int:
        """How many files on disk are pages."""
        return self.files - self.copies - self.static - self.strays

    @property
    def faults(self) -> int:
        """How many things were wrong."""
        return sum(map(len, (self.missing, self.changed, self.unowned, self.unfinished, self.misplaced)))


@dataclass(frozen=True)
class RebuildReport:
    """What a rebuild did (重建结果): pages rendered, and of their files how many had changed and were written."""

    pages: int = 0
    written: int = 0

    def __add__(self, other: "RebuildReport") -> "RebuildReport":
        """Both together."""
        return RebuildReport(self.pages + other.pages, self.written + other.written)


@dataclass(frozen=True)
class FieldView:
    """One field of a public form (表单项): what was typed, kept, and what is wrong with it, empty where nothing is."""

    name: str
    value: str
    fault: str


@dataclass(frozen=True, kw_only=True)
class CalculatorView:
    """The page of the calculator (期限计算器页): finished values only. `sheet` None: nothing was asked, or something is wrong with it."""

    fields: Mapping[str, FieldView]
    faults: tuple[tuple[str, str], ...]
    units: tuple[Choice, ...]
    duties: tuple[Choice, ...]
    sheet: ReceiptSheet | None
    receipt: Receipt | None
    is_by_duty: bool


@dataclass(frozen=True, kw_only=True)
class PublicLimit:
    """The receipt of a public date (公开的期限回执) as a page shows it. `calculator_href` computes the same again; empty: it cannot."""

    sheet: ReceiptSheet
    receipt: Receipt
    label: str
    calculator_href: str
