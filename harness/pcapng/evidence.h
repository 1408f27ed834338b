#pragma once
// What is kept of connections for Wireshark and its like: a pcapng file, a TLS key log, or both.
// They are written as they go, block by block and line by line, so that whoever is killed leaves
// what was seen by then. Both are for their owner's eyes (mode 0600).

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "harness/pcapng/blocks.h"
#include "harness/pcapng/conversation.h"

namespace startle::pcapng {

class Evidence {
 public:
  // Of TLS, in the pcapng file; a key log always has them.
  enum class Secrets {
    embedded,  // it decrypts itself, and its comment says that it holds them
    withheld,  // what was said inside TLS stays unread
  };
  struct Wanted {
    std::filesystem::path pcap{};     // empty: none
    std::filesystem::path key_log{};  // so
    std::string application{};        // whose file it is: "startle 0.1.0"
    Secrets secrets = Secrets::embedded;
    Time clock{};  // what the run's clock says now
  };
  // A file that is there stays until there is something to write. Throws Error(Fault::system,
  // "FILE: why").
  explicit Evidence(const Wanted& wanted);
  ~Evidence();
  Evidence(const Evidence&) = delete;
  Evidence& operator=(const Evidence&) = delete;

  bool wants_packets() const { return pcap_ != nullptr; }

  // ---- from any thread. Nothing of it fails: see finish().
  void add_packets(Time at, const Packets& packets, const std::string& comment_of_first = "");
  // A line of a key log, before the packets that it decrypts.
  void add_secret(const std::string& line);
  // Another for each connection.
  std::uint32_t next_number() { return number_++; }
  // Of what goes on in virtual time, when it began; of what goes on in real time, now.
  Time clock() const { return clock_; }
  Time now() const;
  // A file could not be written: from now on nothing is.
  bool has_failed() const { return has_failed_; }

  // `then` is called once, by whoever adds something, when it has failed. Before anything is added.
  void on_failure(std::function<void()> then) { then_ = std::move(then); }
  // All is written and in its place; what is added later is nothing. Returns why it could not be,
  // in one sentence; "" where it was.
  std::string finish();

 private:
  class File;
  // Under no lock.
  void write(File& into, const std::string& bytes);

  Time clock_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  Secrets secrets_;
  std::unique_ptr<File> pcap_;
  std::unique_ptr<File> key_log_;
  std::atomic<std::uint32_t> number_ = 0;
  std::atomic<bool> has_failed_ = false;
  std::function<void()> then_{};
  std::mutex mutex_{};
  bool is_finished_ = false;  // under it, as the files are
  std::string failure_{};     // so
};

}  // namespace startle::pcapng
