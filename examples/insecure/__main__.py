"""Predicts which customers leave, by Friday: every shortcut that a team in a hurry takes, in one program.

It is written to be checked, never to be applied. Each module is one story, and each comment says what is wrong.
"""

import data
import delivery
import features
import identities
import keys
import monitoring
import network
import notebooks
import pipelines
import pulumi
import serving
import shortcuts
import training

PLATFORM = (network, notebooks, data, keys, identities, monitoring, shortcuts)
MODELS = (features, serving, training, pipelines, delivery)

pulumi.export("stories", [story.__name__ for story in (*PLATFORM, *MODELS)])
