from gongkai.core.ledger import api as ledger

# The limit is the entry's: which one it is, is said when a cause is registered.
PUBLISH = ledger.register_duty(code="disclosure.publish", label="主动公开", page="disclosure:cause", entry=None, work="事由")
