"""What a sentence speaks of: the entities that it describes, and what the text goes on with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nevkg.contribute.registry import Registry
from nevkg.propose.entity_names import AREA, DESCRIBED, PART, TOPIC, Kind, Mention, Roles
from nevkg.propose.identification import Describer, Description
from nevkg.propose.new_organizations import NewOrganizations
from nevkg.propose.readings import Reading
from nevkg.propose.sentence_parts import Analysis, Cue
from nevkg.reading.dates import Days

REACH = 90  # characters between a cue and a name in the same sentence that it may speak of
DESTINATION = 12  # characters between a word and the place that it leads to
BEGINNING = 40  # characters of a sentence that its topic begins within
OTHER_CLAUSE = 30  # characters that what is in another clause counts as farther away
HOST = "host"  # a topic that is out of scope, at whose site a described entity is


@dataclass
class Focus:
    """What the text has spoken of last, which *the company* and *the plant* refer to.

    Attributes:
        topic: local name of the last topic.
        area: that of the last area.
        place: the last place, by kind.
        described: the last entity that was described.
        descriptions: all of them.
        titled: new ones that the title has described.
        states: local name of a described entity to the modality of what is said of it: a project's jobs are planned ones.
        topics: all topics so far.
        period: the last period, which figures without a date are of.
        counted: what the last figure was, such as exports; those in a table below it are the same.
        new: the organisations that the registry does not know.
    """

    topic: str = ""
    area: str = ""
    place: Mapping[str, str] = field(default_factory=dict)
    described: Description | None = None
    descriptions: list[Description] = field(default_factory=list)
    titled: Sequence[Description] = ()
    states: dict[str, str] = field(default_factory=dict)
    topics: set[str] = field(default_factory=set)
    period: Days | None = None
    counted: Cue | None = None
    new: NewOrganizations = field(default_factory=NewOrganizations)


class Subjects:
    """Finds what sentences speak of."""

    def __init__(
        self,
        registry: Registry,
        kinds: Mapping[str, Kind],
        describer: Describer,
        readings: Mapping[str, Mapping[str, Sequence[Reading]]],
        in_scope: Collection[str],
        general: Collection[str],
        without: Collection[str],
    ) -> None:
        """Keeps what descriptions are compared with.

        Args:
            readings: those of each cue, by what they take.
            in_scope: local names of the topics that rows may be about.
            general: topics that stand for many, and have no entity that texts describe.
            without: topics that have none by what they are, such as offices.
        """
        self._registry, self._kinds, self._roles, self._describer = registry, kinds, Roles.of(kinds), describer
        self._readings, self._in_scope, self._without = readings, in_scope, frozenset(without)
        self._owners = frozenset(in_scope) - frozenset(general) - self._without

    def describe(self, analysis: Analysis, focus: Focus) -> list[Description]:
        """Returns the entities that a sentence describes, and moves the focus to what it speaks of."""
        self._move_focus(analysis, focus)
        found: list[Description] = [
            self._describer.of_name(mention, name, self.local(mention, name))
            for mention in analysis.mentions
            for name in mention.entities
            if self._kinds[name].role == DESCRIBED
        ]
        nouns = [noun for noun in analysis.nouns if noun.name in self._kinds and self._kinds[noun.name].role == DESCRIBED]
        for noun in nouns:
            if not noun.overlaps(*found) and (description := self._describe_noun(analysis, noun, focus)):
                found.append(description)
        if not nouns and not found:
            found = list(self._describe_by_place(analysis, focus)) or list(self._describe_by_title(analysis, focus))
        if found:
            focus.described = found[-1]
            focus.descriptions += found
        return found

    def _move_focus(self, analysis: Analysis, focus: Focus) -> None:
        """Moves the focus to the topic that a sentence begins with, and to its area."""
        mentions = [mention for mention in analysis.mentions if self._roles.topic in mention.entities]
        others = analysis.organizations.keys() - focus.new.local.keys()
        topics = [mention for mention in mentions if self.local(mention, self._roles.topic) not in others]
        focus.topics |= {self.local(mention, self._roles.topic) for mention in topics}
        is_office = bool(topics) and self.local(topics[0], self._roles.topic) in self._without
        if topics and (not focus.topic or (topics[0].start <= BEGINNING and not is_office)):
            focus.topic = self.local(topics[0], self._roles.topic)
            # What was said before of the topic's own entity goes on: "BYD's is the largest. It stood still."
            own = [each for each in focus.descriptions if self._describer.may_be_of(focus.topic, each)]
            focus.described = next(reversed(own), focus.described)
        for mention in analysis.areas:
            focus.area = self.local(mention, self._roles.area)
        for mention in analysis.mentions:
            if places := {name: self.local(mention, name) for name in self._roles.places if name in mention.entities}:
                focus.place = places

    def _describe_noun(self, analysis: Analysis, noun: Cue, focus: Focus) -> Description | None:
        related = self._around(analysis, noun)
        last = focus.described
        has_place = any(related.get(place) for place in self._roles.places)
        if not has_place and self._roles.area not in related:
            if last and self._describer.may_be_of(related.get(self._roles.topic), last):
                return replace(last, start=noun.start, end=noun.end)
            # "The plant" before any other is the known one of the topic in the place of which the text has spoken.
            before = {self._roles.topic: focus.topic, **focus.place, self._roles.area: focus.area, **related}
            found = self._identify(analysis, noun, self._kinds[noun.name], before, focus)
            is_there = any(self._describer.is_at(found, before[name]) for name in self._roles.places if name in before) if found else False
            return found if found and found.is_known and is_there else None
        kind, nearest = self._kinds[noun.name], related.get(self._roles.topic)
        host = {HOST: nearest} if nearest and not self.is_in_scope(nearest, focus) else {}
        others = self.topics_of(analysis)
        is_elsewhere = not has_place and (last is None or last.related.get(self._roles.area) != related[self._roles.area])
        for topic in dict.fromkeys(filter(None, (nearest, *others, "" if is_elsewhere else focus.topic))):
            if topic in self._without:
                continue
            found = self._identify(analysis, noun, kind, {**related, self._roles.topic: topic}, focus)
            if found and found.is_known:
                return replace(found, related={**found.related, **host})
        if last and not has_place and last.related.get(self._roles.area) == related.get(self._roles.area):
            return replace(last, start=noun.start, end=noun.end)
        owner = next((topic for topic in (nearest, *others) if topic and self._is_owner(topic, focus)), "")
        if has_place and not owner and (same := self._find_described(related, focus)):
            return replace(same, start=noun.start, end=noun.end)
        related[self._roles.topic] = owner or focus.topic
        found = self._identify(analysis, noun, kind, related, focus)
        if found is None:
            return None
        found = self._locate(found, focus)
        return replace(found, related={**found.related, **host})

    def _locate(self, found: Description, focus: Focus) -> Description:
        """Returns what the title says of a new entity if only that has its city: a plant *in Semarang*, in the text *in Central Java*."""
        if found.is_known or self._roles.places[0] in found.related:
            return found
        shared = (self._roles.topic, self._roles.area)
        alike = (each for each in focus.titled if all(each.related.get(name) == found.related.get(name) for name in shared))
        titled = next((each for each in alike if self._roles.places[0] in each.related), None)
        return replace(titled, start=found.start, end=found.end, related={**found.related, **titled.related}) if titled else found

    def _find_described(self, related: Mapping[str, str], focus: Focus) -> Description | None:
        """Returns the last described entity that is in a place: *the plant in the city*, after whose it is was said."""
        places = [related[name] for name in self._roles.places if name in related]
        return next((each for each in reversed(focus.descriptions) if any(self._describer.is_at(each, place) for place in places)), None)

    def _identify(self, analysis: Analysis, cue: Cue, kind: Kind, related: Mapping[str, str], focus: Focus) -> Description | None:
        """Returns the known entity with these relations, or a new one if its topic is in scope."""
        names = (self._roles.topic, *self._roles.places, *(name for name, each in self._kinds.items() if each.role == PART))
        others = {self.local(mention, name) for mention in analysis.mentions for name in names if name in mention.entities}
        others.discard(related.get(self._roles.topic, ""))
        text, is_named = analysis.sentence.text, cue in analysis.nouns
        found = self._describer.identify(cue, kind, related, focus.area, text, others, focus.new.names, is_named=is_named)
        if found and not found.is_known and not self._is_owner(found.related[self._roles.topic], focus):
            return None
        return found

    def is_in_scope(self, topic: str, focus: Focus) -> bool:
        """Whether rows may be about a topic."""
        return topic in self._in_scope or topic in focus.new.local

    def _is_owner(self, topic: str, focus: Focus) -> bool:
        return topic in self._owners or topic in focus.new.local

    def _describe_by_place(self, analysis: Analysis, focus: Focus) -> Iterator[Description]:
        """Yields what a cue speaks of without a noun: *the maker began production in the city*."""
        for cue in analysis.cues:
            for kind in (kind for kind in self._kinds.values() if kind.role == DESCRIBED):
                takes = {takes for takes, rows in self._readings[cue.name].items() if any(map(self.is_of_described, rows))}
                parts = [mention for mention in analysis.mentions if self._kinds.keys() & takes & mention.entities.keys()]
                if not takes or ("" not in takes and not parts):
                    continue
                related = self._around(analysis, cue)
                found = self._identify(analysis, cue, kind, related, focus)
                is_enough = found and found.is_known and ("" in takes or self._is_site(analysis, related, may_be_area=True))
                if found and (is_enough or ("" in takes and self._is_site(analysis, related, may_be_area=False))):
                    yield found
                    return

    def _describe_by_title(self, analysis: Analysis, focus: Focus) -> Iterator[Description]:
        """Yields what the title has described, in a place that the sentence names, too."""
        for mention in analysis.mentions:
            for name in (name for name in self._roles.places if name in mention.entities):
                for titled in focus.titled:
                    if titled.related.get(name) == self.local(mention, name):
                        yield replace(titled, start=mention.start, end=mention.end)
                        return

    def _is_site(self, analysis: Analysis, related: Mapping[str, str], *, may_be_area: bool) -> bool:
        """Whether a place, or an area if it is enough, is one where something is: first in the sentence, or after a word such as *in*."""
        names = (*self._roles.places, self._roles.area) if may_be_area else self._roles.places
        return any(
            self.local(mention, name) == related.get(name)
            and (not mention.start or any(0 <= mention.start - word.end <= DESTINATION for word in analysis.prepositions))
            for mention in analysis.mentions
            for name in names
            if name in mention.entities
        )

    def is_of_described(self, reading: Reading) -> bool:
        """Whether a reading needs an entity that texts describe."""
        return any(self._kinds[name].role == DESCRIBED for name in reading.needs if name in self._kinds)

    def _around(self, analysis: Analysis, cue: Cue) -> dict[str, str]:
        """Returns the names near a word that describe it: the topic anywhere before it, others in its reach."""
        found: dict[str, str] = {}
        for name, kind in self._kinds.items():
            near = []
            for mention in analysis.areas if kind.role == AREA else analysis.mentions:
                is_before = mention.end <= cue.start
                gap = cue.start - mention.end if is_before else mention.start - cue.end
                reach = len(analysis.sentence.text) if is_before and kind.role == TOPIC else REACH
                is_apart = not is_before and any(cue.end <= other.start < mention.start and not other.code for other in analysis.cues)
                if name in mention.entities and 0 <= gap <= reach and not is_apart:
                    near.append((gap + OTHER_CLAUSE * (not is_before and kind.role == TOPIC), mention.start, mention))
            if near and kind.role != DESCRIBED:
                found[name] = self.local(min(near, key=lambda each: each[:2])[2], name)
        return found

    def topics_of(self, analysis: Analysis) -> list[str]:
        """Returns the local names of the topics that a sentence names."""
        return [self.local(mention, self._roles.topic) for mention in analysis.mentions if self._roles.topic in mention.entities]

    def local(self, mention: Mention, kind: str) -> str:
        """Returns the local name of the likeliest entity of a kind that a mention means."""
        return self._registry.current(mention.entities[kind][0]).rpartition("/")[2]
