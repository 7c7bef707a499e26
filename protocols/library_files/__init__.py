"""The library as files: YAML to frozen values with every mistake at once, and back without loss."""
