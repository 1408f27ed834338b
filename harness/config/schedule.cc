#include "harness/config/schedule.h"

#include <algorithm>
#include <array>

#include "harness/base/words.h"
#include "harness/xml/complaint.h"
#include "harness/xml/document.h"

namespace startle::config {
namespace {

constexpr std::array<std::string_view, 7> kAttributes{"url",      "port",     "email", "starttls",
                                                      "username", "password", "trust"};

enum class Starttls { on, off };
constexpr std::array<std::string_view, 2> kStarttls{"true", "false"};
Words words_of(Starttls) {
  return kStarttls;
}

constexpr std::size_t kMostEntries = 1000;
constexpr std::size_t kLongestHost = 255;  // RFC 1035, 2.3.4

bool is_known(std::string_view attribute) {
  return std::find(kAttributes.begin(), kAttributes.end(), attribute) != kAttributes.end();
}

bool is_blank_or_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7f;
}

bool is_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_blank_or_control);
}

// Also the no-break space, which comes along when a name is copied from a page.
bool has_white_space(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_blank_or_control) ||
         text.find("\u00a0") != std::string_view::npos;
}

// " (`usrname` is not known)" if `missing` seems to stand there misspelt; otherwise nothing.
std::string misspelling(const xml::Element& smtp, std::string_view missing) {
  for (const xml::Attribute& given : smtp.attributes()) {
    if (is_known(given.name) || xml::likely_word(given.name, kAttributes) != missing) continue;
    return " (`" + xml::one_line(given.name, xml::kLongestQuotation) + "` is not known)";
  }
  return "";
}

// The value of an attribute that must be there with something in it; `meaning` says what to write.
std::string required(const xml::Element& smtp, const char* key, const std::string& meaning) {
  const auto value = smtp.maybe_attribute(key);
  const std::string attribute = key;
  if (!value) {
    smtp.fail("<smtp> needs " + attribute + "=\"...\", " + meaning + misspelling(smtp, key));
  }
  if (is_blank(*value)) smtp.fail(attribute + " is empty: write " + meaning);
  return *value;
}

std::string read_url(const xml::Element& smtp, std::vector<std::string>& warnings) {
  const std::string url = required(smtp, "url", "the host name of the mail server");
  const std::string given = "url=" + xml::quotation(url);
  if (has_white_space(url)) smtp.fail(given + " has white space in it: write one host name");
  if (url.size() > kLongestHost) smtp.fail(given + " is too long for a host name");
  const bool has_port = std::count(url.begin(), url.end(), ':') == 1;  // IPv6 has more
  if (has_port || url.find('/') != std::string::npos) {
    warnings.push_back(smtp.complaint(
        given + " is taken for a host name: write it without scheme, path and port"));
  }
  return url;
}

// What goes into MAIL FROM:<..>: a line break or a bracket would end the command early.
std::string read_email(const xml::Element& smtp) {
  const std::string email = required(smtp, "email", "the address of the sender");
  if (has_white_space(email) || email.find_first_of("<>") != std::string::npos) {
    smtp.fail("email=" + xml::quotation(email) +
              " is not one plain address: write it like scheduler@example.com");
  }
  return email;
}

// One part of "starttls needs ..": an attribute that is absent or empty, and what belongs there.
std::string lacking(const xml::Element& smtp, const char* key, const char* meaning, bool absent) {
  const std::string part = std::string(key) + "=\"...\"";
  if (!absent) return part + " (it is empty: write " + meaning + ")";
  const bool self_explaining = std::string_view(key) != "trust";
  return part + (self_explaining ? "" : " (" + std::string(meaning) + ")") + misspelling(smtp, key);
}

void require_credentials_and_trust(const xml::Element& smtp, const SmtpEntry& entry) {
  std::vector<std::string> parts;
  const auto need = [&](const char* key, const std::optional<std::string>& value, bool empty,
                        const char* meaning) {
    if (!value || empty) parts.push_back(lacking(smtp, key, meaning, !value));
  };
  need("username", entry.username, is_blank(entry.username.value_or("")), "the user's name");
  need("password", entry.password, entry.password == "", "the user's password");
  need("trust", entry.trust, is_blank(entry.trust.value_or("")),
       "a host name, several separated by spaces, or *");
  if (parts.empty()) return;
  std::string sentence = "starttls=\"true\" needs " + parts.front();
  for (std::size_t i = 1; i < parts.size(); ++i) {
    sentence += (i + 1 == parts.size() ? " and " : ", ") + parts[i];
  }
  smtp.fail(sentence + " too");
}

SmtpEntry read_entry(const xml::Element& smtp, std::vector<std::string>& warnings) {
  for (const xml::Attribute& given : smtp.attributes()) {
    if (is_known(given.name)) continue;
    warnings.push_back(smtp.complaint("unknown attribute `" +
                                      xml::one_line(given.name, xml::kLongestQuotation) +
                                      "` is ignored: " + xml::hint(given.name, kAttributes)));
  }
  SmtpEntry entry{.file = smtp.file(), .line = smtp.line()};
  entry.url = read_url(smtp, warnings);
  if (smtp.maybe_attribute("port")) {
    entry.port = static_cast<std::uint16_t>(smtp.number("port", 1, 65535));
  }
  entry.email = read_email(smtp);
  entry.starttls = smtp.choice("starttls", Starttls::off) == Starttls::on;
  entry.username = smtp.maybe_attribute("username");
  entry.password = smtp.maybe_attribute("password");
  entry.trust = smtp.maybe_attribute("trust");
  if (entry.starttls) require_credentials_and_trust(smtp, entry);
  return entry;
}

[[noreturn]] void refuse_without_smtp(const xml::Element& root) {
  for (const char* spelling : {"SMTP", "Smtp"}) {
    const auto found = root.name() == spelling ? std::vector{root} : root.descendants(spelling);
    if (found.empty()) continue;
    found.front().fail("<" + std::string(spelling) +
                       "> is not <smtp>: the name is written in lower case");
  }
  root.fail(
      "no <smtp> element in this file: it needs one, like <smtp url=\"smtp.example.com\" "
      "port=\"25\" email=\"scheduler@example.com\"/>");
}

Schedule schedule_of(const xml::Document& document) {
  const xml::Element root = document.root();
  std::vector<xml::Element> elements = root.descendants("smtp");
  if (root.name() == "smtp") elements.insert(elements.begin(), root);
  if (elements.empty()) refuse_without_smtp(root);
  if (elements.size() > kMostEntries) {
    elements[kMostEntries].fail("more than " + std::to_string(kMostEntries) + " <smtp> elements");
  }
  Schedule schedule;
  for (const xml::Element& smtp : elements) {
    schedule.smtp.push_back(read_entry(smtp, schedule.warnings));
  }
  return schedule;
}

}  // namespace

Schedule read_schedule(const std::filesystem::path& file) {
  return schedule_of(xml::Document::read(file));
}

Schedule parse_schedule(std::string file, std::string_view content) {
  return schedule_of(xml::Document::parse(std::move(file), content));
}

}  // namespace startle::config
