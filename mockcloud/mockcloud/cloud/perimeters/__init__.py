"""Service perimeters (VPC Service Controls): which calls may cross which boundary."""
