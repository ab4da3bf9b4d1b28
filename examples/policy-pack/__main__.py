"""A policy pack: what no stack with relays may do."""

from pulumi_policy import EnforcementLevel, PolicyPack

from pulumi_livepull.policy import policies

PolicyPack("livepull", policies(), EnforcementLevel.MANDATORY)
