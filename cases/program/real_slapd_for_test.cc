#include "cases/program/real_slapd_for_test.h"

#include "harness/base/error.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "usr/sbin/slapd";

std::string tls_settings(const fs::path& folder, RealSlapd::Tls tls) {
  const auto in = [&folder](const char* name) { return "\"" + (folder / name).string() + "\""; };
  return "\nTLSCACertificateFile " + in("anchors.pem") + "\nTLSCertificateFile " + in("chain.pem") +
         "\nTLSCertificateKeyFile " + in("key.pem") +
         (tls == RealSlapd::Tls::any ? ""
                                     : "\nTLSCipherSuite NORMAL:-VERS-TLS1.3"
                                       "\nsasl-cbinding tls-unique") +
         "\nTLSVerifyClient try";
}

// `tls`: the lines about it; empty: there is none.
std::string configuration(const fs::path& root, const fs::path& folder, const std::string& tls) {
  // A path may hold blanks.
  const auto quoted = [](const fs::path& path) { return "\"" + path.string() + "\""; };
  const auto in = [&](const char* name) { return quoted(folder / name); };
  return "include " + quoted(root / "etc/ldap/schema/core.schema") + "\ninclude " +
         quoted(root / "etc/ldap/schema/cosine.schema") + "\nmodulepath " +
         quoted(root / "usr/lib/ldap") + "\nmoduleload back_mdb" + tls +
         "\nsecurity simple_bind=128"   // no password without TLS
         "\nsasl-secprops noanonymous"  // PLAIN too, which it leaves out otherwise
         "\nsasl-host localhost"
         "\nauthz-regexp \"^uid=([^,]+),.*cn=auth$\" \"uid=$1," +
         RealSlapd::kBase +
         "\""
         "\ndatabase mdb"
         "\ndirectory " +
         in("database") + "\nsuffix \"" + RealSlapd::kBase + "\"\n";
}

std::string entries() {
  return std::string("dn: ") + RealSlapd::kBase +
         "\nobjectClass: dcObject\nobjectClass: organization\no: example\ndc: example\n\n"
         "dn: " +
         RealSlapd::kUserDn +
         "\nobjectClass: account\nobjectClass: simpleSecurityObject\nuid: alice\nuserPassword: " +
         RealSlapd::kPassword + "\n";
}

}  // namespace

std::string RealSlapd::absence() {
  if (root_of(kProgram)) return "";
  return "slapd is absent: ci/test unpacks it, or apt-get install slapd";
}

RealSlapd::RealSlapd(const certs::Chain& chain, Tls tls, Starttls starttls) {
  const fs::path root = root_of(kProgram).value();
  const std::string program = (root / kProgram).string();
  const std::string settings = (folder() / "slapd.conf").string();
  const bool offered = starttls == Starttls::offered;
  write_file(folder() / "anchors.pem", certs::to_pem(chain.anchors_der));
  write_file(folder() / "chain.pem", certs::to_pem(chain.sent_der));
  write_file(folder() / "key.pem", chain.leaf_key_pem, true);
  write_file(settings, configuration(root, folder(), offered ? tls_settings(folder(), tls) : ""));
  write_file(folder() / "entries.ldif", entries());
  fs::create_directory(folder() / "database");
  const auto environment = environment_below(root);
  run_tool({(root / "usr/sbin/slapadd").string(), "-f", settings, "-l",
            (folder() / "entries.ldif").string()},
           environment);

  constexpr const char* kLogOperations = "stats";
  const auto prepare = [&](Ports ports) {
    return std::vector<std::string>{program,
                                    "-f",
                                    settings,
                                    "-h",
                                    "ldap://" + on_loopback(ports.starttls) +
                                        (offered ? " ldaps://" : " ldap://") +
                                        on_loopback(ports.tls),
                                    "-d",
                                    kLogOperations};
  };
  start(prepare, environment);
}

}  // namespace startle::cases
