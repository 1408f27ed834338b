// startle diagnose: what is wrong with a customer's TLS, with or without the server.

#include <algorithm>
#include <chrono>
#include <iostream>
#include <memory>
#include <system_error>
#include <utility>

#include "cases/program/commands.h"
#include "cases/program/diagnose/gather.h"
#include "cases/program/diagnose/report.h"
#include "cases/program/wire_files.h"
#include "harness/base/error.h"
#include "harness/tls/clock.h"

namespace startle::program {
namespace {

void check(const DiagnoseRequest& request) {
  const bool any = !request.what.empty() || !request.home.store.empty() || !request.log.empty() ||
                   !request.chain.empty();
  if (!any) {
    throw Error(Fault::usage,
                "`startle diagnose` needs a configuration or a URL, --store, --log or --chain: for "
                "example `startle diagnose schedule.xml` (`startle diagnose --help` says more)");
  }
  option_word<client::StopAfter>("--stop-after", request.stop_after);
  option_word<DiagnosisReport>("--report", request.report);
  if (!request.trust_model.empty()) {
    option_word<words::TrustModel>("--trust-model", request.trust_model);
  }
  if (!request.store_model.empty()) {
    option_word<words::StoreModel>("--store-model", request.store_model);
  }
  if (request.home.home.empty()) {
    if (request.home.password_file.empty() || !request.home.store.empty()) return;
    throw Error(Fault::usage,
                "--store-password-file opens the stores of --home DIR or --store FILE: give both");
  }
  std::error_code ignored;
  if (!std::filesystem::is_directory(request.home.home, ignored)) {
    throw Error(Fault::usage, "--home " + request.home.home + ": there is no such folder");
  }
}

int code_of(const std::vector<Diagnosed>& all) {
  const auto any = [&](diagnosis::Health health) {
    return std::ranges::any_of(
        all, [&](const Diagnosed& one) { return one.diagnosis.health == health; });
  };
  if (any(diagnosis::Health::fails)) return kFindings;
  return any(diagnosis::Health::unknown) ? kNotJudged : kAllAsExpected;
}

std::string written(const std::string& report, const std::vector<Diagnosed>& all) {
  switch (option_word<DiagnosisReport>("--report", report)) {
    case DiagnosisReport::text:
      return text_report(all);
    case DiagnosisReport::json:
      return json_report(all);
    case DiagnosisReport::markdown:
      break;
  }
  return markdown_report(all);
}

// What is read, and is not to be written to.
std::vector<InputFile> inputs_of(const DiagnoseRequest& request) {
  std::vector<InputFile> inputs;
  for (const std::string& one : request.what) {
    if (is_file(one)) inputs.push_back({"a configuration", one});
  }
  for (const auto& [option, file] : {std::pair{"--store", request.home.store},
                                     {"--log", request.log},
                                     {"--chain", request.chain},
                                     {"--store-password-file", request.home.password_file}}) {
    if (!file.empty()) inputs.push_back({option, file});
  }
  return inputs;
}

void check_wire(const DiagnoseRequest& request) {
  const bool none = request.wire == WireRequest{};
  if (none && request.show_secrets) {
    throw Error(Fault::usage, "--show-secrets is about what --pcap FILE has: give both");
  }
  if (!none && request.offline) {
    throw Error(Fault::usage,
                "--offline connects to no server: there is nothing for --pcap and --keylog");
  }
  check_wire_files(request.wire, inputs_of(request));
}

int diagnose(const DiagnoseRequest& request) {
  check(request);
  check_wire(request);
  tls::set_run_clock(request.at.empty() ? now() : clock_at("--at", request.at));
  const Kept kept{
      .evidence = open_wire_files(request.wire, std::chrono::system_clock::now(),
                                  request.show_secrets ? pcapng::Evidence::Secrets::embedded
                                                       : pcapng::Evidence::Secrets::withheld),
      .shows_secrets = request.show_secrets};
  std::vector<Diagnosed> all;
  for (Gathered& one : gather(request, kept)) {
    diagnosis::Diagnosis made = diagnosis::weigh(one.evidence);
    all.push_back({.gathered = std::move(one), .diagnosis = std::move(made)});
  }
  std::cout << written(request.report, all) << std::flush;
  const std::string unwritten = kept.evidence ? kept.evidence->finish() : "";
  if (!unwritten.empty()) throw Error(Fault::system, unwritten);
  return code_of(all);
}

void add_evidence(CommandLine& sub, DiagnoseRequest& request) {
  sub.option("what", request.what,
             "Customers' schedule.xml, each <smtp> and <ldap> of which is looked at, or servers: "
             "smtp://HOST[:PORT], smtps://, ldap://, ldaps://")
      .value("FILE|URL");
  sub.option("--home", request.home.home,
             "A customer's TRACKPLUS_HOME: DIR/keystore/HOST.ks is the store of HOST")
      .value("DIR");
  sub.option("--store", request.home.store,
             "A key store that was sent: HOST.ks is that of HOST, any other the trust store that "
             "the product's Java reads, as its cacerts")
      .value("FILE");
  sub.option("--store-password-file", request.home.password_file,
             "Holds the password of these stores [$STARTLE_STORE_PASSWORD, or changeit]")
      .value("FILE");
  sub.option("--log", request.log, "The product's log, or a stack trace; - is standard input")
      .value("FILE");
  sub.option("--chain", request.chain,
             "What the server shows, as openssl s_client -showcerts prints it: PEM, DER, PKCS #7")
      .value("PEM");
}

}  // namespace

void add_diagnose(CommandLine& startle) {
  auto request = std::make_shared<DiagnoseRequest>();
  CommandLine sub =
      startle.command("diagnose", "Say what is wrong with a customer's TLS, and what to change");
  add_evidence(sub, *request);
  sub.flag("--offline", request->offline, "Connect to no server: what was given is all there is");
  sub.option("--stop-after", request->stop_after,
             "How far a look at a server goes: tls, auth, sender (MAIL FROM, then RSET), message")
      .value("STEP")
      .shows_default();
  sub.option("--trust", request->trust, "In place of the value that the configuration has")
      .value("VALUE");
  sub.option("--trust-model", request->trust_model,
             "By which health is judged [documented; of a URL without --trust angus for mail, jndi "
             "for directories]")
      .value("MODEL");
  sub.option("--store-model", request->store_model,
             "What a key store kept for the host means [documented; of a URL without --trust jsse]")
      .value("MODEL");
  sub.option("--report", request->report, "text, json or markdown").value("KIND").shows_default();
  sub.option("--at", request->at,
             "The date that certificates are judged at, 2026-11-21 or 2026-11-21T12:00:00Z [now]")
      .value("DATE");
  add_wire_files(sub, request->wire,
                 "Write what goes over the wire as pcapng, for Wireshark: what was said inside TLS "
                 "stays unread, and the password is blotted out");
  sub.flag("--show-secrets", request->show_secrets,
           "In --pcap the secrets of TLS too, so that it shows what was said inside, and the "
           "password");
  sub.option("--deadline", request->deadline, "Seconds for each step of a look at a server")
      .value("S")
      .shows_default()
      .between(0.1, 3600.0);
  sub.footer(
      "Examples:\n"
      "  startle diagnose conf/schedule.xml\n"
      "  startle diagnose smtp://mail.example.com:587\n"
      "  startle diagnose conf/schedule.xml --log app.log --offline\n"
      "  startle diagnose conf/schedule.xml --chain shown.pem --offline\n"
      "  startle diagnose smtps://mail.example.com --home /opt/trackplus\n"
      "  startle diagnose ldap://ad.example.com --store cacerts --log trace.txt\n"
      "  startle diagnose --log trace.txt\n"
      "  startle diagnose conf/schedule.xml --stop-after auth\n"
      "  startle diagnose conf/schedule.xml --trust mail.example.com\n"
      "What is printed ends with ANSWER, CONFIDENCE (certain, likely, possible, and\n"
      "  what it rests on), CHANGE (the most careful first; what merely hides the\n"
      "  problem last) and ASK (what to send next). No password is printed.\n"
      "Exit: 0 healthy under the stated model, 1 something fails, a mistake in the\n"
      "  configuration too, 2 usage or input, 3 cannot tell.");
  sub.runs([request] { return diagnose(*request); });
}

}  // namespace startle::program
