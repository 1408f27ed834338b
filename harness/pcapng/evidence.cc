#include "harness/pcapng/evidence.h"

#include <utility>

#include "harness/base/error.h"
#include "harness/base/output_file.h"

namespace startle::pcapng {
namespace {

constexpr const char* kDecrypts =
    "Holds the secrets of its TLS sessions: whoever reads this file reads all that was said, user "
    "names, passwords and mail among it.";
constexpr const char* kDoesNotDecrypt =
    "Holds no secret of its TLS sessions: what was said inside TLS cannot be read here, and known "
    "secrets that were said in clear are overwritten with x.";

}  // namespace

// One of the two files, and whether it has taken its place.
class Evidence::File {
 public:
  explicit File(const std::filesystem::path& file)
      : file_(file, OutputFile::How::replaced, OutputFile::Readers::owner_alone) {}
  // Goes with what comes next.
  void begin_with(const std::string& bytes) { put(bytes); }
  void write(const std::string& bytes) {
    put(bytes);
    std::exchange(is_in_place_, true) ? file_.check() : file_.put_in_place();
  }
  void finish() { file_.finish(); }

 private:
  void put(const std::string& bytes) {
    file_.stream().write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

  OutputFile file_;
  bool is_in_place_ = false;
};

Evidence::Evidence(const Wanted& wanted) : clock_(wanted.clock), secrets_(wanted.secrets) {
  if (!wanted.pcap.empty()) {
    pcap_ = std::make_unique<File>(wanted.pcap);
    pcap_->begin_with(section_header(wanted.application,
                                     secrets_ == Secrets::embedded ? kDecrypts : kDoesNotDecrypt) +
                      interface_of_ip("startle"));
  }
  if (!wanted.key_log.empty()) key_log_ = std::make_unique<File>(wanted.key_log);
}

Evidence::~Evidence() = default;

Time Evidence::now() const {
  return clock_ + (std::chrono::steady_clock::now() - began_);
}

void Evidence::add_packets(Time at, const Packets& packets, const std::string& comment_of_first) {
  if (pcap_ == nullptr || packets.empty()) return;
  std::string blocks = enhanced_packet(at, packets.front(), comment_of_first);
  for (std::size_t i = 1; i < packets.size(); ++i) blocks += enhanced_packet(at, packets[i]);
  write(*pcap_, blocks);
}

void Evidence::add_secret(const std::string& line) {
  if (key_log_ != nullptr) write(*key_log_, line);
  if (pcap_ != nullptr && secrets_ == Secrets::embedded) write(*pcap_, tls_secrets(line));
}

void Evidence::write(File& into, const std::string& bytes) {
  {
    const std::lock_guard lock(mutex_);
    if (has_failed_ || is_finished_) return;
    try {
      into.write(bytes);
      return;
    } catch (const Error& e) {
      failure_ = e.what();
      has_failed_ = true;
    }
  }
  if (then_) then_();
}

std::string Evidence::finish() {
  const std::lock_guard lock(mutex_);
  if (std::exchange(is_finished_, true)) return failure_;
  for (File* file : {pcap_.get(), key_log_.get()}) {
    try {
      if (file != nullptr && !has_failed_) file->finish();
    } catch (const Error& e) {
      failure_ = e.what();
      has_failed_ = true;
    }
  }
  return failure_;
}

}  // namespace startle::pcapng
