"""Charts drawn as SVG on the server: they print, need no script, and each has its words."""
