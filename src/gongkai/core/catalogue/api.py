from gongkai.core.catalogue.actions import load_catalogue
from gongkai.core.catalogue.queries import find_entry_by_title, get_entry, get_section, list_entries, list_sections

__all__ = ["find_entry_by_title", "get_entry", "get_section", "list_entries", "list_sections", "load_catalogue"]
