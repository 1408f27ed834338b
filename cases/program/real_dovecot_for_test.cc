#include "cases/program/real_dovecot_for_test.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "harness/base/error.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "usr/sbin/dovecot";
constexpr const char* kSettingsReader = "usr/bin/doveconf";
constexpr const char* kSubmission = "usr/lib/dovecot/submission";
constexpr const char* kSink = "usr/sbin/smtp-sink";  // of the package postfix

// Whom its processes run as: who runs the test. Root's become accounts that every Debian has
// (base-passwd): the package's own exist only where it is installed.
struct Accounts {
  std::string internal{};
  std::string login{};
};

Accounts accounts() {
  if (::geteuid() == 0) return {.internal = "mail", .login = "nobody"};
  const passwd* own = ::getpwuid(::geteuid());
  const std::string name = own == nullptr ? "" : own->pw_name;
  return {.internal = name, .login = name};
}

std::string group_of(const std::string& account) {
  const passwd* user = ::getpwnam(account.c_str());
  const group* its = user == nullptr ? nullptr : ::getgrgid(user->pw_gid);
  return its == nullptr ? "" : its->gr_name;
}

std::string settings(const fs::path& folder, std::uint16_t sink, RealServer::Starttls starttls) {
  const bool offered = starttls == RealServer::Starttls::offered;
  const auto in = [&folder](const char* name) { return (folder / name).string(); };
  const auto [internal, login] = accounts();
  const std::string group = group_of(internal);
  return "base_dir = " + in("run") + "\nstate_dir = " + in("run") +
         "\nlibexec_dir = " + in("programs") +
         "\nimport_environment = LD_LIBRARY_PATH LD_PRELOAD STARTLE_UNPACKED"
         "\nlog_path = /dev/stderr"
         "\nprotocols = submission"
         "\nhostname = mail.example.test"
         "\ndefault_internal_user = " +
         internal + "\ndefault_internal_group = " + group + "\ndefault_login_user = " + login +
         "\nfirst_valid_uid = 1"
         "\nservice anvil {\n chroot =\n"
         " unix_listener anvil-auth-penalty {\n  mode = 0\n }\n}"  // no delay after a wrong
                                                                   // password
         "\nservice stats {\n chroot =\n}"
         "\nssl = " +
         (offered ? "required" : "no") + "\nssl_cert = <" + in("chain.pem") + "\nssl_key = <" +
         in("key.pem") +
         "\nauth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256"
         "\nauth_verbose = yes"
         "\nauth_failure_delay = 0"
         "\npassdb {\n driver = passwd-file\n args = " +
         in("users") + "\n}\nuserdb {\n driver = static\n args = uid=" + internal +
         " gid=" + group + " home=/nonexistent\n}" +
         "\nmail_location = maildir:/nonexistent"
         "\nsubmission_relay_host = 127.0.0.1"
         "\nsubmission_relay_port = " +
         std::to_string(sink) + "\n";
}

std::string listeners(std::uint16_t starttls_port, std::uint16_t tls_port,
                      RealServer::Starttls starttls) {
  const bool offered = starttls == RealServer::Starttls::offered;
  const auto listener = [](const char* name, std::uint16_t port, const char* tls) {
    return std::string(" inet_listener ") + name +
           " {\n  address = 127.0.0.1\n  port = " + std::to_string(port) + "\n  ssl = " + tls +
           "\n }\n";
  };
  return "service submission-login {\n chroot =\n" + listener("submission", starttls_port, "no") +
         listener("submissions", tls_port, offered ? "yes" : "no") + "}\n";
}

}  // namespace

std::string RealDovecot::absence() {
  for (const char* program : {kProgram, kSettingsReader, kSubmission}) {
    if (!root_of(program)) {
      return "Dovecot is absent: ci/test unpacks it, or apt-get install dovecot-submissiond";
    }
  }
  if (!root_of(kSink)) {
    return "smtp-sink is absent: ci/test unpacks it, or apt-get install postfix";
  }
  const auto [internal, login] = accounts();
  if (group_of(internal).empty() || group_of(login).empty()) {
    return "Dovecot needs users and groups that have names";
  }
  return "";
}

std::uint16_t RealDovecot::start_sink() {
  const fs::path root = root_of(kSink).value();
  std::vector<std::string> command{(root / kSink).string()};
  if (::geteuid() == 0) command.insert(command.end(), {"-u", accounts().internal});
  command.insert(command.end(), {"", "16"});  // where, and how many may wait
  constexpr int kTries = 5;                   // somebody else may take the port before it does
  for (int i = 0; i < kTries; ++i) {
    const auto ports = free_ports(1);
    command[command.size() - 2] = on_loopback(ports[0]);
    sink_ = std::make_unique<Daemon>(command, environment_below(root), folder() / "sink.log");
    if (sink_->listens_on(ports)) return ports[0];
  }
  throw Error(Fault::system, "smtp-sink does not start: " + sink_->log());
}

RealDovecot::RealDovecot(const certs::Chain& chain, Starttls starttls) {
  const fs::path root = root_of(kProgram).value();
  const std::string configuration = (folder() / "dovecot.conf").string();
  fs::permissions(folder(), fs::perms{0711});
  fs::create_directory(folder() / "run");
  fs::create_symlink(root / "usr/lib/dovecot",
                     folder() / "programs");  // whose path may hold blanks
  write_file(folder() / "chain.pem", certs::to_pem(chain.sent_der));
  write_file(folder() / "key.pem", chain.leaf_key_pem, true);
  write_file(folder() / "users", std::string(kUser) + ":{PLAIN}" + kPassword + "\n");
  const std::string fixed = settings(folder(), start_sink(), starttls);

  auto environment = environment_below(root);
  if (root != "/") {
    const fs::path preloaded = folder() / "preloaded.so";  // nor may this path hold blanks
    fs::copy_file(STARTLE_PRELOAD, preloaded);
    environment.insert(environment.end(),
                       {"LD_PRELOAD=" + preloaded.string(), "STARTLE_UNPACKED=" + root.string()});
  }
  // Left to itself, it has its settings read by /usr/bin/doveconf.
  const auto prepare = [&](Ports ports) {
    write_file(configuration, fixed + listeners(ports.starttls, ports.tls, starttls));
    return std::vector<std::string>{
        (root / kSettingsReader).string(), "-c", configuration, "-m",         "master", "-e",
        (root / kProgram).string(),        "-F", "-c",          configuration};
  };
  start(prepare, environment);
}

}  // namespace startle::cases
