"""What happens to the child: facts, courses, checks, verdicts, escalations, referrals."""
