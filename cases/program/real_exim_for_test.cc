#include "cases/program/real_exim_for_test.h"

#include <pwd.h>
#include <unistd.h>

#include "harness/base/error.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "usr/sbin/exim4";
// An account that every Debian has (base-passwd): the package's own, `Debian-exim`, exists only
// where it is installed.
constexpr const char* kOwner = "mail";

// Of an authenticator whose name and password are in these variables.
std::string condition(const char* name, const char* password) {
  return std::string("  server_condition = ${if and{{eq{$") + name + "}{" + RealServer::kUser +
         "}}{eq{$" + password + "}{" + RealServer::kPassword + "}}}}\n  server_set_id = $" + name +
         "\n";
}

std::string settings(const fs::path& program, const fs::path& folder,
                     RealServer::Starttls starttls) {
  const auto in = [&folder](const char* name) { return (folder / name).string(); };
  return "primary_hostname = mail.example.test"
         "\nspool_directory = " +
         in("spool") + "\nlog_file_path = " + in("spool/%slog") +
         "\npid_file_path = " + in("spool/pid") + "\nexim_path = " + program.string() +
         "\nexim_user = " + kOwner + "\nexim_group = " + kOwner +
         "\nkeep_environment ="
         "\nlocal_interfaces = 127.0.0.1"
         "\ndaemon_startup_retries = 0"
         "\ndisable_ipv6 = true"
         "\nhost_lookup ="
         "\nrfc1413_hosts ="
         "\ntls_advertise_hosts = " +
         (starttls == RealServer::Starttls::offered ? "*" : ":") +
         "\ntls_certificate = " + in("spool/chain.pem") +
         "\ntls_privatekey = " + in("spool/key.pem") +
         "\nauth_advertise_hosts = ${if def:tls_in_cipher{*}}"
         "\nacl_smtp_rcpt = acl_rcpt"
         "\nacl_smtp_data = acl_data"
         "\nbegin acl"
         "\nacl_rcpt:\n  accept authenticated = *\n  deny message = authenticate first"
         "\nacl_data:\n  discard"
         "\nbegin authenticators"
         "\nplain:\n  driver = plaintext\n  public_name = PLAIN\n  server_prompts = :\n" +
         condition("auth2", "auth3") +
         "login:\n  driver = plaintext\n  public_name = LOGIN\n"
         "  server_prompts = <| Username: | Password:\n" +
         condition("auth1", "auth2");
}

}  // namespace

std::string RealExim::absence() {
  if (::geteuid() != 0) return "Exim needs root: run this test as root";
  if (!root_of(kProgram)) {
    return "Exim is absent: ci/test unpacks it, or apt-get install exim4-daemon-light";
  }
  if (::getpwnam(kOwner) == nullptr) return std::string("Exim needs the user ") + kOwner;
  return "";
}

RealExim::RealExim(const certs::Chain& chain, Starttls starttls) {
  const fs::path root = root_of(kProgram).value();
  const fs::path spool = folder() / "spool";
  const passwd* owner = ::getpwnam(kOwner);
  fs::permissions(folder(), fs::perms{0711});  // its processes run as kOwner
  fs::create_directory(spool);
  write_file(spool / "chain.pem", certs::to_pem(chain.sent_der));
  write_file(spool / "key.pem", chain.leaf_key_pem, true);
  for (const fs::path& one : {spool, spool / "chain.pem", spool / "key.pem"}) {
    check_errno(::chown(one.c_str(), owner->pw_uid, owner->pw_gid), one.string());
  }
  const std::string fixed = settings(root / kProgram, folder(), starttls);

  auto environment = environment_below(root);
  if (root != "/") {
    const fs::path preloaded = folder() / "preloaded.so";
    fs::copy_file(STARTLE_PRELOAD, preloaded);
    environment.insert(environment.end(), {"LD_PRELOAD=" + preloaded.string(),
                                           std::string("STARTLE_ACCOUNT=") + kOwner});
  }
  const auto prepare = [&](Ports ports) {
    const std::string both = std::to_string(ports.starttls) + ":" + std::to_string(ports.tls);
    write_file(folder() / "exim.conf",
               "tls_on_connect_ports = " + std::to_string(ports.tls) + "\n" + fixed);
    return std::vector<std::string>{
        (root / kProgram).string(), "-C", (folder() / "exim.conf").string(), "-bdf", "-oX", both};
  };
  start(prepare, environment);
}

}  // namespace startle::cases
