#include "harness/customer/schedule/tls_demand.h"

#include <optional>

#include "harness/customer/schedule/java_boolean.h"
#include "harness/xml/complaint.h"

namespace startle::customer {
namespace {

struct Switches {
  JavaBoolean starttls{};
  JavaBoolean ssl{};
};

Tls tls_of(bool starttls, bool ssl, const ServerUrl& url) {
  if (ssl || url.scheme == Tls::implicit) return Tls::implicit;
  return starttls ? Tls::starttls : Tls::none;
}

std::string what_goes_in_clear(const xml::Element& element) {
  return element.maybe_attribute("password").value_or("").empty() ? "everything goes"
                                                                  : "the password goes";
}

// What Java makes of it, where that is not what is meant.
JavaBoolean read_switch(const xml::Element& element, const char* key) {
  const auto written = element.maybe_attribute(key);
  return written ? java_boolean(*written) : JavaBoolean{};
}

// Says so where that is not what is meant. `is_in_clear`: it leaves the element without TLS.
void warn_of_switch(const xml::Element& element, const char* key, const JavaBoolean& read,
                    bool is_in_clear, Mistakes& mistakes) {
  if (read.as_java_reads_it == read.as_it_is_meant) return;
  const std::string right = std::string(key) + "=\"true\"";
  const std::string what_to_do =
      is_in_clear ? ", and " + what_goes_in_clear(element) + " out in clear: write " + right
                  : ": write " + right + ", or leave it out";
  const std::string sentence = told_misread(key, element.attribute(key)) + what_to_do;
  mistakes.push_back({element.complaint(sentence), is_in_clear ? Weight::fails : Weight::doubtful});
}

std::string contradiction_of(const xml::Element& element, Protocol protocol, const ServerUrl& url,
                             const Switches& switches) {
  const std::string name(word(protocol));
  const bool starttls = switches.starttls.as_it_is_meant;
  const bool ssl = switches.ssl.as_it_is_meant;
  if (url.scheme == Tls::implicit) {
    const bool denied = !ssl && element.maybe_attribute("ssl");
    if (!starttls && !denied) return "";
    return url.written + " and " + (starttls ? "starttls=\"true\"" : "ssl=\"false\"") +
           " contradict each other: " + name + "s:// is TLS from the first byte on, " + name +
           ":// begins in clear";
  }
  if (!ssl || !url.scheme) return "";
  return url.written + " and ssl=\"true\" contradict each other: " + name +
         ":// begins in clear, " + name + "s:// is TLS from the first byte on";
}

}  // namespace

TlsDemand read_tls_demand(const xml::Element& element, Protocol protocol, const ServerUrl& url,
                          Mistakes& mistakes) {
  const Switches switches{.starttls = read_switch(element, "starttls"),
                          .ssl = read_switch(element, "ssl")};
  const bool both = switches.starttls.as_java_reads_it && switches.ssl.as_java_reads_it;
  if (both) {
    mistakes.push_back({element.complaint(
        "starttls=\"true\" and ssl=\"true\" exclude each other: STARTTLS begins in clear, "
        "ssl=\"true\" is TLS from the first byte on, and JavaMail does the second: write one")});
  }
  TlsDemand demand{
      .meant = tls_of(switches.starttls.as_it_is_meant, switches.ssl.as_it_is_meant, url),
      .as_java_reads_it =
          tls_of(switches.starttls.as_java_reads_it, switches.ssl.as_java_reads_it, url),
      .contradiction = contradiction_of(element, protocol, url, switches)};
  const bool is_in_clear = demand.as_java_reads_it == Tls::none;
  warn_of_switch(element, "starttls", switches.starttls, is_in_clear, mistakes);
  warn_of_switch(element, "ssl", switches.ssl, is_in_clear, mistakes);
  if (demand.meant == Tls::starttls) demand.asked = "starttls=\"true\"";
  if (demand.meant == Tls::implicit) {
    demand.asked =
        switches.ssl.as_it_is_meant ? "ssl=\"true\"" : std::string(word(protocol)) + "s://";
  }
  return demand;
}

}  // namespace startle::customer
