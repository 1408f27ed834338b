// Any bytes as a line of `startle serve --control`: refused with one sentence in which at most a
// line of it stands, or a request that the servers can be asked for.

#include <optional>
#include <string>
#include <variant>

#include "cases/program/serve_control_request.h"
#include "harness/base/error.h"
#include "harness/base/fuzz/claims.h"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using namespace startle;
  using fuzz::must_hold;
  net::Line line;
  line.text = std::string(reinterpret_cast<const char*>(data), size);
  line.number = 1;
  try {
    const auto request = program::control_request(line, {});
    if (const auto* start = std::get_if<program::ServeRequest>(&request)) {
      must_hold(!start->what.empty() || line.text.find("\"\"") != std::string::npos,
                "a start says of what");
      const auto has_nul = [](const std::optional<std::string>& text) {
        return text && text->find('\0') != std::string::npos;
      };
      must_hold(!has_nul(start->what) && !has_nul(start->name) && !has_nul(start->certificate),
                "no NUL cuts a name");
      for (const auto& reply : start->replies) {
        must_hold(reply.point.find('\0') == std::string::npos, "nor that of a point");
      }
    } else {
      must_hold(!program::shown(std::get<program::StopRequest>(request).id).empty(),
                "a stop names a server");
    }
  } catch (const Error& e) {
    must_hold(e.fault() == Fault::usage, "a bad request is a fault of its writer");
    fuzz::must_be_complaint(e.what(), "", false);
  }
  return 0;
}
