"""The referral packet as a PDF: the same parts as the page, for a fax or a portal."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import ListFlowable, ListItem, Paragraph, SimpleDocTemplate, Spacer

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

    from ispath.dashboard.reading.packet import Packet, Part

_STYLES = getSampleStyleSheet()
_BODY = ParagraphStyle("body", parent=_STYLES["BodyText"], fontSize=9.5, leading=13)
_SOFT = ParagraphStyle("soft", parent=_BODY, textColor=HexColor("#4a5666"))
_PART = ParagraphStyle("part", parent=_STYLES["Heading3"], fontSize=11, spaceBefore=8, spaceAfter=2)


def _part(part: Part) -> list[Flowable]:
    heading = Paragraph(escape(part.title) + ("" if part.lines else "  (missing)"), _PART)
    if not part.lines:
        return [heading, Paragraph(escape(part.hint), _SOFT)]
    items: list[Any] = [ListItem(Paragraph(escape(line), _BODY), leftIndent=12) for line in part.lines]
    return [heading, ListFlowable(items, bulletType="bullet", start="•", leftIndent=12)]


def write(packet: Packet, *, title: str, child: str, clinic: str, printed: str) -> bytes:
    """Write the packet on A4."""
    held = BytesIO()
    page = SimpleDocTemplate(
        held,
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
        title=title,
        lang="en",
    )
    missing = ", ".join(packet.missing) or "nothing"
    story: list[Flowable] = [
        Paragraph(escape(clinic), _SOFT),
        Paragraph(escape(title), _STYLES["Title"]),
        Paragraph(escape(child), _BODY),
        Paragraph(escape(printed), _SOFT),
        Spacer(1, 6),
        Paragraph(f"Missing: {escape(missing)}.", _BODY),
    ]
    for part in packet.parts:
        story += _part(part)
    story.append(Spacer(1, 10))
    story.append(
        Paragraph(
            "Software collected these facts; whether an operation is possible the program decides.", _SOFT
        )
    )
    page.build(story)
    return held.getvalue()
