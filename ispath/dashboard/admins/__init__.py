"""The rows behind the pages, to look at: what changes them is a page and a verb."""
