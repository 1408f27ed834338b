// The Markdown report, word for word, and what it makes of hostile text and of too much.

#include <gtest/gtest.h>

#include <sstream>

#include "harness/report/run_for_test.h"

namespace startle::report {
namespace {

std::string markdown_of(const std::vector<Verdict>& verdicts,
                        const std::vector<Finding>& findings) {
  std::ostringstream out;
  return written(*make_markdown_report(out), out, verdicts, findings);
}

TEST(MarkdownReport, SaysEverythingOfARun) {
  EXPECT_EQ(markdown_of(verdicts_for_test(), findings_for_test()),
            R"(## startle 0.1.0: builtin 0.1.0 **(failed)**

**2 passed, 4 failed, 1 skipped**, 1 expected failure, 1 unexpected pass, 1 error

GnuTLS 3.7.9, trust model documented, memory, clock 2030-06-15T01:01:01Z, seed 7, 3 connections, 2 handshakes, 1.5 s

| severity | finding | cases | first case |
|---|---|---:|---|
| leak | secret-in-clear | 1 | smtp/injection/reply |
| wrong-reason | hung | 2 | hang |

### leak: secret-in-clear

it sent the password

- **cases:** 1, first smtp/injection/reply
- **clause:** RFC 4954, 14 (RFC4954-14-a): no password in clear
- **why:** anyone can read it
- **fix:** start TLS first

```sh
startle run 'smtp/injection/reply' --trust-model pkix
```

<details><summary>dialogue of the first case</summary>

```text
S: 220 hi
C: AUTH PLAIN <secret>
```

</details>

### wrong-reason: hung

no end

- **cases:** 2, first hang, hang/too
- **why:** a client that waits for ever
- **fix:** give every wait a limit

```sh
startle run 'hang'
```

### Not as expected, and no finding

- xpass a/fixed: expected to fail, and passed
- error a/broken: x.xml:3: no such recipe

### Warnings

- conf/schedule.xml:3: the attribute is ignored
)");
}

TEST(MarkdownReport, OfSuccessHasNoTable) {
  const std::string text = markdown_of({verdicts_for_test()[0]}, {});
  EXPECT_TRUE(text.starts_with("## startle 0.1.0: builtin 0.1.0\n\n**1 passed, 0 failed")) << text;
  EXPECT_EQ(text.find("| severity"), text.npos);
}

struct TextRow {
  const char* name;
  std::string said;
  const char* written;
};

TEST(MarkdownReport, TextOfPeersIsText) {
  for (const TextRow& row : {TextRow{"a column", "a|b", "a\\|b"},
                             {"code", "a `b` c", "a \\`b\\` c"},
                             {"markup", "<img src=x>&amp;", "&lt;img src=x&gt;&amp;amp;"},
                             {"a link", "[a](http://b)", "\\[a\\](http://b)"},
                             {"emphasis", "*a* _b_ ~c~ #d", "\\*a\\* \\_b\\_ \\~c\\~ \\#d"},
                             {"an escape", "a\\|b", "a\\\\\\|b"},
                             {"lines", "a\n# b\n", "a \\# b "},
                             {"control characters", "a\x1b[31m\r", "a\\\\x1b\\[31m\\\\x0d"},
                             {"broken UTF-8", "a\xff", "a\\\\xff"}}) {
    const std::string text = markdown_of({}, {{.id = row.said, .seen = row.said}});
    EXPECT_NE(text.find("| note | " + std::string(row.written) + " | 0 |"), text.npos)
        << row.name << ":\n"
        << text;
    EXPECT_NE(text.find("\n\n" + std::string(row.written) + "\n\n"), text.npos) << row.name;
  }
}

TEST(MarkdownReport, NothingEndsABlockOfCode) {
  const std::string text =
      markdown_of({}, {{.id = "x", .reproduce = "a\n```", .dialogue = {"S: ````", "</details>"}}});
  EXPECT_NE(text.find("\n````sh\na\\x0a```\n````\n"), text.npos) << text;
  EXPECT_NE(text.find("\n`````text\nS: ````\n</details>\n`````\n"), text.npos) << text;
}

TEST(MarkdownReport, ALongDialogueIsShortened) {
  const std::string text =
      markdown_of({}, {{.id = "x", .dialogue = std::vector<std::string>(100, "S: x")}});
  EXPECT_NE(text.find("\n.. (77 more lines)\n"), text.npos) << text;
}

// 1000 findings of 2 KiB do not fit.
TEST(MarkdownReport, LeavesOutWholeFindingsFromTheLeastSevereOn) {
  std::vector<Finding> findings;
  for (int i = 0; i < 1000; ++i) {
    findings.push_back({.id = "f" + std::to_string(i) + ".", .seen = std::string(2048, 'x')});
  }
  const std::string text = markdown_of({}, findings);
  EXPECT_LE(text.size(), kMostBytesOfMarkdown);
  EXPECT_GT(text.size(), kMostBytesOfMarkdown - 4096);
  std::size_t shown = 0;
  while (text.find("| f" + std::to_string(shown) + ". |") != text.npos) ++shown;
  EXPECT_NE(text.find("\n### note: f" + std::to_string(shown - 1) + ".\n"), text.npos);
  EXPECT_EQ(text.find("\n### note: f" + std::to_string(shown) + ".\n"), text.npos);
  const std::string end = "\n" + std::to_string(1000 - shown) +
                          " findings left out, the least severe: a step summary of GitHub holds 1 "
                          "MiB.\n";
  EXPECT_TRUE(text.ends_with(end)) << text.substr(text.size() - 200);
}

TEST(MarkdownReport, ManyWarningsAreCounted) {
  std::ostringstream out;
  const auto report = make_markdown_report(out);
  report->begin(run_for_test());
  report->end({.warnings = std::vector<Warning>(100'000, {.text = "something is odd"})});
  EXPECT_LE(out.str().size(), std::size_t{70'000});
  EXPECT_TRUE(out.str().ends_with(" more\n"));
}

}  // namespace
}  // namespace startle::report
