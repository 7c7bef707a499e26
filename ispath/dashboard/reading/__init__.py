"""What the pages read, in a fixed number of queries, as plain values the templates only have to lay out."""
