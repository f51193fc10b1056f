"""What a reader of the ledger chose in its filters, from the address."""

from collections.abc import Mapping

from gongkai.core.ledger.kinds import ENFORCEABLE, Binding, LedgerFilter, LedgerPart

EVERY_BINDING = "ALL"


def read_filter(typed: Mapping[str, str]) -> LedgerFilter:
    """The filter that an address asks for (筛选). Without a binding: what can become overdue. What cannot be read is ignored."""
    part, unit, binding = typed.get("part", ""), typed.get("unit", ""), typed.get("binding", "")
    return LedgerFilter(
        part=LedgerPart(part) if part in LedgerPart.values() else None,
        unit_id=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,
        bindings=_read_bindings(binding),
    )


def _read_bindings(binding: str) -> frozenset[Binding]:
    if binding == EVERY_BINDING:
        return frozenset()
    return frozenset({Binding(binding)}) if binding in Binding.values() else ENFORCEABLE
