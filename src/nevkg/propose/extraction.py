"""Proposes rows of the tables from a text. What words mean is data in the ontology; sentences, numbers and dates are not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nevkg.contribute.cells import slug
from nevkg.contribute.registry import Registry
from nevkg.propose.entity_names import AREA, AUTHORITY, DESCRIBED, PART, PLACE, TOPIC, Kind, Mention, Names, Roles
from nevkg.propose.identification import Describer, Description, Relations
from nevkg.propose.new_organizations import OrganizationFinder
from nevkg.propose.proposed_rows import Proposal, choose_days, format_days, format_period, rename
from nevkg.propose.readings import ANY_CUE, Reading
from nevkg.propose.sentence_parts import DOUBTFUL, OFFICE, POST, Analyser, Analysis, Cue
from nevkg.propose.stated import Stated
from nevkg.propose.subjects import BEGINNING, DESTINATION, HOST, OTHER_CLAUSE, REACH, Focus, Subjects
from nevkg.reading.dates import Days
from nevkg.reading.documents import Document
from nevkg.reading.measures import NUMBER, Measure
from nevkg.reading.sentences import Sentence
from nevkg.reading.spans import TextSpan
from nevkg.reading.words import Vocabulary, simplify

_BETWEEN = 10  # characters between two names of an enumeration, as in "the Seal, and the Dolphin"
_NEAR = 25  # characters between a cue and a number without a unit
_AFTER = 5  # characters that a cue after a number counts as farther away
_EXPECTED = "planned"
_PLANNED = frozenset({_EXPECTED, "target", "forecast"})
_OTHER = "other"  # another entity of the topic's kind
_MODALITY, _ACTUAL = "modality", "actual"
_GUEST = "guest"  # a topic that is at a described entity of another one
_OWNER = "owner"  # a topic that is no host
_BEFORE = "before-"  # begins the cue of a measure that another one replaces
_NOUN, _EMPLOYER = "noun", "employer"


@dataclass(frozen=True)
class _Context:
    """What the rows of one sentence may refer to."""

    analysis: Analysis
    descriptions: Sequence[Description]
    focus: Focus
    published: Days
    language: str


class Extractor:
    """Proposes rows for documents.

    Attributes:
        in_scope: IRIs of the topics that rows may be about.
    """

    def __init__(
        self,
        registry: Registry,
        kinds: Mapping[str, Kind],
        readings: Iterable[Reading],
        words: Vocabulary,
        relations: Relations,
        stated: Sequence[Stated],
        generic: Iterable[str],
    ) -> None:
        """Prepares the names, and the readings by cue.

        Args:
            generic: words that do not distinguish topics, such as *group*.
        """
        self._registry, self._kinds, self._roles = registry, kinds, Roles.of(kinds)
        generic = frozenset(generic)
        self._analyser = Analyser(Names(registry, kinds.values(), words, generic), self._roles, words)
        self._organizations = OrganizationFinder(words, generic, self.names.find)
        self._describer = Describer(registry, kinds, relations, stated)
        # Words for all of a kind, such as "Chinese carmakers", are in scope, but describe no entity.
        self._general = words["name"].all
        # What the data says of one topic at the described entity of another one: a line of production.
        self._guests = frozenset(self._describer.find_guests())
        self.in_scope = frozenset(map(registry.current, kinds[self._roles.topic].find_scope(stated)))
        self._in_scope = self._general | {iri.rpartition("/")[2] for iri in self.in_scope}
        self._readings: dict[str, dict[str, list[Reading]]] = defaultdict(lambda: defaultdict(list))
        for reading in readings:
            for takes in reading.takes.split("|"):
                self._readings[reading.cue][takes].append(reading)

        def find_topics(pairs: Iterable[tuple[str, str]]) -> set[str]:
            chosen = frozenset(pairs)
            return {registry.current(each.subject).rpartition("/")[2] for each in stated if (each.name, each.value) in chosen}

        others = find_topics(pair for kind in kinds.values() for pair in kind.without)
        self._hosts = find_topics(pair for kind in kinds.values() for pair in kind.hosts)
        self._subjects = Subjects(registry, kinds, self._describer, self._readings, self._in_scope, self._general, others)

    @property
    def names(self) -> Names:
        """The names that texts can mention."""
        return self._analyser.names

    def propose(self, document: Document) -> list[Proposal]:
        """Returns the rows that a text states, in the order of the text; of repetitions the most certain one."""
        language = document.language
        document = replace(document, title=simplify(document.title, language), text=simplify(document.text, language))
        assert document.published
        sentences = [sentence for sentence in self._analyser.read_sentences(document) if sentence.text != document.title]
        sentences.insert(0, Sentence(0, 0, document.title))
        mentions = [mention for sentence in sentences for mention in self.names.find(sentence.text, language)]
        named = {self._subjects.local(mention, self._roles.area) for mention in mentions if self._roles.area in mention.entities}
        countries = named - self._roles.homes
        new = self._organizations.find([sentence.text for sentence in sentences], language, self._roles.homes)
        title, *analyses = (self._analyser.analyse(sentence, document, new, countries) for sentence in sentences)
        focus = Focus(new=new)
        # A place in the title or the lead is in the first area that the text names.
        areas = (self._subjects.local(mention, self._roles.area) for analysis in (title, *analyses) for mention in analysis.areas)
        focus.area = next(areas, "")
        # A title alone is not enough for a new entity.
        titled = [each for each in self._subjects.describe(title, focus) if not each.is_known]
        focus.titled = titled if len(set(self._subjects.topics_of(title))) == 1 else []  # otherwise it may be of another topic
        focus.descriptions = [each for each in focus.descriptions if each.is_known]
        focus.described = None if titled else focus.described
        found: list[Proposal] = []
        for analysis in analyses:
            periods = [days for each in analysis.dates if (days := choose_days(each, document.published[1], is_planned=False))[0] < days[1]]
            focus.period = next((days for days in reversed(periods) if days[0] <= document.published[1]), focus.period)
            found += self._read(_Context(analysis, self._subjects.describe(analysis, focus), focus, document.published, document.language))
        rename(found, self._find_exact(focus.descriptions))
        # A new entity whose own row is in doubt, as in "a plant is a mere rumour", has no other rows either.
        described = {value for proposal in found if proposal.is_description for value in proposal.cells.values()}
        doubtful = {each.local for each in focus.descriptions if not each.is_known} - described
        found = [proposal for proposal in found if doubtful.isdisjoint(proposal.cells.values())]
        found += self._name_organizations(found, analyses, new.local)
        best: dict[tuple[str, frozenset[tuple[str, str]]], Proposal] = {}
        for proposal in found:
            key = proposal.table, proposal.content
            if key not in best or proposal.confidence > best[key].confidence:
                best[key] = proposal
        return sorted(best.values(), key=lambda each: (each.start, each.table, sorted(each.cells.items())))

    def _name_organizations(
        self, found: Sequence[Proposal], analyses: Iterable[Analysis], in_scope: Mapping[str, str]
    ) -> Iterator[Proposal]:
        """Yields the rows of new organisations that other rows refer to."""
        referred = {local for proposal in found for value in proposal.cells.values() for local in value.split("|")}
        for analysis in analyses:
            for local in analysis.organizations.keys() & referred:
                for reading in self._readings[f"{_NOUN}={_EMPLOYER}"][""]:
                    name = analysis.organizations[local]
                    given = {_EMPLOYER: local, f"{_EMPLOYER}_name": name.latin, f"{_EMPLOYER}_native": name.native}
                    if in_scope.get(local) == analysis.sentence.text:  # which says where it is from
                        given["home"] = next(iter(self._roles.homes), "")
                    cells = reading.fill(given)
                    start, end = analysis.sentence.start, analysis.sentence.end
                    yield Proposal(reading.table, cells or {}, start, end, 0.5, name.native or name.latin, reading.composed, True)

    def _find_exact(self, descriptions: Iterable[Description]) -> dict[str, str]:
        """Returns names for what is described as being in an area: those of the one thing there whose place the text gives."""
        by_area: dict[tuple[str | None, ...], dict[bool, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
        for each in descriptions:
            whose = tuple(each.related.get(name) for name in (self._roles.topic, self._roles.area))
            by_area[whose][each.is_vague].add((each.local, each.name))
        exact: dict[str, str] = {}
        for some in by_area.values():
            if len(some[False]) == 1:
                ((local, name),) = some[False]
                exact |= {vague: precise for names in some[True] for vague, precise in zip(names, (local, name), strict=True)}
        return exact

    def _part(self, mention: Mention, kind: str, topics: Collection[str]) -> str:
        """Returns the entity of a name; of a short name that several have, the one that belongs to one of the topics of the text."""
        found = [self._registry.current(iri).rpartition("/")[2] for iri in mention.entities[kind]]
        return (
            found[0] if len(found) == 1 else next((local for local in found if any(local.startswith(f"{topic}-") for topic in topics)), "")
        )

    def _read(self, context: _Context) -> Iterator[Proposal]:
        analysis = context.analysis
        for description in context.descriptions:
            for readings in self._readings[f"{_NOUN}={description.kind}"].values():
                yield from self._first(context, readings, description, {}, description)
        for mention in analysis.mentions:
            if self._roles.speaker in mention.entities:
                yield from self._introduce(context, mention)
        last = context.focus.counted if analysis.sentence.is_cell else None
        for measure in analysis.measures:
            last = cue = self._choose(analysis, measure, last)
            if NUMBER in self._readings[cue.name]:
                context.focus.counted = cue
            if (before := f"{_BEFORE}{cue.name}") in self._readings and analysis.is_replaced(measure):
                cue = replace(cue, name=before)
            if chosen := self._readings[cue.name].get(measure.dimension):
                given = {
                    "number": f"{measure.number.normalize():f}",
                    "unit": measure.unit,
                    "qualifier": measure.comparator,
                    "code": cue.code,
                }
                yield from self._first(context, chosen, measure, given)
                of_noun = self._readings[f"{_NOUN}={cue.name}"].get(measure.dimension, ())
                yield from self._first(context, of_noun, measure, given)
        for cue in analysis.cues:
            yield from self._first(context, self._readings[f"{_NOUN}={cue.name}"][""], cue, {"code": cue.code})
            for takes, readings in self._readings[cue.name].items():
                kind = self._roles.topic if takes == _OTHER else takes
                if not takes:
                    yield from self._first(context, readings, cue, {"code": cue.code})
                last_end = -_BETWEEN - 1
                for mention in analysis.mentions if kind in self._kinds else ():
                    is_next = 0 <= mention.start - last_end <= _BETWEEN  # of an enumeration
                    if kind in mention.entities and (is_next or self._is_beside(cue, mention, takes)):
                        last_end = mention.end
                        is_part = self._kinds[kind].role == PART
                        value = self._part(mention, kind, context.focus.topics) if is_part else self._subjects.local(mention, kind)
                        if value in self._general:
                            continue
                        yield from self._first(context, readings, mention, {takes: value})

    def _is_beside(self, cue: Cue, mention: Mention, takes: str) -> bool:
        """Whether a mention is where what a reading takes is: another topic after its cue, a topic right before it, an area right after."""
        role = TOPIC if takes == _OTHER else self._kinds[takes].role
        before, after = cue.start - mention.end, mention.start - cue.end
        if takes == _OTHER:
            return 0 <= after <= REACH
        if role in (AREA, TOPIC):
            return 0 <= (after if role == AREA else before) <= DESTINATION
        return 0 <= max(before, after) <= REACH

    def _introduce(self, context: _Context, mention: Mention) -> Iterator[Proposal]:
        """Yields the row of a person whose post is named."""
        analysis, local = context.analysis, self._subjects.local(mention, self._roles.speaker)
        posts = [
            cue
            for cue in analysis.cues
            if cue.name in (POST, OFFICE) and max(cue.start - mention.end, mention.start - cue.end) <= BEGINNING
        ]
        post = min(posts, key=lambda cue: abs(cue.start - mention.start), default=None)
        person = analysis.people.get(local)
        given = {
            self._roles.speaker: local,
            f"{self._roles.speaker}_name": person.name if person else self._describer.label(local),
            f"{self._roles.speaker}_native": person.native if person else "",
            "code": (post.code or analysis.sentence.text[post.start : post.end]) if post else "",
        }
        if employer := self._analyser.find_employer(analysis, context.language, mention, post):
            name = self._subjects.local(employer, self._roles.topic)
            new = context.focus.new.names.get(name)
            given |= {_EMPLOYER: slug(name), f"{_EMPLOYER}_name": new.latin if new else self._describer.label(name)}
            if not self._registry.find_all(name, "") and name not in analysis.organizations:
                yield from self._first(context, self._readings[f"{_NOUN}={_EMPLOYER}"][""], mention, {**given, "home": ""})
        elif post and post.name == POST and context.focus.topic not in self._general:
            given[_EMPLOYER] = context.focus.topic
        if post or person:
            yield from self._first(context, self._readings[f"{_NOUN}={self._roles.speaker}"][""], mention, given)

    def _choose(self, analysis: Analysis, measure: Measure, last: Cue | None) -> Cue:
        """Returns the cue that is nearest to a measure, of those whose readings take its dimension; if there is none, any cue.

        Args:
            last: the cue of the measure before, which an enumeration goes on with.
        """
        start, end = analysis.clause(measure.start)
        near = []
        for cue in analysis.cues:
            gap = max(measure.start - cue.end, cue.start - measure.end, 0)
            is_apart = not start <= cue.start < end
            is_far = gap > REACH if measure.unit != NUMBER else gap > _NEAR or is_apart
            if not is_far and measure.dimension in self._readings[cue.name]:
                is_unit = cue.overlaps(measure)  # the noun that is counted says less than a verb: "240 workers were sent home"
                near.append((gap + OTHER_CLAUSE * is_apart + _AFTER * (cue.end > measure.start) + _NEAR * is_unit, cue))
        if not near and last and measure.dimension in self._readings[last.name]:
            return last
        return min(near, key=lambda each: each[0])[1] if near else Cue(measure.start, measure.end, ANY_CUE)

    def _first(
        self,
        context: _Context,
        readings: Collection[Reading],
        words: TextSpan,
        given: Mapping[str, str],
        description: Description | None = None,
    ) -> Iterator[Proposal]:
        """Yields the row of the first reading that can be filled for some words."""
        analysis, start = context.analysis, words.start
        modality = analysis.modality(words)
        if modality == DOUBTFUL:
            return
        referents, confidence = self._refer(context, start, description)
        described = next((referents[name] for name, kind in self._kinds.items() if kind.role == DESCRIBED and name in referents), "")
        if "number" in given and not modality and any(self._subjects.is_of_described(row) for row in readings):
            modality = context.focus.states.get(described, "")  # the jobs of a project are planned ones
        dates = self._dates(context, start, modality)
        if not modality and "due" in dates:
            modality = _EXPECTED  # what is said of a day to come
        referents |= {**dates, **given}
        if referents.get(_OTHER, "-") == referents.get(self._roles.topic):
            return
        scope = analysis.scope(start)
        for reading in readings:
            if reading.modality in ("", modality or _ACTUAL) and (cells := reading.fill(referents)) is not None:
                if not reading.table:
                    return
                if (
                    reading.state not in ("", _ACTUAL)
                    and not scope
                    and "date" not in referents
                    and context.focus.states.get(described) == ""
                ):
                    return  # the project of an extension is not that of the whole
                if reading.state and described:
                    context.focus.states[described] = modality or reading.state.removeprefix(_ACTUAL)
                extra = {"qualifier": given.get("qualifier", ""), _MODALITY: modality, "scope": scope}
                if modality in _PLANNED:
                    extra["due"] = referents.get("due", "")
                cells = {column: value for column, value in {**extra, **cells}.items() if value}
                sentence = analysis.sentence
                yield Proposal(
                    reading.table,
                    cells,
                    sentence.start,
                    sentence.end,
                    confidence,
                    sentence.text[start : words.end],
                    reading.composed,
                    reading.cue.startswith(f"{_NOUN}="),
                )
                return

    def _refer(self, context: _Context, position: int, description: Description | None) -> tuple[dict[str, str], float]:
        """Returns what templates may refer to at a position, and how sure that is."""
        analysis, focus = context.analysis, context.focus
        referents, confidence = {}, 0.5
        for name, kind in self._kinds.items():
            is_placed = description is not None and kind.role in (PLACE, AREA)
            if kind.role != DESCRIBED and not is_placed and (mention := analysis.nearest(name, position, self._is_home)):
                referents[name] = self._subjects.local(mention, name)
        has_topic = self._roles.topic in referents
        last = None if analysis.is_general else focus.described
        nearest = description or min(context.descriptions, key=lambda each: abs(each.start - position), default=None)
        confidence += 0.1 * has_topic + 0.2 * bool(nearest)
        if nearest is None and last and (self._describer.may_be_of(focus.topic or None, last) or not has_topic):
            nearest = last
        if nearest:
            confidence += 0.1 * nearest.is_known
            referents = {**nearest.related, **referents, nearest.kind: nearest.local, f"{nearest.kind}_name": nearest.name}
        own = description.related.get(self._roles.topic) if description else None
        candidates = own, referents.get(self._roles.topic), "" if analysis.is_general else focus.topic
        referents[self._roles.topic] = next((topic for topic in candidates if topic and self._subjects.is_in_scope(topic, focus)), "")
        hosts = {topic for topic in focus.topics if nearest and nearest.is_known and self._describer.is_named_after(nearest, topic)}
        topic = referents[self._roles.topic]
        is_known_guest = nearest is not None and (topic, nearest.local) in self._guests
        is_own = topic in hosts or (nearest is not None and self._describer.is_named_after(nearest, topic))
        if ((hosts or referents.get(HOST)) and topic not in hosts) or (is_known_guest and (referents.get(HOST) or not is_own)):
            referents[_GUEST] = topic
        referents.setdefault(HOST if topic in self._hosts else _OWNER, topic)
        for place in self._roles.places:
            if place in referents:
                referents[place] = self._describer.label(referents[place])
        for name, kind in self._kinds.items():
            if kind.role == AUTHORITY and (area := self._find_authority(context, name, position)):
                referents |= {name: area, f"{name}_name": self._describer.label(area)}
        topics, targets = (dict.fromkeys(word.name for word in words) for words in (analysis.topics, analysis.targets))
        counted = [focus.counted] if focus.counted and analysis.sentence.is_cell else []
        referents |= {cue.name: cue.name for cue in [*analysis.cues, *counted] if cue.name not in referents}
        referents |= {
            "topics": "|".join(topics),
            "targets": "|".join(targets),
            "about": f"Speaks of {', '.join(topics)}.",
            "position": str(analysis.sentence.start),
            "home": next(iter(self._roles.homes), ""),
            "here": focus.area,
            "topic": "" if referents[self._roles.topic] in self._general else referents[self._roles.topic],
            "author": next((topic for topic in self._subjects.topics_of(analysis) if topic in self._in_scope - self._general), ""),
        }
        return referents, round(confidence, 2)

    def _is_home(self, mention: Mention) -> bool:
        """Whether a mention is of the area that topics in scope are from, of which rows do not speak."""
        return self._roles.area in mention.entities and self._subjects.local(mention, self._roles.area) in self._roles.homes

    def _find_authority(self, context: _Context, kind: str, position: int) -> str:
        """Returns the area whose rules are spoken of at a position: one that is no home of topics, otherwise the last of the text."""
        named = [mention for mention in context.analysis.mentions if kind in mention.entities]
        abroad = [mention for mention in named if self._subjects.local(mention, kind) not in self._roles.homes]
        before = [mention for mention in abroad if mention.end <= position]
        return self._subjects.local((before or abroad)[-1 if before else 0], kind) if abroad else context.focus.area

    def _dates(self, context: _Context, position: int, modality: str) -> dict[str, str]:
        """Returns the cells for the date nearest to a position, first of its clause."""
        analysis, published = context.analysis, context.published
        start, end = analysis.clause(position)
        found = {"published": format_days(published), "day": format_days(published)}
        nearest = min(
            analysis.dates,
            key=lambda each: (not start <= each.start < end, abs(each.start - position) + BEGINNING * (each.start > position)),
            default=None,
        )
        if nearest is None:
            first, last = format_period(context.focus.period) if context.focus.period else ("", "")
            return {**found, "from": first, "to": last}
        is_apart = not start <= nearest.start < end
        days = choose_days(nearest, published[1], is_planned=modality in _PLANNED, is_apart=is_apart)
        cell = format_days(days)
        if days[0] > published[1] or (modality in _PLANNED and days[1] > published[1]):
            return {**found, "due": cell}
        first, last = format_period(days)
        return {**found, "date": cell, "day": cell, "from": first, "to": last}
