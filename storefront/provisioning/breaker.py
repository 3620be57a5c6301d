"""rule: when to stop asking a registry that does not answer, and when to try again."""

from collections import deque
from dataclasses import dataclass, field

FAILURES = 5
WITHIN_S = 30.0
OPEN_S = 60.0


@dataclass(kw_only=True)
class Breaker:
    """The fuse of one registry. Moments are seconds of any clock that never goes back.

    Five failures within thirty seconds open it for a minute: nobody waits for an answer that will not come. Then one
    question is let through to try; its failure opens it again at once, its success closes it.
    """

    failed_at: deque[float] = field(default_factory=lambda: deque(maxlen=FAILURES))
    opened_at: float | None = None
    is_trying: bool = False

    def lets_through(self, now: float) -> bool:
        """Whether a question may be asked now. After the pause only the first caller is told yes."""
        if self.opened_at is None:
            return True
        if now - self.opened_at < OPEN_S or self.is_trying:
            return False
        self.is_trying = True
        return True

    def succeeded(self) -> None:
        """Take in that the registry answered."""
        self.failed_at.clear()
        self.opened_at, self.is_trying = None, False

    def failed(self, now: float) -> None:
        """Take in that the registry did not answer at all."""
        self.failed_at.append(now)
        is_often = len(self.failed_at) == FAILURES and now - self.failed_at[0] <= WITHIN_S
        if self.is_trying or is_often:
            self.opened_at, self.is_trying = now, False
            self.failed_at.clear()
