"""What the sources say, by hand from the papers and labels: the library must lead to exactly this.

Calendars are those of a child of 10 kg and 90 cm (0.5 m2) from 2026-01-05, unless the case says otherwise.
One line is one stretch: its days, the drug, one dose, how many a day, the slot. "?" is a split that nobody
knows, "undefined" a dose nobody knows, "capped" a dose that the maximum holds down. A day
without a line has none.
"""

from __future__ import annotations

START = ("--start", "2026-01-05")
CHILD = ("--weight-kg", "10", "--length-cm", "90")
LABEL_TAPER = (
    "15-17 acth-gel 15 x1 morning",
    "18-20 acth-gel 7.5 x1 morning",
    "21-23 acth-gel 5 x1 morning",
)
UKISS_TAPER = (
    "15-19 prednisolone 10 x3",
    "20-24 prednisolone 10 x2",
    "25-29 prednisolone 10 x1",
)
SLOW_LABEL_TAPER = (
    "182-185 vigabatrin 625 x2",
    "186-189 vigabatrin 500 x2",
    "190-193 vigabatrin 375 x2",
    "194-197 vigabatrin 250 x2",
    "198-201 vigabatrin 125 x2",
)
TWO_MG = ("--weight-kg", "9", "--choice", "mg_per_kg=2")

