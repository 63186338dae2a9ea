"""The parameters of one use of a pack: given, by default, or none; and what is wrong with them."""

from __future__ import annotations

from skillforge_mon.diagnostics.diagnostic import Diagnostic, Label, Report
from skillforge_mon.spec import codes_packs as codes
from skillforge_mon.spec.camel_case import camel_case
from skillforge_mon.spec.packing.pack import KINDS, SELECTOR, SERVICE, SERVICE_CAMEL, Pack, fits
from skillforge_mon.spec.packing.placeholders import Filling
from skillforge_mon.spec.packing.uses import Use
from skillforge_mon.spec.suggest import nearest
from skillforge_mon.spec.yaml.nodes import Entry, Node, ScalarNode, is_null
from skillforge_mon.spec.yaml.source import SourceFile


def parameter_values(pack: Pack, use: Use, file: SourceFile | None, report: Report) -> dict[str, Node | None] | None:
    """The parameters of one use, and what every pack may use; None, and reported, when one is wrong."""
    given = use.given.entries if use.given is not None else {}
    service = use.service
    # The packaged packs have their own word in their names, which a service that is called after it does not say again:
    # that of `orders-postgres` is OrdersPostgresDown.
    camel = camel_case(service).removesuffix(camel_case(pack.name) if pack.packaged else "")
    values: dict[str, Node | None] = {
        SERVICE: _text(service, use.node),
        SERVICE_CAMEL: _text(camel, use.node),
        SELECTOR: use.selector,
    }
    sound = True
    for name, entry in given.items():
        if name == SELECTOR and not fits("matchers", entry.node):
            report.add(_bad_parameter(name, "matchers", entry, None))
            sound = False
        elif name not in pack.parameters and name != SELECTOR:
            report.add(_unknown_parameter(name, entry, pack))
            sound = False
    if isinstance(use.selector, ScalarNode) and use.selector.text == "":
        report.add(
            codes.EXPORTER_NOT_FOUND.at(
                use.span,
                f"`{use.owner}` has no targets, and does not say which series are its own",
                help="add `targets:`, or `with: {selector: 'job=\"…\"'}`",
            )
        )
        sound = False
    for parameter in pack.parameters.values():
        own = given.get(parameter.name)
        if own is not None and is_null(own.node):
            values[parameter.name] = None
        elif own is not None and not fits(parameter.kind, own.node):
            report.add(_bad_parameter(parameter.name, parameter.kind, own, parameter.entry))
            sound = False
        elif own is not None:
            values[parameter.name] = own.node
        elif parameter.default is not None:
            values[parameter.name] = Filling(values, file).node(parameter.default)
        else:
            values[parameter.name] = None
            if parameter.required:
                report.add(
                    codes.MISSING_PARAMETER.at(
                        use.span,
                        f"the pack `{pack.name}` needs `{parameter.name}`: {parameter.description}",
                        help=f"write `{{pack: {pack.name}, with: {{{parameter.name}: …}}}}`",
                    )
                )
                sound = False
    return values if sound else None


def _text(text: str, at: ScalarNode) -> ScalarNode:
    return ScalarNode(text, text, at.file, at.start, at.end)


def _unknown_parameter(name: str, entry: Entry, pack: Pack) -> Diagnostic:
    names = [*pack.parameters, SELECTOR]
    meant = nearest(name, names)
    return codes.UNKNOWN_PARAMETER.at(
        entry.key_span,
        f"the pack `{pack.name}` has no parameter `{name}`",
        notes=(f"it has: {', '.join(names)}",),
        help=f"did you mean `{meant}`?" if meant else "",
    )


def _bad_parameter(name: str, kind: str, entry: Entry, declared: Entry | None) -> Diagnostic:
    secondary = (Label(declared.key_span, "the parameter is declared here"),) if declared is not None else ()
    return codes.BAD_PARAMETER.at(
        entry.node.span, f"`{name}` should be {KINDS.get(kind, KINDS['text'])}", secondary=secondary
    )
