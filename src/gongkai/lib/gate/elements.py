import re

from gongkai.lib.gate.findings import Finding, GateDocument, Part, Severity, Tables
from gongkai.lib.gate.sayings import HAN, has_value, says

RULE = "element"

ASIDE = re.compile(r"[（(][^（）()]*[）)]")
# Between an element's name and what is said about it there may be an aside and other names: 批准机关、批准文号（日期）：…
BETWEEN = rf"(?:[（(][^（）()\n]{{0,30}}[）)])?(?:[、和及与][{HAN}]{{2,14}}){{0,4}}"
GIVEN = r"(?:[ \u3000]*[：:][ \u3000]*(?:[^\s_＿\-—/]|\n\s*\S)|[ \u3000]*(?:为|是|如下|见|包括|共|自)|[ \u3000]*(?:\t|\n|$))"


def check_elements(document: GateDocument, tables: Tables) -> tuple[Finding, ...]:
    """Required elements that a document does not give (必备要素): neither as a value nor in the text under their name.

    An element counts as given in the text when its name stands as a label (`征收范围：`), a heading, a head of a table, or is said to be
    something (`征收目的为`), when a value of the right kind stands right behind it (`出让年限20年`), or when the text
    uses one of the phrases that say it (`由…竞得`). A name in passing does not count.
    """
    return tuple(_missing(name) for name in document.required_elements if not is_given(name, document, tables))


def is_given(name: str, document: GateDocument, tables: Tables) -> bool:
    """Whether a document gives an element: by a value, by the field that answers it, or in its text."""
    if document.elements.get(name, "").strip():
        return True
    field = tables.answered_by.get(name)
    if field is not None and _answers(field, name, document):
        return True
    names = (name, *tables.element_names.get(name, ()))
    if any(_stands_in(wanted, document.text) or has_value(wanted, document.text) for wanted in names):
        return True
    return any(says(phrase, document.text) for phrase in tables.said_as.get(name, ()))


def _answers(field: str, name: str, document: GateDocument) -> bool:
    if field == "release":  # given by the release itself: publication day, index number, who publishes
        return True
    if field == "attachment":
        return any(name in file or file.rpartition(".")[0] in name for file in document.attachment_names)
    return bool(getattr(document, field))


def _stands_in(name: str, text: str) -> bool:
    plain = ASIDE.sub("", name).strip()
    return bool(plain) and re.search(rf"(?<![{HAN}]){re.escape(plain)}{BETWEEN}{GIVEN}|[和及与]{re.escape(plain)}{GIVEN}", text) is not None


def _missing(name: str) -> Finding:
    return Finding(
        rule=RULE,
        severity=Severity.WARN,
        message=f"缺要素“{name}”。",
        advice="在正文里写明，或填在要素栏；确实没有的，写明理由。",
        part=Part.ELEMENT,
        element=name,
    )
