from collections.abc import Callable, Iterable
from dataclasses import replace

from gongkai.lib.gate.findings import Finding, GateDocument, Part


def in_every_part(document: GateDocument, find: Callable[[str], Iterable[Finding]]) -> tuple[Finding, ...]:
    """What a search over plain text finds in every part of a document (逐部分检查): title, number, elements, text, names of files."""
    found = [_at(finding, Part.TITLE) for finding in find(document.title)]
    found += [_at(finding, Part.DOCUMENT_NUMBER) for finding in find(document.document_number)]
    for name, value in document.elements.items():
        found += [_at(finding, Part.ELEMENT, name) for finding in find(value)]
    for name in document.attachment_names:
        # A file's name is not repaired by pressing a button: it is sealed with the file.
        found += [replace(_at(finding, Part.ATTACHMENT, name), repair=None) for finding in find(name)]
    return (*found, *find(document.text))


def _at(finding: Finding, part: Part, element: str = "") -> Finding:
    return replace(finding, part=part, element=element)
