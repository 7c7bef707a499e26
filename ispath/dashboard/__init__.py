"""The nurse's dashboard: server-rendered pages on the admin site; every write is a verb of the clinic."""
