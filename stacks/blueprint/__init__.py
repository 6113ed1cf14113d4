"""The blueprint: settings of a stack -> typed settings -> constructs, stage by stage."""
