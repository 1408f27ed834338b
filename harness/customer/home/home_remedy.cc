#include "harness/customer/home/home_remedy.h"

#include <algorithm>

#include "harness/base/printable.h"
#include "harness/base/text.h"

namespace startle::customer {
namespace {

namespace fs = std::filesystem;

bool has_alias(const Store& store, const std::string& alias) {
  return std::any_of(store.entries.begin(), store.entries.end(), [&](const StoreEntry& entry) {
    return equal_ignoring_case(entry.alias, alias);
  });
}

// Java compares aliases in lower case.
std::string free_alias(const Store& store, const std::string& host, int nth = 1) {
  std::string alias = host;
  for (int n = 2; has_alias(store, alias) || nth-- > 1; ++n) alias = host + "-" + std::to_string(n);
  return alias;
}

bool is_there(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(file, ignored));
}

bool is_file(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored);
}

// In the folder that the commands are typed in.
fs::path scratch(const std::string& base) {
  fs::path name = base + ".pem";
  for (int n = 2; is_there(name); ++n) name = base + "-" + std::to_string(n) + ".pem";
  return name;
}

void append(Commands& commands, const Commands& more) {
  commands.insert(commands.end(), more.begin(), more.end());
}

constexpr const char* kFromBackup =
    "first, where a backup or whoever made it has a copy: put that here, in binary";

}  // namespace

// ---- words -------------------------------------------------------------------------------------

std::string Remedy::remark(const std::string& text) const {
  std::string plain = printable(text);
  if (use_.shell == Shell::cmd) {
    std::erase_if(
        plain, [](char c) { return std::string_view("&|<>^%").find(c) != std::string_view::npos; });
  }
  return (use_.shell == Shell::cmd ? "rem " : "# ") + plain;
}

std::string Remedy::command(const char* posix, const char* cmd) const {
  return use_.shell == Shell::posix ? posix : cmd;
}

fs::path Remedy::beside(const char* ending) const {
  fs::path name = file_;
  name += ending;
  for (int n = 2; is_there(name); ++n) {
    name = file_;
    name += ending + std::to_string(n);
  }
  return name;
}

std::string Remedy::move(const fs::path& from, const fs::path& to) const {
  return command("mv ", "move ") + path(from) + " " + path(to);
}

// Owner and rights of the file stay: the product has to read it.
void Remedy::replace(Commands& commands, const fs::path& made) const {
  commands.push_back(command("cp -p ", "copy ") + name() + " " + path(beside(".old")));
  commands.push_back(use_.shell == Shell::posix ? "cat " + path(made) + " >" + name()
                                                : "copy /Y " + path(made) + " " + name());
}

std::string Remedy::into_store() const {
  return into(file_);
}
std::string Remedy::into(const fs::path& store) const {
  return "-keystore " + path(store);
}

std::string Remedy::import(const std::string& alias, const fs::path& from,
                           const std::string& into) const {
  return "keytool -importcert -alias " + word_for(use_.shell, alias) + " -file " + path(from) +
         " " + into;
}

// ---- what the server shows ---------------------------------------------------------------------

std::string Remedy::extract(const fs::path& from, std::size_t number, const fs::path& to) const {
  if (use_.shell == Shell::posix) {
    return "awk '/-----BEGIN CERTIFICATE-----/ {n++} n == " + std::to_string(number) + "' " +
           path(from) + " >" + path(to);
  }
  const auto quoted = [](const fs::path& file) {
    std::string text = "'";
    for (const char c : file.native()) text += c == '\'' ? "''" : std::string(1, c);
    return text + "'";
  };
  return "powershell -Command \"[regex]::Matches((Get-Content -Raw " + quoted(from) +
         "), '(?s)-----BEGIN CERT.*?-----END CERT.*?-----')[" + std::to_string(number - 1) +
         "].Value | Set-Content -Encoding ascii " + quoted(to) + "\"";
}

Commands Remedy::from_network(const std::string& alias, const std::string& into,
                              const Commands& before) const {
  const std::uint16_t port =
      use_.port != 0 ? use_.port : words::mode_row(use_.protocol, use_.tls).port;
  const bool ipv6 = host_.find(':') != std::string::npos;
  const std::string at = (ipv6 ? "[" + host_ + "]" : host_) + ":" + std::to_string(port);
  const std::string starttls = use_.tls == Tls::implicit
                                   ? ""
                                   : "-starttls " + std::string(startle::word(use_.protocol)) + " ";
  const fs::path fetched = scratch(host_ + "-shown");
  Commands commands{
      remark("last, where nobody has the certificate in a file: what the network shows now"),
      "openssl s_client " + starttls + "-connect " + word_for(use_.shell, at) + " -showcerts " +
          command("</dev/null", "<NUL") + " >" + path(fetched),
      "keytool -printcert -file " + path(fetched),
      remark("go on only where the operator of " + host_ +
             " has told this fingerprint, SHA-256: somebody may stand between")};
  append(commands, before);
  commands.push_back(import(alias, fetched, into));
  return commands;
}

