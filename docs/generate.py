"""Writes the parts of docs/ that are made from the package: language, commands, codes and schema.

``python docs/generate.py`` writes them; a test fails when they are not up to date.
"""

from __future__ import annotations

import json
import shutil
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import typer
from pydantic import BaseModel

from skillforge_mon.backends.backend import REGISTRY, title
from skillforge_mon.cli.commands import COMMANDS
from skillforge_mon.cli.main import overview
from skillforge_mon.diagnostics.catalogue import all_codes
from skillforge_mon.diagnostics.page import page
from skillforge_mon.model.message import FORMATS, NAMES
from skillforge_mon.query.packaged import packaged_catalogue, packaged_names
from skillforge_mon.spec.models.base import OneOrManyForm, SpecModel
from skillforge_mon.spec.models.spec import COLLECTIONS, Spec
from skillforge_mon.spec.packing.describing import brought, brought_alerts, plain_text
from skillforge_mon.spec.packing.packaged import packaged_pack, packaged_pack_names
from skillforge_mon.spec.packing.placeholders import PLACEHOLDER
from skillforge_mon.spec.quantities import UNITS
from skillforge_mon.spec.schema import language_schema

DOCS = Path(__file__).parent
_GENERATED = "<!-- made from the package by docs/generate.py: change the package, not this page -->\n\n"
_ROOMS = {
    "10": "Text and YAML",
    "11": "Keys and values",
    "12": "References and meaning",
    "13": "Names",
    "14": "Secrets",
    "20": "PromQL and LogQL",
    "21": "Queries against the catalogue",
    "30": "Alerts",
    "31": "SLOs",
    "32": "Teams and escalation",
    "33": "Maintenance",
    "34": "Dashboards",
    "35": "Metrics",
    "36": "Probes, logs, traces and errors",
    "39": "Baselines and KPIs",
    "43": "Verdicts and backends",
    "44": "Verdicts and backends",
    "45": "Verdicts and backends",
    "46": "Verdicts and backends",
    "50": "The output folder",
    "60": "Live systems and push",
    "90": "monmc itself",
}


def generated() -> Iterator[tuple[str, str]]:
    """Every generated page: its path below docs/ and its text."""
    yield "reference/language.md", language()
    yield "reference/commands.md", commands()
    yield "backends.md", with_outputs((DOCS / "backends.md").read_text(encoding="utf-8"))
    yield "reference/packs.md", packs()
    yield "codes/README.md", code_index()
    for code in all_codes().values():
        yield f"codes/{code.number}.md", page(code)
    yield "schema/monmc.schema.json", json.dumps(language_schema(), indent=2, ensure_ascii=False) + "\n"


def language() -> str:
    """The language reference, from the models."""
    parts = [
        "# The language\n\n",
        _GENERATED,
        (
            "A project is one YAML file, or one folder of YAML files that are merged. Every collection is a map keyed by "
            "name; the id of an object is `section.name`. YAML 1.2 scalars, no duplicate keys, no unknown keys. The same "
            "as a JSON schema: [schema/monmc.schema.json](../schema/monmc.schema.json).\n\n"
        ),
        "## The whole spec\n\n",
        _table(Spec),
        "\nTwo more sections are applied to the others before they are read:\n\n",
        (
            f"- `defaults` has a map for each of {', '.join(f'`{name}`' for name in COLLECTIONS)}: its fields are laid "
            "under every object of that section.\n"
        ),
        (
            "- `environments` has a partial spec for each name, laid over the rest when `--env` names it.\n\n"
            "One rule for both: maps merge deep, scalars and lists replace, `null` deletes.\n\n"
        ),
        "## Values\n\n",
        "| form | examples |\n|---|---|\n",
        "| duration | `30s`, `5m`, `1h30m`, `30d` |\n| ratio | `99.9%`, `0.999` |\n| size | `512MiB`, `2GiB`, `500MB` |\n",
        f"| quantity | a number with a unit: {', '.join(f'`{unit}`' for unit in UNITS)} |\n",
        '| threshold | `"> 5%"`, `"< 0.5"`, `"== 0"`, with any quantity |\n',
        '| time of day | `"02:00"`, `"24:00"` |\n| day | `2027-01-31` |\n| secret | `${secret:NAME}`, `${env:NAME}`: a reference, never the secret |\n\n',
        "## Messages\n\n",
        (
            "Summaries and descriptions have neutral placeholders, which each backend writes in its own way: "
            f"{', '.join(f'`{{{{ {name} }}}}`' for name in NAMES)} and `{{{{ labels.NAME }}}}`. A value can be formatted: "
            f"{'; '.join(f'`{{{{ value | {name} }}}}` ({text})' for name, text in FORMATS.items())}.\n\n"
        ),
        "## Packaged metric catalogues\n\n",
        "`use: [node, postgres]` declares the metrics of exporters that everybody runs:\n\n",
        "| name | exporter | version |\n|---|---|---|\n",
        *(
            f"| `{entry.name}` | {entry.exporter} | {entry.version} |\n"
            for entry in map(packaged_catalogue, packaged_names())
        ),
    ]
    for model in _models(Spec):
        parts += [f"\n## {_words(model)}\n\n", f"{_doc(model)}\n\n", _table(model)]
    return "".join(parts)


