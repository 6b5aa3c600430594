"""What is in a sentence: names, dates, measures, and words that stand for something."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nevkg.contribute.cells import slug
from nevkg.propose.entity_names import Mention, Names, Roles
from nevkg.propose.new_organizations import NewOrganizations, OrganizationName
from nevkg.reading.cities import find_city, find_unspaced
from nevkg.reading.dates import Date, read_dates
from nevkg.reading.documents import Document
from nevkg.reading.measures import MONEY, NUMBER, Measure, read_measures
from nevkg.reading.people import Person, find_employers, find_people
from nevkg.reading.sentences import Sentence, find_tables, split_sentences
from nevkg.reading.spans import Found, TextSpan, choose_longest
from nevkg.reading.words import Vocabulary, find_meanings

_ENTRY = "entry"  # the cue of what follows the label of a line
DOUBTFUL = "-"  # the modality of what is denied or in doubt
POST, OFFICE, SPEECH = "post", "office", "claim"  # a post in an organisation, one of a state, a word such as "said"
_CLAUSE_END = re.compile(r"[,;:，；：、](?!\d)|\s[–—-]\s")
_CAPITALISED = r"([A-Z][\w'’-]+(?: [A-Z][\w'’-]+){0,2})"
_NAME = re.compile(rf"\s+(?:the\s+)?{_CAPITALISED}(?!['’]s\b)")
_NAME_BEFORE = re.compile(rf"\b{_CAPITALISED}, (?:\w+ )?$")  # before its area, as in "Chonburi, Thailand"
_LABEL = re.compile(r"[^:：。]{2,60}(?=: |：)")
_NAME_IN_LABEL = re.compile(rf"[,(] ?{_CAPITALISED}(?=[,):]|$)")
_NAME_IN_CELL = re.compile(r", (\w[^,:]*)")
_UNSPACED = re.compile(r"[\u3400-\u9fff]+")
_AFTER_NAME = re.compile(r"[的，。、（ ]|$")
_LONGEST_NAME = 8  # characters of a place in a script without spaces
_NAME_AFTER_POST = 40  # characters between a post and the name of an organisation
_POSSESSIVE = 3  # characters between an area and the topic that comes from it
_DATELINE = 60  # characters at the beginning of a sentence, where the place may be from which it was sent
_CHANGE = 15  # characters between a figure and the one that takes its place
_VERB = 12  # characters after the beginning of a cue where a word such as "will" may be
_MODALITY, _MANY = "modality", "many"
_RESPECTIVELY = "respectively"
_COMMON = "common"  # the meaning of the end of a common noun, such as "port city", in the words that end the name of a place


@dataclass(frozen=True)
class Cue(TextSpan):
    """A word that stands for a reading, such as *inaugurated*.

    Attributes:
        name: which readings it stands for.
        code: a value that it gives, such as *painting* of a workshop; otherwise empty.
    """

    name: str
    code: str = ""


@dataclass(frozen=True)
class Analysis:
    """What is in a sentence. Positions are those of its text; new persons and organisations are also among the mentions, by slug."""

    roles: Roles
    sentence: Sentence
    people: Mapping[str, Person]
    organizations: Mapping[str, OrganizationName]
    mentions: Sequence[Mention]
    dates: Sequence[Date]
    measures: Sequence[Measure]
    cues: Sequence[Cue]
    nouns: Sequence[Cue]
    modalities: Sequence[Cue]
    negations: Sequence[Cue]
    scopes: Sequence[Cue]
    topics: Sequence[Cue]
    targets: Sequence[Cue]
    prepositions: Sequence[Cue]
    origins: Sequence[Cue]

    def clause(self, position: int) -> tuple[int, int]:
        """Returns start and end of the clause that a position is in."""
        start, end = 0, len(self.sentence.text)
        for match in _CLAUSE_END.finditer(self.sentence.text):
            if match.start() >= position:
                end = match.start()
                break
            start = match.end()
        return start, end

    def modality(self, words: TextSpan) -> str:
        """Returns the modality of what some words say; empty for actual, ``-`` if it is denied or in doubt."""
        position = words.start
        first, last = self.clause(position)
        reach = max(position + _VERB, words.end)
        if any(first <= word.start <= position for word in self.negations):
            return DOUBTFUL
        within = [word.name for word in self.modalities if first <= word.start <= reach and word.start < last]
        # Parts of an enumeration have the modality of what it begins with: "will have a press shop, a body shop and a paint shop".
        is_part = first > 0 and not within and not any(first <= cue.start < last and not cue.code for cue in self.cues)
        modality = self.modality(TextSpan(first - 1, first)) if is_part else (within or [""])[-1]
        return "" if is_part and modality == DOUBTFUL else modality

    def is_replaced(self, measure: Measure) -> bool:
        """Whether a measure is one before a change: *from 15%* to another one."""
        after = [other for other in self.measures if other.dimension == measure.dimension and 0 < other.start - measure.end <= _CHANGE]
        return bool(after) and any(0 <= measure.start - word.end <= 1 for word in self.origins)

    def scope(self, position: int) -> str:
        """Returns the part of the subject that is spoken of at a position; empty for all."""
        first, last = self.clause(position)
        return next((word.name for word in self.scopes if first <= word.start < last), "")

    @property
    def is_general(self) -> bool:
        """Whether the sentence speaks of many, such as *carmakers*, or begins with an area."""
        first = next((mention.entities for mention in self.mentions if mention.start == 0), {})
        begins_with_area = self.roles.area in first and first.keys().isdisjoint(self.roles.places)
        return begins_with_area or any(noun.name == _MANY for noun in self.nouns)

    @property
    def areas(self) -> list[Mention]:
        """The areas that it names, but for those that say where a topic comes from: *China's BYD*."""
        starts = {mention.start for mention in self.mentions if self.roles.topic in mention.entities}
        return [
            mention
            for mention in self.mentions
            if self.roles.area in mention.entities
            and mention.entities[self.roles.area][0].rpartition("/")[2] not in self.roles.homes
            and not any(mention.end <= start <= mention.end + _POSSESSIVE for start in starts)
        ]

    def nearest(self, kind: str, position: int, leave_out: Callable[[Mention], bool]) -> Mention | None:
        """Returns the last mention of a kind that begins at or before a position, otherwise the first one.

        For a measure it is the next one, if the first measure of the sentence has none before it: *5,000 to France and 3,000 to Italy*.
        With a word such as *respectively*, the measures are those of as many mentions, in their order.
        """
        found = [mention for mention in self.mentions if kind in mention.entities and not leave_out(mention)]
        own = {measure.dimension for measure in self.measures if measure.start == position}
        # In "4,100 and 2,700 vehicles", the first number has no unit.
        alike = [measure.start for measure in self.measures if own and (measure.dimension in own or NUMBER in (measure.dimension, *own))]
        if len(alike) == len(found) and any(noun.name == _RESPECTIVELY for noun in self.nouns):
            return found[alike.index(position)] if found else None
        before = [mention for mention in found if mention.start <= position]
        after = found[len(before) :]
        is_measure = any(measure.start == position for measure in self.measures)
        if after and (not before or (is_measure and self.measures[0].start < found[0].start)):
            return after[0]
        return before[-1] if before else None


