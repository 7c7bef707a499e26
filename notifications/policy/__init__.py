"""Questions about mail that need no database: when, how often, with what, and what an answer means."""
