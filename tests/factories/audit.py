from dataclasses import dataclass


@dataclass(frozen=True)
class Signer:
    """Somebody who signs an act. Without an officer it is the system."""

    name: str = "系统"
    officer_id: int | None = None


THE_SYSTEM = Signer()
