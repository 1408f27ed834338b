#include "cases/program/standard_output.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <streambuf>
#include <string>
#include <system_error>

#include "cases/program/commands.h"

namespace startle::program {

// Hands everything on, and keeps the first errno.
class StandardOutput::Watched final : public std::streambuf {
 public:
  explicit Watched(std::streambuf& to) : to_(to) {}
  int failure() const { return failure_; }

 protected:
  int_type overflow(int_type c) override {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    const int_type put = to_.sputc(traits_type::to_char_type(c));
    note(!traits_type::eq_int_type(put, traits_type::eof()));
    return put;
  }

  std::streamsize xsputn(const char* text, std::streamsize length) override {
    const std::streamsize put = to_.sputn(text, length);
    note(put == length);
    return put;
  }

  int sync() override {
    const int synced = to_.pubsync();
    note(synced == 0);
    return synced;
  }

 private:
  void note(bool done) {
    if (!done && failure_ == 0) failure_ = errno == 0 ? EIO : errno;
  }

  std::streambuf& to_;
  int failure_ = 0;
};

StandardOutput::StandardOutput() : watched_(std::make_unique<Watched>(*std::cout.rdbuf())) {
  ends_unread_ = std::signal(SIGPIPE, SIG_IGN) != SIG_IGN;
  std::signal(SIGXFSZ, SIG_IGN);
  original_ = std::cout.rdbuf(watched_.get());
}

StandardOutput::~StandardOutput() {
  std::cout.rdbuf(original_);
}

void StandardOutput::end_unread() const {
  if (watched_->failure() != EPIPE || !ends_unread_) return;
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
}

int StandardOutput::end(int code) {
  if (std::cout.flush()) return code;
  end_unread();
  const std::string why = std::generic_category().message(watched_->failure());
  std::fprintf(stderr, "startle: stdout could not be written: %s\n", why.c_str());
  return code == kAllAsExpected || code == kFindings ? kNotJudged : code;
}

}  // namespace startle::program
