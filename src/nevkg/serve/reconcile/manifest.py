"""Worker task for the manifest of the reconciliation service, in which clients find what it offers."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from nevkg.ask.cards import load_cards
from nevkg.ask.evaluation import find_display_labels
from nevkg.data import terms
from nevkg.serve.pages.address import DATASET
from nevkg.serve.pages.static_files import static_files
from nevkg.serve.reconcile import schema
from nevkg.serve.reconcile.batch import DAY, MOST_QUERIES
from nevkg.serve.reply import Reply, json_reply
from nevkg.store import Store

_VERSIONS = ["0.2"]
_WIDTH, _HEIGHT = 420, 300
_WORDS = {
    "en": {"label": "Day", "help": "Values of this day, as YYYY-MM-DD; empty for the date of the dataset."},
    "zh": {"label": "日期", "help": "该日的取值，格式为YYYY-MM-DD；留空则为数据集日期。"},
}


def manifest(store: Store, given: Mapping[str, Any]) -> Reply:
    """Describes the service.

    Args:
        store: the record.
        given: ``base``: the address of the server, with a slash at the end; ``path``: the path of the service, such as
            ``reconcile``; ``language``.
    """
    base, path, language = given["base"], given["path"], given["language"]
    types = schema.find_types(store)
    usual = [kind for file in load_cards(store.layout) for kind in file.classes if kind in types]
    icon = next(name for name, file in static_files().items() if file.original == "icon.svg")
    words = _WORDS[language]

    def service(name: str) -> dict[str, str]:
        return {"service_url": base.rstrip("/"), "service_path": f"/{path}/{name}"}

    return json_reply(
        {
            "versions": _VERSIONS,
            "name": find_display_labels(store, [DATASET], language)[DATASET],
            "identifierSpace": terms.BASE,
            "schemaSpace": terms.NEV,
            "documentation": f"{base}dataset?lang={language}",
            "logo": f"{base}static/{icon}",
            "serviceVersion": version("nevkg"),
            "defaultTypes": [*schema.describe(store, usual, language).values()],
            "view": {"url": f"{base}{{{{id}}}}"},
            "preview": {"url": f"{base}{path}/preview?id={{{{id}}}}", "width": _WIDTH, "height": _HEIGHT},
            "suggest": {name: service(f"suggest/{name}") for name in ("entity", "type", "property")},
            "extend": {
                "propose_properties": service("properties"),
                "property_settings": [
                    {"name": DAY, "label": words["label"], "type": "text", "default": "", "help_text": words["help"]},
                ],
            },
            "batchSize": MOST_QUERIES,
        }
    )
