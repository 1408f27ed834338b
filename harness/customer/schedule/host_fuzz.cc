// Any bytes as what a customer writes for a host, a bind name or a base: each has at most one
// complaint, fit to be shown, and what is taken for a plain name is one for the oracle's rules too.

#include <string>
#include <string_view>

#include "harness/base/fuzz/claims.h"
#include "harness/customer/schedule/bind_name.h"
#include "harness/customer/schedule/host_form.h"
#include "harness/customer/schedule/placeholder.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle::customer;
  using startle::fuzz::must_hold;
  const std::string input(reinterpret_cast<const char*>(data), size);
  const HostForm form = host_form(input);
  must_hold(form.complaint.empty() || form.warning.empty(), "a host has one complaint or warning");
  for (const char c : form.complaint + form.warning) {
    must_hold(c < 0 || (c >= ' ' && c != '\x7f'), "which can be shown");
  }
  must_hold(form.complaint.size() + form.warning.size() < 2000, "and is a sentence");
  const bool plain = form.complaint.empty() && form.warning.empty();
  must_hold(!plain || (!input.empty() && input.size() < 1024), "a plain host has a length");
  must_hold(!plain || input.find_first_of(" \t\r\n@/\"'<>{}$%#") == std::string::npos,
            "and nothing in it that no host has");
  must_hold(!plain || !is_placeholder(input), "and is none of a template");

  must_hold(!is_distinguished_name(input) || input.empty() || is_bind_name(input) ||
                input.find_first_not_of(' ') == std::string::npos,
            "who has a distinguished name may bind");
  if (is_distinguished_name(input) && !input.empty()) {
    must_hold(is_distinguished_name("cn=a," + input), "and so may those below");
  }
  return 0;
}
