#!/usr/bin/env python3
"""House rules that a program can check. Prints one line per violation and fails when there is one.

Each rule is a function of a Tree that yields texts. tools/house_rules_test.py holds a violating snippet for each.
"""

import os
import re
import sys
from pathlib import Path

LEVELS = {
    "base": 0,
    "crypto": 1, "text": 1, "wire": 1, "db": 1, "smtp": 1,
    "http": 2, "store": 2, "mail": 2,
    "domain": 3,
    "api": 4, "pages": 4, "console": 4, "jobs": 4, "dev": 4,
    "app": 5,
}

# Headers of libraries and the one folder that may see them.
LIBRARY_HOMES = [
    (r"sodium\.h|sodium/|openssl/|crypt\.h", "crypto"),
    (r"sqlite3\.h|libpq-fe\.h|libpq/", "db"),
    (r"boost/(asio|beast)[./]", "http"),
    (r"curl/", "smtp"),
    (r"date/", "base"),
]

SQL_HOMES = ("store", "db")
SQL_START = re.compile(
    r'"\s*(?:\(\s*)?(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+.*\sAS\s*\(|'
    r'CREATE\s+(TABLE|INDEX|UNIQUE)\s|ALTER\s+TABLE\s|DROP\s+TABLE\s)')

# Where a worker or the stopping main thread pauses for milliseconds and nothing could wake it.
SHORT_SLEEPS = ("src/db/postgres.cc", "src/db/sqlite_connection.cc", "src/http/server.cc")

# Pattern, what to use in its place, files where it is right, whether tests may use it.
BANNED = [
    (r"\bstd::w?c?s?regex\w*", "a written-out parser: std::regex overflows the stack on long input", (), False),
    (r"(?<![\w:>.])(?:std::)?s?rand\(", "base/random.h", (), False),
    (r"\bstd::(?:mt19937|random_device|minstd_rand)", "base/random.h", (), True),
    (r"(?<![\w.>])(?:std::|::)?(?:gmtime|localtime|asctime|ctime|mktime)\(", "base/clock.h", (), False),
    (r"(?<![\w.>])(?:std::|::)?(?:strcpy|strcat|sprintf|vsprintf|gets|strtok)\(", "std::string or fmt::format", (), False),
    (r"(?<![\w.>])(?:std::|::)?(?:atoi|atol|atoll|atof)\(", "std::from_chars, which reports errors", (), False),
    (r"(?<![\w.>])(?:std::|::)?(?:system|popen)\(", "a library: no shell ever sees our data", (), True),
    (r"\bco_(?:await|return|yield)\b", "handlers: g++ 12 frees temporaries twice in co_await expressions", (), False),
    (r"\bstd::(?:cout|cerr|clog)\b|(?<![\w.>])(?:std::)?(?:printf|puts)\(", "base/log.h", ("src/app/",), True),
    (r"\bsleep_(?:for|until)\(|(?<![\w.>])(?:::)?(?:u|nano)?sleep\(",
     "a condition variable with a deadline, so that stopping is prompt", SHORT_SLEEPS, True),
    (r"\bsystem_clock::now\(", "base::Clock, so that tests can move the time", ("src/base/clock.cc",), True),
    (r"(?<![\w.>])(?:std::|::)?(?:secure_)?getenv\(", "a setting in src/app/config_settings.cc", ("src/app/",), True),
]

# Written in two parts, so that this file does not break its own rule.
REMINDERS = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
PLACEHOLDERS = re.compile(r"\b(?:T" r"BD|lorem" r" ipsum|coming" r" soon|not(?: yet)?" r" implemented|change" r"me)\b", re.I)

FILE_LINES, HEADER_LINES, FUNCTION_LINES = 400, 150, 70
RATCHET = "tools/ratchet.txt"

IGNORED_FOLDERS = {".git", "build", "var", "node_modules", "dist", "__pycache__"}
TEXT_SUFFIXES = {".cc", ".h", ".cmake", ".css", ".html", ".json", ".mail", ".md", ".mjs", ".js", ".py", ".sh", ".sql", ".toml",
                 ".ts", ".tsx", ".txt", ".yml", ""}


class Tree:
    """The files of a checkout, read once."""

    def __init__(self, root):
        self.root = Path(root)
        self._texts = {}
        self.paths = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if name not in IGNORED_FOLDERS)
            self.paths += [(Path(folder) / name).relative_to(self.root).as_posix() for name in sorted(names)]

    def text(self, path):
        if path not in self._texts:
            self._texts[path] = (self.root / path).read_text(encoding="utf-8", errors="replace")
        return self._texts[path]

    def cpp(self, *folders):
        starts = tuple(folder + "/" for folder in folders)
        return [path for path in self.paths if path.endswith((".cc", ".h")) and path.startswith(starts)]

    def markdown(self):
        return [path for path in self.paths if path.endswith(".md")]


