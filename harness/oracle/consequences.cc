#include "harness/oracle/consequences.h"

#include <iterator>

namespace startle::oracle {
namespace {

using words::Mode;

constexpr std::string_view kRefused = "refused, nothing is sent";
constexpr std::string_view kPassword = "the password goes out in clear";
constexpr std::string_view kMail = "the mail goes out in clear";

struct Row {
  Mode mode;
  std::string_view server;
  std::string_view required;
  std::string_view with_user;  // enabled alone
  std::string_view without_user;
  bool gives_away;
};

constexpr Row kRows[] = {
    {Mode::smtp_starttls, "does not offer STARTTLS", kRefused, kPassword, kMail, true},
    {Mode::smtp_starttls, "refuses EHLO (500, 502)", kRefused,
     "the mail goes out in clear, without the password", kMail, false},
    {Mode::smtp_starttls, "does not offer STARTTLS, answers AUTH with 530", kRefused,
     "where it offers PLAIN alone, the password goes out in clear before STARTTLS begins", kMail,
     true},
    {Mode::smtp_starttls, "refuses STARTTLS (454, 502), or breaks TLS", kRefused, kRefused,
     kRefused, false},
    {Mode::smtp_starttls, "shows a certificate that is not accepted", kRefused, kRefused, kRefused,
     false},
    {Mode::smtp_starttls, "offers no AUTH inside TLS", "the mail is sent unauthenticated",
     "the mail is sent unauthenticated", "the mail is sent", false},
    {Mode::ldap_starttls, "refuses StartTLS (52), or does not know it", kRefused, kPassword,
     "the search goes out in clear", true},
    {Mode::ldap_starttls, "shows a certificate that is not accepted", kRefused, kRefused, kRefused,
     false},
};

}  // namespace

std::vector<Consequence> consequences(Mode mode, bool authenticates) {
  std::vector<Consequence> found;
  for (const Row& row : kRows) {
    if (row.mode != mode) continue;
    found.push_back({.server = row.server,
                     .required = row.required,
                     .enabled = authenticates ? row.with_user : row.without_user,
                     .gives_away = row.gives_away && authenticates});
  }
  return found;
}

}  // namespace startle::oracle
