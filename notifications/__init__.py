"""Who is told, and whether it worked."""
