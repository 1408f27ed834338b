#include "cases/engine/said.h"

#include <algorithm>

#include "harness/base/text.h"

namespace startle::cases {
namespace {

constexpr std::string_view kStartTls = "1.3.6.1.4.1.1466.20037";

// One line to the letter, CRLF included; nullopt: it is none.
std::optional<std::string_view> line_of(std::string_view bytes) {
  constexpr std::size_t kLongest = 512;
  const std::size_t end = bytes.find("\r\n");
  if (end == std::string_view::npos || end + 2 > kLongest) return std::nullopt;
  const std::string_view line = bytes.substr(0, end);
  const bool printable = std::all_of(line.begin(), line.end(),
                                     [](char c) { return c == '\t' || (c >= ' ' && c <= '~'); });
  return printable ? std::optional(line) : std::nullopt;
}

bool is_search(fake::Point point) {
  return point == fake::Point::root_dse || point == fake::Point::root_dse_in_tls ||
         point == fake::Point::search;
}

std::string_view right_response(fake::Point point) {
  if (point == fake::Point::bind) return "bind-response";
  return is_search(point) ? "search-done" : "extended-response";
}

class PointReader {
 public:
  PointReader(const Exchange& exchange, const fake::Deviation& deviation)
      : directory_(row_of(words::protocol_of(exchange.mode)).is_directory),
        in_tls_(words::is_implicit_tls(exchange.mode) || is_in_tls(deviation.at)),
        point_(deviation.at) {}

  Said read(const fake::Deviation& deviation) {
    for (auto step = deviation.steps.begin(); step != deviation.steps.end(); ++step) {
      std::visit([this](const auto& one) { take(one); }, *step);
      if (made_.tail == Said::Tail::none) continue;
      made_.behind_tail = step + 1 != deviation.steps.end();
      break;
    }
    if (made_.first == Said::First::nothing && !text_.empty()) made_.first = Said::First::odd;
    // Of what is no reply nobody can say when it was whole.
    if (made_.first == Said::First::odd) made_.before = {};
    return made_;
  }

 private:
  // Of a mode with STARTTLS.
  static bool is_in_tls(fake::Point point) {
    using enum fake::Point;
    return point != greeting && point != ehlo && point != starttls && point != root_dse;
  }

  void decide(Said::First first) {
    if (made_.first == Said::First::nothing && text_.empty()) {
      made_.first = first;
    } else if (made_.first == Said::First::nothing) {
      made_.first = Said::First::odd;
      made_.more = true;
    } else {
      made_.more = true;
    }
  }

  void take(const fake::Send& send) {
    if (send.bytes.empty()) return;
    if (send.times != 1) return decide(Said::First::odd);
    if (directory_ || made_.first != Said::First::nothing) return decide(Said::First::odd);
    text_ += send.bytes;
    auto reply = strict_reply(text_);
    if (!reply) return;
    made_.first = Said::First::reply;
    made_.code = reply->code;
    made_.lines = std::move(reply->lines);
    made_.more = reply->octets < text_.size();
  }

  void take(const fake::Respond& respond) {
    // A reference holds one URI at least (RFC 4511, 4.5.3).
    const bool empty = respond.as == "search-reference" && respond.referrals.empty();
    const bool own =
        respond.id || respond.value || !respond.controls.empty() || !respond.bytes.empty();
    const bool whole = respond.id_offset == 0 && !respond.octets && !empty && !own;
    const bool right = respond.as.empty() || respond.as == right_response(point_);
    const bool entry = respond.as == "search-entry" || respond.as == "search-reference";
    if (!whole) return decide(Said::First::odd);
    if (respond.as == "notice-of-disconnection" && !respond.response_name) {
      if (made_.first == Said::First::nothing) made_.code = respond.code;
      return decide(Said::First::notice);
    }
    if (entry && is_search(point_) && made_.first == Said::First::nothing) {
      for (const auto& [type, value] : respond.attributes) {
        const bool extension = type == "supportedExtension";
        made_.lists_extensions = made_.lists_extensions || extension;
        made_.offers_starttls = made_.offers_starttls || (extension && value == kStartTls);
      }
      return;
    }
    // An extended response has the name of its request, or none (RFC 4511, 4.12).
    if (!right || respond.response_name) return decide(Said::First::odd);
    if (made_.first == Said::First::nothing) made_.code = respond.code;
    decide(Said::First::reply);
  }

  void take(const fake::SayTls&) { decide(Said::First::odd); }

  void take(const fake::Pause& pause) {
    (made_.first == Said::First::nothing ? made_.before : made_.after) += pause.how_long;
  }
  void take(const fake::Usual&) {
    decide(Said::First::usual);
    // The usual go-ahead starts TLS by itself.
    if (point_ == fake::Point::starttls && !in_tls_) made_.tail = Said::Tail::tls;
  }
  void take(const fake::StartTls&) { made_.tail = Said::Tail::tls; }
  void take(const fake::EndTls&) {
    if (in_tls_) made_.tail = Said::Tail::clear;
  }
  void take(const fake::Silence&) { made_.tail = Said::Tail::silence; }
  void take(const fake::Close&) { made_.tail = Said::Tail::close; }
  void take(const fake::Reset&) { made_.tail = Said::Tail::reset; }

  const bool directory_;
  const bool in_tls_;
  const fake::Point point_;
  std::string text_{};
  Said made_{};
};

}  // namespace

std::optional<SmtpReplyText> strict_reply(std::string_view bytes) {
  SmtpReplyText reply;
  while (true) {
    const auto line = line_of(bytes.substr(reply.octets));
    if (!line || line->size() < 4) return std::nullopt;
    const bool digits = is_digit((*line)[0]) && is_digit((*line)[1]) && is_digit((*line)[2]);
    const bool last = (*line)[3] == ' ';
    if (!digits || (!last && (*line)[3] != '-')) return std::nullopt;
    const int code = std::stoi(std::string(line->substr(0, 3)));
    constexpr int kMostDetail = 5;  // of the second digit
    if (code < 200 || code > 559 || code / 10 % 10 > kMostDetail) return std::nullopt;
    if (reply.code != 0 && reply.code != code) return std::nullopt;
    reply.code = code;
    reply.lines.emplace_back(line->substr(4));
    reply.octets += line->size() + 2;
    if (last) return reply;
  }
}

Said said_at(const Exchange& exchange, const fake::Deviation& deviation) {
  return PointReader(exchange, deviation).read(deviation);
}

}  // namespace startle::cases