# protocol -> (more words of the command line, last day, lines)
CALENDARS: tuple[tuple[str, tuple[str, ...], int, tuple[str, ...]], ...] = (
    (
        "acth-gel-us-label",
        (),
        29,
        ("1-14 acth-gel 37.5 x2", *LABEL_TAPER, "24,26,28 acth-gel 5 x1 morning"),
    ),
    (
        "acth-gel-us-label",
        ("--choice", "last_doses=B"),
        29,
        ("1-14 acth-gel 37.5 x2", *LABEL_TAPER, "25,27,29 acth-gel 5 x1 morning"),
    ),
    (
        "acth-tetracosactide-ukiss",
        (),
        29,
        (
            "1,3,5,7,9,11,13 tetracosactide 0.5 x1",
            "15-19 prednisolone 30 ?",
            "20-24 prednisolone 20 ?",
            "25-29 prednisolone 10 ?",
        ),
    ),
    (
        "acth-tetracosactide-ukiss",
        (
            *("--escalate-from-day", "8", "--choice", "times_at_40_mg=4"),
            *("--choice", "times_at_20_mg=2", "--choice", "times_at_10_mg=1"),
        ),
        29,
        (
            "1,3,5,7 tetracosactide 0.5 x1",
            "9,11,13 tetracosactide 0.75 x1",
            "15-19 prednisolone 10 x4",
            "20-24 prednisolone 10 x2",
            "25-29 prednisolone 10 x1",
        ),
    ),
    (
        "acth-tetracosactide-ukiss",
        ("--escalate-from-day", "13", "--choice", "ending=none"),
        14,
        ("1,3,5,7,9,11 tetracosactide 0.5 x1", "13 tetracosactide 0.75 x1"),
    ),
    (
        "acth-hrachovy-high",
        (),
        84,
        (
            "1-21 acth-gel 75 x1",
            "22-35 acth-gel 40 x1",
            "36,38,40,42,44,46,48,50,52,54,56 acth-gel 40 x1",
            "57,59,61,63 acth-gel 25 x1",
            "64-84 acth-gel undefined",
        ),
    ),
    ("acth-hrachovy-low", (), 21, ("1-14 acth-gel 20 x1", "15-21 acth-gel undefined")),
    (
        "acth-hrachovy-low",
        ("--choice", "units_per_day=30", "--choice", "weeks=6", "--choice", "doses_per_day=2"),
        49,
        ("1-42 acth-gel 15 x2", "43-49 acth-gel undefined"),
    ),
    ("acth-japan-stepup", (), 14, ("1-14 acth-z 0.05 x1 morning",)),
    (
        "acth-japan-stepup",
        ("--responded", "yes"),
        28,
        ("1-14 acth-z 0.05 x1 morning", "15-28 acth-z undefined"),
    ),
    (
        "acth-japan-stepup",
        ("--responded", "yes", "--choice", "step_1_weeks=3", "--choice", "taper_weeks=1"),
        28,
        ("1-21 acth-z 0.05 x1 morning", "22-28 acth-z undefined"),
    ),
    (
        "acth-japan-stepup",
        ("--responded", "no"),
        28,
        ("1-14 acth-z 0.05 x1 morning", "15-28 acth-z 0.25 x1 morning"),
    ),
    ("prednisolone-ukiss", (), 29, ("1-14 prednisolone 10 x4", *UKISS_TAPER)),
    (
        "prednisolone-ukiss",
        ("--escalate-from-day", "8"),
        29,
        (
            "1-7 prednisolone 10 x4",
            "8-14 prednisolone 20 x3",
            "15-19 prednisolone 40 ?",
            "20-24 prednisolone 10 x2",
            "25-29 prednisolone 10 x1",
        ),
    ),
    (
        "prednisolone-ukiss",
        ("--escalate-from-day", "12", "--choice", "times_at_40_mg=2"),
        29,
        (
            "1-11 prednisolone 10 x4",
            "12-14 prednisolone 20 x3",
            "15-19 prednisolone 20 x2",
            "20-24 prednisolone 10 x2",
            "25-29 prednisolone 10 x1",
        ),
    ),
    ("prednisolone-weight-based", (), 28, ("1-14 prednisolone 20 x3 capped", "15-28 prednisolone undefined")),
    (
        "prednisolone-weight-based",
        ("--weight-kg", "6"),
        28,
        ("1-14 prednisolone 16 x3", "15-28 prednisolone undefined"),
    ),
    (
        "prednisolone-weight-based",
        ("--choice", "mg_per_kg=4", "--choice", "doses_per_day=4"),
        28,
        ("1-14 prednisolone 10 x4", "15-28 prednisolone undefined"),
    ),
    (
        "prednisolone-weight-based",
        ("--choice", "mg_per_kg=6", "--weight-kg", "9"),
        28,
        ("1-14 prednisolone 18 x3", "15-28 prednisolone undefined"),
    ),
    ("prednisolone-weight-based", TWO_MG, 28, ("1-14 prednisolone 6 x3", "15-28 prednisolone undefined")),
    (
        "vigabatrin-us-label",
        (),
        201,
        (
            "1-3 vigabatrin 250 x2",
            "4-6 vigabatrin 500 x2",
            "7-181 vigabatrin 750 x2",
            *SLOW_LABEL_TAPER,
        ),
    ),
    (
        "vigabatrin-us-label",
        (
            *("--choice", "increment=25", "--choice", "interval_days=2", "--choice", "target=125"),
            *("--choice", "duration_months=3", "--choice", "decrement=50"),
            *("--choice", "taper_interval_days=3"),
        ),
        96,
        (
            "1-2 vigabatrin 250 x2",
            "3-4 vigabatrin 375 x2",
            "5-6 vigabatrin 500 x2",
            "7-90 vigabatrin 625 x2",
            "91-93 vigabatrin 375 x2",
            "94-96 vigabatrin 125 x2",
        ),
    ),
    (
        "vigabatrin-ukiss",
        (),
        120,
        ("1 vigabatrin 250 x2", "2-90 vigabatrin 500 x2", "91-120 vigabatrin undefined"),
    ),
    (
        "vigabatrin-ukiss",
        ("--escalate-from-day", "5", "--choice", "duration_months=4"),
        151,
        (
            "1 vigabatrin 250 x2",
            "2-4 vigabatrin 500 x2",
            "5-120 vigabatrin 750 x2",
            "121-151 vigabatrin undefined",
        ),
    ),
    (
        "vigabatrin-ukiss",
        ("--choice", "taper_steps=us-label"),
        102,
        (
            "1 vigabatrin 250 x2",
            "2-90 vigabatrin 500 x2",
            "91-94 vigabatrin 375 x2",
            "95-98 vigabatrin 250 x2",
            "99-102 vigabatrin 125 x2",
        ),
    ),
    (
        "vigabatrin-ukiss",
        (
            *("--choice", "taper_steps=us-label", "--choice", "decrement=50"),
            *("--choice", "taper_interval_days=3", "--taper-from", "15"),
        ),
        17,
        ("1 vigabatrin 250 x2", "2-14 vigabatrin 500 x2", "15-17 vigabatrin 250 x2"),
    ),
    (
        "vigabatrin-ema",
        (),
        201,
        (
            "1-3 vigabatrin 250 x2",
            "4-6 vigabatrin 375 x2",
            "7-9 vigabatrin 500 x2",
            "10-12 vigabatrin 625 x2",
            "13-181 vigabatrin 750 x2",
            *SLOW_LABEL_TAPER,
        ),
    ),
    (
        "vigabatrin-ema",
        (
            *("--choice", "target=100", "--choice", "duration_months=3"),
            *("--choice", "decrement=50", "--choice", "taper_interval_days=3"),
        ),
        93,
        (
            "1-3 vigabatrin 250 x2",
            "4-6 vigabatrin 375 x2",
            "7-90 vigabatrin 500 x2",
            "91-93 vigabatrin 250 x2",
        ),
    ),
    (
        "combination-iciss",
        ("--escalate-from-day", "vigabatrin=5"),
        120,
        (
            "1 vigabatrin 250 x2",
            "2-4 vigabatrin 500 x2",
            "5-90 vigabatrin 750 x2",
            "91-120 vigabatrin undefined",
            "1-14 prednisolone 10 x4",
            *UKISS_TAPER,
        ),
    ),
    (
        "combination-iciss",
        ("--choice", "hormone=tetracosactide", "--choice", "ending=none"),
        120,
        (
            "1 vigabatrin 250 x2",
            "2-90 vigabatrin 500 x2",
            "91-120 vigabatrin undefined",
            "1,3,5,7,9,11,13 tetracosactide 0.5 x1",
        ),
    ),
    ("ucla-sequential", (), 14, ("1-14 prednisolone 20 x3 capped",)),
    ("ucla-sequential", ("--weight-kg", "6"), 14, ("1-14 prednisolone 16 x3",)),
    (
        "ucla-sequential",
        ("--responded", "yes"),
        28,
        ("1-14 prednisolone 20 x3 capped", "15-28 prednisolone undefined"),
    ),
    (
        "ucla-sequential",
        ("--responded", "no"),
        28,
        ("1-14 prednisolone 20 x3 capped", "15-28 acth-gel 37.5 x2"),
    ),
    (
        "ucla-sequential",
        ("--responded", "no", "--choice", "acth_ending=us-label"),
        43,
        (
            "1-14 prednisolone 20 x3 capped",
            "15-28 acth-gel 37.5 x2",
            "29-31 acth-gel 15 x1 morning",
            "32-34 acth-gel 7.5 x1 morning",
            "35-37 acth-gel 5 x1 morning",
            "38,40,42 acth-gel 5 x1 morning",
        ),
    ),
)

