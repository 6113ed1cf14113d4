"""Controls on encryption: whose keys protect what, and who may use them."""
