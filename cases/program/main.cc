// startle: a diagnostic test suite and conformance harness for STARTTLS clients.

#include <cstdio>
#include <new>
#include <string>

#include "cases/program/commands.h"
#include "cases/program/memory_limit.h"
#include "cases/program/standard_output.h"
#include "cases/program/standard_streams.h"
#include "harness/base/error.h"
#include "harness/tls/clock.h"

namespace {

using namespace startle;

// A line for each thing that is wrong, whatever happened: scripts and people read it.
int complain(const std::string& what, int code) {
  std::string lines = "startle: ";
  for (const char c : what) {
    lines += c;
    if (c == '\n') lines += "startle: ";
  }
  std::fprintf(stderr, "%s\n", lines.c_str());
  return code;
}

int exit_code_of(Fault fault) {
  return fault == Fault::usage || fault == Fault::input ? program::kUsage : program::kNotJudged;
}

}  // namespace

int main(int argc, char** argv) {
  program::open_closed_streams();
  program::share_limited_memory();
  program::StandardOutput output;
  startle::tls::use_run_clock();

  try {
    program::Program startle(
        "startle", STARTLE_VERSION,
        "Tests STARTTLS clients against fake SMTP and LDAP servers and certificates that are wrong "
        "in exactly one way each.");
    startle.needs_command();
    startle.footer(
        "Examples:\n"
        "  startle run                             test the built-in client\n"
        "  startle run --config schedule.xml       what this configuration accepts\n"
        "  startle diagnose schedule.xml           what is wrong with a customer's TLS\n"
        "  startle serve smtp                      a server to point your own client at\n"
        "  startle certs show expired              what is wrong with a certificate\n"
        "`startle COMMAND --help` says more.");
    program::add_run(startle);
    program::add_list(startle);
    program::add_serve(startle);
    program::add_certs(startle);
    program::add_compare(startle);
    program::add_merge(startle);
    program::add_fuzz(startle);
    program::add_bench(startle);
    program::add_explain(startle);
    program::add_diagnose(startle);
    program::add_client(startle);
    return output.end(startle.run(argc, argv));
  } catch (const Error& e) {
    if (e.fault() == Fault::system) output.end_unread();
    return complain(e.what(), exit_code_of(e.fault()));
  } catch (const std::bad_alloc&) {
    return complain("memory is short: allow more (ulimit -v), or run fewer at once (--jobs)",
                    program::kNotJudged);
  } catch (const std::exception& e) {
    return complain(e.what(), program::kNotJudged);
  }
}
