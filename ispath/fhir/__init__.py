"""FHIR R4, reading: what an EHR asks for in its own words."""
