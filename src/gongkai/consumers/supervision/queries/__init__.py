from gongkai.consumers.supervision.queries.counters import count_my_items, count_my_reviews
from gongkai.consumers.supervision.queries.notices import list_notice_page, list_notices
from gongkai.consumers.supervision.queries.today import get_my_today

__all__ = ["count_my_items", "count_my_reviews", "get_my_today", "list_notice_page", "list_notices"]
