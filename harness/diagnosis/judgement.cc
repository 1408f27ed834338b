#include "harness/diagnosis/judgement.h"

#include <algorithm>
#include <array>

#include "harness/diagnosis/advice.h"

namespace startle::diagnosis {
namespace {

using words::Ending;

struct Message {
  std::string_view stable{};
  JavaSays says{};
};
// The first that stands in the text counts.
constexpr std::array kMessages{
    Message{"Server is not trusted:", JavaSays::unlisted},
    Message{"trustAnchors parameter must be non-empty", JavaSays::no_anchors},
    Message{"problem accessing trust store", JavaSays::closed},
    Message{"Error constructing implementation (algorithm: Default", JavaSays::closed},
    Message{"No subject alternative", JavaSays::name},
    Message{"No name matching", JavaSays::name},
    Message{"does not match the hostname in the server's certificate", JavaSays::name},
    Message{"Can't verify identity of server:", JavaSays::name},
    Message{"PKIX path building failed", JavaSays::validated},
    Message{"PKIX path validation failed", JavaSays::validated},
    Message{"unable to find valid certification path", JavaSays::validated},
    Message{"Path does not chain with any of the trust anchors", JavaSays::validated},
    Message{"Extended key usage does not permit", JavaSays::validated},
    Message{"CertificateExpiredException", JavaSays::validated},
    Message{"CertificateNotYetValidException", JavaSays::validated},
};

constexpr std::size_t kMostQuoted = 160;

bool ends_so(const Reading& reading, Ending ending) {
  return std::ranges::find(reading.endings, ending) != reading.endings.end();
}

bool refuses_certificate(const Reading& reading) {
  return !reading.endings.empty() && (words::is_certificate_ending(reading.endings.front()) ||
                                      reading.endings.front() == Ending::handshake_failure);
}

template <class Condition>
const Reading* first(const Evidence& evidence, const Condition& holds) {
  const auto found = std::ranges::find_if(evidence.readings, holds);
  return found == evidence.readings.end() ? nullptr : &*found;
}

}  // namespace

JavaSays java_says(const Logged& log) {
  for (const Message& message : kMessages) {
    const auto holds = [&](const std::string& line) {
      return line.find(message.stable) != std::string::npos;
    };
    if (holds(log.text) || std::ranges::any_of(log.besides, holds)) return message.says;
  }
  return JavaSays::nothing;
}
JavaSays java_says(const std::optional<Logged>& log) {
  return log ? java_says(*log) : JavaSays::nothing;
}

std::optional<Ending> certificate_ending(const Evidence& evidence) {
  if (!evidence.log) return std::nullopt;
  const auto found = std::ranges::find_if(evidence.log->endings, words::is_certificate_ending);
  if (found == evidence.log->endings.end()) return std::nullopt;
  return *found;
}

bool log_misses_path(const Evidence& evidence) {
  return certificate_ending(evidence) == Ending::certificate_not_trusted &&
         java_says(evidence.log) != JavaSays::unlisted;
}

bool is_accepted_as_stated(const Evidence& evidence) {
  bool any = false;
  for (const Reading& reading : evidence.readings) {
    if (!reading.is_stated) continue;
    if (!reading.accepted()) return false;
    any = true;
  }
  return any;
}

bool java_misses_path(const Evidence& evidence) {
  return first(evidence, [](const Reading& reading) {
           return words::is_javas(reading.model) &&
                  ends_so(reading, Ending::certificate_not_trusted);
         }) != nullptr;
}

const Reading* deciding_reading(const Evidence& evidence) {
  if (const auto logged = certificate_ending(evidence)) {
    const auto agrees = [&](const Reading& reading) { return ends_so(reading, *logged); };
    const Reading* stated =
        first(evidence, [&](const Reading& one) { return one.is_stated && agrees(one); });
    if (stated != nullptr) return stated;
    const Reading* javas = first(
        evidence, [&](const Reading& one) { return words::is_javas(one.model) && agrees(one); });
    if (javas != nullptr && evidence.log->is_java) return javas;
    if (const Reading* any = first(evidence, agrees)) return any;
  }
  const Reading* stated =
      first(evidence, [](const Reading& one) { return one.is_stated && refuses_certificate(one); });
  if (stated != nullptr) return stated;
  const bool before_any = first(evidence, [](const Reading& one) {
                            return one.is_stated && ends_so(one, Ending::configuration_error);
                          }) != nullptr;
  if (!before_any) return nullptr;
  return first(evidence, [](const Reading& one) {
    return words::is_javas(one.model) && refuses_certificate(one);
  });
}

std::string source_of_shown(const Evidence& evidence) {
  if (!evidence.shown) return "";
  return evidence.shown->is_live() ? "what " + name_of(evidence.server) + " shows now"
                                   : evidence.shown->file;
}

std::string source_of_log(const Evidence& evidence) {
  if (!evidence.log) return "";
  return evidence.log->file +
         (evidence.log->line > 0 ? ":" + std::to_string(evidence.log->line) : "");
}

std::string quoted_log(const Evidence& evidence) {
  if (!evidence.log) return "";
  std::string text = evidence.log->text;
  if (text.size() > kMostQuoted) {
    std::size_t end = kMostQuoted;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
    while (end > 0 && text[end - 1] == ' ') --end;
    text = text.substr(0, end) + " ..";
  }
  return source_of_log(evidence) + ": `" + text + "`";
}

std::vector<std::string> sources_of_refusal(const Evidence& evidence, const Reading& reading) {
  std::vector<std::string> all;
  all.push_back(source_of_shown(evidence) + ", read as " + std::string(word(reading.model)) +
                (reading.has_store ? ", " + std::string(word(reading.store)) + " store" : "") +
                ": " + reading.reason.substr(0, reading.reason.find("; trust anchors: ")));
  const auto logged = certificate_ending(evidence);
  if (logged && ends_so(reading, *logged)) all.push_back(quoted_log(evidence));
  return all;
}

}  // namespace startle::diagnosis