Commands Remedy::from_file(const ShownAnchor& shown, const std::string& alias,
                           const std::string& into, const Commands& before) const {
  Commands commands;
  commands.push_back(remark(
      shown.is_authority ? "its issuer " + shown.subject +
                               ", and not the server's own certificate, which the next renewal "
                               "replaces"
      : shown.is_self_signed
          ? "the server's certificate has signed itself: there is no issuer to trust in its place"
          : "its issuer is not shown: the issuer's certificate from its operator is better than "
            "the server's own, which the next renewal replaces"));
  fs::path from = shown.file;
  const fs::path to = scratch(host_ + (shown.is_authority ? "-issuer" : "-shown"));
  if (!shown.is_pem) {
    from = scratch(host_ + "-all");
    commands.push_back("startle certs show " + path(shown.file) + " --pem >" + path(from));
  }
  if (shown.number > 1) {
    commands.push_back(extract(from, shown.number, to));
    from = to;
  }
  commands.push_back(
      remark("go on only where its operator has told this fingerprint: " + shown.fingerprint));
  append(commands, before);
  commands.push_back(import(alias, from, into));
  return commands;
}

Commands Remedy::from_server(const std::string& alias, const std::string& into,
                             const Commands& before) const {
  return use_.shown ? from_file(*use_.shown, alias, into, before)
                    : from_network(alias, into, before);
}

// ---- remedies ----------------------------------------------------------------------------------

Commands Remedy::make_anew() const {
  Commands commands{remark(kFromBackup)};
  if (!is_file(file_)) {
    append(commands, from_server(host_, into_store(), {move(file_, beside(".old"))}));
    return commands;
  }
  const fs::path made = beside(".new");
  append(commands, from_server(host_, into(made), {}));
  replace(commands, made);
  return commands;
}

Commands Remedy::make_missing() const {
  if (use_.tls == Tls::starttls) {
    return from_server(host_, use_.cacerts.empty() ? "-cacerts" : "-keystore " + path(use_.cacerts),
                       {});
  }
  const fs::path folder = file_.parent_path();
  Commands before;
  if (!is_there(folder)) before.push_back(command("mkdir -p ", "md ") + path(folder));
  return from_server(host_, into_store(), before);
}

Commands Remedy::add(const Store& store) const {
  // keytool writes a PKCS #12 anew, without the certificates that Java sees nothing of.
  const bool loses = store.format == StoreFormat::pkcs12 &&
                     !std::all_of(store.entries.begin(), store.entries.end(), is_anchor);
  Commands before;
  if (loses) {
    before.push_back(command("cp -p ", "copy ") + name() + " " + path(beside(".old")));
  }
  return from_server(free_alias(store, host_), into_store(), before);
}

Commands Remedy::import_from(const ShownAnchor& lying, bool by_keytool) const {
  const auto import_into = [&](const std::string& store) {
    return by_keytool ? Commands{import(host_, lying.file, store)}
                      : from_file(lying, host_, store, {});
  };
  if (lying.file != file_) return import_into(into_store());
  const fs::path made = beside(".new");
  Commands commands = import_into(into(made));
  replace(commands, made);
  return commands;
}

Commands Remedy::import_own(const Store& store) const {
  const fs::path all = scratch(host_ + "-store");
  Commands commands{"openssl pkcs12 -in " + name() + " -nokeys -out " + path(all),
                    command("cp -p ", "copy ") + name() + " " + path(beside(".old"))};
  const Store none;
  for (std::size_t i = 0; i < store.entries.size(); ++i) {
    fs::path one = all;
    if (i > 0) {
      one = scratch(host_ + "-store-" + std::to_string(i + 1));
      commands.push_back(extract(all, i + 1, one));
    }
    commands.push_back(import(free_alias(none, host_, static_cast<int>(i) + 1), one, into_store()));
  }
  return commands;
}

Commands Remedy::convert(const std::string& from_format, const std::string& format) const {
  const fs::path made = beside(".new");
  Commands commands{"keytool -importkeystore -srckeystore " + name() + " -srcstoretype " +
                    from_format + " -destkeystore " + path(made) + " -deststoretype " + format};
  replace(commands, made);
  return commands;
}

Commands Remedy::decode(const std::vector<std::string>& stages, const std::string& cmd) const {
  const fs::path made = beside(".new");
  Commands commands;
  if (use_.shell == Shell::cmd) {
    if (cmd.empty()) return {remark(kFromBackup)};
    commands.push_back(cmd + " " + name() + " " + path(made));
  } else {
    std::string pipe;
    for (const std::string& stage : stages) {
      pipe += pipe.empty() ? stage + " <" + name() : " | " + stage;
    }
    commands.push_back(pipe + " >" + path(made));
  }
  commands.push_back("keytool -list -keystore " + path(made));
  replace(commands, made);
  return commands;
}

Commands Remedy::list() const {
  return {"keytool -list -keystore " + name(),
          remark("the password that opens it goes into the file of --store-password-file; where "
                 "the product has another, that is the mistake")};
}

Commands Remedy::from_backup() const {
  return {remark(kFromBackup)};
}

Commands Remedy::copy(const fs::path& from) const {
  Commands commands;
  const fs::path folder = file_.parent_path();
  if (!is_there(folder)) commands.push_back(command("mkdir -p ", "md ") + path(folder));
  commands.push_back(command("cp -p ", "copy ") + path(from) + " " + name());
  return commands;
}

Commands Remedy::rename(const fs::path& from) const {
  return {move(from, file_)};
}

Commands Remedy::close(const fs::path& at) const {
  return {use_.shell == Shell::posix ? "chmod o-w " + path(at)
                                     : "icacls " + path(at) + " /remove:g *S-1-1-0"};
}

Commands Remedy::show_rights(const fs::path& at) const {
  return {command("ls -ld ", "icacls ") + path(at),
          remark("give the user that the product runs as the right to read it, and nobody else")};
}

}  // namespace startle::customer
