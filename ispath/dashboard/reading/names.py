"""The ward's words for codes and kinds: what a check observes, what records it, what a timeline entry was."""

from __future__ import annotations

# What a check observes -> the record form that answers it. Nothing: a page of its own.
RECORDS: dict[str, str] = {
    "blood-pressure": "blood-pressure",
    "weight": "weight",
    "length": "length",
    "glucose": "glucose",
    "electrolytes": "electrolytes",
    "stool": "stool",
    "call": "call",
    "eeg": "eeg",
    "vision": "vision-exam",
    "contact": "call",
    "imaging": "finding",
    "review": "decision",
    "trial-adequacy": "decision",
    "spasm-verdict": "decision",
    "recovery": "decision",
}

OBSERVES: dict[str, str] = {
    "blood-pressure": "Blood pressure",
    "weight": "Weight",
    "length": "Length",
    "glucose": "Glucose",
    "electrolytes": "Electrolytes",
    "stool": "Stool for blood",
    "call": "Call the family",
    "eeg": "EEG",
    "vision": "Eye exam",
    "review": "Review by a specialist",
    "dose-decision": "Prescriber decides the dose",
    "trial-adequacy": "Was the trial adequate?",
    "spasm-verdict": "Was it a spasm?",
    "contact": "Reach the family",
    "imaging": "MRI",
    "referral-outcome": "Outcome of the referral",
    "recovery": "Adrenal recovery",
    "time": "A window that time closes",
}

URGENCY_WORDS: dict[str, str] = {
    "emergency": "Emergency",
    "critical": "Critical",
    "urgent": "Urgent",
    "high": "High",
    "review": "For review",
    "routine": "Routine",
    "info": "For information",
}

# The urgencies that no page lets pass without saying whom to phone (safety control S3).
AT_ONCE = frozenset({"emergency", "critical"})


def check_words(observes: str, chain_name: str = "", code: str = "") -> str:
    """Name a check: as its rule names it, else by what it observes."""
    return chain_name or OBSERVES.get(observes, code.replace("_", " ").replace("-", " ") or observes)
