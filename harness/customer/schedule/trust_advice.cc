#include "harness/customer/schedule/trust_advice.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "harness/base/edit_distance.h"
#include "harness/base/text.h"
#include "harness/customer/schedule/attributes.h"
#include "harness/customer/schedule/host_form.h"

namespace startle::customer {
namespace {

// What people write who think that trust is a switch.
constexpr std::array<std::string_view, 14> kSwitches{"all", "any",  "yes",     "true",  "on",
                                                     "1",   "no",   "false",   "none",  "off",
                                                     "0",   "null", "default", "always"};

bool parts(char c) {  // as "\s+" of Java's String.split()
  return c == ' ' || (c >= '\t' && c <= '\r');
}

std::vector<std::string> names_of(std::string_view written) {
  std::vector<std::string> names;
  for (auto at = written.begin(); at != written.end();) {
    const auto begin = std::find_if_not(at, written.end(), parts);
    at = std::find_if(begin, written.end(), parts);
    if (begin != at) names.emplace_back(begin, at);
  }
  return names;
}

std::string without_final_dot(std::string_view name) {
  return ascii_lower(name.ends_with('.') ? name.substr(0, name.size() - 1) : name);
}

bool begins_with(std::string_view text, std::string_view part, char next) {
  return text.size() > part.size() && text[part.size()] == next &&
         equal_ignoring_case(text.substr(0, part.size()), part);
}
bool ends_with(std::string_view text, std::string_view part, char before) {
  return text.size() > part.size() + 1 && text[text.size() - part.size() - 1] == before &&
         equal_ignoring_case(text.substr(text.size() - part.size()), part);
}

// What one of the names has to do with the host that it is not, letter for letter; empty: nothing
// that shows.
std::string slip(std::string_view host, std::string_view name, bool is_mail) {
  // Java's LDAP client knows no list.
  const std::string refused =
      is_mail ? ": Java compares letter for letter, and refuses the server: write " : ": write ";
  if (name.find("://") != std::string_view::npos) {
    return "has a URL in it: write the host name alone";
  }
  if (equal_ignoring_case(host, name)) {
    return "has the host of url in other letter case" + refused + "both alike";
  }
  if (without_final_dot(host) == without_final_dot(name)) {
    return "has the host of url with a final dot more or less" + refused + "both alike";
  }
  if (begins_with(name, host, ':')) {
    return "has a port behind the host: write the host name alone";
  }
  if (name.find_first_of(",;") != std::string_view::npos) {
    return "has its names parted by commas or semicolons: blanks part them, and whatever stands "
           "between two is one name";
  }
  if (name.find('*') != std::string_view::npos && name != "*") {
    return "has a wildcard in it, which no reader of trust knows: name the host itself";
  }
  if (begins_with(host, name, '.')) {
    return "has the first part of the host of url alone" + refused + "the host as in url";
  }
  if (begins_with(name, host, '.')) {
    return "has a longer name of the host of url" + refused + "both alike";
  }
  if (ends_with(host, name, '.')) {
    return "has the domain of the host of url alone" + refused + "the host as in url";
  }
  const std::size_t letters = slips(ascii_lower(host), ascii_lower(name));
  if (letters == 0) return "";
  return "has a name that is " + (letters == 1 ? std::string("one letter") : "2 letters") +
         " away from the host of url: a slip of the pen?";
}

Mistakes advice_on_names(std::string_view host, bool is_mail,
                         const std::vector<std::string>& names) {
  // Java's LDAP client knows no list.
  const Weight weight = is_mail ? Weight::fails : Weight::doubtful;
  Mistakes advice;
  const auto add = [&](const std::string& sentence) {
    if (std::ranges::find(advice, sentence, &Mistake::text) != advice.end()) return;
    advice.push_back({sentence, weight});
  };
  for (const std::string& name : names) {
    const std::string lower = ascii_lower(name);
    if (std::ranges::find(kSwitches, lower) != kSwitches.end()) {
      add("trust has the word " + lower +
          " in place of a host name, and it names no server: trust is a list of hosts, and only * "
          "stands for any");
    } else if (const std::string how = slip(host, name, is_mail); !how.empty()) {
      add("trust " + how);
    }
  }
  if (advice.empty() && is_mail) {
    add("trust does not name the host of url: JavaMail and Angus refuse the server then, whatever "
        "certificate it shows: add the host as it stands in url");
  }
  return advice;
}

}  // namespace

Mistakes trust_advice(const TrustValue& trust) {
  if (trust.tls == words::Tls::none) {
    if (!trust.written) return {};
    return {
        {"trust is ignored: without starttls=\"true\" or ssl=\"true\" no certificate is looked "
         "at",
         Weight::careless}};
  }
  if (!trust.written) {
    return {{"trust is absent" + std::string(trust.misspelt) +
             std::string(": the product's page requires it (model documented); Java "
                         "then goes by its own trust store") +
             (trust.is_mail ? ", and JavaMail and Jakarta Mail 2.0 look at no host name" : "")}};
  }
  const Weight fails = trust.is_mail ? Weight::fails : Weight::doubtful;
  if (is_blank(*trust.written)) {
    return {{std::string("trust is empty: ") +
                 (trust.is_mail
                      ? "Java takes that for a list without a host, and refuses every server: "
                      : "it lists no host: ") +
                 "write a host name, several separated by spaces, or *",
             fails}};
  }
  if (*trust.written == "*") {
    return {{std::string("trust=\"*\" accepts anybody") +
                 (trust.is_mail ? "" : " (model documented: Java's LDAP client knows no trust)") +
                 ": whoever stands between client and server shows any certificate, and is told "
                 "the password: name the host",
             Weight::careless}};
  }
  const std::vector<std::string> names = names_of(*trust.written);
  if (std::ranges::find(names, trust.host) != names.end()) return {};
  if (names.size() == 1 && names.front() == "*") {
    return {
        {std::string("trust has a blank beside its *: ") +
             (trust.is_mail ? "Java takes it for the name of a host then, and refuses every server"
                            : "only a value that is * and nothing else means any host"),
         fails}};
  }
  return advice_on_names(trust.host, trust.is_mail, names);
}

}  // namespace startle::customer
