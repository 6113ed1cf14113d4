"""Evidence: one folder that a reviewer can read, verify and sign, made of one evaluation.

`gather` collects what is said, `render` writes it in every format, `write` puts the folder in its place, `verify` sees
whether it is as it was written, and `compare` says what got better and worse.
"""
