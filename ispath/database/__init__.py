"""The two database roles: one migrates, one runs."""
