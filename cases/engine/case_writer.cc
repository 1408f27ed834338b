#include "cases/engine/case_writer.h"

#include <sstream>
#include <type_traits>

#include "cases/engine/setting.h"
#include "harness/base/bytes.h"
#include "harness/base/error.h"

namespace startle::cases {
namespace {

std::string escaped(const std::string& text) {
  std::string made;
  for (const char c : text) {
    switch (c) {
      case '&':
        made += "&amp;";
        break;
      case '<':
        made += "&lt;";
        break;
      case '>':
        made += "&gt;";
        break;
      case '"':
        made += "&quot;";
        break;
      case '\t':
      case '\n':
      case '\r':
        made += "&#" + std::to_string(static_cast<int>(c)) + ";";
        break;
      default:
        made += c;
    }
  }
  return made;
}

std::string attribute(const std::string& name, const std::string& value) {
  return " " + name + "=\"" + escaped(value) + "\"";
}

// Octets that XML cannot carry, as placeholders.
std::string with_placeholders(const std::string& bytes) {
  std::string made;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool line_ends = bytes.compare(i, 2, "\r\n") == 0;
    const auto octet = static_cast<unsigned char>(bytes[i]);
    if (line_ends) {
      made += "{crlf}";
      ++i;
    } else if (octet < 0x20 || octet == 0x7f) {
      made += "{hex:" + to_hex(bytes.substr(i, 1)) + "}";
    } else {
      made += bytes[i];
    }
  }
  return made;
}

// ---- steps -------------------------------------------------------------------------------------

std::string in_seconds(std::chrono::milliseconds time) {
  std::ostringstream seconds;
  seconds << static_cast<double>(time.count()) / 1000;
  return seconds.str();
}

// `has_lines`: the protocol's replies are lines.
std::string xml_of(const fake::Send& send, bool has_lines) {
  constexpr std::string_view kCrlf = "{crlf}";
  const std::string text = with_placeholders(send.bytes);
  const std::size_t end = text.find(kCrlf);
  std::string attributes;
  if (send.times != 1) attributes += attribute("times", std::to_string(send.times));
  if (send.every.count() != 0) attributes += attribute("every", in_seconds(send.every));
  if (has_lines && attributes.empty() && end != std::string::npos &&
      end + kCrlf.size() == text.size()) {
    return "<reply>" + escaped(text.substr(0, end)) + "</reply>";
  }
  return "<send" + attributes + ">" + escaped(text) + "</send>";
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& one : words) all += (all.empty() ? "" : " ") + one;
  return all;
}

std::string xml_of(const fake::Respond& respond) {
  std::string made = "<respond";
  if (respond.code != 0) made += attribute("code", std::to_string(respond.code));
  if (!respond.as.empty()) made += attribute("as", respond.as);
  if (respond.response_name) made += attribute("name", *respond.response_name);
  if (respond.id_offset != 0) made += attribute("id-offset", std::to_string(respond.id_offset));
  if (!respond.diagnostic.empty()) made += attribute("diagnostic", respond.diagnostic);
  if (respond.id) made += attribute("id", std::to_string(*respond.id));
  if (respond.diagnostic_size != 0) {
    made += attribute("diagnostic-size", std::to_string(respond.diagnostic_size));
  }
  if (respond.value) made += attribute("value", *respond.value);
  std::vector<std::string> controls;
  for (const auto& [type, critical] : respond.controls)
    controls.push_back(type + (critical ? "!" : ""));
  if (!controls.empty()) made += attribute("controls", joined(controls));
  if (!respond.bytes.empty()) made += attribute("bytes", respond.bytes);
  if (!respond.referrals.empty()) made += attribute("referrals", joined(respond.referrals));
  std::vector<std::string> attributes;
  for (const auto& [type, value] : respond.attributes) attributes.push_back(type + "=" + value);
  if (!attributes.empty()) made += attribute("attributes", joined(attributes));
  if (respond.octets) made += attribute("octets", std::to_string(*respond.octets));
  if (respond.held) made += attribute("held", "true");
  return made + "/>";
}

std::string xml_of(const fake::Pause& pause) {
  return "<pause" + attribute("seconds", in_seconds(pause.how_long)) + "/>";
}
std::string xml_of(const fake::Usual&) {
  return "<usual/>";
}
std::string xml_of(const fake::StartTls&) {
  return "<start-tls/>";
}
std::string xml_of(const fake::SayTls& said) {
  if (const auto* message = std::get_if<tls::Message>(&said.what)) {
    return "<tls-message" + attribute("type", std::string(word(*message))) + "/>";
  }
  const auto& alert = std::get<tls::SaidAlert>(said.what);
  return "<alert" + attribute("number", std::to_string(alert.number)) +
         attribute("level", std::string(word(alert.level))) + "/>";
}
std::string xml_of(const fake::EndTls&) {
  return "<end-tls/>";
}
std::string xml_of(const fake::Silence&) {
  return "<silence/>";
}
std::string xml_of(const fake::Close&) {
  return "<close/>";
}
std::string xml_of(const fake::Reset&) {
  return "<reset/>";
}