def is_test(path):
    return path.endswith(("_test.cc", "_test.h", "_fixture.h")) or path.startswith(("tests/", "bench/"))


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


CPP_TOKEN = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)'
    r'|(?P<raw>R"(?P<mark>[^()\\\s]*)\(.*?\)(?P=mark)")'
    r'|(?P<string>"(?:\\.|[^"\\\n])*")'
    r"|(?P<character>(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+')", re.S)


def blanked(text, strings):
    """C++ without comments, and without the insides of literals when `strings`; lines and offsets stay."""

    def blank(match):
        if match.lastgroup != "comment" and match.group("comment") is None and not strings:
            return match.group()
        return re.sub(r"[^\n]", " ", match.group())

    return CPP_TOKEN.sub(blank, text)


def includes(text):
    """(line, name, is_quoted) of each #include."""
    for match in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', text, re.M):
        yield line_of(text, match.start()), match.group(2), match.group(1) == '"'


def include_direction(tree):
    for path in tree.cpp("src"):
        own = path.split("/")[1]
        if own not in LEVELS:
            yield f"{path}: src/{own} has no level; add it to LEVELS in tools/house_rules.py and to docs/architecture.md"
            continue
        for line, name, is_quoted in includes(tree.text(path)):
            if not is_quoted or (is_test(path) and name.startswith("tests/")):
                continue
            other = name.split("/")[0]
            if "/" not in name or other not in LEVELS:
                yield f'{path}:{line}: "{name}" is not written from src/'
            elif other != own and LEVELS[other] >= LEVELS[own]:
                yield f"{path}:{line}: {own} (level {LEVELS[own]}) may not include {name} (level {LEVELS[other]})"


def library_headers(tree):
    for path in tree.cpp("src"):
        if is_test(path):
            continue
        for line, name, _ in includes(tree.text(path)):
            for pattern, home in LIBRARY_HOMES:
                if re.match(pattern, name) and path.split("/")[1] != home:
                    yield f"{path}:{line}: <{name}> belongs in src/{home}/ only"


def sql_text(tree):
    for path in tree.cpp("src"):
        if is_test(path) or path.split("/")[1] in SQL_HOMES:
            continue
        text = blanked(tree.text(path), strings=False)
        for match in SQL_START.finditer(re.sub(r'R"[^()\\\s]*\(', lambda m: " " * (len(m.group()) - 1) + '"', text)):
            yield f"{path}:{line_of(text, match.start())}: SQL belongs in src/store/ (or src/db/)"


def banned_calls(tree):
    for path in tree.cpp("src", "tests", "bench"):
        text = blanked(tree.text(path), strings=True)
        for pattern, better, homes, in_tests in BANNED:
            if path.startswith(homes or ("\0",)) or (in_tests and is_test(path)):
                continue
            for match in re.finditer(pattern, text):
                yield f"{path}:{line_of(text, match.start())}: {match.group().rstrip('(')} is banned; use {better}"


def sources_have_headers(tree):
    for path in tree.cpp("src"):
        if not path.endswith(".cc") or is_test(path) or path.endswith("/main.cc"):
            continue
        own = f"{path.split('/')[1]}/"
        if not any(is_quoted and name.startswith(own) for _, name, is_quoted in includes(tree.text(path))):
            yield f"{path}: includes no header of its own folder, so nobody can know what it defines"


def functions(text):
    """(name, first line, lines) of each function body outside classes and in them, by braces."""
    code = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: re.sub(r"[^\n]", " ", m.group()), blanked(text, strings=True), flags=re.M)
    scopes, header_start = [], 0
    for match in re.finditer(r"[{};]", code):
        symbol, at = match.group(), match.start()
        if symbol == "{":
            header = code[header_start:at]
            in_scopes = all(kind == "scope" for kind, _, _ in scopes)
            if re.search(r"\b(?:namespace|class|struct|union|enum|extern)\b[^()=]*$", header):
                kind = "scope"
            elif in_scopes and "(" in header and not re.search(r"=\s*$", header):
                kind = "function"
            else:
                kind = "block"
            first = header_start + len(header) - len(header.lstrip())
            scopes.append((kind, first, header))
        elif symbol == "}" and scopes:
            kind, first, header = scopes.pop()
            if kind == "function":
                name = re.search(r"([\w:~]+|operator\S+)\s*\(", header)
                begin = line_of(code, first)
                yield name.group(1) if name else "?", begin, line_of(code, at) - begin + 1
        header_start = at + 1


def oversized(tree):
    """{ratchet key: (lines, limit, place)} of all that is over its limit."""
    found = {}
    for path in tree.cpp("src", "tests", "bench"):
        text = tree.text(path)
        limit = HEADER_LINES if path.endswith(".h") else FILE_LINES
        lines = len(text.splitlines())
        if lines > limit:
            found[f"file {path}"] = (lines, limit, path)
        if is_test(path):
            continue
        for name, begin, lines in functions(text):
            if lines > FUNCTION_LINES:
                found[f"function {path} {name}"] = (lines, FUNCTION_LINES, f"{path}:{begin}")
    return found


