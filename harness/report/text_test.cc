// The text report, word for word, with each of its options.

#include <gtest/gtest.h>

#include <sstream>

#include "harness/report/run_for_test.h"

namespace startle::report {
namespace {

using words::Ending;
using words::TrustModel;

std::string text_of(const TextOptions& options, const std::vector<Verdict>& verdicts,
                    const std::vector<Finding>& findings) {
  std::ostringstream out;
  return written(*make_text_report(out, options), out, verdicts, findings);
}

constexpr std::string_view kHead =
    "startle 0.1.0: builtin 0.1.0 (GnuTLS 3.7.9), trust model documented, memory, clock "
    "2030-06-15T01:01:01Z, seed 7, 7 cases\n";

TEST(TextReport, ShowsFindingsAndCounts) {
  EXPECT_EQ(text_of({}, verdicts_for_test(), findings_for_test()),
            std::string(kHead) +
                R"(xpass a/fixed: expected to fail, and passed
error a/broken: x.xml:3: no such recipe

leak  secret-in-clear  (1 case)
  seen       smtp/injection/reply
             it sent the password
  clause     RFC 4954, 14 (RFC4954-14-a): no password in clear
  dialogue   S: 220 hi
             C: AUTH PLAIN <secret>
  why        anyone can read it
  fix        start TLS first
  reproduce  startle run 'smtp/injection/reply' --trust-model pkix
  more       startle explain secret-in-clear


wrong-reason  hung  (2 cases)
  seen       hang
             no end
  also in    hang/too
  why        a client that waits for ever
  fix        give every wait a limit
  reproduce  startle run 'hang'
  more       startle explain hung

conf/schedule.xml:3: warning: the attribute is ignored

3 connections, 2 handshakes, 1.5 s, 1 expected failures, 1 unexpected passes, 1 errors
2 passed, 4 failed, 1 skipped
)");
}

TEST(TextReport, OfSuccessIsThreeLinesAndWhatIsWarnedOf) {
  EXPECT_EQ(text_of({}, {verdicts_for_test()[0]}, {}),
            std::string(kHead) + "conf/schedule.xml:3: warning: the attribute is ignored\n\n" +
                "1 connections, 1 handshakes, 1.5 s\n" + "1 passed, 0 failed, 0 skipped\n");
}

std::string first_line(const RunInfo& info) {
  std::ostringstream out;
  make_text_report(out, {})->begin(info);
  return out.str();
}

TEST(TextReport, SaysWhatPartOfTheRunItIs) {
  RunInfo info = run_for_test();
  const std::string whole = first_line(info);
  const std::string start = whole.substr(0, whole.size() - 1);
  info.sampled_from = 100;
  EXPECT_EQ(first_line(info), start + ", a sample of 100\n");
  info.shard = "1/3";
  info.selected = 21;
  EXPECT_EQ(first_line(info), start + ", shard 1/3 of 21, a sample of 100\n");
}

TEST(TextReport, VerboseHasALineForEveryCase) {
  const std::string text = text_of({.verbose = true}, verdicts_for_test(), {});
  EXPECT_EQ(text.substr(kHead.size()),
            R"(pass  smtp/sender/ok [documented] delivered: a sound server
      the client says: delivered inside TLS1.3
fail  smtp/injection/reply [pkix] auth-rejected: it sent the password
fail  hang [documented] hung: no end
skip  a/skipped [documented] not run: no such mode
xfail a/known [documented] timeout: issue 9
xpass a/fixed [documented] delivered: expected to fail, and passed
error a/broken [documented] not run: x.xml:3: no such recipe
conf/schedule.xml:3: warning: the attribute is ignored

3 connections, 2 handshakes, 1.5 s, 1 expected failures, 1 unexpected passes, 1 errors
2 passed, 4 failed, 1 skipped
)");
}

TEST(TextReport, DialogueIsShownOnRequestOnly) {
  const Verdict failed = verdicts_for_test()[1];
  EXPECT_EQ(text_of({.verbose = true}, {failed}, {}).find("220 hi"), std::string::npos);
  const std::string text = text_of({.dialogue = true}, {failed}, {});
  EXPECT_NE(text.find("\n      S: 220 hi\n      C: AUTH PLAIN <initial response>\n"), text.npos)
      << text;
}

TEST(TextReport, ColorsOnlyTheSeverity) {
  const std::string text = text_of({.color = true}, {}, {findings_for_test()[0]});
  EXPECT_NE(text.find("\n\033[1;31mleak\033[0m  secret-in-clear  (1 case)\n"), text.npos) << text;
}

Verdict cell(const char* certificate, TrustModel model, Ending ending, const char* reason) {
  return {.id = certificate,
          .trust_model = model,
          .observed = ending,
          .reason = reason,
          .certificate = certificate,
          .subject_to = "schedule.xml:4"};
}

// Between the first line of the report and what is warned of.
std::string table_of(const std::vector<Verdict>& cells) {
  const std::string text = text_of({.table = true}, cells, {});
  return text.substr(kHead.size(), text.find("conf/schedule.xml:3: warning") - kHead.size());
}

TEST(TextReport, ATableOfOneModelSaysWhy) {
  Verdict second_entry = cell("valid", TrustModel::pkix, Ending::delivered, "issued to the host");
  second_entry.subject_to = "schedule.xml:9";
  EXPECT_EQ(
      table_of({cell("valid", TrustModel::pkix, Ending::delivered, "issued to the host"),
                cell("expired", TrustModel::pkix, Ending::certificate_expired, "ended yesterday"),
                second_entry}),
      "\nschedule.xml:4\n\n"
      "certificate               pkix                        why\n"
      "valid                     delivered                   issued to the host\n"
      "expired                   certificate-expired         ended yesterday\n"
      "\nschedule.xml:9\n\n"
      "certificate               pkix                        why\n"
      "valid                     delivered                   issued to the host\n\n");
}

// "documented, documented store" is as long as a column was wide.
TEST(TextReport, ColumnsAreAsWideAsWhatStandsInThem) {
  Verdict documented = cell("valid", TrustModel::documented, Ending::delivered, "listed");
  documented.store_model = words::StoreModel::documented;
  Verdict jsse = documented;
  jsse.store_model = words::StoreModel::jsse;
  jsse.observed = Ending::certificate_host_mismatch;
  jsse.kind = VerdictKind::fail;
  EXPECT_EQ(
      table_of({documented, jsse}),
      "\nschedule.xml:4\n\n"
      "certificate               documented, documented store  documented, jsse store         \n"
      "valid                     delivered                     certificate-host-mismatch (!)  \n"
      "                          documented, documented store: listed\n\n");
  Verdict several = cell("x", TrustModel::pkix, Ending::delivered, "why");
  several.observed.reset();
  several.expected = {Ending::certificate_not_trusted, Ending::validation_failure};
  EXPECT_EQ(table_of({several}),
            "\nschedule.xml:4\n\n"
            "certificate               pkix                                           why\n"
            "x                         certificate-not-trusted or validation-failure  why\n\n");
  Verdict own = cell("a-recipe-of-their-own-with-a-name", TrustModel::pkix, Ending::delivered, "r");
  EXPECT_EQ(table_of({own}),
            "\nschedule.xml:4\n\n"
            "certificate                        pkix                        why\n"
            "a-recipe-of-their-own-with-a-name  delivered                   r\n\n");
}

TEST(TextReport, ATableTellsWhatIsKnownOfWhatNoClientCanMeet) {
  Verdict shown = cell("shown", TrustModel::pkix, Ending::delivered, "issued to the host");
  shown.observed.reset();
  shown.expected = {Ending::delivered};
  shown.facts = {{"issuer", "CN=Root"}, {"fingerprint", "SHA-256 AB"}};
  Verdict same = shown;
  same.trust_model = TrustModel::angus;
  EXPECT_EQ(table_of({shown}),
            "\nschedule.xml:4\n\n"
            "certificate               pkix                        why\n"
            "what the server shows     delivered                   issued to the host\n"
            "                          issuer       CN=Root\n"
            "                          fingerprint  SHA-256 AB\n\n");
  const std::string both = table_of({shown, same});
  EXPECT_EQ(both.find("issuer "), both.rfind("issuer ")) << "once, not for each model\n" << both;
}

TEST(TextReport, ATableOfSeveralSetsThemSideBySide) {
  Verdict failed = cell("expired", TrustModel::pkix, Ending::delivered, "must not");
  failed.kind = VerdictKind::fail;
  EXPECT_EQ(table_of({cell("valid", TrustModel::documented, Ending::delivered, "listed"),
                      cell("valid", TrustModel::pkix, Ending::delivered, "anchored"),
                      cell("expired", TrustModel::documented, Ending::certificate_expired, "ended"),
                      failed}),
            "\nschedule.xml:4\n\n"
            "certificate               documented                  pkix                        \n"
            "valid                     delivered                   delivered                   \n"
            "                          documented: listed\n"
            "                          pkix: anchored\n"
            "expired                   certificate-expired         delivered (!)               \n"
            "                          documented: ended\n"
            "                          pkix: must not\n\n");
}

}  // namespace
}  // namespace startle::report
