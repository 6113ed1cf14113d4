"""What carries questions to a cloud: Google's own with the user's credentials, or a mock cloud that runs."""
