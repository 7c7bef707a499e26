"""The pages behind the link in a letter. GET shows and changes nothing; POST acts, once.

Nobody's identity is shown before a one-time code, sent to the address of the letter, was typed. A page is
never kept by a browser or a proxy, and never tells another site where the visitor came from.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from clinic.models import Escalation
from ispath.acknowledge.forms import AnswerForm, CodeForm, ReadingForm
from ispath.acknowledge.limits import is_too_often
from notifications import acknowledgement, taking_back
from notifications.letterhead import read_letterhead
from notifications.letters.letter import ANY_CHECK, GENERAL_WORDS, in_words, sentence
from protocols.refusal import Refusal

NOT_FOUND, GONE, TOO_MANY = 404, 410, 429


@method_decorator(never_cache, name="dispatch")
class LetterView(View):
    """What the pages of a letter share: the link, the moment, and how a refusal is shown."""

    opened: acknowledgement.Opened
    now: datetime

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Read the link, or say in one sentence why not."""
        self.now = datetime.now(tz=UTC)
        self.house = read_letterhead()
        if is_too_often(request):
            return self.say(request, "Too many visits from your address. Please wait ten minutes.", TOO_MANY)
        try:
            self.opened = acknowledgement.open_link(
                token=kwargs["token"], keys=self.house.link_keys, now=self.now
            )
        except acknowledgement.LinkExpired as refusal:
            return self.say(request, refusal.sentence, GONE)
        except Refusal as refusal:
            return self.say(request, refusal.sentence, NOT_FOUND)
        answered = super().dispatch(request, *args, **kwargs)
        # With "no-referrer" browsers post forms with the origin "null", which no origin check lets through.
        answered.headers["Referrer-Policy"] = "same-origin"
        answered.headers["X-Robots-Tag"] = "noindex, nofollow"
        return answered

    @staticmethod
    def say(request: HttpRequest, text: str, status: int = 200) -> HttpResponse:
        """A page of one sentence."""
        return render(request, "acknowledge/said.html", {"text": text}, status=status)

    def words(self, **more: Any) -> dict[str, Any]:
        """What every page shows: general words, a date, a telephone number."""
        delivery = self.opened.delivery
        due_on = delivery.data.get("due_on")
        general = GENERAL_WORDS.get(delivery.data.get("observes", ""), ANY_CHECK)
        about_check = delivery.cause_kind == "check"
        return {
            "token": self.kwargs["token"],
            "about_check": about_check,
            "what": sentence(general) if about_check else "",
            "due": in_words(due_on) if due_on else "",
            "phone": delivery.clinic.phone,
            "used": self.opened.used,
            "taken_back": self.opened.taken_back,
            "until": self.until(),
            "about_child": delivery.enrolment_id is not None,
            "takes_reading": self.opened.takes_blood_pressure and self.opened.used is None,
            **more,
        }

    def until(self) -> str:
        """The time until which the reader may take the answer back, where that is still possible."""
        used = self.opened.used
        if used is None or used.answer == used.Answer.ENTERED or taking_back.until(used) <= self.now:
            return ""
        return f"{taking_back.until(used).astimezone(ZoneInfo(self.opened.delivery.clinic.zone)):%H:%M}"

    @property
    def about_check(self) -> bool:
        """Whether the letter is about a check."""
        return self.opened.delivery.cause_kind == "check"