def _models(root: type[BaseModel]) -> list[type[BaseModel]]:
    """Every model below ``root``, in the order in which a reader meets them."""
    found: list[type[BaseModel]] = []
    queue: list[type[BaseModel]] = [root]
    while queue:
        model = queue.pop(0)
        for annotation in _hints(model).values():
            for inner in _inner_models(annotation):
                if inner not in found and inner is not root:
                    found.append(inner)
                    queue.append(inner)
    return found


def _hints(model: type[BaseModel]) -> dict[str, Any]:
    hints = typing.get_type_hints(model, include_extras=True)
    return {name: hints[name] for name in model.model_fields}


def _inner_models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _inner_models(argument)


def _words(model: type[BaseModel]) -> str:
    """The name of a model as a heading; sections come with the key that holds them."""
    section = next((name for name, held in COLLECTIONS.items() if held is model), "")
    name = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in model.__name__).strip()
    return f"`{section}.NAME`: {name}" if section else name.capitalize()


def _doc(model: type[BaseModel]) -> str:
    text = " ".join((model.__doc__ or "").split()).replace("``", "`")
    if issubclass(model, SpecModel) and model.shorthand:
        short = model.model_fields[model.shorthand].alias or model.shorthand
        text += f" (short form: the value of `{short}` alone)"
    return text


def _table(model: type[BaseModel]) -> str:
    lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
    hints = _hints(model)
    for name, field in model.model_fields.items():
        if field.is_required():
            default = "required"
        elif field.default_factory is not None:
            made = field.default_factory()  # type: ignore[call-arg]  # none of ours takes the validated data
            default = f"`{json.dumps(made)}`" if isinstance(made, list | dict) and made else ""
        else:
            default = "" if field.default is None else f"`{json.dumps(field.default, default=str)}`"
        meaning = (field.description or "").replace("|", "\\|")
        lines.append(f"| `{field.alias or name}` | {_type(hints[name])} | {default} | {meaning} |")
    return "\n".join(lines) + "\n"


