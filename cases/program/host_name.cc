#include "harness/oracle/host_name.h"

#include <arpa/inet.h>

#include <array>

#include "cases/program/commands.h"

namespace startle::program {

void check_host_name(const std::string& name, const std::string& option) {
  if (name.empty()) throw Error(Fault::usage, option + " is empty: it names no host");
  std::array<unsigned char, 16> bytes{};
  if (::inet_pton(AF_INET, name.c_str(), bytes.data()) == 1) return;
  if (::inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1) return;
  const bool dotted = name.size() > 1 && name.ends_with('.');
  if (oracle::is_host_name(dotted ? name.substr(0, name.size() - 1) : name)) return;
  throw Error(Fault::usage, option + " `" + name +
                                "` is no host name and no IP address (an internationalised name is "
                                "written with its A-labels, xn--..)");
}

}  // namespace startle::program
