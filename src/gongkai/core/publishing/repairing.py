"""The gate's repairs, put into a text. No Django, no disk."""

from dataclasses import replace

from gongkai.core.publishing import pieces
from gongkai.core.publishing.kinds import DraftContent
from gongkai.lib.errors import ActNotPossible
from gongkai.lib.gate import Finding, Part


def repair(content: DraftContent, finding: Finding) -> DraftContent:
    """The content with a finding's quote replaced by its repair (改为), wherever it stands in that part. Raises: ActNotPossible."""
    if finding.repair is None:
        raise ActNotPossible("这一处没有十拿九稳的改法，请照说明自己改。")
    if finding.part is Part.TITLE:
        return replace(content, title=content.title.replace(finding.quote, finding.repair))
    if finding.part is Part.DOCUMENT_NUMBER:
        return replace(content, document_number=content.document_number.replace(finding.quote, finding.repair))
    if finding.part is Part.ELEMENT:
        value = content.elements.get(finding.element, "").replace(finding.quote, finding.repair)
        return replace(content, elements={**content.elements, finding.element: value})
    return replace(content, body_html=repair_body(content.body_html, finding.quote, finding.repair))


def repair_body(body: str, quote: str, right: str) -> str:
    """A body with a quote replaced: the right words stand where the quote began, marks around them stay. Raises: ActNotPossible."""
    parts = pieces.split(body)
    places = pieces.find_places(parts, quote)
    if not places:
        raise ActNotPossible(f"“{quote}”在正文里跨了段落或表格，请自己改。")
    for place in reversed(places):  # from the end, so that earlier places stay where they are
        for number, (index, start, end) in reversed(list(enumerate(place.parts))):
            text = parts[index].text
            parts[index].text = text[:start] + (right if number == 0 else "") + text[end:]
    return pieces.join(parts)
