"""What every letter needs to know of the house that sends it: built at an edge, passed down as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Where links lead, who signs, and whom a letter may reach from this installation."""

    base_url: str
    sender: str
    message_id_domain: str
    link_keys: tuple[bytes, ...]
    # None in production. Elsewhere only these domains are written to: a test cannot reach a real person.
    only_domains: tuple[str, ...] | None
    lease: timedelta = timedelta(seconds=120)
    # False in a trial: there letters go within a minute, whatever the reader's hours are.
    letters_wait: bool = True

    def may_reach(self, address: str) -> bool:
        """Whether this installation may write to an address."""
        if self.only_domains is None:
            return True
        return address.rpartition("@")[2].lower() in self.only_domains

    @property
    def sender_address(self) -> str:
        """The bare address of the sender."""
        return parseaddr(self.sender)[1]

    def message_id(self, uid: object) -> str:
        """The Message-ID of a delivery: the same for every copy, so that a second one can be told."""
        return f"<{uid}@{self.message_id_domain}>"


def read_letterhead() -> Letterhead:
    """Read the letterhead from the settings. Called at edges only: tasks, commands, views."""
    return Letterhead(
        base_url=settings.BASE_URL.rstrip("/"),
        sender=settings.DEFAULT_FROM_EMAIL,
        message_id_domain=parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost",
        link_keys=tuple(key.strip().encode() for key in settings.LINK_SIGNING_KEY.split(",") if key.strip()),
        only_domains=_domains(),
        letters_wait=settings.LETTERS_WAIT,
        lease=timedelta(seconds=getattr(settings, "SENDING_LEASE_SECONDS", 120)),
    )


def _domains() -> tuple[str, ...] | None:
    """Whom this installation may write to: what it was told, else everybody; a developer's machine nobody.

    There, a mail server that is not on the machine itself could reach real people: nobody is written to until
    somebody lists the domains.
    """
    if listed := tuple(
        domain.strip().lower() for domain in settings.TEST_MODE_ALLOWED_DOMAINS if domain.strip()
    ):
        return listed
    stays_here = settings.EMAIL_HOST in {"localhost", "127.0.0.1", "::1"}
    return () if settings.DEBUG and not stays_here else None
