#include "harness/report/json_value.h"

#include <set>
#include <utility>

#include "harness/base/printable.h"

namespace startle::report {
namespace {

using Event = Json::parse_event_t;

// What the parser tells of as it goes: the objects that are open, with the names of their members.
template <class J>
class Watch {
 public:
  // Throws NotJson.
  void see(int depth, Event event, const J& parsed) {
    if (event == Event::object_start || event == Event::array_start) {
      if (depth >= kMostLevelsOfJson) {
        refuse("is nested more than " + std::to_string(kMostLevelsOfJson) + " levels deep");
      }
      if (event == Event::object_start) open_.emplace_back();
    } else if (event == Event::object_end) {
      open_.pop_back();
    } else if (event == Event::key) {
      const auto& name = parsed.template get_ref<const std::string&>();
      if (!open_.back().insert(name).second) {
        refuse("has the member `" + shortened(printable(name)) + "` twice");
      }
    }
  }

 private:
  [[noreturn]] static void refuse(std::string why) {
    throw NotJson{.is_syntax = false, .why = std::move(why)};
  }

  std::vector<std::set<std::string>> open_{};
};

}  // namespace

std::string shortened(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U) --most;
  text.resize(most);
  return text + "..";
}

template <class J>
std::variant<J, NotJson> read_json(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return NotJson{.is_syntax = false, .why = "has an octet of NUL in it"};
  }
  Watch<J> watch;
  const auto see = [&watch](int depth, Event event, J& parsed) {
    watch.see(depth, event, parsed);
    return true;
  };
  try {
    J json = J::parse(text, see, /*allow_exceptions=*/false);
    if (json.is_discarded()) return NotJson{};
    return json;
  } catch (NotJson& refused) {
    return std::move(refused);
  }
}

template std::variant<Json, NotJson> read_json<Json>(std::string_view text);
template std::variant<nlohmann::json, NotJson> read_json<nlohmann::json>(std::string_view text);

}  // namespace startle::report
