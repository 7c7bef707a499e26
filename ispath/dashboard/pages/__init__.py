"""One module for each page or family of pages: read, render; or one verb and back."""
