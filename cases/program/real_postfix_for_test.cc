#include "cases/program/real_postfix_for_test.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "harness/base/error.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

constexpr const char* kProgram = "usr/lib/postfix/sbin/master";
constexpr const char* kSaslPassword = "usr/sbin/saslpasswd2";

// Accounts that every Debian has (base-passwd): the package's own, `postfix` and `postdrop`, exist
// only where it is installed.
constexpr const char* kOwner = "mail";
constexpr const char* kGroup = "uucp";

std::string main_settings(const fs::path& root, const fs::path& folder) {
  const auto in = [&folder](const char* name) { return (folder / name).string(); };
  const auto below = [&root](const char* name) { return (root / name).string(); };
  return "compatibility_level = 3.6"
         "\nqueue_directory = " +
         in("spool") + "\ndata_directory = " + in("data") +
         "\ncommand_directory = " + below("usr/sbin") +
         "\ndaemon_directory = " + below("usr/lib/postfix/sbin") +
         "\nshlib_directory = " + below("usr/lib/postfix") +
         "\nmeta_directory = " + below("etc/postfix") + "\nmail_owner = " + kOwner +
         "\nsetgid_group = " + kGroup +
         "\nimport_environment = LD_LIBRARY_PATH SASL_PATH MAIL_CONFIG MAIL_LOGTAG"
         "\nmaillog_file = /dev/stdout"
         "\nmaillog_file_prefixes = /dev/stdout"
         "\nmyhostname = mail.example.test"
         "\nmydestination ="
         "\nalias_maps ="
         "\nalias_database ="
         "\nlocal_recipient_maps ="
         "\ninet_interfaces = 127.0.0.1"
         "\ninet_protocols = ipv4"
         "\ndefault_transport = discard:"
         "\nsmtpd_peername_lookup = no"
         "\nsmtpd_tls_chain_files = " +
         in("chain.pem") +
         "\nsmtpd_tls_security_level = may"
         "\nsmtpd_tls_auth_only = yes"
         "\nsmtpd_sasl_auth_enable = yes"
         "\nsmtpd_sasl_local_domain = localhost"
         "\nsmtpd_relay_restrictions = permit_sasl_authenticated, reject\n";
}

// master.cf: only what a submission passes through.
std::string services(std::uint16_t starttls_port, std::uint16_t tls_port,
                     RealServer::Starttls starttls) {
  const bool offered = starttls == RealServer::Starttls::offered;
  return on_loopback(starttls_port) + " inet n - n - - smtpd" +
         (offered ? "\n" : " -o smtpd_tls_security_level=none\n") + on_loopback(tls_port) +
         " inet n - n - - smtpd -o smtpd_tls_wrappermode=yes\n"
         "postlog unix-dgram n - n - 1 postlogd\n"
         "tlsmgr unix - - n 1000? 1 tlsmgr\n"
         "anvil unix - - n - 1 anvil\n"
         "cleanup unix n - n - 0 cleanup\n"
         "qmgr unix n - n 300 1 qmgr\n"
         "rewrite unix - - n - - trivial-rewrite\n"
         "proxymap unix - - n - - proxymap\n"
         "discard unix - - n - - discard\n"
         "bounce unix - - n - 0 bounce\n"
         "error unix - - n - - error\n";
}

// The queue as `postfix check` would make it.
void make_spool(const fs::path& spool) {
  const passwd* owner = ::getpwnam(kOwner);
  const group* users = ::getgrnam(kGroup);
  const auto make = [&](const char* name, uid_t uid, gid_t gid, fs::perms mode) {
    fs::create_directory(spool / name);
    check_errno(::chown((spool / name).c_str(), uid, gid), (spool / name).string());
    fs::permissions(spool / name, mode);
  };
  fs::create_directory(spool);
  for (const char* name : {"active", "bounce", "corrupt", "defer", "deferred", "flush", "hold",
                           "incoming", "private", "saved", "trace"}) {
    make(name, owner->pw_uid, 0, fs::perms{0700});
  }
  make("pid", 0, 0, fs::perms{0755});
  make("public", owner->pw_uid, users->gr_gid, fs::perms{0710});
  make("maildrop", owner->pw_uid, users->gr_gid, fs::perms{0730});
  make("../data", owner->pw_uid, 0, fs::perms{0700});
}

}  // namespace

std::string RealPostfix::absence() {
  if (::geteuid() != 0) return "Postfix needs root: run this test as root";
  if (!root_of(kProgram)) {
    return "Postfix is absent: ci/test unpacks it, or apt-get install postfix sasl2-bin";
  }
  if (!root_of(kSaslPassword)) {
    return "saslpasswd2 is absent: ci/test unpacks it, or apt-get install sasl2-bin";
  }
  if (::getpwnam(kOwner) == nullptr || ::getgrnam(kGroup) == nullptr) {
    return std::string("Postfix needs the user ") + kOwner + " and the group " + kGroup;
  }
  return "";
}

RealPostfix::RealPostfix(const certs::Chain& chain, Starttls starttls) {
  const fs::path root = root_of(kProgram).value();
  const fs::path sasl_root = root_of(kSaslPassword).value();
  const fs::path users = folder() / "sasldb2";
  fs::permissions(folder(), fs::perms{0711});  // its processes run as kOwner
  write_file(folder() / "chain.pem", chain.leaf_key_pem + certs::to_pem(chain.sent_der), true);
  write_file(folder() / "main.cf", main_settings(root, folder()));
  fs::create_directory(folder() / "sasl");
  write_file(folder() / "sasl/smtpd.conf",
             "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN CRAM-MD5 "
             "SCRAM-SHA-1 SCRAM-SHA-256\n"
             "sasldb_path: " +
                 users.string() + "\n");
  write_file(folder() / "password", kPassword, true);
  run_tool({"sh", "-c", "exec \"$0\" -p -c -f \"$1\" -u localhost \"$2\" <\"$3\"",
            (sasl_root / kSaslPassword).string(), users.string(), kUser,
            (folder() / "password").string()},
           environment_below(sasl_root));
  fs::permissions(users, fs::perms{0644});
  make_spool(folder() / "spool");

  auto environment = environment_below(root);
  environment.push_back("MAIL_CONFIG=" + folder().string());
  const auto prepare = [&](Ports ports) {
    write_file(folder() / "master.cf", services(ports.starttls, ports.tls, starttls));
    return std::vector<std::string>{(root / kProgram).string(), "-s", "-c", folder().string()};
  };
  start(prepare, environment);
}

}  // namespace startle::cases
