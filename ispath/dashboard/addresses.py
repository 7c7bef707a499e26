"""Every page of the dashboard and its address, on one screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from ispath.dashboard.pages import (
    checks,
    child,
    children,
    clients,
    corrections,
    course,
    course_acts,
    editions,
    enrol,
    escalations,
    family_paper,
    leaving,
    letters,
    merging,
    moves,
    phone,
    record,
    referrals,
    rows,
    setup,
    today,
    transfers,
)


def pages() -> list[URLPattern]:
    """Return our pages; the admin site puts them before its own."""
    return [
        path("today.csv", today.today_file, name="today-file"),
        path("today/paper/", today.today_on_paper, name="today-paper"),
        path("phone/", phone.phone_answers, name="phone"),
        path("children/", children.children_page, name="children"),
        path("children/enrol/", enrol.enrol_page, name="enrol"),
        path("children/<uuid:uid>/", child.child_page, name="child"),
        path("children/<uuid:uid>/record/<slug:kind>/", record.record_page, name="record"),
        path(
            "children/<uuid:uid>/record/<slug:kind>/meaning/", record.meaning_fragment, name="record-meaning"
        ),
        path(
            "children/<uuid:uid>/records/<slug:model>/<uuid:fact>/correct/",
            corrections.correct_page,
            name="correct",
        ),
        path(
            "children/<uuid:uid>/records/<slug:model>/<uuid:fact>/move/", corrections.move_page, name="move"
        ),
        path("children/<uuid:uid>/courses/start/", course.start_page, name="course-start"),
        path("children/<uuid:uid>/courses/start/<slug:key>/", course.plan_page, name="course-plan"),
        path(
            "children/<uuid:uid>/courses/start/<slug:key>/preview/",
            course.plan_preview,
            name="course-preview",
        ),
        path("children/<uuid:uid>/courses/<uuid:course>/check/", course.check_page, name="course-check"),
        path("children/<uuid:uid>/courses/<uuid:course>/dose/", course.dose_page, name="course-dose"),
        path(
            "children/<uuid:uid>/courses/<uuid:course>/paper/", family_paper.family_paper, name="family-paper"
        ),
        path(
            "children/<uuid:uid>/courses/<uuid:course>/<slug:act_key>/",
            course_acts.course_act,
            name="course-act",
        ),
        path("children/<uuid:uid>/details/", enrol.details_page, name="child-details"),
        path("children/<uuid:uid>/merge/", merging.choose_page, name="merge"),
        path("children/<uuid:uid>/merge/<uuid:other>/", merging.merge_page, name="merge-two"),
        path("children/<uuid:uid>/team/", enrol.team_page, name="team"),
        path("children/<uuid:uid>/prior/", enrol.prior_page, name="prior"),
        path(
            "children/<uuid:uid>/told/<slug:kind>/<uuid:subject>/", corrections.told_page, name="family-told"
        ),
        path("children/<uuid:uid>/enrolment/", leaving.enrolment_steps, name="enrolment-steps"),
        path("children/<uuid:uid>/enrolment/<slug:step>/", leaving.enrolment_step, name="enrolment-step"),
        path(
            "children/<uuid:uid>/courses/<uuid:course>/editions/<uuid:edition>/",
            moves.accept_page,
            name="course-move",
        ),
        path("checks/<uuid:uid>/called/", checks.called, name="check-called"),
        path("checks/<uuid:uid>/waive/", checks.waive, name="check-waive"),
        path("checks/<uuid:uid>/assign/", checks.assign, name="check-assign"),
        path("checks/<uuid:uid>/why/", checks.why, name="check-why"),
        path("items/<uuid:uid>/", checks.item, name="item"),
        path("escalations/", escalations.escalations_page, name="escalations"),
        path("escalations/<uuid:uid>/", escalations.escalation_page, name="escalation"),
        path("referrals/", referrals.referrals_page, name="referrals"),
        path("referrals/<uuid:uid>/", referrals.referral_page, name="referral"),
        path("referrals/<uuid:uid>/paper/", referrals.referral_paper, name="referral-paper"),
        path("referrals/<uuid:uid>/packet.pdf", referrals.referral_pdf, name="referral-pdf"),
        path("letters/", letters.letters_page, name="letters"),
        path("letters/<uuid:uid>/again/", letters.letter_again, name="letter-again"),
        path("letters/<uuid:uid>/undo/", letters.letter_undo, name="letter-undo"),
        path("letters/<uuid:uid>/answer/undo/", letters.answer_undo, name="answer-undo"),
        path("transfers/", transfers.transfers_page, name="transfers"),
        path("transfers/<uuid:uid>/", transfers.offer_page, name="transfer-offer"),
        path("editions/protocols/", editions.protocols_page, name="editions"),
        path("editions/<uuid:uid>/", editions.edition_page, name="edition"),
        path("editions/<uuid:uid>/difference/", editions.difference_page, name="edition-difference"),
        path("editions/<uuid:uid>/moves/", moves.moves_page, name="edition-moves"),
        path("editions/<uuid:uid>/moves/<uuid:move>/back/", moves.take_back_page, name="edition-move-back"),
        path("editions/<uuid:uid>/rows/<str:place>/", editions.row_page, name="edition-row"),
        path("editions/<uuid:uid>/rows/<str:place>/add/", editions.row_add, name="edition-row-add"),
        path("editions/<uuid:uid>/<slug:key>/", editions.edition_act, name="edition-act"),
        path("editions/pathways/", editions.pathways_page, name="pathways"),
        path("set-up/", setup.setup_page, name="clinic-setup"),
        path("set-up/choose/", setup.choose_clinic, name="clinic-choose"),
        path("programs/", clients.clients_page, name="clients"),
        path("programs/add/", clients.add_page, name="client-add"),
        path("programs/<uuid:uid>/keys/", clients.keys_page, name="client-keys"),
        path("programs/<uuid:uid>/revoke/", clients.revoke_page, name="client-revoke"),
        path("rows/", rows.rows_page, name="records"),
    ]
