#include "cases/real_slapd_for_test.h"

#include "harness/base/error.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "usr/sbin/slapd";
constexpr int kTries = 5;  // somebody else may take a port before slapd does

std::string configuration(const fs::path& root, const fs::path& folder) {
  // A path may hold blanks.
  const auto quoted = [](const fs::path& path) { return "\"" + path.string() + "\""; };
  const auto in = [&](const char* name) { return quoted(folder / name); };
  return "include " + quoted(root / "etc/ldap/schema/core.schema") + "\ninclude " +
         quoted(root / "etc/ldap/schema/cosine.schema") + "\nmodulepath " +
         quoted(root / "usr/lib/ldap") +
         "\nmoduleload back_mdb"
         "\nTLSCACertificateFile " +
         in("anchors.pem") + "\nTLSCertificateFile " + in("chain.pem") +
         "\nTLSCertificateKeyFile " + in("key.pem") +
         "\nTLSVerifyClient try"
         "\nsecurity simple_bind=128"  // no password without TLS
         "\ndatabase mdb"
         "\ndirectory " +
         in("database") + "\nsuffix \"" + RealSlapd::kBase + "\"\n";
}

std::string entries() {
  return std::string("dn: ") + RealSlapd::kBase +
         "\nobjectClass: dcObject\nobjectClass: organization\no: example\ndc: example\n\n"
         "dn: " +
         RealSlapd::kUser +
         "\nobjectClass: account\nobjectClass: simpleSecurityObject\nuid: alice\nuserPassword: " +
         RealSlapd::kPassword + "\n";
}

}  // namespace

std::string RealSlapd::absence() {
  if (root_of(kProgram)) return "";
  return "slapd is absent: ci/test unpacks it, or apt-get install slapd";
}

RealSlapd::RealSlapd(const certs::Chain& chain) {
  const fs::path root = root_of(kProgram).value();
  const fs::path& folder = folder_.path();
  const std::string program = (root / kProgram).string();
  const std::string settings = (folder / "slapd.conf").string();
  write_file(folder / "anchors.pem", certs::to_pem(chain.anchors_der));
  write_file(folder / "chain.pem", certs::to_pem(chain.sent_der));
  write_file(folder / "key.pem", chain.leaf_key_pem, true);
  write_file(settings, configuration(root, folder));
  write_file(folder / "entries.ldif", entries());
  fs::create_directory(folder / "database");
  const auto environment = environment_below(root);
  run_tool({(root / "usr/sbin/slapadd").string(), "-f", settings, "-l",
            (folder / "entries.ldif").string()},
           environment);

  constexpr const char* kLogOperations = "stats";
  for (int i = 0; i < kTries; ++i) {
    const auto ports = free_ports(2);
    starttls_port_ = ports[0];
    tls_port_ = ports[1];
    daemon_ = std::make_unique<Daemon>(
        std::vector<std::string>{program, "-f", settings, "-h",
                                 "ldap://127.0.0.1:" + std::to_string(starttls_port_) +
                                     " ldaps://127.0.0.1:" + std::to_string(tls_port_),
                                 "-d", kLogOperations},
        environment, folder / "log");
    if (daemon_->listens_on(ports)) return;
  }
  throw Error(Fault::system, "slapd does not start: " + daemon_->log());
}

}  // namespace startle::cases