# protocol -> choice -> (default, what is allowed)
CHOICES: dict[str, dict[str, tuple[str | None, str]]] = {
    "acth-gel-us-label": {"last_doses": ("A", "A or B")},
    "acth-tetracosactide-ukiss": {
        "ending": ("prednisolone-tail", "prednisolone-tail or none"),
        "times_at_40_mg": (None, "whole numbers 1 to 4"),
        "times_at_30_mg": (None, "whole numbers 1 to 4"),
        "times_at_20_mg": (None, "whole numbers 1 to 4"),
        "times_at_10_mg": (None, "whole numbers 1 to 4"),
    },
    "acth-hrachovy-high": {"doses_per_day": ("1", "1 or 2")},
    "acth-hrachovy-low": {
        "units_per_day": ("20", "20 or 30 U"),
        "weeks": ("2", "whole numbers 2 to 6 weeks"),
        "doses_per_day": ("1", "1 or 2"),
    },
    "acth-japan-stepup": {
        "step_1_weeks": ("2", "whole numbers 2 to 3 weeks"),
        "taper_weeks": ("2", "whole numbers 1 to 2 weeks"),
    },
    "prednisolone-ukiss": {"times_at_40_mg": (None, "whole numbers 1 to 4")},
    "prednisolone-weight-based": {
        "mg_per_kg": ("8", "2 or 4 or 6 or 8 mg/kg/day"),
        "doses_per_day": ("3", "3 or 4"),
    },
    "vigabatrin-us-label": {
        "increment": ("50", "25 or 50 mg/kg/day"),
        "interval_days": ("3", "whole numbers 2 to 7 days"),
        "target": ("150", "50 to 150 mg/kg/day"),
        "duration_months": ("6", "whole numbers 3 to 24 months"),
        "decrement": ("25", "25 or 50 mg/kg/day"),
        "taper_interval_days": ("4", "3 or 4 days"),
    },
    "vigabatrin-ukiss": {
        "duration_months": ("3", "whole numbers 3 to 24 months"),
        "taper_steps": ("not-entered", "not-entered or us-label"),
        "decrement": ("25", "25 or 50 mg/kg/day"),
        "taper_interval_days": ("4", "3 or 4 days"),
    },
    "vigabatrin-ema": {
        "target": ("150", "50 to 150 mg/kg/day"),
        "duration_months": ("6", "whole numbers 3 to 24 months"),
        "decrement": ("25", "25 or 50 mg/kg/day"),
        "taper_interval_days": ("4", "3 or 4 days"),
    },
    "combination-iciss": {"hormone": ("prednisolone", "prednisolone or tetracosactide")},
    "ucla-sequential": {"acth_ending": ("not-entered", "not-entered or us-label")},
}

