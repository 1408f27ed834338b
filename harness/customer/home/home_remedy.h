#pragma once
// The commands that mend a host's key store. Nothing that is there is lost by them: what is written
// anew stands beside its former state, `FILE.old`, and a certificate is trusted only once its
// fingerprint was shown and the user has said so.

#include <filesystem>
#include <string>
#include <vector>

#include "harness/customer/home/home.h"

namespace startle::customer {

class Remedy {
 public:
  // `file`: keystore/<host>.ks. All outlive it.
  Remedy(const std::filesystem::path& file, const std::string& host, const StoreUse& use)
      : file_(file), host_(host), use_(use) {}

  // The file as a shell is told of it.
  std::string name() const { return path(file_); }
  std::string path(const std::filesystem::path& of) const { return path_for(use_.shell, of); }

  // The store is made anew from what the server shows, and takes the place of what stands there,
  // which goes aside under a name that is free.
  Commands make_anew() const;
  // The server's issuer, or its certificate, goes where the product looks for it: for STARTTLS into
  // Java's cacerts. There is no store yet.
  Commands make_missing() const;
  // It goes into the store, under an alias that is free there.
  Commands add(const Store& store) const;
  // Certificates lie in a file, maybe in the store's own place: one becomes an entry of the store.
  // `by_keytool`: it takes that file as it is.
  Commands import_from(const ShownAnchor& lying, bool by_keytool) const;
  // Certificates of a PKCS #12 store that Java does not take for trusted become entries of it.
  Commands import_own(const Store& store) const;
  // The store that is there, written anew in `format`: "JKS", "PKCS12".
  Commands convert(const std::string& from_format, const std::string& format) const;
  // The store, which is there in another encoding, through `stages` of a pipe; `cmd`: the command
  // of Windows that takes two files, "" where there is none.
  Commands decode(const std::vector<std::string>& stages, const std::string& cmd) const;
  // Which entries it has, with the password that keytool asks for.
  Commands list() const;
  Commands from_backup() const;
  Commands copy(const std::filesystem::path& from) const;
  Commands rename(const std::filesystem::path& from) const;
  Commands close(const std::filesystem::path& at) const;  // to all but owner and group
  Commands show_rights(const std::filesystem::path& at) const;

 private:
  std::string remark(const std::string& text) const;
  std::string command(const char* posix, const char* cmd) const;
  std::string into_store() const;
  std::string into(const std::filesystem::path& store) const;
  std::string import(const std::string& alias, const std::filesystem::path& from,
                     const std::string& into) const;
  // What the server shows, in a file of its own, and then `before` and the import of it.
  Commands from_server(const std::string& alias, const std::string& into,
                       const Commands& before) const;
  Commands from_network(const std::string& alias, const std::string& into,
                        const Commands& before) const;
  Commands from_file(const ShownAnchor& lying, const std::string& alias, const std::string& into,
                     const Commands& before) const;
  // One certificate of a file in PEM, counted from 1.
  std::string extract(const std::filesystem::path& from, std::size_t number,
                      const std::filesystem::path& to) const;
  std::string move(const std::filesystem::path& from, const std::filesystem::path& to) const;
  // `made` becomes the content of FILE, of which FILE.old stays.
  void replace(Commands& commands, const std::filesystem::path& made) const;
  std::filesystem::path beside(const char* ending) const;  // a free name

  const std::filesystem::path& file_;
  const std::string& host_;
  const StoreUse& use_;
};

}  // namespace startle::customer
