"""Import contracts of our own, beside those that import-linter brings."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class AppDoorContract(Contract):
    """Forbid importing anything but an app's doors from outside that app."""

    # import-linter puts the read values in the place of the fields.
    groups: Any = fields.ListField(subfield=fields.ModuleField())
    doors: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - the signature is import-linter's
        """Every import from outside an app that does not go through one of its doors."""
        broken: list[tuple[str, str]] = []
        for app in (app for group in self.groups for app in graph.find_children(group.name)):
            for module in graph.find_descendants(app) - {f"{app}.{door}" for door in self.doors}:
                broken += [
                    (importer, module)
                    for importer in graph.find_modules_that_directly_import(module)
                    if not f"{importer}.".startswith(f"{app}.")
                ]
        return ContractCheck(kept=not broken, metadata={"broken": sorted(broken)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that goes round a door."""
        broken: list[tuple[Any, Any]] = check.metadata["broken"]
        for importer, module in broken:
            output.print_error(f"{importer} imports {module}: go through its api or kinds module.")