def sizes(tree):
    listed = {}
    if RATCHET in tree.paths:
        for line in tree.text(RATCHET).splitlines():
            if line.strip() and not line.startswith("#"):
                key, number = line.rsplit(maxsplit=1)
                listed[key] = int(number)
    found = oversized(tree)
    for key, (lines, limit, place) in found.items():
        if key not in listed:
            yield f"{place}: {key.split()[0]} of {lines} lines, {limit} are allowed ({key} {lines})"
        elif lines > listed[key]:
            yield f"{place}: grew from {listed[key]} to {lines} lines; it may only shrink"
        elif lines < listed[key]:
            yield f"{RATCHET}: {key} shrank to {lines}; write that number"
    for key in listed:
        if key not in found:
            yield f"{RATCHET}: {key} is within its limit now; remove the line"


def no_reminders(tree):
    for path in tree.paths:
        if Path(path).suffix not in TEXT_SUFFIXES or path.endswith("package-lock.json"):
            continue
        for pattern, what in ((REMINDERS, "a reminder is no code: do it or open an issue"),
                              (PLACEHOLDERS, "a placeholder is a defect")):
            for match in pattern.finditer(tree.text(path)):
                yield f"{path}:{line_of(tree.text(path), match.start())}: {match.group()}: {what}"


# What makes markup of text, in the console. Its content security policy stops it too, in a browser that knows it.
MARKUP_OF_TEXT = re.compile(r"dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|createContextualFragment|"
                            r"document\.write|DOMParser|\bsrcdoc\b|\beval\(|new Function\(|javascript:")


def no_markup_of_text(tree):
    for path in tree.paths:
        if not path.startswith("web/console/src/"):
            continue
        for match in MARKUP_OF_TEXT.finditer(tree.text(path)):
            yield f"{path}:{line_of(tree.text(path), match.start())}: {match.group()} makes markup of text; give Preact the text"


def without_code(markdown):
    markdown = re.sub(r"^```.*?^```", lambda m: "\n" * m.group().count("\n"), markdown, flags=re.M | re.S)
    return re.sub(r"`[^`\n]*`", "", markdown)


def one_title(tree):
    for path in tree.markdown():
        titles = len(re.findall(r"^# ", without_code(tree.text(path)), re.M))
        if titles != 1:
            yield f"{path}: has {titles} titles (# …), one is right"


def anchors_of(markdown):
    """Those that a page sets itself, and those that GitHub makes of its headings."""
    markdown = re.sub(r"^```.*?^```", "", markdown, flags=re.M | re.S)
    headings = re.findall(r"^#+ (.*)", markdown, re.M)
    return {*re.findall(r'<a id="([^"]+)">', markdown),
            *(re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings)}


def links_resolve(tree):
    for path in tree.markdown():
        text = without_code(tree.text(path))
        for match in re.finditer(r"\]\(([^)\s]+)[^)]*\)", text):
            if re.match(r"[a-z]+:", match.group(1)):
                continue
            target, _, anchor = match.group(1).partition("#")
            place = f"{path}:{line_of(text, match.start())}"
            page = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
            if not (tree.root / page).exists():
                yield f"{place}: {target} does not exist"
            elif anchor and page.endswith(".md") and anchor not in anchors_of(tree.text(page)):
                yield f"{place}: {page} has no #{anchor}"


def folder_table(tree):
    page = "docs/architecture.md"
    if page not in tree.paths:
        yield f"{page}: is missing"
        return
    rows = dict(re.findall(r"^\| `([\w/]+)/` \| (\d|) *\|", tree.text(page), re.M))
    real = {}
    for path in tree.paths:
        parts = path.split("/")
        if parts[0] == "src" and len(parts) > 2:
            real[f"src/{parts[1]}"] = str(LEVELS.get(parts[1], ""))
        elif len(parts) > 1 and parts[0] != "src" and not parts[0].startswith("."):
            real[parts[0]] = ""
    for folder in sorted(real.keys() - rows.keys()):
        yield f"{page}: the folder table lacks {folder}/"
    for folder in sorted(rows.keys() - real.keys()):
        yield f"{page}: the folder table has {folder}/, the tree has not"
    for folder in sorted(rows.keys() & real.keys()):
        if rows[folder] != real[folder]:
            yield f"{page}: {folder}/ stands at level {rows[folder] or 'none'}, the rule says {real[folder] or 'none'}"


RULES = [include_direction, library_headers, sql_text, banned_calls, sources_have_headers, sizes, no_reminders, one_title,
         links_resolve, no_markup_of_text, folder_table]


def main():
    tree = Tree(Path(__file__).resolve().parent.parent)
    violations = [violation for rule in RULES for violation in rule(tree)]
    for violation in violations:
        print(violation)
    print(f"{len(RULES)} house rules, {len(violations)} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