std::string xml_of(const fake::SaslScript& sasl) {
  std::string made;
  if (sasl.mechanisms) made += attribute("mechanisms", *sasl.mechanisms);
  if (sasl.in_clear) made += attribute("in-clear", *sasl.in_clear);
  if (!sasl.hidden.empty()) made += attribute("hidden", sasl.hidden);
  if (!sasl.unknown.empty()) made += attribute("unknown", sasl.unknown);
  if (!sasl.refused.empty()) made += attribute("refused", sasl.refused);
  if (sasl.lie != fake::SaslLie::none) made += attribute("lie", std::string(word(sasl.lie)));
  if (sasl.iterations) made += attribute("iterations", *sasl.iterations);
  if (sasl.result) made += attribute("result", *sasl.result);
  return made.empty() ? "" : "    <sasl" + made + "/>\n";
}

// ---- elements ----------------------------------------------------------------------------------

// Those settings of that element that are not as they are where nothing is said.
std::string settings_of(const Setup& setup, Place place) {
  const Setup otherwise;
  std::string made;
  std::string absent;
  for (const Setting& setting : all_settings()) {
    if (!setting.stands_in(place)) continue;
    const auto text = text_of(setting, setup);
    if (text == text_of(setting, otherwise)) continue;
    const std::string name(setting.attribute(place));
    if (text) made += attribute(name, *text);
    if (!text) absent += (absent.empty() ? "" : " ") + name;
  }
  if (!absent.empty()) made += attribute("absent", absent);
  return made;
}

std::string server_xml(const Setup& setup) {
  const fake::Script& script = setup.script;
  std::string attributes = settings_of(setup, Place::server);
  if (script.tls != tls::Versions::all)
    attributes += attribute("tls", std::string(word(script.tls)));
  if (script.accepts_in_clear) attributes += attribute("in-clear", "accept");
  if (script.accepts_unauthenticated) attributes += attribute("unauthenticated", "accept");
  if (script.begins_in_clear) attributes += attribute("begins", "in-clear");
  std::string inside = xml_of(script.sasl);
  const bool has_lines = !words::row_of(words::protocol_of(setup.mode)).is_directory;
  for (const fake::Deviation& deviation : script.deviations) {
    inside += "    <at" + attribute("point", std::string(word(deviation.at))) + ">";
    const bool many = deviation.steps.size() > 1;
    for (const fake::Step& step : deviation.steps) {
      if (many) inside += "\n      ";
      const auto written = [&]<class One>(const One& one) {
        if constexpr (std::is_same_v<One, fake::Send>)
          return xml_of(one, has_lines);
        else
          return xml_of(one);
      };
      inside += std::visit(written, step);
    }
    inside += std::string(many ? "\n    " : "") + "</at>\n";
  }
  if (inside.empty()) return attributes.empty() ? "" : "  <server" + attributes + "/>\n";
  return "  <server" + attributes + ">\n" + inside + "  </server>\n";
}

}  // namespace

std::string case_xml(const Case& written, const std::string& note) {
  const fake::Script& script = written.setup.script;
  if (!script.taps.empty() || script.profile || !written.then.empty()) {
    throw Error(Fault::internal,
                "a case of taps, TLS faults or several connections is not written");
  }
  std::string made = note.empty() ? "" : "<!-- " + note + " -->\n";
  made += "<case" + attribute("summary", written.summary);
  if (!written.requirements.empty())
    made += attribute("requirements", joined(written.requirements));
  if (!written.bug_class.empty()) made += attribute("bug-class", written.bug_class);
  if (!written.races.empty()) made += attribute("races", written.races);
  made += ">\n";
  if (!written.why.empty()) made += "  <why>" + escaped(written.why) + "</why>\n";
  if (!written.fix.empty()) made += "  <fix>" + escaped(written.fix) + "</fix>\n";
  made += server_xml(written.setup);
  const std::string client = settings_of(written.setup, Place::client);
  if (!client.empty()) made += "  <client" + client + "/>\n";
  std::vector<std::string> endings;
  for (const words::Ending ending : written.expect.endings) endings.emplace_back(word(ending));
  return made + "  <expect" + attribute("endings", joined(endings)) + "\n         " +
         attribute("reason", written.expect.reason) + "/>\n</case>\n";
}

}  // namespace startle::cases
