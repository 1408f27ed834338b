#include "fake-servers/dialogue/protocol.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace startle::fake {
namespace {

const PointRow* row_of(const ServerProtocol& protocol, Point point) {
  const auto& points = protocol.points;
  const auto found = std::find_if(points.begin(), points.end(),
                                  [point](const PointRow& row) { return row.point == point; });
  return found == points.end() ? nullptr : &*found;
}

}  // namespace

bool has_point(const ServerProtocol& protocol, Point point) {
  return row_of(protocol, point) != nullptr;
}

bool comes_to(const ServerProtocol& protocol, words::Mode mode, Point point) {
  const PointRow* const row = row_of(protocol, point);
  if (row == nullptr) return false;
  switch (words::row_of(mode).tls) {
    case words::Tls::none:
      return row->when == PointRow::When::always || row->when == PointRow::When::before_tls;
    case words::Tls::starttls:
      return true;
    case words::Tls::implicit:
      return row->when == PointRow::When::always || row->when == PointRow::When::in_tls;
  }
  return false;
}

Server with_bait_in_clear(Server server, const ServerProtocol& protocol) {
  server.script.accepts_in_clear = true;
  std::optional<std::string>& offered = server.script.sasl.in_clear;
  if (offered) return server;
  offered = server.script.sasl.mechanisms;
  if (offered) return server;
  std::vector<std::string> usual(protocol.usual_mechanisms.begin(),
                                 protocol.usual_mechanisms.end());
  for (const std::string& name : server.sasl_mechanisms) {
    const bool is_there = std::find(usual.begin(), usual.end(), name) != usual.end();
    if (!is_there && !name.ends_with("-PLUS")) usual.push_back(name);
  }
  if (usual.empty()) return server;
  for (const std::string& name : usual) offered = offered ? *offered + " " + name : name;
  return server;
}

}  // namespace startle::fake
