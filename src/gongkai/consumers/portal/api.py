from gongkai.consumers.portal.actions import build_pages, rebuild_pages, verify_pages
from gongkai.consumers.portal.serving import serve_files

__all__ = ["build_pages", "rebuild_pages", "serve_files", "verify_pages"]
