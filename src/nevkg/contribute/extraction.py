"""Proposes rows of the tables from a text. What words mean is data in the ontology; sentences, numbers and dates are not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from nevkg.contribute.cells import slug
from nevkg.contribute.descriptions import Describer, Description, Relations
from nevkg.contribute.mentions import AREA, DESCRIBED, PART, PLACE, SPEAKER, TOPIC, Kind, Mention, Names
from nevkg.contribute.readings import ANY_CUE, Reading
from nevkg.contribute.registry import Registry
from nevkg.contribute.stated import Stated
from nevkg.reading.dates import Date, Days, read_dates
from nevkg.reading.documents import Document
from nevkg.reading.measures import NUMBER, Measure, read_measures
from nevkg.reading.people import Person, find_people
from nevkg.reading.sentences import Sentence, split_sentences
from nevkg.reading.words import Words, find_meanings

_CLAUSE_END = re.compile(r"[,;:，；：、](?!\d)|\s[–—-]\s")
_NOTHING = Words({})
_REACH = 90  # characters between a cue and a name in the same sentence that it may speak of
_OTHER_CLAUSE, _AFTER = 30, 5  # characters that a cue in another clause, or after a number, counts as farther away
_CAPITALISED = r"([A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})"
_NAME = re.compile(rf"\s+(?:the\s+)?{_CAPITALISED}(?!['’]s\b)")
_NAME_BEFORE = re.compile(rf"\b{_CAPITALISED}, (?:\w+ )?$")  # before its area, as in "Chonburi, Thailand"
_UNSPACED = re.compile(r"[\u3400-\u9fff]+")
_LONGEST_NAME = 8  # characters of a place in a script without spaces
_NEAR = 25  # characters between a cue and a number without a unit
_BEGINNING = 40  # characters of a sentence that its topic begins within
_POSSESSIVE = 3  # characters between an area and the topic that comes from it
_VERB = 12  # characters after the beginning of a cue where a word such as "will" may be
_PLANNED = frozenset({"planned", "target", "forecast"})
_DOUBTFUL = "-"
_OTHER = "other"  # another entity of the topic's kind
_MODALITY = "modality"
_MANY, _MARKET = "many", "market"
_NOUN = "noun"
_POST, _SPEECH = "post", "claim"


@dataclass
class Proposal:
    """A row that a text seems to state.

    Attributes:
        table: name of the table.
        cells: column to value, without the source and the quote.
        start: where the words that carry it begin in the text.
        end: where they end, exclusive.
        confidence: from 0 to 1, to sort by; not a probability.
        reason: the words that the row rests on.
        composed: columns whose values are composed of others.
    """

    table: str
    cells: dict[str, str]
    start: int
    end: int
    confidence: float
    reason: str
    composed: frozenset[str]

    @property
    def content(self) -> frozenset[tuple[str, str]]:
        """The cells that are not composed of others."""
        return frozenset(item for item in self.cells.items() if item[0] not in self.composed)


@dataclass(frozen=True)
class Cue:
    """A word that stands for a reading, such as *inaugurated*.

    Attributes:
        start: where it begins.
        end: where it ends, exclusive.
        name: which readings it stands for.
        code: a value that it gives, such as *painting* of a workshop; otherwise empty.
    """

    start: int
    end: int
    name: str
    code: str = ""


@dataclass(frozen=True)
class Analysis:
    """What is in a sentence. Positions are those of its text."""

    sentence: Sentence
    mentions: Sequence[Mention]
    dates: Sequence[Date]
    measures: Sequence[Measure]
    cues: Sequence[Cue]
    nouns: Sequence[Cue]
    modalities: Sequence[Cue]
    negations: Sequence[Cue]
    scopes: Sequence[Cue]
    topics: Sequence[Cue]

    def clause(self, position: int) -> tuple[int, int]:
        """Returns start and end of the clause that a position is in."""
        start, end = 0, len(self.sentence.text)
        for match in _CLAUSE_END.finditer(self.sentence.text):
            if match.start() >= position:
                end = match.start()
                break
            start = match.end()
        return start, end

    def modality(self, position: int) -> str:
        """Returns the modality of what is at a position; empty for actual, ``-`` if it is denied or in doubt."""
        first, last = self.clause(position)
        if any(first <= word.start <= position for word in self.negations):
            return _DOUBTFUL
        within = [word.name for word in self.modalities if first <= word.start <= position + _VERB and word.start < last]
        return within[-1] if within else ""

    def scope(self, position: int) -> str:
        """Returns the part of the subject that is spoken of at a position; empty for all."""
        first, last = self.clause(position)
        return next((word.name for word in self.scopes if first <= word.start < last), "")

    @property
    def is_general(self) -> bool:
        """Whether the sentence speaks of many, such as *carmakers*, or of a country."""
        first, *rest = (*self.mentions, None)
        is_of_market = first and first.start == 0 and _MARKET in first.entities
        return any(noun.name == _MANY for noun in self.nouns) or bool(
            is_of_market and not (rest[0] and rest[0].start <= first.end + _POSSESSIVE)
        )

    def nearest(self, kind: str, position: int) -> Mention | None:
        """Returns the last mention of a kind before a position, otherwise the first one."""
        found = [mention for mention in self.mentions if kind in mention.entities]
        before = [mention for mention in found if mention.end <= position]
        return before[-1] if before else next(iter(found), None)


@dataclass
class _Focus:
    """What the text has spoken of last, which *the company* and *the plant* refer to, and all topics so far."""

    topic: str = ""
    area: str = ""
    described: Description | None = None
    topics: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Context:
    """What the rows of one sentence may refer to."""

    analysis: Analysis
    descriptions: Sequence[Description]
    focus: _Focus
    published: Days


class Extractor:
    """Proposes rows for documents."""

    def __init__(
        self,
        registry: Registry,
        kinds: Mapping[str, Kind],
        readings: Iterable[Reading],
        words: Mapping[str, Words],
        relations: Relations,
        stated: Sequence[Stated],
    ) -> None:
        """Prepares the names, and the readings by cue.

        Args:
            registry: the known entities.
            kinds: kinds of entities by name.
            readings: what cues stand for.
            words: words of all kinds.
            relations: what is known of entities that texts describe.
            stated: what the data states.
        """
        self._registry, self._kinds, self._words = registry, kinds, words
        self._names = Names(registry, kinds.values(), words.get("place", _NOTHING))
        self._describer = Describer(registry, kinds, relations)
        (self._topic,) = (name for name, kind in kinds.items() if kind.role == TOPIC)
        self._speaker = next((name for name, kind in kinds.items() if kind.role == SPEAKER), "")
        self._people: dict[str, Person] = {}
        self._in_scope = {registry.current(iri).rpartition("/")[2] for iri in kinds[self._topic].find_scope(stated)}
        self._places = [name for name, kind in kinds.items() if kind.role in (PLACE, AREA)]
        self._readings: dict[str, dict[str, list[Reading]]] = defaultdict(lambda: defaultdict(list))
        for reading in readings:
            for takes in reading.takes.split("|"):
                self._readings[reading.cue][takes].append(reading)

    def propose(self, document: Document) -> list[Proposal]:
        """Returns the rows that a text states, in the order of the text; of repetitions the most certain one."""
        assert document.published
        title = self._analyse(Sentence(0, 0, document.title), document)
        analyses = [self._analyse(sentence, document) for sentence in split_sentences(document.text) if sentence.text != document.title]
        focus = _Focus()
        # A place in the title or the lead is in the first area that the text names.
        areas = (self._local(mention, self._places[-1]) for analysis in (title, *analyses) for mention in self._find_areas(analysis))
        focus.area = next(areas, "")
        self._describe(title, focus)
        best: dict[tuple[str, frozenset[tuple[str, str]]], Proposal] = {}
        for analysis in analyses:
            context = _Context(analysis, self._describe(analysis, focus), focus, document.published)
            for proposal in self._read(context):
                key = proposal.table, proposal.content
                if key not in best or proposal.confidence > best[key].confidence:
                    best[key] = proposal
        return sorted(best.values(), key=lambda each: (each.start, each.table, sorted(each.cells.items())))

    def _analyse(self, sentence: Sentence, document: Document) -> Analysis:
        assert document.published
        text, language = sentence.text, document.language
        mentions = self._names.find(text, language)
        dates = read_dates(text, language, self._words.get("date", _NOTHING), document.published[1])
        mentions += list(self._find_new_places(text, language, mentions, dates))
        cues = self._find_cues(text, language, "cue")
        mentions += self._find_new_people(text, cues, mentions)
        mentions.sort(key=lambda mention: mention.start)
        taken = [(name.start, name.end) for name in mentions]
        measures = read_measures(
            text, language, self._words, [*taken, *((day.start, day.end) for day in dates if not text[day.start : day.end].isdecimal())]
        )
        dates = [day for day in dates if not any(measure.start < day.end and day.start < measure.end for measure in measures)]
        words = [self._find_cues(text, language, kind) for kind in ("noun", _MODALITY, "negation", "scope", "topic")]
        return Analysis(sentence, mentions, dates, measures, cues, *words)

    def _find_cues(self, text: str, language: str, kind: str) -> list[Cue]:
        return [
            Cue(start, end, name, code)
            for start, end, meanings in self._find(text, language, kind)
            for name, _, code in (meaning.partition("=") for meaning in meanings.split("|"))
        ]

    def _find_new_people(self, text: str, cues: Sequence[Cue], mentions: Sequence[Mention]) -> list[Mention]:
        """Returns the persons that are not in the registry."""
        if not self._speaker:
            return []
        posts, speech = ([(cue.start, cue.end) for cue in cues if cue.name == name] for name in (_POST, _SPEECH))
        people = find_people(text, posts, speech, [(mention.start, mention.end) for mention in mentions])
        self._people.update({slug(person.name): person for person in people})
        return [Mention(person.start, person.end, {self._speaker: (slug(person.name),)}) for person in people]

    def _find_new_places(self, text: str, language: str, mentions: Sequence[Mention], dates: Sequence[Date]) -> Iterator[Mention]:
        """Yields places that are not in the registry, by the words around them.

        They are a name before that of its area (*Chonburi, Thailand*), after a word such as *in*, or, in a script without spaces,
        between a place and a word such as *province*.
        """
        taken = [*((mention.start, mention.end) for mention in mentions), *((day.start, day.end) for day in dates)]
        spans = [
            (match.start(1), match.end(1)) for _, end, _ in self._find(text, language, "preposition") if (match := _NAME.match(text, end))
        ]
        queue = list(mentions)
        for mention in queue:
            if self._places[-1] in mention.entities and (match := _NAME_BEFORE.search(text, 0, mention.start)):
                spans.append((match.start(1), match.end(1)))
            if any(place in mention.entities for place in self._places):
                end = mention.end
                for start, length, _ in self._find(text[end : end + _LONGEST_NAME], language, "place-suffix"):
                    if start and _UNSPACED.fullmatch(text[mention.end : mention.end + length]):
                        spans.append((end, mention.end + length))
                        queue.append(Mention(*spans[-1], {self._places[0]: ()}))  # a place may follow in it
                        break
                    end = mention.end + length  # the suffix of the place itself
        for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
            if not any(start < last and first < end for first, last in taken):
                taken.append((start, end))
                yield Mention(start, end, {self._places[0]: (text[start:end],)})

    def _find(self, text: str, language: str, kind: str) -> Iterator[tuple[int, int, str]]:
        return find_meanings(text, language, self._words.get(kind, _NOTHING))

    # -- what a sentence speaks of --------------------------------------------------------------

    def _describe(self, analysis: Analysis, focus: _Focus) -> list[Description]:
        """Returns the entities that a sentence describes, and moves the focus to what it speaks of."""
        self._move_focus(analysis, focus)
        found: list[Description] = [
            self._describer.of_name(mention.start, mention.end, name, self._local(mention, name))
            for mention in analysis.mentions
            for name in mention.entities
            if self._kinds[name].role == DESCRIBED
        ]
        nouns = [noun for noun in analysis.nouns if noun.name in self._kinds and self._kinds[noun.name].role == DESCRIBED]
        for noun in nouns:
            is_named = any(named.start < noun.end and noun.start < named.end for named in found)
            if not is_named and (description := self._describe_noun(analysis, noun, focus)):
                found.append(description)
        if not nouns and not found:
            found = list(self._describe_by_place(analysis, focus))
        if found:
            focus.described = found[-1]
        return found

    def _move_focus(self, analysis: Analysis, focus: _Focus) -> None:
        """Moves the focus to the topic that a sentence begins with, and to its area."""
        topics = [mention for mention in analysis.mentions if self._topic in mention.entities]
        focus.topics |= {self._local(mention, self._topic) for mention in topics}
        if topics and (not focus.topic or topics[0].start <= _BEGINNING):
            focus.topic = self._local(topics[0], self._topic)
        for mention in self._find_areas(analysis):
            focus.area = self._local(mention, self._places[-1])

    def _find_areas(self, analysis: Analysis) -> Iterator[Mention]:
        """Yields the areas of a sentence, but for those that say where a topic comes from: *China's BYD*."""
        starts = {mention.start for mention in analysis.mentions if self._topic in mention.entities}
        for mention in analysis.mentions:
            if self._places[-1] in mention.entities and not any(mention.end <= start <= mention.end + _POSSESSIVE for start in starts):
                yield mention

    def _describe_noun(self, analysis: Analysis, noun: Cue, focus: _Focus) -> Description | None:
        related = self._around(analysis, noun)
        last = focus.described
        has_place = any(related.get(place) for place in self._places[:-1])
        if not has_place and self._places[-1] not in related:
            is_same = last and related.get(self._topic) in (None, last.related.get(self._topic), focus.topic)
            return replace(last, start=noun.start, end=noun.end) if last and is_same else None
        kind = self._kinds[noun.name]
        others = [self._local(mention, self._topic) for mention in analysis.mentions if self._topic in mention.entities]
        is_elsewhere = not has_place and (last is None or last.related.get(self._places[-1]) != related[self._places[-1]])
        for topic in dict.fromkeys(filter(None, (related.get(self._topic), *others, "" if is_elsewhere else focus.topic))):
            found = self._identify(noun, kind, {**related, self._topic: topic}, focus)
            if found and found.is_known:
                return found
        if last and not has_place and last.related.get(self._places[-1]) == related.get(self._places[-1]):
            return replace(last, start=noun.start, end=noun.end)
        related.setdefault(self._topic, focus.topic)
        return self._identify(noun, kind, related, focus)

    def _identify(self, cue: Cue, kind: Kind, related: Mapping[str, str], focus: _Focus) -> Description | None:
        """Returns the known entity with these relations, or a new one if its topic is in scope."""
        found = self._describer.identify(cue.start, cue.end, kind, related, focus.area)
        return found if found and (found.is_known or found.related[self._topic] in self._in_scope) else None

    def _describe_by_place(self, analysis: Analysis, focus: _Focus) -> Iterator[Description]:
        """Yields what a cue speaks of without a noun: *the maker began production in the city*."""
        for cue in analysis.cues:
            for kind in self._kinds.values():
                refers = f"{{{kind.name}}}"
                if kind.role == DESCRIBED and any(refers in cell for row in self._readings[cue.name].get("", ()) for _, cell in row.cells):
                    related = self._around(analysis, cue)
                    found = self._identify(cue, kind, related, focus)
                    if found and (found.is_known or any(related.get(place) for place in self._places[:-1])):
                        yield found
                        return

    def _around(self, analysis: Analysis, cue: Cue) -> dict[str, str]:
        """Returns the names near a word that describe it: the topic anywhere before it, others in its reach."""
        found: dict[str, str] = {}
        for name, kind in self._kinds.items():
            near = []
            for mention in self._find_areas(analysis) if kind.role == AREA else analysis.mentions:
                is_before = mention.end <= cue.start
                gap = cue.start - mention.end if is_before else mention.start - cue.end
                reach = len(analysis.sentence.text) if is_before and kind.role == TOPIC else _REACH
                is_apart = not is_before and any(cue.end <= other.start < mention.start for other in analysis.cues)
                if name in mention.entities and 0 <= gap <= reach and not is_apart:
                    near.append((gap + _OTHER_CLAUSE * (not is_before and kind.role == TOPIC), mention.start, mention))
            if near and kind.role != DESCRIBED:
                found[name] = self._local(min(near, key=lambda each: each[:2])[2], name)
        return found

    def _local(self, mention: Mention, kind: str) -> str:
        return self._registry.current(mention.entities[kind][0]).rpartition("/")[2]

    def _part(self, mention: Mention, kind: str, topics: Collection[str]) -> str:
        """Returns the entity of a short name that belongs to one of the topics of the text."""
        found = [self._registry.current(iri).rpartition("/")[2] for iri in mention.entities[kind]]
        return next((local for local in found if any(local.startswith(f"{topic}-") for topic in topics)), "")

    # -- what it states -------------------------------------------------------------------------

    def _read(self, context: _Context) -> Iterator[Proposal]:
        analysis = context.analysis
        for description in context.descriptions:
            for readings in self._readings[f"{_NOUN}={description.kind}"].values():
                yield from self._first(context, readings, description.start, description.end, {}, description)
        for mention in analysis.mentions:
            if self._speaker in mention.entities:
                yield from self._introduce(context, mention)
        for measure in analysis.measures:
            if chosen := self._choose(analysis, measure):
                given = {"number": f"{measure.number.normalize():f}", "unit": measure.unit, "qualifier": measure.comparator}
                yield from self._first(context, chosen, measure.start, measure.end, given)
        for cue in analysis.cues:
            for takes, readings in self._readings[cue.name].items():
                kind = self._topic if takes == _OTHER else takes
                if not takes:
                    yield from self._first(context, readings, cue.start, cue.end, {"code": cue.code})
                for mention in analysis.mentions if kind in self._kinds else ():
                    is_after = takes == _OTHER or self._kinds[kind].role == AREA
                    gap = mention.start - cue.end if is_after else max(mention.start - cue.end, cue.start - mention.end)
                    if kind in mention.entities and 0 <= gap <= (_VERB if self._kinds[kind].role == AREA else _REACH):
                        is_part = self._kinds[kind].role == PART
                        value = self._part(mention, kind, context.focus.topics) if is_part else self._local(mention, kind)
                        yield from self._first(context, readings, mention.start, mention.end, {takes: value})

    def _introduce(self, context: _Context, mention: Mention) -> Iterator[Proposal]:
        """Yields the row of a person whose post is named."""
        analysis, local = context.analysis, self._local(mention, self._speaker)
        posts = [cue for cue in analysis.cues if cue.name == _POST and max(cue.start - mention.end, mention.start - cue.end) <= _BEGINNING]
        post = min(posts, key=lambda cue: abs(cue.start - mention.start), default=None)
        person = self._people.get(local)
        given = {self._speaker: local, f"{self._speaker}_name": person.name if person else self._registry_name(local), self._topic: ""}
        if person and person.native:
            given[f"{self._speaker}_native"] = person.native
        if post:
            given["code"] = post.code or analysis.sentence.text[post.start : post.end]
            after = [each for each in analysis.mentions if self._topic in each.entities and 0 <= each.start - post.end <= _BEGINNING]
            if after:
                given[self._topic] = self._local(after[0], self._topic)
        if post or person:
            yield from self._first(context, self._readings[f"{_NOUN}={self._speaker}"][""], mention.start, mention.end, given)

    def _registry_name(self, local: str) -> str:
        found = self._registry.find_all(local, "")
        return self._registry.entities[found[0]].name() if found else local

    def _choose(self, analysis: Analysis, measure: Measure) -> Sequence[Reading]:
        """Returns the readings of the cue that is nearest to a measure, of those that take its dimension."""
        start, end = analysis.clause(measure.start)
        near = []
        for cue in analysis.cues:
            gap = max(measure.start - cue.end, cue.start - measure.end, 0)
            is_far = gap > (_REACH if measure.unit != NUMBER else _NEAR) or (measure.unit == NUMBER and not start <= cue.start < end)
            if not is_far and measure.dimension in self._readings[cue.name]:
                near.append(
                    (gap + _OTHER_CLAUSE * (not start <= cue.start < end) + _AFTER * (cue.end > measure.start), cue.start, cue.name)
                )
        return self._readings[min(near)[2] if near else ANY_CUE].get(measure.dimension, ())

    def _first(
        self,
        context: _Context,
        readings: Iterable[Reading],
        start: int,
        end: int,
        given: Mapping[str, str],
        description: Description | None = None,
    ) -> Iterator[Proposal]:
        """Yields the row of the first reading that can be filled for the words at a position."""
        analysis = context.analysis
        modality = analysis.modality(start)
        if modality == _DOUBTFUL:
            return
        referents, confidence = self._refer(context, start, description)
        referents |= {**self._dates(context, start, modality), **given}
        if referents.get(_OTHER, "-") == referents.get(self._topic):
            return
        for reading in readings:
            if reading.modality in ("", modality or "actual") and (cells := reading.fill(referents)) is not None:
                if not reading.table:
                    return
                extra = {"qualifier": given.get("qualifier", ""), _MODALITY: modality, "scope": analysis.scope(start)}
                if modality in _PLANNED:
                    extra["due"] = referents.get("due", "")
                cells = {column: value for column, value in {**extra, **cells}.items() if value}
                sentence = analysis.sentence
                yield Proposal(reading.table, cells, sentence.start, sentence.end, confidence, sentence.text[start:end], reading.composed)
                return

    def _refer(self, context: _Context, position: int, description: Description | None) -> tuple[dict[str, str], float]:
        """Returns what templates may refer to at a position, and how sure that is."""
        analysis, focus = context.analysis, context.focus
        referents, confidence = {}, 0.5
        for name, kind in self._kinds.items():
            is_placed = description is not None and kind.role in (PLACE, AREA)
            if kind.role != DESCRIBED and not is_placed and (mention := analysis.nearest(name, position)):
                referents[name] = self._local(mention, name)
        has_topic = self._topic in referents
        last = None if analysis.is_general else focus.described
        nearest = description or min(context.descriptions, key=lambda each: abs(each.start - position), default=None)
        confidence += 0.1 * has_topic + 0.2 * bool(nearest)
        if nearest is None and last and (focus.topic in ("", last.related.get(self._topic)) or not has_topic):
            nearest = last
        if nearest:
            confidence += 0.1 * nearest.is_known
            referents = {**nearest.related, **referents, nearest.kind: nearest.local, f"{nearest.kind}_name": nearest.name}
        own = description.related.get(self._topic) if description else None
        candidates = own, referents.get(self._topic), "" if analysis.is_general else focus.topic
        referents[self._topic] = next((topic for topic in candidates if topic in self._in_scope), "") or ""
        topics = dict.fromkeys(word.name for word in analysis.topics)
        referents |= {"topics": "|".join(topics), "about": f"Speaks of {', '.join(topics)}.", "position": str(analysis.sentence.start)}
        return referents, round(confidence, 2)

    def _dates(self, context: _Context, position: int, modality: str) -> dict[str, str]:
        """Returns the cells for the date nearest to a position, first of its clause."""
        analysis, published = context.analysis, context.published
        start, end = analysis.clause(position)
        found = {"published": format_days(published), "day": format_days(published)}
        nearest = min(analysis.dates, key=lambda each: (not start <= each.start < end, abs(each.start - position)), default=None)
        if nearest is None:
            return found
        days = choose_days(nearest, published[1], is_planned=modality in _PLANNED)
        cell = format_days(days)
        if days[0] > published[1] or (modality in _PLANNED and days[1] > published[1]):
            return {**found, "due": cell}
        return {**found, "date": cell, "day": cell, "from": cell, "to": cell}


def choose_days(found: Date, today: date, *, is_planned: bool) -> Days:
    """Returns what a date means most likely: of the past what has happened, of the future what is planned."""
    past = [days for days in found.readings if days[0] <= today]
    future = [days for days in found.readings if days[1] >= today]
    if is_planned and future:
        return min(future)
    return max(past) if past else found.readings[0]


def format_days(days: Days) -> str:
    """Returns days as a cell of a table: ``2025``, ``2025-H1``, ``2025-Q3``, ``2025-07`` or a day."""
    first, last = days
    months = last.month - first.month + 1
    is_whole = first.day == 1 and first.year == last.year and date.fromordinal(last.toordinal() + 1).day == 1
    if is_whole and months == 12:
        return f"{first.year}"
    if is_whole and months in (3, 6) and (first.month - 1) % months == 0:
        return f"{first.year}-{'Q' if months == 3 else 'H'}{1 + first.month // months}"
    if is_whole and months == 1:
        return f"{first.year}-{first.month:02}"
    return last.isoformat()
