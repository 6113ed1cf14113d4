"""What a call must pass before its handler, in one order; each can be switched by itself."""
