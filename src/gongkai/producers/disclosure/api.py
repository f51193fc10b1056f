from gongkai.producers.disclosure.actions import import_documents, register_cause, start_writing
from gongkai.producers.disclosure.queries import find_texts, get_cause, list_causes

__all__ = ["find_texts", "get_cause", "import_documents", "list_causes", "register_cause", "start_writing"]
