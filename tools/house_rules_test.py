#!/usr/bin/env python3
"""Each house rule refuses a small snippet that breaks it, and takes one that does not."""

import tempfile
import unittest
from pathlib import Path

import house_rules


class HouseRulesTest(unittest.TestCase):
    def found(self, rule, files):
        """The violations of `rule` in a tree of these files."""
        with tempfile.TemporaryDirectory() as folder:
            for path, text in files.items():
                target = Path(folder) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
            return list(rule(house_rules.Tree(folder)))

    def assert_refused(self, rule, files, part):
        found = self.found(rule, files)
        self.assertEqual(len(found), 1, found)
        self.assertIn(part, found[0])

    def assert_taken(self, rule, files):
        self.assertEqual(self.found(rule, files), [])

    def test_includes_point_down(self):
        rule = house_rules.include_direction
        self.assert_refused(rule, {"src/store/users.cc": '#include "domain/users.h"\n'}, "src/store/users.cc:1: store (level 2)")
        self.assert_refused(rule, {"src/store/users.cc": '\n#include "mail/letters.h"\n'}, ":2: store (level 2)")
        self.assert_refused(rule, {"src/store/users.cc": '#include "users.h"\n'}, "not written from src/")
        self.assert_refused(rule, {"src/store/users_test.cc": '#include "domain/users.h"\n'}, "level 3")
        self.assert_refused(rule, {"src/cache/x.cc": ""}, "no level")
        self.assert_taken(rule, {"src/store/users.cc": '#include "store/users.h"\n#include "db/value.h"\n#include <map>\n',
                                 "src/store/users_test.cc": '#include "tests/support/databases.h"\n',
                                 "tests/flows/a.cc": '#include "app/program.h"\n'})

    def test_libraries_stay_in_their_folders(self):
        rule = house_rules.library_headers
        for header, home in (("sodium.h", "crypto"), ("openssl/evp.h", "crypto"), ("sqlite3.h", "db"), ("libpq-fe.h", "db"),
                             ("boost/asio.hpp", "http"), ("boost/beast/http.hpp", "http"), ("curl/curl.h", "smtp"),
                             ("date/tz.h", "base")):
            with self.subTest(header):
                self.assert_refused(rule, {"src/domain/a.cc": f"#include <{header}>\n"}, f"belongs in src/{home}/")
                self.assert_taken(rule, {f"src/{home}/a.cc": f"#include <{header}>\n"})
                self.assert_taken(rule, {"src/domain/a_test.cc": f"#include <{header}>\n"})

    def test_sql_stays_in_the_store(self):
        rule = house_rules.sql_text
        for sql in ('"SELECT id FROM users"', 'R"(\n  UPDATE users SET x = 1)"', '"INSERT INTO users VALUES ($1)"',
                    'R"sql(DELETE FROM users)sql"', '"WITH recent AS (SELECT 1)"'):
            with self.subTest(sql):
                self.assert_refused(rule, {"src/domain/a.cc": f"auto x = {sql};\n"}, "SQL belongs in")
                self.assert_taken(rule, {"src/store/a.cc": f"auto x = {sql};\n"})
        self.assert_taken(rule, {"src/http/a.cc": 'auto x = "DELETE"; auto y = "Select one"; // "SELECT 1"\n'})

    def test_banned_calls_name_their_replacement(self):
        rule = house_rules.banned_calls
        for call, better in (("std::regex r;", "parser"), ("int x = rand();", "base/random.h"), ("std::mt19937 g;", "random.h"),
                             ("auto t = std::gmtime(&x);", "base/clock.h"), ("strcpy(a, b);", "std::string"),
                             ("sprintf(a, b);", "fmt::format"), ("int x = atoi(a);", "from_chars"), ("system(a);", "no shell"),
                             ("co_await x;", "handlers"), ("std::cout << x;", "base/log.h"), ("printf(x);", "base/log.h"),
                             ("std::this_thread::sleep_for(x);", "condition variable"),
                             ("auto t = std::chrono::system_clock::now();", "base::Clock"), ("std::getenv(x);", "a setting")):
            with self.subTest(call):
                self.assert_refused(rule, {"src/domain/a.cc": call + "\n"}, better)
        self.assert_taken(rule, {"src/domain/a.cc": '// rand() and "std::regex"\nauto x = "system(1)"; grand(1); file.system(2);\n',
                                 "src/domain/a_test.cc": "std::this_thread::sleep_for(x);\n",
                                 "src/app/main.cc": "std::cout << x;\n"})

    def test_sources_belong_to_a_header(self):
        rule = house_rules.sources_have_headers
        self.assert_refused(rule, {"src/domain/a.cc": '#include "base/text.h"\n'}, "no header of its own folder")
        self.assert_taken(rule, {"src/domain/a.cc": '#include "domain/b.h"\n', "src/domain/a_test.cc": "", "src/app/main.cc": ""})

    def test_files_keep_their_length(self):
        rule = house_rules.sizes
        self.assert_refused(rule, {"src/a/a.cc": "\n" * 401}, "file of 401 lines, 400 are allowed")
        self.assert_refused(rule, {"src/a/a.h": "\n" * 151}, "file of 151 lines, 150 are allowed")
        self.assert_taken(rule, {"src/a/a.cc": "\n" * 400, "src/a/a.h": "\n" * 150})

    def test_functions_keep_their_length(self):
        rule = house_rules.sizes

        def source(lines):
            return "namespace a {\nstruct S {\n  int f(int x) const {\n" + "    if (x) { x(); }\n" * (lines - 2) + "  }\n};\n}\n"

        self.assert_refused(rule, {"src/a/a.cc": source(71)}, "src/a/a.cc:3: function of 71 lines")
        self.assert_taken(rule, {"src/a/a.cc": source(70), "src/a/a_test.cc": source(100)})

    def test_ratchet_only_shrinks(self):
        rule = house_rules.sizes
        self.assert_taken(rule, {"src/a/a.cc": "\n" * 410, "tools/ratchet.txt": "# why\nfile src/a/a.cc 410\n"})
        self.assert_refused(rule, {"src/a/a.cc": "\n" * 411, "tools/ratchet.txt": "file src/a/a.cc 410\n"}, "grew from 410 to 411")
        self.assert_refused(rule, {"src/a/a.cc": "\n" * 409, "tools/ratchet.txt": "file src/a/a.cc 410\n"}, "shrank to 409")
        self.assert_refused(rule, {"src/a/a.cc": "\n", "tools/ratchet.txt": "file src/a/a.cc 410\n"}, "remove the line")

    def test_reminders_and_placeholders_are_refused(self):
        rule = house_rules.no_reminders
        for word in ("TO" + "DO", "FIX" + "ME", "XX" + "X", "T" + "BD", "not" + " implemented", "Lorem" + " ipsum"):
            with self.subTest(word):
                self.assert_refused(rule, {"src/a/a.cc": f"// {word}: later\n"}, "src/a/a.cc:1")
                self.assert_refused(rule, {"dev": f"# {word}\n"}, "dev:1")
        self.assert_taken(rule, {"src/a/a.cc": 'auto x = "/tmp/draft.XXXXXX"; // methodology\n'})

    def test_the_console_makes_no_markup_of_text(self):
        rule = house_rules.no_markup_of_text
        for sink in ("<p dangerouslySetInnerHTML={{ __html: name }} />", "p.innerHTML = name;", "p.insertAdjacentHTML('beforeend', name);",
                     "eval(name);", '<a href="javascript:go()">'):
            with self.subTest(sink):
                self.assert_refused(rule, {"web/console/src/a.tsx": "\n" + sink + "\n"}, "web/console/src/a.tsx:2")
        self.assert_taken(rule, {"web/console/src/a.tsx": "<p>{name}</p>;\nretrieval(name);\n", "web/tests/a.mjs": "p.innerHTML;\n"})

    def test_pages_have_one_title(self):
        rule = house_rules.one_title
        self.assert_refused(rule, {"docs/a.md": "## A\n"}, "has 0 titles")
        self.assert_refused(rule, {"docs/a.md": "# A\n# B\n"}, "has 2 titles")
        self.assert_taken(rule, {"docs/a.md": "# A\n```sh\n# not a title\n```\n## B\n"})

    def test_links_resolve(self):
        rule = house_rules.links_resolve
        self.assert_refused(rule, {"docs/a.md": "# A\n[b](b.md#part)\n"}, "docs/a.md:2: b.md does not exist")
        self.assert_refused(rule, {"docs/a.md": "[b](../b.md#part)\n", "b.md": "```sh\n# part\n```\n"},
                            "docs/a.md:1: b.md has no #part")
        self.assert_refused(rule, {"docs/a.md": "# A\n[b](#part)\n"}, "docs/a.md:2: docs/a.md has no #part")
        self.assert_taken(rule, {"docs/a.md": "[b](b.md#x) [c](../c.md) [d](https://d.example/) [e](#the-es-of-e)\n### The e's of `e`\n",
                                 "docs/b.md": '<a id="x"></a>', "c.md": ""})

    def test_folder_table_is_the_tree(self):
        rule = house_rules.folder_table
        page = "# A\n| folder | level | what |\n| `src/base/` | 0 | tools |\n| `docs/` | | this |\n"
        self.assert_taken(rule, {"docs/architecture.md": page, "src/base/a.h": ""})
        self.assert_refused(rule, {"docs/architecture.md": page}, "has src/base/, the tree has not")
        self.assert_refused(rule, {"docs/architecture.md": page, "src/base/a.h": "", "src/db/a.h": ""}, "lacks src/db/")
        self.assert_refused(rule, {"docs/architecture.md": page, "src/base/a.h": "", "web/a.ts": ""}, "lacks web/")
        wrong = page.replace("| 0 |", "| 1 |")
        self.assert_refused(rule, {"docs/architecture.md": wrong, "src/base/a.h": ""}, "stands at level 1")
        self.assert_refused(rule, {"src/README": ""}, "is missing")


if __name__ == "__main__":
    unittest.main()
