"""What models and data answer to: reviews and agreements, as declarations that other constructs and rules read."""
