"""The registers of dunning: the case with its ladder, the notices in their monthly batches, the suspension of optional services."""

from yihu.areas.billing.dunning.procedure import cases, notices, suspensions, turns

__all__ = ["cases", "notices", "suspensions", "turns"]
