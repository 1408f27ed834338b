#pragma once
// The key stores of Allegra (Track+): `<TRACKPLUS_HOME>/keystore/<host>.ks`, made by Java's
// keytool, serves `<host>`. Java says nothing, or something else, about nearly everything that can
// be wrong with such a file; here each mistake is a diagnosis of its own, with the command that
// mends it.

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/shell_word.h"
#include "harness/base/words.h"
#include "harness/customer/schedule/entry.h"
#include "harness/customer/store/store.h"

namespace startle::customer {

enum class StoreProblem {
  missing,          // no such file: Java takes its cacerts, without a word
  misnamed,         // so it is, but there is one whose base name may have been meant
  misplaced,        // so it is, but it stands in the home itself, or in a folder of another name
  wrong_extension,  // so it is, but there is host.jks, host.ks.txt, host.pem ..
  unreadable,      // permissions, a folder in its place, a link into nothing: as if it were missing
  unread,          // it is there, and with STARTTLS the product takes Java's cacerts
  world_writable,  // the file, or the folder it stands in
  empty,           // zero bytes
  not_a_store,     // PEM, zip, text ..
  encoded,         // a store in base64, hex or UTF-8: nobody has decoded it
  garbled,         // it was one until a text filter went over it
  wrong_format,    // JCEKS, which Java does not read unless it is told to
  damaged,         // cut off, changed, too large
  wrong_password,
  locked,             // opened without a password Java sees 0 entries of a PKCS #12 store
  no_certificate,     // nothing in it
  not_trusted,        // certificates, but none that Java takes for trusted
  expired,            // one of its certificates; Java accepts it all the same
  renewed,            // the server shows a later certificate of the same subject
  other_certificate,  // the server shows another one, whose issuer it does not hold either
  expired_path,       // what it holds is reached through a certificate alone that has expired
  octets_behind,      // its end; Java does not look at them
  padded_password,    // what opens it stands in the password's file with blanks or quotes around it
};
inline constexpr auto kStoreProblems = word_table<StoreProblem>({
    {StoreProblem::missing, "missing"},
    {StoreProblem::misnamed, "misnamed"},
    {StoreProblem::misplaced, "misplaced"},
    {StoreProblem::wrong_extension, "wrong-extension"},
    {StoreProblem::unreadable, "unreadable"},
    {StoreProblem::unread, "unread"},
    {StoreProblem::world_writable, "world-writable"},
    {StoreProblem::empty, "empty"},
    {StoreProblem::not_a_store, "not-a-store"},
    {StoreProblem::encoded, "encoded"},
    {StoreProblem::garbled, "garbled"},
    {StoreProblem::wrong_format, "wrong-format"},
    {StoreProblem::damaged, "damaged"},
    {StoreProblem::wrong_password, "wrong-password"},
    {StoreProblem::locked, "locked"},
    {StoreProblem::no_certificate, "no-certificate"},
    {StoreProblem::not_trusted, "not-trusted"},
    {StoreProblem::expired, "expired"},
    {StoreProblem::renewed, "renewed"},
    {StoreProblem::other_certificate, "other-certificate"},
    {StoreProblem::expired_path, "expired-path"},
    {StoreProblem::octets_behind, "octets-behind"},
    {StoreProblem::padded_password, "padded-password"},
});
constexpr Words words_of(StoreProblem) {
  return kStoreProblems;
}

// Not a mistake by itself: a certificate of a known authority needs no store, and Java minds
// neither that a certificate in it has expired nor what stands behind its end.
constexpr bool is_note(StoreProblem problem) {
  return problem == StoreProblem::missing || problem == StoreProblem::expired ||
         problem == StoreProblem::octets_behind || problem == StoreProblem::padded_password;
}

// Lines for a shell, one after the other: commands, and between them remarks for whoever types them
// (`# ..`, `rem ..`). No password stands in them: keytool asks for it, and before it trusts a
// certificate it shows the fingerprint and asks for that.
using Commands = std::vector<std::string>;

struct StoreDiagnosis {
  StoreProblem problem = StoreProblem::missing;
  std::filesystem::path file{};  // the file, or folder, that is wrong
  std::string sentence{};        // begins with its name; no full stop
  Commands remedy{};             // what mends it and costs nobody anything; empty: nothing here
};

// Of what the server shows, the certificate that belongs into a store: the authority furthest up,
// which outlives a renewal; the server's own where that has signed itself, or nothing else is
// shown.
struct ShownAnchor {
  std::filesystem::path file{};  // that it stands in
  bool is_pem = true;            // as text; otherwise `startle certs show FILE --pem` makes it so
  std::size_t number = 1;        // of the certificates in the file, from 1
  bool is_authority = false;
  bool is_self_signed = false;
  std::string subject{};      // "CN=Example Root CA"; "" where it cannot be read
  std::string fingerprint{};  // "SHA-256 AB:CD:.."
};
ShownAnchor anchor_of(const std::vector<std::string>& shown_der, const std::filesystem::path& file,
                      bool is_pem);

// So of the certificates that lie in a file, in whatever form `startle certs show` reads; nullopt:
// there are none.
std::optional<ShownAnchor> anchor_in(const std::string& bytes, const std::filesystem::path& file);

// What the store is for: it decides how the server's certificate is fetched, where it belongs and
// who types the commands.
struct StoreUse {
  Protocol protocol = Protocol::smtp;
  Tls tls = Tls::implicit;                 // with STARTTLS the product wants it in Java's cacerts
  std::uint16_t port = 0;                  // 0: the protocol's own
  std::vector<std::string> other_hosts{};  // whose files are never taken for this host's
  std::optional<ShownAnchor> shown{};      // nullopt: nobody has said what the server shows
  std::filesystem::path cacerts{};         // of the Java runtime, where it is given
  Shell shell = Shell::posix;
};
StoreUse use_of(const Entry& entry);

struct FoundStore {
  std::filesystem::path file{};  // where Java looks
  std::optional<Store> store{};  // what Java finds there; none: it finds none, or refuses it
  std::vector<StoreDiagnosis> diagnoses{};
  StoreUse use{};
};

// The store of `host` below `home`. Without a password `changeit` is tried, the one that Java's own
// store has; a given one is tried alone; an empty one opens the store as Java does without a
// password. The exact name counts, letter for letter, as it does for Java on Linux. With STARTTLS
// no store of the host is opened: the product's page has the certificate in Java's cacerts. Dates
// go by the run's clock (harness/tls/clock.h). Throws nothing of what is wrong with the file.
FoundStore find_host_store(const std::filesystem::path& home, const std::string& host,
                           const std::optional<std::string>& password, const StoreUse& use = {});

// So of a copy of that store, which somebody has sent: who may write it where it lies says nothing.
FoundStore find_given_store(const std::filesystem::path& file, const std::string& host,
                            const std::optional<std::string>& password, const StoreUse& use = {});

// The Java runtime's own store, `lib/security/cacerts`, which its programs open without a password
// unless they are told one, and `keytool -cacerts` changes. Throws Error(Fault::input) where it
// cannot be read.
FoundStore find_java_store(const std::filesystem::path& file,
                           const std::optional<std::string>& password, const StoreUse& use = {});

// What the server shows, end entity first, against what the store holds: nothing to say where Java
// would find the certificate itself or one that issued one of those shown, or where there is no
// store.
std::vector<StoreDiagnosis> compare_with_shown(const FoundStore& found,
                                               const std::vector<std::string>& shown_der,
                                               const std::string& host);

// The value of the matrices' axis `store` that stands for this: `host-jks`, `host-missing` ..
std::string_view axis_value(const FoundStore& found);

}  // namespace startle::customer
