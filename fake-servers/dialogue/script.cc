#include "fake-servers/dialogue/script.h"

#include <algorithm>

#include "harness/base/printable.h"
#include "harness/tls/alert.h"

namespace startle::fake {
namespace {

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;

std::string described(const SayTls& said) {
  const auto* alert = std::get_if<tls::SaidAlert>(&said.what);
  if (alert == nullptr) {
    return "sends the TLS message " + std::string(word(std::get<tls::Message>(said.what)));
  }
  return "sends the alert " + tls::alert_name(alert->number) + ", " +
         std::string(word(alert->level));
}

}  // namespace

const Deviation* Script::at(Point point) const {
  const auto found = std::find_if(deviations.begin(), deviations.end(),
                                  [point](const Deviation& d) { return d.at == point; });
  return found == deviations.end() ? nullptr : &*found;
}

std::string repeated(const Send& send) {
  std::string all;
  all.reserve(send.bytes.size() * send.times);
  for (std::size_t i = 0; i < send.times; ++i) all += send.bytes;
  return all;
}

std::string describe(const Step& step) {
  return std::visit(
      Overloaded{
          [](const Send& s) {
            const std::string times = s.times == 1 ? "" : ", " + std::to_string(s.times) + " times";
            const bool at_once = s.every.count() == 0;
            return "S: " + printable(s.bytes) + times +
                   (at_once ? "" : ", one every " + std::to_string(s.every.count()) + " ms");
          },
          [](const Respond& s) { return "S: result " + std::to_string(s.code); },
          [](const Pause& s) { return "pauses " + std::to_string(s.how_long.count()) + " ms"; },
          [](const Usual&) { return std::string("answers as usual"); },
          [](const StartTls&) { return std::string("starts TLS"); },
          [](const SayTls& s) { return described(s); },
          [](const EndTls&) { return std::string("ends TLS, not the connection"); },
          [](const Silence&) { return std::string("falls silent"); },
          [](const Close&) { return std::string("closes"); },
          [](const Reset&) { return std::string("resets the connection"); },
      },
      step);
}

}  // namespace startle::fake
