"""SMART Backend Services: machine clients prove themselves with a signed assertion and get a short token."""
