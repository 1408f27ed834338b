// startle: a diagnostic test suite and conformance harness for STARTTLS clients.

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "cases/program/commands.h"
#include "harness/base/error.h"
#include "harness/base/words.h"
#include "harness/tls/clock.h"

namespace {

using namespace startle;

// One line, whatever happened: scripts and people read it.
int complain(const std::string& what, int code) {
  std::fprintf(stderr, "startle: %s\n", what.c_str());
  return code;
}

int exit_code_of(Fault fault) {
  return fault == Fault::usage || fault == Fault::input ? program::kUsage : program::kNotJudged;
}

// The first word is a command, and that of `certs` another; CLI11 would only say that one is
// required.
void check_command(const CLI::App& app, int argc, char** argv, int at = 1) {
  if (argc <= at || argv[at][0] == '-') return;
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  if (names.empty()) return;
  const std::string given = argv[at];
  if (std::find(names.begin(), names.end(), given) != names.end()) {
    return check_command(*app.get_subcommand(given), argc, argv, at + 1);
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  const std::string_view near = nearest(given, known);
  const std::string of = at == 1 ? "" : " of `" + app.get_name() + "`";
  throw Error(Fault::usage, "`" + given + "` is no command" + of + ": " +
                                (near.empty() ? "there are " + comma_separated(known)
                                              : "did you mean `" + std::string(near) + "`?"));
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  startle::tls::use_run_clock();

  CLI::App app(
      "Tests STARTTLS clients against fake SMTP and LDAP servers and certificates that are wrong "
      "in "
      "exactly one way each.");
  app.name("startle");
  app.set_version_flag("--version", "startle " STARTLE_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Examples:\n"
      "  startle run                             test the built-in client\n"
      "  startle run --config schedule.xml       which certificates this configuration accepts\n"
      "  startle serve smtp --certificate expired  a server to point your own client at\n"
      "  startle certs show expired              what is wrong with a certificate, and who minds\n"
      "`startle COMMAND --help` says more.");
  program::Command command;
  program::add_run(app, command);
  program::add_list(app, command);
  program::add_serve(app, command);
  program::add_certs(app, command);
  program::add_merge(app, command);
  try {
    check_command(app, argc, argv);
    app.parse(argc, argv);
    return command();
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // --help, --version
    const std::string again = " (`startle --help` shows what there is)";
    return complain(e.what() + again, program::kUsage);
  } catch (const Error& e) {
    return complain(e.what(), exit_code_of(e.fault()));
  } catch (const std::exception& e) {
    return complain(e.what(), program::kNotJudged);
  }
}
