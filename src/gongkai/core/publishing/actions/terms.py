from gongkai.core.ledger import api as ledger
from gongkai.core.ledger.kinds import Binding, PublicDisplay, TermsRow
from gongkai.core.publishing.tables import read_table
from gongkai.lib.loading import LoadCount


def load_review_terms() -> LoadCount:
    """Load the limits of the review steps (审核期限): terms of our own house, which remind and are never overdue. Again changes nothing."""
    return ledger.load_terms(
        TermsRow(
            entry=row["entry"],
            label=row["label"],
            limit_text=row["limit"],
            basis=row["basis"],
            source=row["source"],
            is_verified=False,
            deadline_id="",
            binding=Binding.INTERNAL,
            public_display=PublicDisplay.NO,
            holder="本机关",
            clock_start="送到之日",
            effective_from=None,
            effective_to=None,
            note=row["note"],
        )
        for row in read_table("review_terms")
    )
