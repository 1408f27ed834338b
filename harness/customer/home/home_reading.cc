#include "harness/customer/home/home_reading.h"

#include <algorithm>

#include "harness/base/shell_word.h"
#include "harness/customer/home/home_content.h"
#include "harness/tls/certification_path.h"
#include "harness/tls/credentials.h"

namespace startle::customer {
namespace {

using Kind = FileContent::Kind;

constexpr const char* kDefaultPassword = "changeit";
constexpr const char* kRefusesAll =
    "Java cannot open it and refuses every connection, whatever `trust` says";

class StoreReading {
 public:
  StoreReading(FoundStore& found, const Remedy& remedy)
      : found_(found), remedy_(remedy), name_(remedy.name()) {}

  void read(const std::string& bytes, const std::optional<std::string>& password) {
    if (bytes.empty()) {
      return add(StoreProblem::empty, "is empty: " + std::string(kRefusesAll), remedy_.make_anew());
    }
    const FileContent content = content_of(bytes);
    if (content.kind == Kind::jceks) return wrong_format();
    if (content.kind == Kind::encoded) return encoded(content);
    if (content.kind == Kind::garbled) return garbled(content.name);
    if (content.kind != Kind::store) return no_store(content, bytes);
    std::optional<std::string> tried = password.value_or(kDefaultPassword);
    if (tried->empty()) tried.reset();
    try {
      found_.store = read_store(bytes, tried, name_);
    } catch (const StoreError& e) {
      if (was_in_text_mode(bytes, tried)) return garbled("CR LF for LF");
      if (e.refusal() == StoreRefusal::wrong_password) return wrong_password(password.has_value());
      if (e.refusal() == StoreRefusal::unreadable) return unreadable(e.what());
      return add(StoreProblem::damaged, first_sentence(e.what()) + ": " + kRefusesAll,
                 remedy_.make_anew());
    }
    check_entries(*found_.store);
    check_dates(*found_.store);
    check_end(*found_.store);
  }

 private:
  void add(StoreProblem problem, const std::string& what, Commands commands) {
    found_.diagnoses.push_back({.problem = problem,
                                .file = found_.file,
                                .sentence = name_ + " " + what,
                                .remedy = std::move(commands)});
  }

  // Of the reader's complaint, without the file's name: what is broken, and where.
  std::string first_sentence(const std::string& complaint) const {
    const std::string named = name_ + ": ";
    const std::string what =
        complaint.starts_with(named) ? complaint.substr(named.size()) : "is damaged";
    return what.substr(0, what.find(". "));
  }

  // Protected in a way that is not known here, which says nothing of Java.
  void unreadable(const std::string& complaint) {
    add(StoreProblem::unreadable, complaint.substr(name_.size() + 2), {});
  }

  void no_store(const FileContent& content, const std::string& bytes) {
    const auto lying = anchor_in(bytes, found_.file);
    add(StoreProblem::not_a_store, "is no key store but " + content.name + ": " + kRefusesAll,
        lying ? remedy_.import_from(*lying, lying->number == 1 && is_for_keytool(content.kind))
              : remedy_.make_anew());
  }

  void encoded(const FileContent& content) {
    const bool whole = content.encoding.whole;
    add(StoreProblem::encoded, "is " + content.name + ", and has to be decoded: " + kRefusesAll,
        whole ? remedy_.decode(content.encoding.stages, content.encoding.windows)
              : remedy_.from_backup());
  }

  void garbled(const std::string& with) {
    add(StoreProblem::garbled,
        "was a key store that passed through a text filter (" + with +
            "), and cannot be mended: copy the original in binary; until then " + kRefusesAll,
        remedy_.from_backup());
  }

  // Whether it is a store once the CRs are gone: one that this password opens, or none does.
  static bool was_in_text_mode(const std::string& bytes, const std::optional<std::string>& tried) {
    const std::string undone = without_cr(bytes);
    if (undone.size() == bytes.size()) return false;
    try {
      return read_store(undone, tried, "").verified || !tried;
    } catch (const StoreError&) {
      return false;
    }
  }

