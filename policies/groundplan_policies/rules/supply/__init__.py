"""Where code, images and models come from, and who may change them: controls SUP."""
