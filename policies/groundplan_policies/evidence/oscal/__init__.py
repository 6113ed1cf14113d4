"""The evidence as OSCAL, NIST's form for tools of governance and audit: assessment results and component definition."""
