#include "harness/subject/fill_in.h"

#include <algorithm>
#include <chrono>

#include "harness/base/bytes.h"
#include "harness/base/error.h"
#include "harness/base/placeholders.h"
#include "harness/base/text.h"
#include "harness/xml/document.h"

namespace startle::subject {
namespace {

// An empty list asks for nothing.
template <class T, class U>
bool has_or_is_empty(const std::vector<T>& list, const U& one) {
  return list.empty() || std::find(list.begin(), list.end(), one) != list.end();
}

std::string_view mechanism_word(const Circumstances& task) {
  return task.mechanism ? word(*task.mechanism) : kNoMechanism;
}

std::string with_lf(std::string text) {
  for (std::size_t at = text.find("\r\n"); at != std::string::npos; at = text.find("\r\n", at)) {
    text.erase(at, 1);
  }
  return text;
}

// {name} or {name:spelling}.
struct Parts {
  std::string_view name{};
  std::optional<Spelling> spelling{};
};

// Throws Error(Fault::input) for what is not there.
Parts parts_of(std::string_view written) {
  const std::size_t colon = written.find(':');
  Parts parts{.name = written.substr(0, colon)};
  if (!from_word<ClientPlaceholder>(parts.name)) {
    throw Error(Fault::input, "{" + std::string(written) + "} is no placeholder: " +
                                  xml::hint(parts.name, kClientPlaceholders));
  }
  if (colon == std::string_view::npos) return parts;
  const std::string_view spelling = written.substr(colon + 1);
  parts.spelling = from_word<Spelling>(spelling);
  if (parts.spelling) return parts;
  throw Error(Fault::input, "{" + std::string(written) + "}: `" + std::string(spelling) +
                                "` is no spelling: " + xml::hint(spelling, kSpellings));
}

// `c`, so that it means itself there.
std::string escaped(char c, Spelling spelling) {
  const auto is_one_of = [c](std::string_view all) {
    return all.find(c) != std::string_view::npos;
  };
  if (spelling == Spelling::quoted) {
    return is_one_of("\"\\$`") ? std::string("\\") + c : std::string(1, c);
  }
  if (is_alphanumeric(c) || is_one_of("-._~")) return std::string(1, c);
  return "%" + ascii_upper(to_hex(std::string_view(&c, 1)));
}

std::string spelled(const std::string& value, std::optional<Spelling> spelling) {
  if (!spelling) return value;
  std::string made;
  for (const char c : value) made += escaped(c, *spelling);
  return made;
}

}  // namespace

Circumstances circumstances_of(const client::Settings& settings, std::string variant) {
  return {.mode = settings.mode,
          .tls_policy = settings.tls_policy,
          .trust = form_of(settings.trust, settings.host),
          .credential = credential_form_of(settings),
          .mechanism = from_word<sasl::Mechanism>(settings.mechanism.value_or("")),
          .variant = std::move(variant)};
}

PlaceholderValues values_of(const client::Settings& settings, const net::Endpoint& server,
                            const TrustFiles& files) {
  PlaceholderValues values;
  const auto set = [&values](ClientPlaceholder name, std::string value) {
    values.insert_or_assign(std::string(word(name)), std::move(value));
  };
  const auto set_file = [&set](ClientPlaceholder name,
                               const std::optional<std::filesystem::path>& file) {
    if (file) set(name, file->string());
  };
  using enum ClientPlaceholder;
  const words::ModeRow& row = words::row_of(settings.mode);
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(settings.timeouts.command);
  set(host, settings.host);
  set(address, server.address);
  set(port, std::to_string(server.port));
  set(mode, std::string(row.word));
  set(scheme, std::string(row.scheme));
  set(sender, settings.sender);
  set(recipient, settings.recipient);
  set(message, with_lf(settings.message));
  set(base, settings.base);
  set(filter, settings.filter);
  set(deadline, std::to_string(seconds.count()));
  set_file(ca, files.authorities);
  set_file(crl, files.revocation_lists);
  set_file(certificate, files.certificate);
  set_file(key, files.key);
  const bool binds = words::row_of(row.protocol).is_directory && !settings.mechanism;
  if (settings.username) set(binds ? bind_dn : username, *settings.username);
  if (settings.password) set(password, *settings.password);
  if (settings.mechanism) set(mechanism, *settings.mechanism);
  return values;
}

bool holds(const Condition& when, const Circumstances& task, const PlaceholderValues& values) {
  return has_or_is_empty(when.modes, task.mode) &&
         has_or_is_empty(when.tls_policies, task.tls_policy) &&
         has_or_is_empty(when.trust, task.trust) &&
         has_or_is_empty(when.credentials, task.credential) &&
         has_or_is_empty(when.mechanisms, mechanism_word(task)) &&
         has_or_is_empty(when.variants, task.variant) &&
         std::all_of(when.given.begin(), when.given.end(),
                     [&](const std::string& name) { return values.contains(name); });
}

std::string fill_in_text(std::string_view text, const PlaceholderValues& values) {
  const auto value = [&values](std::string_view written) -> std::optional<std::string> {
    const auto [name, spelling] = parts_of(written);
    const auto found = values.find(name);
    if (found != values.end()) return spelled(found->second, spelling);
    throw Error(Fault::input, "{" + std::string(name) +
                                  "} has no value in this task: what it stands in needs given=\"" +
                                  std::string(name) + "\", or another condition");
  };
  return fill_in(text, value, "");
}

std::vector<std::string> fill_in_arguments(const std::vector<ConditionalText>& texts,
                                           const Circumstances& task,
                                           const PlaceholderValues& values) {
  std::vector<std::string> filled;
  for (const ConditionalText& one : texts) {
    if (holds(one.when, task, values)) filled.push_back(fill_in_text(one.text, values));
  }
  return filled;
}

std::map<std::string, std::string> fill_in_named(const std::vector<ConditionalText>& texts,
                                                 const Circumstances& task,
                                                 const PlaceholderValues& values) {
  std::map<std::string, std::string> filled;
  for (const ConditionalText& one : texts) {
    if (!holds(one.when, task, values)) continue;
    filled.insert_or_assign(one.name, fill_in_text(one.text, values));
  }
  return filled;
}

std::string unfillable(std::string_view text) {
  try {
    const auto any = [](std::string_view written) -> std::optional<std::string> {
      parts_of(written);
      return "x";
    };
    const std::string filled = fill_in(text, any, "");
    return filled.find('\0') == std::string::npos
               ? ""
               : "{hex:00} ends what a program is given: no text of a description holds it";
  } catch (const Error& why) {
    return why.what();
  }
}

}  // namespace startle::subject
