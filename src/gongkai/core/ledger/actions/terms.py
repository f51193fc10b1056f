from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.core.ledger.kinds import TermsRow
from gongkai.core.ledger.models import Obligation, Terms
from gongkai.core.ledger.rules import parse_limit
from gongkai.lib.errors import BadInput
from gongkai.lib.loading import LoadCount

COPIED = (
    "label", "limit_text", "basis", "source", "is_verified", "deadline_id", "holder", "clock_start", "rolls", "effective_to", "note",
)  # fmt: skip


@transaction.atomic
def load_terms(rows: Iterable[TermsRow]) -> LoadCount:
    """Load dated limits (装入期限条款), each known by its entry and first day. Again with the same rows changes nothing.

    Terms that an obligation was opened under are kept as they were: the changed version takes their place for duties opened from now
    on, and the old case keeps the old law. Entries that are not among the rows stay as they are.

    Raises: BadInput, naming the entry, for a limit that cannot be read or two rows of one entry from one day.
    """
    known = {(terms.entry, terms.effective_from): terms for terms in Terms.objects.filter(is_current=True)}
    seen: set[tuple[str, date | None]] = set()
    count = LoadCount()
    for row in rows:
        key = (row.entry, row.effective_from)
        if key in seen:
            raise BadInput(f"期限条款“{row.entry}”从 {row.effective_from or '最初'} 起有两条，只能留一条。")
        seen.add(key)
        count += _keep(known.get(key), row)
    return count


def _keep(there: Terms | None, row: TermsRow) -> LoadCount:
    values = _values(row)
    if there is not None and all(getattr(there, name) == value for name, value in values.items()):
        return LoadCount(unchanged=1)
    if there is not None and Obligation.objects.filter(terms=there).exists():
        there.is_current = False
        there.save(update_fields=["is_current"])
        _write(Terms(entry=row.entry, effective_from=row.effective_from), values)
        return LoadCount(changed=1)
    _write(there or Terms(entry=row.entry, effective_from=row.effective_from), values)
    return LoadCount(changed=1) if there else LoadCount(created=1)


def _values(row: TermsRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in COPIED} | {"binding": row.binding.value, "public_display": row.public_display.value}


def _write(terms: Terms, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(terms, name, value)
    try:
        parse_limit(terms.limit_text)
        terms.full_clean()
    except ValidationError as error:
        raise BadInput(f"期限条款“{terms.entry}”：{'；'.join(error.messages)}") from error
    except ValueError as error:
        raise BadInput(f"期限条款“{terms.entry}”：{error}") from error
    terms.save()
