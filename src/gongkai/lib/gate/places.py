from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

from gongkai.lib.gate.findings import Finding, GateDocument, Part

Find = Callable[[str], Iterable[Finding]]


def in_every_part(document: GateDocument, find: Find) -> tuple[Finding, ...]:
    """What a search over plain text finds in every part of a document (逐部分检查): title, number, elements, text, files with their names.

    Places inside a file count the characters of its text, or of its name.
    """
    found = [_at(finding, Part.TITLE) for finding in find(document.title)]
    found += [_at(finding, Part.DOCUMENT_NUMBER) for finding in find(document.document_number)]
    for name, value in document.elements.items():
        found += [_at(finding, Part.ELEMENT, name) for finding in find(value)]
    for file in document.files:
        # A file is not repaired by pressing a button: it is sealed, and so is its name.
        for finding in (*find(file.name), *_in_file(find, file.text or "")):
            found.append(replace(_at(finding, Part.ATTACHMENT, file.name), repair=None))
    return (*found, *find(document.text))


@lru_cache(maxsize=64)
def _in_file(find: Find, text: str) -> tuple[Finding, ...]:
    # A text is checked at every save; its files stay the same and may have a thousand pages.
    return tuple(find(text))


def _at(finding: Finding, part: Part, element: str = "") -> Finding:
    return replace(finding, part=part, element=element)
