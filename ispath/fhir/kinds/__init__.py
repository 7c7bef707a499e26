"""The resource types, one module each: the rows behind it, its mapping and its search parameters."""
