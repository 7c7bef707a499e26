"""What the REST and the FHIR edge share: error codes, request ids, conditional headers, limits."""
