"""Proposes rows of the tables from a text. What words mean is data in the ontology; sentences, numbers and dates are not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from nevkg.contribute.descriptions import Describer, Description, Relations
from nevkg.contribute.mentions import AREA, DESCRIBED, PLACE, TOPIC, Kind, Mention, Names
from nevkg.contribute.readings import ANY_CUE, Reading
from nevkg.contribute.registry import Registry
from nevkg.reading.dates import Date, Days, read_dates
from nevkg.reading.documents import Document
from nevkg.reading.measures import Measure, read_measures
from nevkg.reading.sentences import Sentence, split_sentences
from nevkg.reading.words import Words, find_meanings

_CLAUSE_END = re.compile(r"[,;:，；：、](?!\d)|\s[–—-]\s")
_NOTHING = Words({})
_REACH = 90  # characters between a cue and a name in the same sentence that it may speak of
_OTHER_CLAUSE, _AFTER = 30, 5  # characters that a cue in another clause, or after a number, counts as farther away
# A name before that of its area, as in "in Chonburi, Thailand".
_BEFORE_AREA = re.compile(r"\b([A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2}), (?:\w+ )?$")
_UNSPACED = re.compile(r"[\u3400-\u9fff]+")
_LONGEST_NAME = 8  # characters of a place in a script without spaces
_VERB = 12  # characters after the beginning of a cue where a word such as "will" may be
_PLANNED = frozenset({"planned", "target", "forecast"})
_DOUBTFUL = "-"
_OTHER = "other"  # another entity of the topic's kind
_MODALITY = "modality"


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

    def nearest(self, kind: str, position: int) -> Mention | None:
        """Returns the last mention of a kind before a position, otherwise the first one."""
        found = [mention for mention in self.mentions if kind in mention.entities]
        before = [mention for mention in found if mention.end <= position]
        return before[-1] if before else next(iter(found), None)


@dataclass
class _Focus:
    """What the text has spoken of last, which *the company* and *the plant* refer to."""

    topic: str = ""
    described: Description | None = None


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
        self, registry: Registry, kinds: Mapping[str, Kind], readings: Iterable[Reading], words: Mapping[str, Words], relations: Relations
    ) -> None:
        """Prepares the names, and the readings by cue.

        Args:
            registry: the known entities.
            kinds: kinds of entities by name.
            readings: what cues stand for.
            words: words of all kinds.
            relations: what is known of entities that texts describe.
        """
        self._registry, self._kinds, self._words = registry, kinds, words
        self._names = Names(registry, kinds.values(), words.get("place", _NOTHING))
        self._describer = Describer(registry, kinds, relations)
        (self._topic,) = (name for name, kind in kinds.items() if kind.role == TOPIC)
        self._places = [name for name, kind in kinds.items() if kind.role in (PLACE, AREA)]
        self._readings: dict[str, dict[str, list[Reading]]] = defaultdict(lambda: defaultdict(list))
        for reading in readings:
            self._readings[reading.cue][reading.takes].append(reading)

    def propose(self, document: Document) -> list[Proposal]:
        """Returns the rows that a text states, in the order of the text; of repetitions the most certain one."""
        assert document.published
        focus = _Focus()
        self._describe(self._analyse(Sentence(0, 0, document.title), document), focus)
        best: dict[tuple[str, frozenset[tuple[str, str]]], Proposal] = {}
        for sentence in split_sentences(document.text):
            if sentence.text == document.title:
                continue
            analysis = self._analyse(sentence, document)
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
        mentions += self._find_new_places(text, language, mentions)
        mentions.sort(key=lambda mention: mention.start)
        dates = read_dates(text, language, self._words.get("date", _NOTHING), document.published[1])
        taken = [(name.start, name.end) for name in mentions]
        measures = read_measures(
            text, language, self._words, [*taken, *((day.start, day.end) for day in dates if not text[day.start : day.end].isdecimal())]
        )
        dates = [day for day in dates if not any(measure.start < day.end and day.start < measure.end for measure in measures)]
        found = {
            kind: [
                Cue(start, end, name, code)
                for start, end, meanings in find_meanings(text, language, self._words.get(kind, _NOTHING))
                for name, _, code in (meaning.partition("=") for meaning in meanings.split("|"))
            ]
            for kind in ("cue", "noun", _MODALITY, "negation", "scope", "topic")
        }
        return Analysis(sentence, mentions, dates, measures, *found.values())

    def _find_new_places(self, text: str, language: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
        """Yields places that are not in the registry: a name before that of its area, or after it with a word such as *province*."""
        for area in mentions:
            if self._places[-1] not in area.entities:
                continue
            before = _BEFORE_AREA.search(text, 0, area.start)
            if before and not any(mention.start < before.end(1) and before.start(1) < mention.end for mention in mentions):
                yield Mention(before.start(1), before.end(1), {self._places[0]: (before[1],)})
            for _, end, _ in find_meanings(text[area.end : area.end + _LONGEST_NAME], language, self._words.get("place-suffix", _NOTHING)):
                start, end = area.end, area.end + end
                if _UNSPACED.fullmatch(text[start:end]) and not any(mention.start < end and start < mention.end for mention in mentions):
                    yield Mention(start, end, {self._places[0]: (text[start:end],)})
                break

    # -- what a sentence speaks of --------------------------------------------------------------

    def _describe(self, analysis: Analysis, focus: _Focus) -> list[Description]:
        """Returns the entities that a sentence describes, and moves the focus to what it speaks of."""
        if mention := analysis.nearest(self._topic, 0):
            focus.topic = self._local(mention, self._topic)
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
            found = list(self._describe_by_place(analysis))
        if found:
            focus.described = found[-1]
        return found

    def _describe_noun(self, analysis: Analysis, noun: Cue, focus: _Focus) -> Description | None:
        related = self._around(analysis, noun)
        last = focus.described
        if not any(related.get(place) for place in self._places):
            is_same = last and related.get(self._topic) in (None, last.related.get(self._topic))
            return replace(last, start=noun.start, end=noun.end) if last and is_same else None
        related.setdefault(self._topic, focus.topic)
        found = self._describer.identify(noun.start, noun.end, self._kinds[noun.name], related)
        is_vague = found and not found.is_known and not any(related.get(place) for place in self._places[:-1])
        if last and is_vague and all(last.related.get(name) == found.related.get(name) for name in (self._topic, self._places[-1])):  # type: ignore[union-attr]
            return replace(last, start=noun.start, end=noun.end)
        return found

    def _describe_by_place(self, analysis: Analysis) -> Iterator[Description]:
        """Yields what a cue speaks of without a noun: *the maker began production in the city*."""
        for cue in analysis.cues:
            for kind in self._kinds.values():
                refers = f"{{{kind.name}}}"
                if kind.role == DESCRIBED and any(
                    refers in cell for some in self._readings[cue.name].values() for row in some for _, cell in row.cells
                ):
                    related = self._around(analysis, cue)
                    found = self._describer.identify(cue.start, cue.end, kind, related)
                    if found and (found.is_known or any(related.get(place) for place in self._places[:-1])):
                        yield found
                        return

    def _around(self, analysis: Analysis, cue: Cue) -> dict[str, str]:
        """Returns the names near a word that describe it: the topic anywhere before it, others in its reach."""
        found: dict[str, str] = {}
        for name, kind in self._kinds.items():
            near = []
            for mention in analysis.mentions:
                is_before = mention.end <= cue.start
                gap = cue.start - mention.end if is_before else mention.start - cue.end
                reach = len(analysis.sentence.text) if is_before and kind.role == TOPIC else _REACH
                if name in mention.entities and 0 <= gap <= reach:
                    near.append((gap + _OTHER_CLAUSE * (not is_before and kind.role == TOPIC), mention.start, mention))
            if near and kind.role != DESCRIBED:
                found[name] = self._local(min(near, key=lambda each: each[:2])[2], name)
        return found

    def _local(self, mention: Mention, kind: str) -> str:
        return self._registry.current(mention.entities[kind][0]).rpartition("/")[2]

    # -- what it states -------------------------------------------------------------------------

    def _read(self, context: _Context) -> Iterator[Proposal]:
        analysis = context.analysis
        for description in context.descriptions:
            for readings in self._readings[f"noun={description.kind}"].values():
                given = {**description.related, description.kind: description.local}
                yield from self._first(context, readings, description.start, description.end, given, description)
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
                    gap = mention.start - cue.end if takes == _OTHER else max(mention.start - cue.end, cue.start - mention.end)
                    if kind in mention.entities and 0 <= gap <= _REACH:
                        yield from self._first(context, readings, mention.start, mention.end, {takes: self._local(mention, kind)})

    def _choose(self, analysis: Analysis, measure: Measure) -> Sequence[Reading]:
        """Returns the readings of the cue that is nearest to a measure, of those that take its dimension."""
        start, end = analysis.clause(measure.start)
        near = []
        for cue in analysis.cues:
            gap = max(measure.start - cue.end, cue.start - measure.end, 0)
            if gap <= _REACH and measure.dimension in self._readings[cue.name]:
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
            if kind.role != DESCRIBED and (mention := analysis.nearest(name, position)):
                referents[name] = self._local(mention, name)
        confidence += 0.1 * (self._topic in referents)
        referents.setdefault(self._topic, focus.topic)
        nearest = description or min(context.descriptions, key=lambda each: abs(each.start - position), default=None)
        confidence += 0.2 * bool(nearest)
        last = focus.described
        if nearest is None and last and referents[self._topic] in ("", last.related.get(self._topic)):
            nearest = last
        if nearest:
            confidence += 0.1 * nearest.is_known
            referents[nearest.kind], referents[f"{nearest.kind}_name"] = nearest.local, nearest.name
            referents = {**nearest.related, **{name: value for name, value in referents.items() if value}}
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
