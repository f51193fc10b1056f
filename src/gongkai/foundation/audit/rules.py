from collections.abc import Mapping

NOTE_LENGTH = 1000
"""A reason is a sentence or two. What is longer is content, which does not belong into the trail."""


def tidy_about(about: Mapping[str, str | int | bool | None]) -> dict[str, str | int | bool | None]:
    """What is kept of the notes on an act (要点): long text is cut and marked, NUL, which PostgreSQL cannot hold, becomes U+FFFD."""
    return {key: _tidy(value) if isinstance(value, str) else value for key, value in about.items()}


def _tidy(text: str) -> str:
    text = text.replace("\0", "\ufffd")
    return text if len(text) <= NOTE_LENGTH else text[: NOTE_LENGTH - 1] + "…"
