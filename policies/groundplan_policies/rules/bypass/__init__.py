"""Controls on ways around the other controls. None of them can be waived."""
