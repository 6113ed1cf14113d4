"""The console: a page that shows the cloud, and the small API below `/_mock` that page and command use."""
