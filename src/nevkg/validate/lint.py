"""Lints questions: the idioms that make a question give the same answer on every engine."""

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
    """Returns the problems of a question, in words."""
    try:
        found = engine.parse(question.text)
    except SyntaxError as error:
        return [f"it is not SPARQL 1.1 ({error.msg})"]
    except WrongUsage as error:
        return [f"the engine refuses it ({error})"]
    problems = []
    if isinstance(found, QuerySolutions):
        problems += _check_columns(question, {variable.value for variable in found.variables})
    else:
        problems.append("it is not a SELECT query")
    tokens = list(syntax.tokenize(question.text))
    if not _ORDER.search("".join(token.text + " " for token in tokens)):
        problems.append("it does not end in ORDER BY, so the order of rows may vary")
    problems += _check_tokens(tokens) + _check_calls(tokens) + _check_outer_group(tokens)
    declared = {parameter.name for parameter in question.parameters}
    own_lines = set(re.findall(r"^[ \t]*VALUES \?(\w+) \{[^\n]*\}[ \t]*$", question.text, re.MULTILINE))
    inside = set(re.findall(r"VALUES\s*\?(\w+)", question.text)) - own_lines
    problems += [f"the VALUES clause of the parameter '{name}' is not on a line of its own" for name in sorted(inside & declared)]
    return problems


def _check_columns(question: Question, variables: set[str]) -> list[str]:
    visible = {column.name for column in question.columns}
    hidden = {column.evidence for column in question.columns if column.evidence}
    problems = [f"the column '{name}' of its head is not selected" for name in sorted((visible | hidden) - variables)]
    problems += [f"it selects '{name}', which its head does not describe" for name in sorted(variables - visible - hidden)]
    words = {"title": question.title, "description": question.description}
    words |= {"reason for no sources": question.unsourced} if question.unsourced else {}
    words |= {f"column {column.name}": column.label for column in question.columns}
    words |= {f"parameter {parameter.name}": parameter.label for parameter in question.parameters}
    problems += [
        f"its {what} lacks text in '{language}'" for what, texts in words.items() for language in terms.LANGUAGES if not texts.get(language)
    ]
    return problems


def _check_tokens(tokens: Sequence[syntax.Token]) -> list[str]:
    problems = []
    previous = None
    for token in tokens:
        word = token.text.upper()
        if token.kind == "sign" and token.text in "*+" and previous and previous.kind in ("name", "iri") and previous.end == token.start:
            problems.append(f"line {token.line}: a path with '{token.text}' is slow on some engines; use the derived properties instead")
        elif token.kind == "word" and word == "SERVICE":
            problems.append(f"line {token.line}: SERVICE would send a request to another server")
        elif token.kind == "word" and word in _VARYING:
            problems.append(f"line {token.line}: {word} gives a different answer each time")
        elif token.kind == "word" and word == "SAMPLE":
            problems.append(f"line {token.line}: SAMPLE may return a different value each time; use MIN over STR instead")
        previous = token
    return problems


def _check_calls(tokens: Sequence[syntax.Token]) -> list[str]:
    """Checks the expressions within functions and groups that engines treat differently."""
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
                problems.append(f"line {token.line}: {_NOTHING} is the last argument of IF; write IF(!(condition), {_NOTHING}, value)")
        elif word in _BEYOND_TRIPLES and "MINUS" in groups:
            problems.append(f"line {token.line}: {word} in MINUS, which does not see parameters; use FILTER NOT EXISTS")
        elif word == "EXISTS" and {"IF", "BIND"} & set(open_):
            problems.append(f"line {token.line}: EXISTS outside a FILTER fails on some engines; use OPTIONAL and BOUND instead")
        elif word in _AGGREGATES and "IF" in open_ and "IRI" in open_:
            problems.append(f"line {token.line}: IRI with IF around {word} fails on some engines; leave IRI out")
        elif word in _AGGREGATES and "IRI" in open_ and groups[-1:] == ["OPTIONAL"]:
            problems.append(f"line {token.line}: IRI in a sub-select of an OPTIONAL is lost on some engines; leave IRI out")
        previous = token
    return problems


def _check_outer_group(words: Sequence[syntax.Token]) -> list[str]:
    """Checks for FILTER NOT EXISTS next to sub-selects, which prevents fast joins in Oxigraph."""
    depth, has_sub_select, denials = 0, False, []
    for number, word in enumerate(words):
        depth += (word.text == "{") - (word.text == "}")
        if word.text == "{" and depth == 2:
            has_sub_select |= words[number + 1].text.upper() == "SELECT"
            if [before.text.upper() for before in words[number - 3 : number]] == ["FILTER", "NOT", "EXISTS"]:
                denials.append(word.line)
    what = "FILTER NOT EXISTS next to sub-selects is slow; use MINUS, or move it into one of them"
    return [f"line {line}: {what}" for line in denials if has_sub_select]


def question_files(layout: Layout) -> list[Path]:
    """Returns the files of the questions."""
    return sorted(walk(layout.queries / "questions", ".rq"))


def run_lint(layout: Layout) -> list[Finding]:
    """Lints all question files; a file that cannot be read is also a finding."""
    findings = []
    for path in question_files(layout):
        findings += [Finding(Severity.VIOLATION, RULE, str(path), message=problem) for problem in _lint_file(path)]
    return findings


def _lint_file(path: Path) -> list[str]:
    try:
        return lint_question(read_question(path))
    except InvalidData as error:
        return [str(error)]