class Analyser:
    """Finds what is in sentences."""

    def __init__(self, names: Names, roles: Roles, words: Vocabulary) -> None:
        self.names, self._roles, self._words = names, roles, words

    def analyse(self, sentence: Sentence, document: Document, new: NewOrganizations, countries: Collection[str]) -> Analysis:
        """Returns what is in a sentence of a document with some new organisations, which names some countries (ISO codes)."""
        assert document.published
        text, language = sentence.text, document.language
        place = next((word.end for word in self._find(text[:_DATELINE], language, "dateline")), 0)
        mentions = [mention for mention in self.names.find(text, language) if mention.start >= place]
        organizations = [found for found in new.find(text) if not found.overlaps(*mentions)]
        mentions += [Mention(found.start, found.end, {self._roles.topic: (found.meaning,)}) for found in organizations]
        dates = read_dates(text, language, self._words["date"], document.published[1])
        mentions += list(self._find_new_places(sentence, language, mentions, dates, countries))
        cues = self._find_cues(text, language, "cue")
        people = self._find_new_people(text, language, cues, mentions)
        mentions += [Mention(person.start, person.end, {self._roles.speaker: (local,)}) for local, person in people.items()]
        mentions.sort(key=lambda mention: mention.start)
        taken = [*mentions, *(day for day in dates if not text[day.start : day.end].isdecimal())]
        measures = read_measures(text, language, self._words, taken)
        money = [measure for measure in measures if measure.dimension == MONEY]
        mentions = [mention for mention in mentions if not mention.overlaps(*money)]  # "U.S. dollars" is no place
        dates = [day for day in dates if not day.overlaps(*measures)]
        words = [
            self._find_cues(text, language, kind)
            for kind in ("noun", _MODALITY, "negation", "scope", "topic", "target", "preposition", "origin")
        ]
        words[1] = [word for word in words[1] if not word.overlaps(*dates)]  # "in May" is no "may"
        if end := self._find_label(text, mentions, cues):
            cues.append(Cue(end, end, _ENTRY))
            if not any(noun.end <= end for noun in words[0]):
                words[0].append(Cue(end, end, self._roles.described))
        names = {found.meaning: new.names[found.meaning] for found in organizations}
        return Analysis(self._roles, sentence, people, names, mentions, dates, measures, cues, *words)

    def read_sentences(self, document: Document) -> list[Sentence]:
        """Returns the sentences of a document in order, with those that the cells of its tables make."""
        tables = list(find_tables(document.text, self._words["column"].of(document.language)))
        outside = (each for each in split_sentences(document.text) if not any(table.start <= each.start < table.end for table in tables))
        return sorted([*outside, *(each for table in tables for each in table.cells)], key=lambda each: each.start)

    def _find_label(self, text: str, mentions: Sequence[Mention], cues: Sequence[Cue]) -> int:
        """Returns where the label of a line ends that names a topic and its place, and says nothing else of them; 0 for none.

        *BYD, Rayong: 150,000 a year* has one, *In Rayong, BYD said: ...* has none.
        """
        end = label.end() if (label := _LABEL.match(text)) else 0
        named = {kind for mention in mentions for kind in mention.entities if mention.end <= end}
        is_label = self._roles.topic in named and not named.isdisjoint(self._roles.places)
        return end if is_label and not any(cue.start < end for cue in cues) else 0

    def _find_cues(self, text: str, language: str, kind: str) -> list[Cue]:
        return [
            Cue(word.start, word.end, name, code)
            for word in self._find(text, language, kind)
            for name, _, code in (meaning.partition("=") for meaning in word.meaning.split("|"))
        ]

    def find_employer(self, analysis: Analysis, language: str, person: Mention, post: Cue | None) -> Mention | None:
        """Returns for whom a person works by the words beside the post or, without one, the name; a new organisation by its name."""
        text, topic = analysis.sentence.text, self._roles.topic
        place = post or person
        named = [mention for mention in analysis.mentions if topic in mention.entities]
        if post and (before := [mention for mention in named if 0 <= post.start - mention.end <= _POSSESSIVE]):
            return before[-1]
        for span in find_employers(text, language, self._words, place):
            around = [mention for mention in analysis.mentions if mention.start <= span.start and span.end <= mention.end]
            whole = [mention for mention in around if mention in named]
            if whole or not (around or span.overlaps(person) or (post and post.name == OFFICE)):
                return whole[0] if whole else Mention(span.start, span.end, {topic: (text[span.start : span.end],)})
        after = [mention for mention in named if 0 <= mention.start - place.end <= _NAME_AFTER_POST]
        return after[0] if post and after else None

    def _find_new_people(self, text: str, language: str, cues: Sequence[Cue], mentions: Sequence[Mention]) -> dict[str, Person]:
        """Returns the persons that are not in the registry, by slug."""
        if not self._roles.speaker:
            return {}
        posts, speech = ([cue for cue in cues if cue.name in names] for names in ((POST, OFFICE), (SPEECH,)))
        people = find_people(text, language, self._words, posts, speech, mentions)
        return {slug(person.name): person for person in people}

    def _find_new_places(
        self, sentence: Sentence, language: str, mentions: Sequence[Mention], dates: Sequence[Date], countries: Collection[str]
    ) -> Iterator[Mention]:
        """Yields places that are not in the registry, by the words around them.

        They are a name before that of its area (*Chonburi, Thailand*), after a word such as *in*, after a topic in a label (*BYD,
        Rayong:*) or, in a script without spaces, a city of the world, between a place and a word such as *province*, or letters that
        transcribe names, beside another name.
        """
        text, nouns = sentence.text, self._find_cues(sentence.text, language, "noun")
        after = (_NAME.match(text, word.end) for word in self._find(text, language, "preposition"))
        spans = [TextSpan(*match.span(1)) for match in after if match]
        cities = list(find_unspaced(text, countries))
        queue = [*mentions, *(Mention(city.start, city.end, {self._roles.places[0]: ()}) for city in cities)]
        for mention in queue:
            if self._roles.area in mention.entities and (match := _NAME_BEFORE.search(text, 0, mention.start)):
                spans.append(TextSpan(*match.span(1)))
            if any(place in mention.entities for place in (*self._roles.places, self._roles.area)):
                end = mention.end
                for suffix in self._find(text[end : end + _LONGEST_NAME], language, "place-suffix"):
                    last = mention.end + suffix.end
                    if suffix.start and suffix.meaning != _COMMON and _UNSPACED.fullmatch(text[mention.end : last]):
                        spans.append(TextSpan(end, last))
                        queue.append(Mention(end, last, {self._roles.places[0]: ()}))  # a place may follow in it
                        break
                    end = last  # the suffix of the place itself, or a common noun
        topics = [mention for mention in mentions if self._roles.topic in mention.entities]
        if topics and (label := _LABEL.match(text, topics[0].end)):
            pattern = _NAME_IN_CELL if sentence.is_cell else _NAME_IN_LABEL
            spans += [TextSpan(*match.span(1)) for match in pattern.finditer(text, *label.span())]
        if letters := "".join(self._words["place-letters"].of(language)):
            anchors = [*(mention.end for mention in mentions), *(word.end for word in self._find(text, language, "preposition"))]
            following = [word.start for word in (*nouns, *self._find_cues(text, language, "cue"))]
            for match in (re.compile(rf"[{letters}]{{2,{_LONGEST_NAME}}}").match(text, anchor) for anchor in anchors):
                if match and (match.end() in following or _AFTER_NAME.match(text, match.end())):
                    spans.append(TextSpan(*match.span()))
        known = {(city.start, city.end): city.meaning for city in cities}
        for span in choose_longest(span for span in (*spans, *cities) if not span.overlaps(*mentions, *dates)):
            name, is_city = text[span.start : span.end], (span.start, span.end) in known
            city = known[span.start, span.end] if is_city else find_city(name, countries)
            area = self.names.find_iri(city.country) if city else ""
            place = {self._roles.places[0]: (city.name if city and is_city else name,)}
            yield Mention(span.start, span.end, {**place, **({self._roles.area: (area,)} if area else {})})

    def _find(self, text: str, language: str, kind: str) -> Iterator[Found[str]]:
        return find_meanings(text, language, self._words[kind])
