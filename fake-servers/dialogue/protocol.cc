#include "fake-servers/dialogue/protocol.h"

#include <algorithm>

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

}  // namespace startle::fake
