"""A policy pack for stacks with relays."""

from pulumi_policy import EnforcementLevel, PolicyPack

from pulumi_livepull.policy import policies

PolicyPack("livepull", policies(), EnforcementLevel.MANDATORY)
