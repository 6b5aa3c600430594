"""The pages of views that need a script: what each shows, and the questions that have the same content as tables."""

from __future__ import annotations

from dataclasses import dataclass

from nevkg.ask.catalogue import load_catalogue
from nevkg.serve.jobs import Reply, Task
from nevkg.serve.pages.address import EDITOR
from nevkg.serve.pages.render import View, ViewRequest, html, page
from nevkg.store import Store

_QUALITY, _EVIDENCE = "quality", "evidence"
VIEWS = ("map", "timeline", "explore", _QUALITY, EDITOR[1:])


@dataclass(frozen=True)
class ViewPage(Task):
    """The page of a view; ``query`` is the text in the editor."""

    name: str
    view: ViewRequest
    query: str = ""

    def run(self, store: Store) -> Reply:
        """Renders the page."""
        view = View.of(store, self.view)
        catalogue = load_catalogue(store.layout)
        questions = [one for one in catalogue.find() if (_EVIDENCE in one.tags if self.name == _QUALITY else one.view == self.name)]
        return html(page("view", view, name=self.name, query=self.query, questions=questions), view)
