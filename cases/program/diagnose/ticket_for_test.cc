#include "cases/program/diagnose/ticket_for_test.h"

#include <algorithm>
#include <sstream>

#include "harness/base/bytes.h"

namespace startle::cases {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTickets = STARTLE_TREE "/cases/tickets";
constexpr std::size_t kMostBytes = 1 << 20;

std::vector<std::string> words_in(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

void replace_port(const fs::path& file, const std::string& port) {
  std::string text = read_file(file, kMostBytes);
  for (std::size_t at = text.find("PORT"); at != std::string::npos; at = text.find("PORT", at)) {
    text.replace(at, 4, port);
  }
  write_file(file, text);
}

}  // namespace

std::vector<std::string> ticket_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kTickets)) {
    if (entry.is_directory()) names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Ticket::Ticket(const std::string& name) : name_(name) {
  restore();
  std::istringstream expected(read("expected"));
  expected >> first_cause_ >> status_;
  if (!has("server")) return;
  server_ = std::make_unique<Served>(words_in(read("server")));
  restore();
}

void Ticket::restore() const {
  for (const auto& entry : fs::directory_iterator(folder())) fs::remove_all(entry.path());
  fs::copy(fs::path(kTickets) / name_, folder(), fs::copy_options::recursive);
  if (!server_) return;
  for (const char* file : {"arguments", "schedule.xml"}) {
    if (has(file)) replace_port(folder() / file, server_->port());
  }
}

bool Ticket::has(const std::string& file) const {
  return fs::exists(folder() / file);
}

std::string Ticket::read(const std::string& file) const {
  return read_file(folder() / file, kMostBytes);
}

std::string Ticket::authorities() const {
  return server_ ? server_->ca() : std::string(kTickets) + "/authorities.pem";
}

ProgramRun Ticket::diagnose(const std::vector<std::string>& more) const {
  std::vector<std::string> arguments{"diagnose"};
  for (std::string& word : words_in(read("arguments"))) {
    const bool is_file = word.front() != '-' && has(word);
    arguments.push_back(is_file ? (folder() / word).string() : std::move(word));
  }
  // A server's certificates are of today.
  if (!server_) arguments.insert(arguments.end(), {"--at", "2026-12-01"});
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_startle(arguments, {{"SSL_CERT_FILE", authorities()}});
}

std::vector<std::string> traces_of(const std::string& secret) {
  std::vector<std::string> all{secret, to_hex(secret), to_base64(secret)};
  for (std::size_t before = 1; before < 3; ++before) {
    const std::string encoded = to_base64(std::string(before, '.') + secret);
    all.push_back(encoded.substr(4, encoded.size() - 8));
  }
  return all;
}

}  // namespace startle::cases
