"""REST, version 1: the plain interface for EHR teams."""
