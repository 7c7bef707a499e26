"""The command as a person and a program meet it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from protocols.commandline import main
from tests.protocols.dosing.calendars import calendar, codes, day, dose, run, same, total

ROOT = Path(__file__).parents[3]
USUAL = ("--start", "2026-11-23", "--weight-kg", "7.2", "--length-cm", "66")


def test_the_json_has_the_agreed_fields() -> None:
    found = calendar("acth-gel-us-label", *USUAL)

    assert {"protocol", "edition", "start_on", "bsa_m2", "days", "totals", "last_dose_on", "warnings"} <= set(
        found
    )
    assert set(day(found, 1)) == {"day", "on", "phase", "state", "doses"}
    assert set(dose(found, 1)) == {
        *("drug", "product", "amount", "unit", "times", "slot", "volume_ml", "volume_ml_rounded", "tablets"),
        *("rounding", "rounding_error_pct"),
    }
    assert {"drug", "unit", "amount", "administrations", "volume_ml_rounded", "containers"} <= set(
        total(found, "acth-gel")
    )
    assert all({"code", "text", "days"} <= set(warning) for warning in found["warnings"])


def test_numbers_are_texts_with_all_their_digits() -> None:
    found = calendar("acth-gel-us-label", *USUAL)

    assert dose(found, 1)["amount"].startswith("27.248853")
    assert len(dose(found, 1)["amount"]) > 25
    assert dose(found, 1)["volume_ml_rounded"] == "0.34"
    assert dose(found, 1)["rounding_error_pct"] == "-0.179"


def test_without_a_product_volumes_are_unknown_and_amounts_are_not() -> None:
    found = calendar("prednisolone-ukiss", "--start", "2026-11-30")

    one = dose(found, 1)
    assert (one["product"], one["volume_ml"], one["volume_ml_rounded"], one["rounding"]) == (None,) * 4
    assert total(found, "prednisolone")["administrations"] == 86
    assert total(found, "prednisolone")["volume_ml_rounded"] is None


def test_a_lone_product_needs_no_choosing() -> None:
    found = calendar("acth-tetracosactide-ukiss", "--start", "2026-11-30")

    assert dose(found, 1)["product"] == "tetracosactide-depot-1mg-ml"
    assert dose(found, 15)["product"] is None


def test_a_course_without_its_taper_is_an_abrupt_stop() -> None:
    stopped = calendar("acth-tetracosactide-ukiss", "--start", "2026-11-30", "--choice", "ending=none")
    held = calendar("prednisolone-ukiss", "--start", "2026-11-30", "--hold", "15:29")
    whole = calendar("prednisolone-ukiss", "--start", "2026-11-30")

    assert "abrupt-stop" in codes(stopped) & codes(held)
    assert "abrupt-stop" not in codes(whole)


def test_a_hold_of_one_drug_leaves_the_other() -> None:
    found = calendar(
        "combination-iciss", "--start", "2026-11-30", "--weight-kg", "7", "--hold", "vigabatrin=3:4"
    )

    assert {one["drug"] for one in day(found, 3)["doses"]} == {"prednisolone"}
    assert day(found, 3)["state"] == "dose"


def test_large_rounding_errors_are_said_with_their_days() -> None:
    found = calendar("acth-gel-us-label", "--start", "2026-12-14", "--weight-kg", "5", "--length-cm", "58")

    warned = [warning["days"] for warning in found["warnings"] if warning["code"] == "large-rounding-error"]
    assert warned == [[18, 28]]


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        (("prednisolone", *USUAL), "prednisolone-ukiss"),
        (("prednisolone-ukiss",), "--start"),
        (("prednisolone-ukiss", "--start", "30.11.2026"), "YYYY-MM-DD"),
        (("prednisolone-ukiss", "--start", "0001-01-01"), "1990"),
        (("prednisolone-ukiss", *USUAL, "--product", "syrup"), "prednisolone-3mg-ml"),
        (("prednisolone-ukiss", *USUAL, "--product", "vigabatrin-50mg-ml"), "prednisolone-3mg-ml"),
        (("acth-japan-stepup", *USUAL, "--product", "acth-gel-80u-ml"), "none"),
        (("acth-gel-us-label", *USUAL, "--choice", "last_doses=C"), "A or B"),
        (("acth-gel-us-label", *USUAL, "--choice", "last_doses"), "last_doses=A or B"),
        (("acth-gel-us-label", *USUAL, "--choice", "colour=red"), "last_doses=A or B"),
        (("vigabatrin-us-label", *USUAL, "--choice", "target=151"), "50 to 150"),
        (("vigabatrin-us-label", *USUAL, "--choice", "target=lots"), "50 to 150"),
        (("vigabatrin-us-label", *USUAL, "--choice", "duration_months=6.5"), "whole numbers 3 to 24"),
        (("vigabatrin-us-label", *USUAL, "--choice", "prednisolone.target=100"), "vigabatrin.target="),
        (("prednisolone-ukiss", *USUAL, "--escalate-from-day", "7"), "prednisolone=8 to 14"),
        (("prednisolone-ukiss", *USUAL, "--escalate-from-day", "15"), "prednisolone=8 to 14"),
        (("prednisolone-ukiss", *USUAL, "--escalate-from-day", "soon"), "prednisolone=8 to 14"),
        (("vigabatrin-ukiss", *USUAL, "--escalate-from-day", "4"), "vigabatrin=5 or later"),
        (("acth-gel-us-label", *USUAL, "--escalate-from-day", "8"), "no conditional step"),
        (("combination-iciss", *USUAL, "--escalate-from-day", "8"), "prednisolone=8 to 14; vigabatrin=5"),
        (("prednisolone-ukiss", *USUAL, "--responded", "yes"), "leave it out"),
        (("ucla-sequential", *USUAL, "--responded", "maybe"), "yes"),
        (("prednisolone-ukiss", *USUAL, "--taper-from", "20"), "leave it out"),
        (("vigabatrin-us-label", *USUAL, "--taper-from", "1"), "2 to"),
        (("vigabatrin-us-label", *USUAL, "--taper-from", "2026-11-01"), "2 to"),
        (("prednisolone-ukiss", *USUAL, "--hold", "9:8"), "FROM:TO"),
        (("prednisolone-ukiss", *USUAL, "--hold", "0:2"), "1 to"),
        (("prednisolone-ukiss", *USUAL, "--hold", "acth-gel=1:2"), "prednisolone"),
        (("prednisolone-ukiss", *USUAL, "--hold", "30:31"), "1 to 29"),
        (("prednisolone-ukiss", *USUAL, "--reweigh", "30:8"), "1 to 29"),
        (("prednisolone-ukiss", *USUAL, "--reweigh", "8:7", "--reweigh", "8:9"), "two things about day 8"),
        (("prednisolone-ukiss", *USUAL, "--reweigh", "8"), "DAY:KG"),
        (("prednisolone-ukiss", *USUAL, "--reweigh", "8:72"), "1 to 30 kg"),
        (("prednisolone-ukiss", "--start", "2026-11-30", "--weight-kg", "72"), "1 to 30 kg"),
        (("prednisolone-ukiss", "--start", "2026-11-30", "--weight-kg", "heavy"), "1 to 30 kg"),
        (("prednisolone-ukiss", "--start", "2026-11-30", "--weight-kg", "NaN"), "1 to 30 kg"),
        (("vigabatrin-us-label", "--start", "2026-11-30"), "weight in kg"),
        (("acth-gel-us-label", "--start", "2026-11-30"), "weight in kg"),
        (("acth-gel-us-label", "--start", "2026-11-30", "--weight-kg", "7"), "length in cm"),
        (("prednisolone-ukiss", *USUAL, "--dob", "2026-12-24"), "birth comes before"),
        (("prednisolone-ukiss", *USUAL, "--sex", "f"), "--help"),
        (
            (*("vigabatrin-us-label", *USUAL), *("--choice", "target=100", "--choice", "target=150")),
            "two things about target",
        ),
        (
            (
                *("prednisolone-ukiss", *USUAL, "--product", "prednisolone-1mg-ml"),
                *("--product", "prednisolone-3mg-ml"),
            ),
            "two things about prednisolone",
        ),
    ],
)
def test_the_impossible_is_refused_in_one_line_that_says_what_is_allowed(
    words: tuple[str, ...], allowed: str
) -> None:
    ran = run(*words)

    assert ran.code == 2
    assert ran.out == ""
    assert allowed in ran.err
    assert ran.err.count("\n") == 1


def test_a_choice_may_be_typed_as_another_form_of_the_same_number() -> None:
    found = calendar("prednisolone-weight-based", *USUAL, "--choice", "mg_per_kg=4.0")

    assert same(dose(found, 1)["amount"], "9.6")


def test_the_table_puts_dates_first_and_joins_equal_days() -> None:
    table = " ".join(run("acth-gel-us-label", *USUAL).out.split())

    assert "Mon 2026-11-23 – Sun 2026-12-06 days 1–14" in table
    assert "27.249 U into the muscle twice daily (0.34 mL of 80 U/mL each) [V S1]" in table
    assert "days 24–28 Taper 3.633 U into the muscle in the morning" in table
    assert "(0.05 mL of 80 U/mL), every other day" in table
    assert "3 containers" in table
    assert "last dose: Sun 2026-12-20" in table
    assert "disputed: Days of the last three doses" in table


def test_the_table_says_what_nobody_knows() -> None:
    table = run(
        "vigabatrin-ema", "--start", "2026-11-23", "--weight-kg", "5", "--product", "vigabatrin-tablet-100mg"
    ).out
    unknown = run("acth-hrachovy-low", "--start", "2026-11-23").out

    assert "1.5 x 100 mg tablet by mouth in the evening" in table
    assert "tablets" in table
    assert "dose not known" in unknown
    assert "ACTH gel: not known, because some days are not defined" in unknown
    assert "last dose: not known" in unknown


@pytest.mark.parametrize("format_", ["json", "table"])
def test_the_command_starts_at_once_and_needs_no_database(format_: str) -> None:
    command = [
        sys.executable,
        "manage.py",
        "dose_calendar",
        "prednisolone-ukiss",
        *USUAL,
        "--format",
        format_,
    ]
    began = time.perf_counter()

    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env={"PATH": ""})

    assert "2026-12-21" in ran.stdout
    assert time.perf_counter() - began < 5  # about 0.3 s on a quiet machine
    assert format_ == "table" or json.loads(ran.stdout)["protocol"] == "prednisolone-ukiss"


def test_no_plain_command_loads_django() -> None:
    program = (
        "import sys; from protocols.commandline import main; "
        "main(['dose_calendar', 'prednisolone-ukiss', '--start', '2026-11-30', '--format', 'json']); "
        "main(['check_library']); main(['describe_protocol', 'prednisolone-ukiss']); "
        "sys.exit('django' in sys.modules)"
    )

    assert (
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False).returncode
        == 0
    )


def test_a_reader_who_has_seen_enough_gets_no_traceback() -> None:
    command = f"{sys.executable} manage.py dose_calendar vigabatrin-ukiss --start 2026-11-30 --weight-kg 7"

    ran = subprocess.run(
        ["/bin/sh", "-c", f"{command} --format json | head -c 10"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.startswith("{")
    assert ran.stderr == ""


def test_help_is_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dose_calendar", "--help"])

    assert ended.value.code == 0
    assert "--taper-from" in capsys.readouterr().out
