"""Refusals: an act that cannot be done, with words for the person who tried."""


class Refusal(Exception):
    """An act was refused. The message is one Chinese sentence that says what is wrong and what to do."""


class NotAllowed(Refusal):
    """The person lacks the right for it."""


class NotFound(Refusal):
    """What was asked for does not exist, or the person may not know that it does."""


class ActNotPossible(Refusal):
    """The thing is not in a state in which this can be done."""


class SomebodyWasFaster(Refusal):
    """The state changed between looking and doing."""


class BadInput(Refusal):
    """What was handed in cannot be used as it is. `field` names the form field or column it is about, None for the whole."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
