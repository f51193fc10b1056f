from gongkai.core.ledger.registry import register_duty

# What comes again and again and can be late: its subject is the run of the period, which has no page but the duty's own.
CADENCE = register_duty(code="ledger.cadence", label="定期更新", page="ledger:detail")