def _type(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner, *extras = arguments
        if any(isinstance(extra, OneOrManyForm) for extra in extras):
            return f"{_type(get_args(inner)[0])}, or a list of it"
        return _type(inner)
    if origin in (Union, types.UnionType):
        branches = [_type(branch) for branch in arguments if branch is not type(None)]
        return " or ".join(dict.fromkeys(branches))
    if origin is list:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"map of {_type(arguments[1])}"
    if origin is Literal:
        return ", ".join(f"`{choice}`" for choice in arguments)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        heading = _words(annotation)
        anchor = "".join(letter for letter in heading.lower().replace(" ", "-") if letter.isalnum() or letter == "-")
        return f"[{annotation.__name__}](#{anchor})"
    names: dict[Any, str] = {
        str: "text",
        int: "whole number",
        float: "number",
        bool: "`true`, `false`",
        Any: "anything",
    }
    names |= {"Duration": "duration", "Decimal": "ratio", "Quantity": "quantity", "Threshold": "threshold"}
    names |= {"TimeOfDay": "time of day", "date": "day", "LabelValues": "`bounded`, `unbounded` or a list of values"}
    names |= {"StatusRange": "status code, class or range"}
    return names.get(annotation) or names.get(getattr(annotation, "__name__", ""), "text")


def commands() -> str:
    """The command reference, from the program itself."""
    parts = ["# Commands\n\n", _GENERATED, "```\n", overview(), "```\n"]
    for command in COMMANDS:
        module = __import__(command.module, fromlist=["command"])
        app = typer.Typer(add_completion=False, rich_markup_mode=None)
        app.command(help=module.command.__doc__)(module.command)
        built = typer.main.get_command(app)
        with built.make_context(f"monmc {command.name}", [], resilient_parsing=True, terminal_width=100) as context:
            text = built.get_help(context)
        parts += [f"\n## monmc {command.name}\n\n```\n", text.rstrip(), "\n```\n"]
    return "".join(parts)


_OUTPUTS = ("<!-- outputs: made by docs/generate.py -->\n", "<!-- end of outputs -->\n")


def with_outputs(text: str) -> str:
    """``backends.md`` with the table of everything that is written, from the backends' own declarations."""
    head, _, rest = text.partition(_OUTPUTS[0])
    _, _, tail = rest.partition(_OUTPUTS[1])
    lines = ["| system | what | from | judged in | state | shown by |", "|---|---|---|---|---|---|"]
    for name, package in REGISTRY.items():
        for output in __import__(f"{package}.capabilities", fromlist=["OUTPUTS"]).OUTPUTS:
            sections = ", ".join(f"`{section}`" for section in output.sections)
            held = ", ".join(f"`{path}`" for path in output.held_by)
            state = f"partly: {output.lacking}" if output.lacking else "whole"
            lines.append(f"| {title(name)} | {output.what} | {sections} | {held} | {state} | `{output.shown_by}` |")
    return head + _OUTPUTS[0] + "\n".join(lines) + "\n" + _OUTPUTS[1] + tail


def packs() -> str:
    """All packaged packs on one page: what each brings, and its parameters."""
    parts = [
        "# Packs\n\n",
        _GENERATED,
        (
            "What comes with monmc for `services.NAME.use` and `exporters`; [packs.md](../packs.md) says how to use it. In "
            "names, `SERVICE` is the service that uses the pack, and `Service` the same in CamelCase.\n\n"
        ),
        "| pack | what it watches | exporter |\n|---|---|---|\n",
    ]
    found = [packaged_pack(name) for name in packaged_pack_names()]
    for pack in found:
        exporter = ""
        if pack.exporter is not None:
            port = f", port {pack.exporter.port}" if pack.exporter.port is not None else ""
            exporter = f"{pack.exporter.program}{port}"
        parts.append(f"| [`{pack.name}`](#{pack.name}) | {pack.description} | {exporter} |\n")
    for pack in found:
        parts.append(f"\n## {pack.name}\n\n{pack.description}.\n")
        catalogues = brought(pack, "use")
        if catalogues:
            parts.append(
                f"\nMetrics: those of the packaged catalogue {', '.join(f'`{name}`' for name in catalogues)}.\n"
            )
        metrics = brought(pack, "metrics")
        if metrics:
            parts.append(f"\nMetrics: {', '.join(f'`{_placeholder(name)}`' for name in metrics)}.\n")
        if pack.parameters:
            parts.append("\n| parameter | kind | default | meaning |\n|---|---|---|---|\n")
            for name, parameter in pack.parameters.items():
                default = "" if parameter.default is None else f"`{_cell(plain_text(parameter.default))}`"
                meaning = _cell(parameter.description)
                parts.append(f"| `{name}` | {parameter.kind} | {default} | {meaning} |\n")
        parts.append("\n| alert | when | for | what it says |\n|---|---|---|---|\n")
        for alert in brought_alerts(pack):
            when, said = _cell(_placeholder(alert.when)), _cell(_placeholder(alert.summary))
            parts.append(f"| `{_placeholder(alert.name)}` | {when} | {alert.hold} | {said} |\n")
        slos = brought(pack, "slos")
        if slos:
            parts.append(f"\nSLOs: {', '.join(f'`{_placeholder(name)}`' for name in slos)}.\n")
        dashboards = ", ".join(f"`{_placeholder(name)}`" for name in brought(pack, "dashboards"))
        runbooks = ", ".join(f"`{_placeholder(name)}`" for name in brought(pack, "runbooks"))
        parts.append(f"\nDashboard: {dashboards}. Runbooks: {runbooks}.\n")
    return "".join(parts)


def _placeholder(text: str) -> str:
    """A text of a pack as the reference shows it: SERVICE, Service, and parameters by their names."""
    return PLACEHOLDER.sub(lambda found: "SERVICE" if found[1] == "service" else found[1], text)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def code_index() -> str:
    """All codes on one page."""
    lines = ["# Codes", "", _GENERATED.strip(), "", "`monmc explain CODE` prints the same pages.", ""]
    room = ""
    for code in all_codes().values():
        found = _ROOMS[code.number[3:5]]
        if found != room:
            room = found
            lines += ["", f"## {room}", "", "| code | name | severity | what it reports |", "|---|---|---|---|"]
        what = code.what.replace("|", "\\|")
        lines.append(f"| [{code.number}]({code.number}.md) | {code.name} | {code.severity} | {what} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write everything, and remove code pages whose code has gone."""
    pages = list(generated())
    shutil.rmtree(DOCS / "codes", ignore_errors=True)
    for name, text in pages:
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
