"""Who may do what: IAM, decided from policies, roles, groups, conditions and the hierarchy of resources."""
