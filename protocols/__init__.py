"""What the protocols say: a library of regimens and pathways, and the plain-Python engine that reads them."""
