"""The idioms that every question keeps, so that it gives the same answer on every engine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import QuerySolutions

from nevkg.ask.catalogue import Question, read_question
from nevkg.data import terms
from nevkg.data.paths import Layout, walk
from nevkg.errors import InvalidData, WrongUsage
from nevkg.sparql import syntax
from nevkg.store import engine
from nevkg.validate.findings import Finding, Severity

RULE = terms.BASE + "check/question"
_VARYING = {"NOW", "RAND", "UUID", "STRUUID", "BNODE"}
_NOTHING = "?none"  # a variable that is never bound
_BEYOND_TRIPLES = {"VALUES", "FILTER", "BIND", "SELECT"}
_AGGREGATES = {"COUNT", "MIN", "MAX", "SUM", "AVG", "GROUP_CONCAT"}
_ORDER = re.compile(r"ORDER BY[^{}]*\Z", re.IGNORECASE)


def lint_question(question: Question) -> list[str]:
    """What is wrong with a question, in sentences."""
    try:
        found = engine.parse(question.text)
    except SyntaxError as error:
        return [f"it is not SPARQL 1.1 ({error.msg})"]
    except WrongUsage as error:
        return [f"it is not answered ({error})"]
    problems = []
    if isinstance(found, QuerySolutions):
        problems += _columns(question, {variable.value for variable in found.variables})
    else:
        problems.append("it is not a SELECT query")
    tokens = list(syntax.tokens(question.text))
    if not _ORDER.search("".join(token.text + " " for token in tokens)):
        problems.append("it does not end in ORDER BY, so that rows may change places")
    problems += _tokens(tokens) + _calls(tokens) + _outer_group(tokens)
    declared = {parameter.name for parameter in question.parameters}
    own_lines = set(re.findall(r"^[ \t]*VALUES \?(\w+) \{[^\n]*\}[ \t]*$", question.text, re.MULTILINE))
    inside = set(re.findall(r"VALUES\s*\?(\w+)", question.text)) - own_lines
    problems += [f"the parameter '{name}' does not stand on a line of its own" for name in sorted(inside & declared)]
    return problems


def _columns(question: Question, variables: set[str]) -> list[str]:
    shown = {column.name for column in question.columns}
    hidden = {column.evidence for column in question.columns if column.evidence}
    problems = [f"the column '{name}' of its head is not selected" for name in sorted((shown | hidden) - variables)]
    problems += [f"it selects '{name}', which its head does not describe" for name in sorted(variables - shown - hidden)]
    words = {"title": question.title, "description": question.description}
    words |= {f"column {column.name}": column.label for column in question.columns}
    words |= {f"parameter {parameter.name}": parameter.label for parameter in question.parameters}
    problems += [
        f"its {what} lacks words in '{language}'" for what, said in words.items() for language in terms.LANGUAGES if not said.get(language)
    ]
    return problems


def _tokens(tokens: Sequence[syntax.Token]) -> list[str]:
    problems = []
    previous = None
    for token in tokens:
        word = token.text.upper()
        if token.kind == "sign" and token.text in "*+" and previous and previous.kind in ("name", "iri") and _touches(previous, token):
            problems.append(f"line {token.line}: a path with '{token.text}' is slow on some engines; ask the derived properties instead")
        elif token.kind == "word" and word == "SERVICE":
            problems.append(f"line {token.line}: SERVICE would send a request to another server")
        elif token.kind == "word" and word in _VARYING:
            problems.append(f"line {token.line}: {word} gives another answer each time")
        elif token.kind == "word" and word == "SAMPLE":
            problems.append(f"line {token.line}: SAMPLE may take another value each time; write MIN over STR")
        previous = token
    return problems


def _calls(tokens: Sequence[syntax.Token]) -> list[str]:
    """What stands in the brackets of functions and groups, where engines differ."""
    problems = []
    open_: list[str] = []
    groups: list[str] = []
    previous = None
    for token in tokens:
        word = token.text.upper()
        if token.text == "{":
            groups.append(previous.text.upper() if previous else "")
        elif token.text == "}" and groups:
            groups.pop()
        if token.text == "(":
            open_.append(previous.text.upper() if previous and previous.kind == "word" else "")
        elif token.text == ")" and open_:
            if open_.pop() == "IF" and previous and previous.text == _NOTHING:
                problems.append(f"line {token.line}: {_NOTHING} stands last in IF; put it first, by IF(!(condition), {_NOTHING}, value)")
        elif word in _BEYOND_TRIPLES and "MINUS" in groups:
            problems.append(f"line {token.line}: {word} in MINUS, which does not see parameters; write FILTER NOT EXISTS")
        elif word == "EXISTS" and {"IF", "BIND"} & set(open_):
            problems.append(f"line {token.line}: EXISTS outside a FILTER fails on some engines; write OPTIONAL and BOUND")
        elif word in _AGGREGATES and "IF" in open_ and "IRI" in open_:
            problems.append(f"line {token.line}: IRI beside IF around {word} fails on some engines; leave IRI out")
        elif word in _AGGREGATES and "IRI" in open_ and groups[-1:] == ["OPTIONAL"]:
            problems.append(f"line {token.line}: IRI in a sub-select of an OPTIONAL is lost on some engines; leave IRI out")
        previous = token
    return problems


def _outer_group(words: Sequence[syntax.Token]) -> list[str]:
    """A denial beside sub-selects, for which Oxigraph gives up its quick joins."""
    depth, has_sub_select, denials = 0, False, []
    for number, word in enumerate(words):
        depth += (word.text == "{") - (word.text == "}")
        if word.text == "{" and depth == 2:
            has_sub_select |= words[number + 1].text.upper() == "SELECT"
            if [before.text.upper() for before in words[number - 3 : number]] == ["FILTER", "NOT", "EXISTS"]:
                denials.append(word.line)
    what = "FILTER NOT EXISTS beside sub-selects is slow; write MINUS, or put it into one of them"
    return [f"line {line}: {what}" for line in denials if has_sub_select]


def _touches(first: syntax.Token, second: syntax.Token) -> bool:
    return first.start + len(first.text) == second.start


def question_files(layout: Layout) -> list[Path]:
    """The questions."""
    return sorted(walk(layout.queries / "questions", ".rq"))


def run_lint(layout: Layout) -> list[Finding]:
    """Findings for all question files; a file that cannot be read is one, too."""
    findings = []
    for path in question_files(layout):
        findings += [Finding(Severity.VIOLATION, RULE, str(path), message=problem) for problem in _problems(path)]
    return findings


def _problems(path: Path) -> list[str]:
    try:
        return lint_question(read_question(path))
    except InvalidData as error:
        return [str(error)]
