#include "cases/program/diagnose/server_speech.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace startle::program {
namespace {

struct Opening {
  std::string_view text{};
  Speech speech{};
};

// In any case of letters; what is more exact stands first.
constexpr auto kOpenings = std::to_array<Opening>({
    {"HTTP/", Speech::http},
    {"<!DOCTYPE HTML", Speech::http},
    {"<html", Speech::http},
    {"* OK", Speech::imap},
    {"* PREAUTH", Speech::imap},
    {"* BYE", Speech::imap},
    {"+OK", Speech::pop3},
    {"-ERR", Speech::pop3},
    {"SSH-", Speech::ssh},
    {"\"IMPLEMENTATION\"", Speech::sieve},
    {"<stream:", Speech::xmpp},
    {"<?xml", Speech::xmpp},
    {"RFB 0", Speech::vnc},
    {"200 NNTP", Speech::nntp},
    {"201 NNTP", Speech::nntp},
});

// RFC 8446, 5.1; C.5 for the version of the record.
bool is_tls(std::string_view octets) {
  return octets.size() >= 3 && octets[0] >= 0x14 && octets[0] <= 0x17 && octets[1] == 3 &&
         octets[2] >= 0 && octets[2] <= 4;
}

// A SEQUENCE that begins with a message id, an INTEGER of one to four octets (RFC 4511, 4.1.1).
bool is_ldap(std::string_view octets) {
  if (octets.size() < 5 || octets[0] != 0x30) return false;
  const auto length = static_cast<unsigned char>(octets[1]);
  const std::size_t id = length < 0x80 ? 2 : 2 + (length & 0x7fU);
  return octets.size() > id + 1 && octets[id] == 0x02 && octets[id + 1] >= 1 && octets[id + 1] <= 4;
}

// Protocol::HandshakeV10: a length of three octets, sequence 0, version 10 and a text that ends in
// NUL.
bool is_mysql(std::string_view octets) {
  return octets.size() > 6 && octets[2] == 0 && octets[3] == 0 && octets[4] == 10 &&
         is_digit(octets[5]);
}

bool begins_with(std::string_view text, std::string_view opening) {
  return text.size() >= opening.size() &&
         equal_ignoring_case(text.substr(0, opening.size()), opening);
}

bool holds_word(std::string_view line, std::string_view word) {
  return ascii_upper(line).find(word) != std::string::npos;
}

// RFC 5321, 4.2, RFC 959, 4.2 and RFC 3977, 5.1 have greetings of one form: the words in it tell.
Speech speech_of_reply(std::string_view octets) {
  const std::string_view line = octets.substr(0, octets.find('\n'));
  if (line.size() < 4 || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2]) ||
      (line[3] != ' ' && line[3] != '-')) {
    return Speech::unknown;
  }
  if (begins_with(line, "200") || begins_with(line, "201")) return Speech::nntp;
  if (holds_word(line, "LMTP")) return Speech::lmtp;
  if (holds_word(line, "SMTP")) return Speech::smtp;
  if (holds_word(line, "FTP")) return Speech::ftp;
  return Speech::smtp;
}

struct Title {
  Speech speech{};
  std::string_view text{};
};
constexpr auto kTitles = std::to_array<Title>({
    {Speech::nothing, "nothing"},
    {Speech::unknown, "something unknown"},
    {Speech::tls, "TLS"},
    {Speech::smtp, "an SMTP server in clear"},
    {Speech::lmtp, "an LMTP server"},
    {Speech::ldap, "an LDAP server in clear"},
    {Speech::http, "an HTTP server"},
    {Speech::imap, "an IMAP server"},
    {Speech::pop3, "a POP3 server"},
    {Speech::ssh, "an SSH server"},
    {Speech::ftp, "an FTP server"},
    {Speech::nntp, "an NNTP server"},
    {Speech::sieve, "a ManageSieve server"},
    {Speech::xmpp, "an XMPP server"},
    {Speech::mysql, "a MySQL server"},
    {Speech::vnc, "a VNC server"},
});

}  // namespace

Speech speech_of(std::string_view first_octets) {
  if (first_octets.empty()) return Speech::nothing;
  if (is_tls(first_octets)) return Speech::tls;
  const auto opening = std::ranges::find_if(
      kOpenings, [&](const Opening& one) { return begins_with(first_octets, one.text); });
  if (opening != kOpenings.end()) return opening->speech;
  if (is_ldap(first_octets)) return Speech::ldap;
  if (is_mysql(first_octets)) return Speech::mysql;
  return speech_of_reply(first_octets);
}

std::string_view title_of(Speech speech) {
  return std::ranges::find(kTitles, speech, &Title::speech)->text;
}

std::string rewriter_of_starttls(std::string_view offer) {
  const std::string word = ascii_upper(offer.substr(0, offer.find(' ')));
  // Cisco PIX and ASA, `inspect esmtp`: what is not let through becomes X as long as it was.
  const bool is_masked = word.size() == 8 && word.starts_with("XXXXXXX") && is_letter(word[7]);
  if (is_masked) {
    return "a firewall has replaced STARTTLS by " + word +
           ": that is the mail inspection of a Cisco PIX or ASA (`inspect esmtp`, fixup smtp)";
  }
  if (word == "X-ANONYMOUSTLS") {
    return "the server offers X-ANONYMOUSTLS in its place, which Exchange servers use among "
           "themselves: the receive connector has no certificate for STARTTLS, or a proxy took it "
           "away";
  }
  return {};
}

std::string rewriter_of_greeting(std::string_view text) {
  const auto stars = static_cast<std::size_t>(std::ranges::count(text, '*'));
  if (stars < 8 || 2 * stars < text.size()) return {};
  return "a firewall has covered the greeting with asterisks, as the mail inspection of a Cisco "
         "PIX "
         "or ASA does (`inspect esmtp`, fixup smtp)";
}

}  // namespace startle::program
