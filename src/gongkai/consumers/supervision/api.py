from gongkai.consumers.supervision.queries import get_my_today, list_notice_page, list_notices

__all__ = ["get_my_today", "list_notice_page", "list_notices"]
