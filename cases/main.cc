// startle: a diagnostic test suite and conformance harness for STARTTLS clients.

#include <csignal>
#include <cstdio>

#include "cases/commands/commands.h"
#include "harness/base/error.h"
#include "harness/tls/clock.h"

namespace {

using namespace startle;

// One line, whatever happened: scripts and people read it.
int complain(const std::string& what, int code) {
  std::fprintf(stderr, "startle: %s\n", what.c_str());
  return code;
}

int exit_code_of(Fault fault) {
  return fault == Fault::usage || fault == Fault::input ? commands::kUsage : commands::kNotJudged;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  startle::tls::use_run_clock();

  CLI::App app(
      "Tests STARTTLS clients against fake mail servers and certificates that are wrong in "
      "exactly one way each.");
  app.name("startle");
  app.set_version_flag("--version", "startle " STARTLE_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  startle run                             test the built-in client\n"
      "  startle run --config schedule.xml       which certificates this configuration accepts\n"
      "  startle serve smtp --certificate expired  a server to point your own client at\n"
      "`startle COMMAND --help` says more.");
  commands::Command command;
  commands::add_run(app, command);
  commands::add_list(app, command);
  commands::add_serve(app, command);
  try {
    app.parse(argc, argv);
    return command();
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help, --version
    const std::string again = " (`startle --help` shows what there is)";
    return complain(e.what() + again, commands::kUsage);
  } catch (const Error& e) {
    return complain(e.what(), exit_code_of(e.fault()));
  } catch (const std::exception& e) {
    return complain(e.what(), commands::kNotJudged);
  }
}
