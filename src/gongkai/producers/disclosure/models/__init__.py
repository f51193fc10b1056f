from gongkai.producers.disclosure.models.causes import Cause, ImportedDocument
from gongkai.producers.disclosure.models.registers import RegisteredNumber, RegisterSource, SheetLine, SheetUpload, SourceEntry

__all__ = ["Cause", "ImportedDocument", "RegisterSource", "RegisteredNumber", "SheetLine", "SheetUpload", "SourceEntry"]