# protocol -> what stands around its doses, each as one line
AROUND: dict[str, set[str]] = {
    "acth-gel-us-label": {"label under 24 months", "judged us-label 14-14 of the course"},
    "acth-tetracosactide-ukiss": {
        "asked on 7, from 8 to 13",
        "above 8/kg over-8-mg-per-kg",
        "label from 1 months, forbidden below",
        "label from 36 months",
        "judged ukiss 13-14 of the course",
        "judged iciss 14-42 of the course",
    },
    "acth-hrachovy-high": {"label under 24 months"},
    "acth-hrachovy-low": {"label under 24 months"},
    "acth-japan-stepup": {"judged step-1 14-21 of the course"},
    "prednisolone-ukiss": {
        "asked on 7, from 8 to 14",
        "above 8/kg over-8-mg-per-kg",
        "judged ukiss 13-14 of the course",
        "judged iciss 14-42 of the course",
    },
    "prednisolone-weight-based": {
        "at most 60",
        "above 8/kg over-8-mg-per-kg",
        "judged ucla 14-14 of the course",
    },
    "vigabatrin-us-label": {
        "ramp to 0",
        "at most 150/kg",
        "label 3 to 16 kg",
        "label from 1 months",
        "label under 24 months",
        "judged us-label 14-28 since the start",
    },
    "vigabatrin-ukiss": {
        "ramp to 0",
        "asked on 5, from 5 on",
        "at most 150/kg",
        "label 3 to 16 kg",
        "label from 1 months",
        "label under 24 months",
        "judged ukiss 13-14 of the course",
    },
    "vigabatrin-ema": {"ramp to 0", "at most 150/kg", "label from 1 months", "label under 84 months"},
    "combination-iciss": {"judged iciss 14-42 of the course"},
    "ucla-sequential": {
        "at most 60",
        "label under 24 months",
        "judged ucla 14-14 of the course",
        "judged ucla-second 28-28 of the course",
    },
}

# product -> strength, step, what a container holds, the error worth saying in percent
PRODUCTS: dict[str, tuple[str, str, str | None, str]] = {
    "acth-gel-80u-ml": ("80", "0.01", "400", "5"),
    "tetracosactide-depot-1mg-ml": ("1", "0.01", "1", "5"),
    "prednisolone-1mg-ml": ("1", "0.1", None, "5"),
    "prednisolone-3mg-ml": ("3", "0.1", None, "5"),
    "prednisolone-10mg-ml": ("10", "0.1", None, "5"),
    "vigabatrin-50mg-ml": ("50", "0.1", "500", "5"),
    "vigabatrin-100mg-ml": ("100", "0.1", None, "5"),
    "vigabatrin-tablet-100mg": ("100", "0.5", None, "5"),
}

MEASUREMENTS = {"weight-kg": ("1", "30"), "length-cm": ("30", "120")}
EXAMPLES = [("4", "54"), ("7.2", "66"), ("10", "76"), ("14", "92")]