  void wrong_format() {
    add(StoreProblem::wrong_format,
        "is a key store in JCEKS, and Java expects JKS or PKCS #12: " + std::string(kRefusesAll),
        remedy_.convert("JCEKS", "PKCS12"));
  }

  void wrong_password(bool given) {
    add(StoreProblem::wrong_password,
        std::string(given ? "is not opened by the given password"
                          : "is not opened by changeit, which is tried where no password is given "
                            "(--store-password-file, STARTLE_STORE_PASSWORD)") +
            ", or it is damaged: with that password " + kRefusesAll,
        remedy_.list());
  }

  void check_entries(const Store& store) {
    const auto trusted = [](const StoreEntry& entry) { return entry.trusted; };
    if (std::any_of(store.entries.begin(), store.entries.end(), trusted)) return;
    if (store.locked) {
      return add(StoreProblem::locked,
                 "was opened without a password: its certificates are encrypted, and Java sees 0 "
                 "of them; a store in JKS opens without one",
                 remedy_.convert("PKCS12", "JKS"));
    }
    constexpr const char* kTrustsNone =
        ": Java trusts no server then (`the trustAnchors parameter must be non-empty`)";
    if (store.entries.empty()) {
      return add(StoreProblem::no_certificate, std::string("holds no certificate") + kTrustsNone,
                 remedy_.add(store));
    }
    if (std::any_of(store.entries.begin(), store.entries.end(), is_anchor)) {
      return add(StoreProblem::not_trusted,
                 "holds private keys and no trusted certificate: Java trusts nobody but the owners "
                 "of these keys, as a key store is no trust store",
                 remedy_.add(store));
    }
    add(StoreProblem::not_trusted,
        "holds no trusted certificate, only such as lack the attribute that keytool writes "
        "(openssl "
        "and certtool do not)" +
            std::string(kTrustsNone),
        is_without_attribute(store) ? remedy_.import_own(store) : remedy_.add(store));
  }

  // What openssl or certtool has made, for the very server: few, and no private key beside them.
  static bool is_without_attribute(const Store& store) {
    constexpr std::size_t kMost = 5;
    return store.format == StoreFormat::pkcs12 && store.private_keys == 0 &&
           store.entries.size() <= kMost;
  }

  // One diagnosis for them all: cacerts, copied, holds many.
  void check_dates(const Store& store) {
    const StoreEntry* first = nullptr;
    std::string day;
    std::size_t count = 0;
    for (const StoreEntry& entry : store.entries) {
      if (!entry.trusted) continue;
      try {
        const tls::Certificate certificate = tls::certificate_from_der(entry.der);
        if (tls::dates_of(certificate.get()) != tls::Dates::expired || count++ > 0) continue;
        first = &entry;
        day = tls::last_day_of(certificate.get());
      } catch (const Error&) {  // not one that anybody reads
        continue;
      }
    }
    if (first == nullptr) return;
    const std::string more =
        count == 1 ? "" : " (and " + std::to_string(count - 1) + " more that have expired)";
    add(StoreProblem::expired,
        "holds the certificate " + shell_word(first->alias) + ", which expired on " + day + more +
            ": Java takes it all the same",
        {});
  }

  void check_end(const Store& store) {
    const std::size_t count = store.octets_behind;
    if (count == 0) return;
    add(StoreProblem::octets_behind,
        "has " + std::to_string(count) + (count == 1 ? " octet" : " octets") +
            " behind its end, which Java does not look at",
        {});
  }

  FoundStore& found_;
  const Remedy& remedy_;
  const std::string name_;
};

}  // namespace

void read_host_store(FoundStore& found, const Remedy& remedy, const std::string& bytes,
                     const std::optional<std::string>& password) {
  StoreReading(found, remedy).read(bytes, password);
}

}  // namespace startle::customer