class LetterPage(LetterView):
    """What is asked, and the four answers."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show."""
        return self.show(request, AnswerForm(about_check=self.about_check))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Answer."""
        form = AnswerForm(request.POST, about_check=self.about_check)
        if form.is_valid():
            try:
                acknowledgement.answer(delivery=self.opened.delivery, now=self.now, **form.cleaned_data)
            except acknowledgement.AnswerNotClear as refusal:
                form.add_error(refusal.field, refusal.sentence)
            except Refusal as refusal:
                return self.say(request, refusal.sentence, GONE)
            else:
                self.opened = acknowledgement.answers_of(self.opened.delivery)
                return self.show(request, form, thanks="Thank you. The clinic has your answer.")
        return self.show(request, form)

    def show(self, request: HttpRequest, form: AnswerForm, *, thanks: str = "") -> HttpResponse:
        """The page with a form."""
        return render(request, "acknowledge/letter.html", self.words(form=form, thanks=thanks))


class BackPage(LetterView):
    """Take an answer back that was a slip. Without a POST there is no such page."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """An answer is taken back on the letter's own page only."""
        return redirect("acknowledge:letter", token=token)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Take it back, and let the reader answer anew."""
        delivery = self.opened.delivery
        try:
            taking_back.take_back_answer(delivery=delivery, by=delivery.reader, now=self.now)
        except Refusal as refusal:
            return self.say(request, refusal.sentence, GONE)
        return redirect("acknowledge:letter", token=token)


class CodePage(LetterView):
    """Ask for a one-time code, and type it."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the field for the code. Asking for one is a POST: a scanner must not send mail."""
        return self.show(request, CodeForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Send a code, or check the one that was typed."""
        if "code" not in request.POST:
            try:
                acknowledgement.ask_for_code(delivery=self.opened.delivery, now=self.now)
            except Refusal as refusal:
                return self.say(request, refusal.sentence, TOO_MANY)
            return self.show(request, CodeForm(), sent=True)
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                proof = acknowledgement.prove(
                    delivery=self.opened.delivery,
                    typed=form.cleaned_data["code"],
                    keys=self.house.link_keys,
                    now=self.now,
                )
            except Refusal as refusal:
                form.add_error("code", refusal.sentence)
            else:
                return show_reading(self, request, ReadingForm(), proof=proof)
        return self.show(request, form)

    def show(self, request: HttpRequest, form: CodeForm, *, sent: bool = False) -> HttpResponse:
        """The page with a form."""
        return render(request, "acknowledge/code.html", self.words(form=form, sent=sent))


class ReadingPage(LetterView):
    """Enter a blood pressure. Without the proof of a code there is no such page."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """A reading is entered after a code only."""
        return self.say(request, "Please ask for a one-time code first.", NOT_FOUND)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Record a reading, and say what follows from it."""
        delivery, proof = self.opened.delivery, request.POST.get("proof", "")
        if not self.opened.takes_blood_pressure:
            return self.say(request, "This link takes no reading. Please call the clinic.", NOT_FOUND)
        if not acknowledgement.is_proven(
            delivery=delivery, proof=proof, keys=self.house.link_keys, now=self.now
        ):
            return self.say(request, "Your code is too old. Please ask for a new one.", NOT_FOUND)
        form = ReadingForm(request.POST)
        if form.is_valid():
            try:
                acknowledgement.enter_blood_pressure(delivery=delivery, now=self.now, **form.values())
            except Refusal as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
            else:
                return self.what_follows(request)
        return show_reading(self, request, form, proof=proof)

    def what_follows(self, request: HttpRequest) -> HttpResponse:
        """What this reading asks for now, said to the person who typed it before anything else (S3)."""
        delivery = self.opened.delivery
        raised = Escalation.objects.filter(
            enrolment=delivery.enrolment_id, raised_at=self.now, state__in=Escalation.OPEN_STATES
        ).order_by("priority")
        loud = [row for row in raised if row.urgency in {"emergency", "urgent", "high"}]
        words = self.words(
            loud=loud,
            emergency=any(row.urgency == "emergency" for row in loud),
            emergency_phone=delivery.clinic.emergency_phone or delivery.clinic.phone,
        )
        return render(request, "acknowledge/recorded.html", words)


def show_reading(view: LetterView, request: HttpRequest, form: ReadingForm, *, proof: str) -> HttpResponse:
    """Whom the letter is about, by two things and no more, and what is asked; or the form for a reading."""
    about = acknowledgement.who_it_is_about(delivery=view.opened.delivery)
    given_names, birth_date = about or ("", None)
    words = view.words(
        form=form,
        proof=proof,
        given_names=given_names,
        birth_date=in_words(birth_date) if birth_date else "",
        asked=acknowledgement.what_is_asked(delivery=view.opened.delivery),
    )
    return render(request, "acknowledge/reading.html", words)


@method_decorator(csrf_exempt, name="dispatch")
class StopPage(LetterView):
    """How else to be told. Mail programs post here with one click (RFC 8058), without a cookie."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask before anything happens."""
        return render(request, "acknowledge/stop.html", self.words())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Put it on the clinic's list."""
        acknowledgement.opt_out(delivery=self.opened.delivery, now=self.now)
        return self.say(
            request, "Thank you. The clinic will call you, and agree how you are told from now on."
        )
